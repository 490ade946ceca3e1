"""Two slips in one formula: both are named, or one that leads to the same answer, or nothing; never others."""

from collections import Counter
from collections.abc import Callable

import pytest
from amount import sampled
from conftest import COUNTED

import diffcli
from diffcli.analysis.slips.naming import Naming
from diffcli.analysis.slips.two_slips import two_slips

from .asking import asked
from .mistakes import FAMILIES, Mistake, of_kind


def _told(question: str, answer: str) -> Naming | None:
    """What is said of an answer for x, first of one slip, then of two."""
    case = asked(question, answer)
    built = case.built
    return case.naming() or two_slips(built.graph, built.output, case.wrt, case.source, case.seen)


@pytest.mark.parametrize(
    ("question", "answer", "kinds"),
    [
        ("sin(3x^2) + 5*x^4", "cos(3x^2) + 20x^4", {"inner-derivative-missing", "exponent-not-lowered"}),
        ("cos(2x) + 7*x^3", "2sin(2x) + 7x^2", {"cosine-sign", "power-factor-missing"}),
        ("x^3*sin(x) + exp(4x)", "3x^2*cos(x) + exp(4x)", None),
        ("log(5x + 2) - sqrt(x)", "1/(5x + 2) - 1/sqrt(x)", {"inner-derivative-missing", "root-half-missing"}),
        ("x^5 + tan(x)", "5x^5 + 1/cos(x)", {"exponent-not-lowered", "tangent-not-squared"}),
    ],
)
def test_two_slips_are_named_together(question: str, answer: str, kinds: set[str] | None) -> None:
    naming = _told(question, answer)
    assert (None if naming is None else set(naming.kinds)) == kinds


def test_check_tells_of_both() -> None:
    report = diffcli.check("sin(3x^2) + 5*x^4", answer="cos(3x^2) + 20x^4")
    assert "two slips: " in str(report)
    assert report.to_dict()["slip"]["kinds"] == ["inner-derivative-missing", "exponent-not-lowered"]


def _of_x(mistake: Mistake) -> str | None:
    """The answer, where it is a formula of x alone."""
    answer = mistake.answer.get("x")
    single = len(mistake.answer) == 1 and not mistake.shapes and ";" not in mistake.question
    return answer if single and "y" not in mistake.question and "w" not in mistake.question else None


#: Of so many pairs of kinds one is asked in a run.
STEP = 40
#: Pairs of kinds whose questions are added up.
PAIRS = [(first, second) for first in FAMILIES for second in FAMILIES if first < second]


@pytest.mark.parametrize("start", sampled(range(STEP), STEP))
def test_of_sums_of_questions_no_other_slips_are_named(
    start: int, record_property: Callable[[str, object], None]
) -> None:
    found: Counter[str] = Counter()
    for first, second in PAIRS[start::STEP]:
        one, other = next(of_kind(first, 1)), next(of_kind(second, 1))
        answers = _of_x(one), _of_x(other)
        if None in answers:
            continue
        naming = _told(f"({one.question}) + 3*({other.question})", f"({answers[0]}) + 3*({answers[1]})")
        meant = {one.kind, *one.also}, {other.kind, *other.also}
        if naming is None:
            found["nothing"] += 1
        elif not naming.certain:
            found["possible"] += 1
        elif len(naming.kinds) == 1:  # as where both signs of a sum are wrong: that of the whole answer
            found["one"] += 1
        else:
            known = all(any(kind in each for kind in naming.kinds) for each in meant)
            found["both" if known else f"{one.question} + 3*({other.question}), {answers}: {naming.told}"] += 1
    record_property(COUNTED, f"slips: {found.total()} answers with two of them: {dict(found)}")
    assert set(found) <= {"nothing", "possible", "one", "both"}
    assert found["both"] + found["one"] >= 0.4 * found.total()


WRONG = ("({right})*37/27", "({right}) + 0.618034", "({right})*1.000001", "({right}) + x*7/13", "({right})^2*5/7 + 1/3")


def test_a_formula_without_slips_has_no_two(record_property: Callable[[str, object], None]) -> None:
    count = 0
    for kind in [*FAMILIES][::3]:
        mistake = next(of_kind(kind, 1))
        if _of_x(mistake) is None:
            continue
        for wrong in WRONG:
            count += 1
            assert _told(mistake.question, wrong.format(right=f"d({mistake.question}, x)")) is None, mistake
    record_property(COUNTED, f"slips: {count} wrong formulas without a slip: none has two")
    assert count >= 50
