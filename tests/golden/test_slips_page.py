"""The page of slips is made of the table: for each kind a question, a wrong answer, and what is said of it."""

import re
from dataclasses import replace

import pytest
from analysis.slips.asking import asked, graph_of
from analysis.slips.mistakes import FAMILIES, Mistake, of_kind
from analysis.slips.test_descent import settings
from golden.pages import DOCS, assert_generated

from diffcli.analysis.slips.descent_slips import descent_slips
from diffcli.analysis.slips.higher_slips import higher_slips
from diffcli.analysis.slips.kinds import kinds
from diffcli.analysis.slips.naming import Naming
from diffcli.analysis.slips.rate_slips import rate_slips
from diffcli.analysis.slips.slip import Slip
from diffcli.analysis.slips.step_slips import local_slips, node_slips, value_slips
from diffcli.source import Source

pytestmark = pytest.mark.fast

PAGE = DOCS / "teachers/slips.md"


def example(kind: str) -> tuple[Mistake, Naming]:
    """The first question of a kind whose answer nothing else explains."""
    for mistake in of_kind(kind, 12):
        naming = asked(mistake.question, mistake.answer, mistake.shapes).naming()
        if naming is not None and naming.kinds == (kind,) and naming.certain:
            return mistake, naming
    raise AssertionError(kind)


def table() -> str:
    """A row for each slip of a derivative."""
    lines = ["", "| slip | question | wrong answer | what is said | rule |", "|---|---|---|---|---|"]
    for kind in FAMILIES:
        mistake, naming = example(kind)
        [(name, answer)] = list(mistake.answer.items())[:1]
        given = answer if len(mistake.answer) == 1 and name == "x" else "; ".join(
            f"{each}={text}" for each, text in mistake.answer.items()
        )  # fmt: skip
        cells = [f"`{kind}`", f"`{mistake.question}`", f"`{given}`", naming.told, naming.rule]
        assert not any("|" in cell for cell in cells)
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join([*lines, "", ""])


def steps() -> str:
    """What is told of slips of which no derivative knows, from questions that show them."""
    unit, power = (
        "z = w*x + b; (sigmoid(z) - t)^2",
        "-x^2 + mean([x, 2])*log(x)/2*x + sum([x, 1])*log10(x) + sin(x)*2^x^2",
    )
    of_unit, of_power, of_sum = graph_of(unit, {}), graph_of(power, {}), graph_of("x^4*y + x", {})
    z = next(node for node, name in of_unit.graph.names.items() if name == "z")
    found: list[Slip] = [
        *node_slips(of_unit.graph, of_unit.output, {"": z}, Source(unit)),
        *local_slips(of_unit.graph, of_unit.output, z, 0, "", Source(unit)),
        *local_slips(of_unit.graph, of_unit.output, of_unit.graph.operands[z][0], 0, "", Source(unit)),
        *value_slips(of_power.graph, of_power.output, "", Source(power)),
        *higher_slips(of_sum.graph, of_sum.output, of_sum.inputs, Source("x^4*y + x"), 2),
        *higher_slips(of_sum.graph, of_sum.output, of_sum.inputs, Source("x^4*y + x"), 3),
        *rate_slips([2.0, 10.0], ""),
    ]
    of_vectors = graph_of("x@x + 4*y@y", {"x": (2,), "y": (2,)})
    of_product = graph_of("(x@A@x)^2", {"x": (2,), "A": (2, 2)})
    found += higher_slips(of_product.graph, of_product.output, {"x": of_product.inputs["x"]}, Source("(x@A@x)^2"), 2)
    for name, count in (("gd", 1), ("gd", 2), ("momentum", 1), ("nesterov", 2), ("adam", 1), ("adam", 2)):
        chosen = settings(name, weight_decay=0.1)
        found += descent_slips(of_sum.graph, of_sum.output, of_sum.inputs, Source("x^4*y + x"), chosen, steps=count)
    for clip_norm in (2.0, 1e3):
        chosen = replace(settings(), clip_norm=clip_norm)
        found += descent_slips(of_vectors.graph, of_vectors.output, of_vectors.inputs, Source("x@x + 4*y@y"), chosen)
    lines = ["", "| slip | what is said | rule |", "|---|---|---|"]
    told = set(FAMILIES)
    for slip in found:
        if slip.kind not in told:
            told.add(slip.kind)
            lines.append(f"| `{slip.kind}` | {slip.told} | {slip.rule} |")
    return "\n".join([*lines, "", ""])


def test_the_page_has_every_slip_of_a_derivative() -> None:
    assert_generated(PAGE, "slips", table())


def test_the_page_has_the_kinds_that_a_sheet_may_name() -> None:
    """All but one that leads where another does in the page's questions."""
    page = PAGE.read_text(encoding="utf-8")
    assert kinds() - set(re.findall(r"^\| `([\w-]+)` \|", page, re.MULTILINE)) == {"other-node"}
    assert set(re.findall(r"^\| `([\w-]+)` \|", page, re.MULTILINE)) <= kinds()


def test_the_page_has_the_slips_of_steps() -> None:
    assert_generated(PAGE, "slips of steps", steps())
