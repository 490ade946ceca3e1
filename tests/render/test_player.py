"""The player's story against the trace that it tells, and the page as a document: closed to all that is not its own."""

import json
import re
from base64 import b64encode
from hashlib import sha256
from html import unescape
from html.parser import HTMLParser
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diffcli.analysis.drawing import page_program
from diffcli.analysis.drawing.arrivals import arrivals
from diffcli.analysis.drawing.drawing import Drawing
from diffcli.analysis.drawing.folding import folded
from diffcli.analysis.drawing.graph_report import graph_report
from diffcli.analysis.given_values import given_bindings
from diffcli.analysis.problem import pose
from diffcli.analysis.values import read_bindings
from diffcli.execute.recording import Unsupported
from diffcli.render.messages import Texts
from diffcli.render.picture_manner import Manner
from diffcli.render.player.narration import story
from diffcli.render.player.page import page
from diffcli.render.player.phrase import Phrase, phrase
from diffcli.render.player.story import Story
from diffcli.source import Source

HOSTILE = "x*x # </script><!-- <script> <style> ]]> ` ' \" & \\u003c \u2028# \u202e \x00 \U0001d465"


def drawing(text: str, *at: str, cotangent: str = "", backward: bool = True) -> Drawing:
    seed = read_bindings([Source(cotangent, "--cotangent")]) if cotangent else ()
    return graph_report(pose(Source(text), read_bindings(Source(value, "--at") for value in at)), seed, backward)


def document(text: str) -> dict[str, Any]:
    """The data of a page."""
    found = re.search(r'<script type="application/json" id="story">(.*?)</script>', text, re.DOTALL)
    assert found
    read: dict[str, Any] = json.loads(found.group(1))
    return read


@st.composite
def programs(draw: st.DrawFn) -> str:
    """Programs of x and y, vectors of three, in which intermediates are used any number of times, by name or through a
    function.
    """
    names, statements = ["x", "y"], ["square(a) = a*a"]
    forms = [
        "{a}*{b}",
        "{a} + {b}",
        "sin({a})",
        "{a}/(3 + cos({b}))",
        "square({a})",
        "{a} - 0.5",
        "exp(-square({a}))",
        "{a}*sum({b})",
        "tanh({a})",
    ]
    for number in range(draw(st.integers(1, 5))):
        a, b = draw(st.sampled_from(names)), draw(st.sampled_from(names))
        statements.append(f"v_{number} = " + draw(st.sampled_from(forms)).format(a=a, b=b))
        names.append(f"v_{number}")
    return "; ".join([*statements, f"mean({names[-1]}*{draw(st.sampled_from(names))} + x*y)"])


def told(text: str, depth: int | None) -> tuple[Drawing, Story]:
    at = {"x": [0.5, -1.0, 2.0], "y": [1.5, 0.25, -0.75]}
    made = graph_report(pose(Source(text), given_bindings(at)), depth=depth)
    return made, story(made, Texts())


@settings(max_examples=40, deadline=None)
@given(programs(), st.sampled_from([None, 0]))
def test_every_node_gets_its_value_once_and_its_gradient_when_all_has_arrived(text: str, depth: int | None) -> None:
    """A value after its operands' values; a gradient after those of the nodes that it comes from;
    sums end at the adjoint.
    """
    made, tale = told(text, depth)
    valued = {box: seen for (box, role), seen in tale.sightings.items() if role == "value"}
    complete = {box: seen[-1].step for (box, role), seen in tale.sightings.items() if role == "gradient"}
    for node in made.nodes:
        (sighting,) = valued[f"n{node.id}"]
        assert np.array_equal(tale.quantities[sighting.number].value, node.row.value)
        seen = tale.sightings.get((f"n{node.id}", "gradient"), [])
        assert [sighting.complete for sighting in seen] == [False] * (len(seen) - 1) + [True] * bool(seen)
        assert bool(seen) == (node.row.gradient is not None)
        if seen:
            assert np.array_equal(tale.quantities[seen[-1].number].value, node.row.gradient)
    for edge in made.edges:
        if made.operands()[edge.source]:
            assert valued[f"n{edge.target}"][0].step < valued[f"n{edge.source}"][0].step
        if edge.contribution is not None:
            assert complete[f"n{edge.source}"] < complete[f"n{edge.target}"]
    for arrival in arrivals(made):
        if arrival.complete:
            gradient = next(node.row.gradient for node in made.nodes if node.id == arrival.edge.target)
            assert np.allclose(arrival.total, gradient, rtol=1e-12, atol=1e-15)


@settings(max_examples=20, deadline=None)
@given(programs())
def test_sums_and_contributions_are_made_of_what_they_say(text: str) -> None:
    """A quantity is a node's value, or the sum of two that stand before it."""
    made, tale = told(text, None)
    for place, quantity in enumerate(tale.quantities):
        if quantity.node is not None:
            assert np.array_equal(quantity.value, made.trace.values[quantity.node])
        elif quantity.terms is None:
            assert not quantity.value.any()
        else:
            first, second = quantity.terms
            assert max(quantity.terms) < place
            assert np.array_equal(quantity.value, tale.quantities[first].value + tale.quantities[second].value)


def said(words: Phrase) -> str:
    return "".join(piece.text if piece.number is None else "#" for piece in words)


def test_the_steps_of_a_product() -> None:
    """Given, forward, the start of the way back, each edge, the end; and what each says."""
    tale = story(drawing("a = w*x; a + w", "w=2", "x=3"), Texts())
    assert [said(step.statement) for step in tale.steps][1:] == [
        "First, what is given: w = #; x = #",
        "a = w*x = #",
        "a + w = #",
        "The way back begins at the output: the derivative of a + w with respect to itself is #",
        "Back from a + w to its operand 1, a: the contribution is the whole gradient of a",
        "Back from a + w to its operand 2, w: contribution 1 of 2 to w, and more is to come",
        "Back from a to its operand 1, w: the last of 2 contributions to w: their sum is its gradient",
        "Back from a to its operand 2, x: the contribution is the whole gradient of x",
        "Done. How the output changes with each variable, its gradient: d/dw = #; d/dx = #",
    ]
    assert marked(tale, "a = w*x; a + w")[2:4] == [["w*x"], ["a + w"]]
    assert [said(event) for _, event in tale.histories["n0"]] == [
        "w is given: #",
        "from a + w: local derivative # × upstream # = contribution #",
        "# has arrived at w so far, and more is to come (1 of 2)",
        "from a: local derivative # × upstream # = contribution #",
        "all 2 contributions have arrived: the gradient of w is #",
    ]


def marked(tale: Story, source: str) -> list[list[str]]:
    """What a story marks in the source, step by step."""
    return [[source[slice(*span)] for span in step.spans] for step in tale.steps]


def equations(tale: Story) -> list[str]:
    """The backward steps' products in words and symbols, without their numbers."""
    return [
        " ".join(f"{term.sign} {term.caption} {term.symbols}".strip() for term in step.equations[0])
        for step in tale.steps
        if step.arrows and step.spans
    ]


def remarked(tale: Story) -> list[str]:
    return [said(remark.words) for step in tale.steps for remark in step.remarks]


def test_of_an_operand_used_twice_the_derivatives_are_by_its_places() -> None:
    """The derivative of x*x by x is not x: x is the one by the first operand, and the one by the second;
    the table says which.
    """
    tale = story(drawing("mean(x*x)", "x=1,2,3"), Texts())
    assert equations(tale)[-2:] == [
        f"local derivative by operand {place} d(v1)/d(#{place}) = x × upstream d(v2)/d(v1) = contribution"
        for place in (1, 2)
    ]
    assert [said(step.rows[0][0]) for step in tale.steps[4:-1]] == ["d(v2)/d(v2)", "v2 → v1", "v1 → x #1", "v1 → x #2"]
    assert said(tale.steps[2].rows[0][0]) == "v1: x*x"  # what formulas call it, and what it is
    twice = (
        "x*x takes x as 2 operands. Each brings back a contribution of its own, as if the others were fixed; they "
        "add up."
    )
    assert remarked(tale) == ["n is 3: x*x has the shape (3,)", twice, twice]


@pytest.mark.parametrize(
    ("text", "at", "expected"),
    [
        ("sum(x*w)", ("x=1,2,3", "w=2"), "(summed: w is used 3 times)"),
        ("n = 2; mean(n*x)", ("x=1,2,3",), None),
        ("trace(A)", ("A=[[1,2],[3,4]]",), "n is 2: A has the shape (2, 2)"),
        ("sum(mean(A, axis=0))", ("A=[[1,2],[3,4],[5,6]]",), "n is 3: A has the shape (3, 2)"),
        ("cross_entropy(x, target)", ("x=1,2", "target=1"), "target only chooses here: nothing flows back to it"),
    ],
)
def test_what_a_formula_leaves_out_is_remarked(text: str, at: tuple[str, ...], expected: str | None) -> None:
    found = remarked(story(drawing(text, *at), Texts()))
    assert expected in found if expected else not any(" is 3:" in remark for remark in found)


def test_rules_that_do_more_than_multiply() -> None:
    """In the language, in words, or those of many nodes folded into one."""
    tale = story(drawing("A = [[1, 2], [3, 4]]; sum(A@x)", "x=1,2"), Texts())
    assert equations(tale)[-1] == "upstream d(v3)/d(v2) → rule A.T@upstream = contribution"
    assert "by A.T@upstream, upstream # becomes the contribution #" in said(tale.histories["n1"][-1][1])
    labels = story(drawing("cross_entropy(x, target)", "x=1,2", "target=1"), Texts())
    assert "upstream d(v5)/d(v3) → rule 0 = contribution" in equations(labels)
    shares = story(drawing("sum(at_target(x, p))", "x=1,2", "p=0.5,0.5"), Texts())
    assert not any(
        piece.role == "rule" and " " in piece.text
        for told in shares.histories.values()
        for _, event in told
        for piece in event
    )
    joined_up = story(drawing("sum(tile(x, 2)^2)", "x=1,2"), Texts())
    assert equations(joined_up)[-1] == "upstream d(v4)/d(v1) → sums of upstream over the copies = contribution"
    source = "f(a) = sin(a)*a + 1; y = f(x); y*y"
    closed = story(folded(drawing(source, "x=1"), 0), Texts())
    assert equations(closed)[-1] == "upstream d(v5)/d(y) → through 4 nodes = contribution"
    assert (
        said(closed.histories["n0"][-1][1])
        == "from y: through the 4 folded nodes, upstream # becomes the contribution #"
    )
    assert said(closed.steps[-2].rows[0][1]) == ""
    assert marked(closed, source)[-2] == ["f(x)"]


def test_in_a_functions_body_the_call_is_marked_too() -> None:
    source = "f(a) = a*a; g(b) = f(b) + 1; g(x) + f(y)"
    assert marked(story(drawing(source, "x=1", "y=2"), Texts()), source)[2:6] == [
        ["a*a", "g(x)", "f(b)"], ["f(b) + 1", "g(x)"], ["a*a", "f(y)"], ["g(x) + f(y)"],
    ]  # fmt: skip


def test_long_titles_are_told_by_their_labels() -> None:
    text = "x"
    for _ in range(12):
        text = f"sin({text}*w)"
    tale = story(drawing(text, "x=1", "w=1"), Texts())
    assert said(tale.steps[-4].statement).startswith("Back from sin(x*w) to x*w: ")
    assert sum(said(step.statement).startswith("Back from v") for step in tale.steps) > 15
    assert max(len(said(step.statement)) for step in tale.steps[2:]) < 190


def test_a_kink_is_remarked_where_it_is_passed() -> None:
    """Forward and back, at the node or the folded group that holds it; it is known for the start alone."""
    made = drawing("y = relu(x) + 1; y*y", "x=0")
    for drawn in (made, folded(made, 0)):
        steps = [step for step in story(drawn, Texts()).steps if step.remarks and step.remarks[-1].of_start]
        assert [step.direction for step in steps] == ["forward", "backward"]
        assert all(said(step.remarks[-1].words) == made.kinks[0].sentence for step in steps)


def test_after_a_full_width_mark_there_is_no_space() -> None:
    tale = story(drawing("x*x + x", "x=3"), Texts("zh"))
    phrases = [step.statement for step in tale.steps] + [event for told in tale.histories.values() for _, event in told]
    assert not [
        text
        for text in map(said, phrases)
        if re.search("[\N{IDEOGRAPHIC FULL STOP}\N{FULLWIDTH COLON}\N{FULLWIDTH SEMICOLON}] ", text)
    ]


@pytest.mark.parametrize(
    "made", [drawing("x*2", "x=1,2", backward=False), drawing("3")], ids=["forward alone", "no variable"]
)
def test_without_a_way_back_the_story_ends_with_the_output(made: Drawing) -> None:
    tale = story(made, Texts())
    assert {step.direction for step in tale.steps} == {"", "forward"}
    assert "backward" not in said(tale.steps[0].statement)


def test_what_has_no_influence_has_gradient_zero_and_a_cotangent_is_no_derivative() -> None:
    tale = story(drawing("a*a + d(2*b, b)", "a=1", "b=2"), Texts())
    assert tale.quantities[tale.gradients["b"]].value == 0
    assert said(tale.steps[-1].statement).endswith("d/da = #; d/db = #")
    pulled = story(drawing("x*x", "x=1,2", cotangent="1,1"), Texts())
    assert "cotangent #" in said(pulled.steps[3].statement)
    assert (
        said(pulled.steps[-1].statement)
        == "Done. The gradient of the output weighed by the cotangent, sum(cotangent*v1): d/dx = #"
    )
    assert pulled.steps[-1].equations[0][0].symbols == "d(sum(cotangent*v1))/d(x)"


def test_braces_of_the_users_are_no_slots() -> None:
    assert said(phrase("{node} = {value}", node="{x}", value=1)) == "{x} = #"


class _Document(HTMLParser):
    """What a browser would see: tags, attributes, and texts of elements that hold raw text."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.raw: dict[str, list[str]] = {"script": [], "style": []}
        self.texts: list[str] = []
        self.within = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.within = tag
        self.attributes += attrs

    def handle_endtag(self, tag: str) -> None:
        self.within = ""

    def handle_data(self, data: str) -> None:
        self.texts.append(data)
        if self.within in self.raw:
            self.raw[self.within].append(data)


@pytest.mark.parametrize("text", ["x*x", HOSTILE])
def test_a_page_admits_its_own_style_and_script_alone(text: str) -> None:
    """Nothing in it acts but what the policy's digests name; nothing is fetched; what looks like markup is text."""
    found = _Document(page(drawing(text, "x=3")))
    data, script = found.raw["script"]
    (style,) = found.raw["style"]
    policy = next(value for _, value in found.attributes if value and "default-src" in value)
    digests = [f"-src 'sha256-{b64encode(sha256(part.encode()).digest()).decode()}'" for part in (style, script)]
    assert all(digest in policy for digest in digests)
    assert policy.startswith("default-src 'none';")
    assert not [
        name for name, _ in found.attributes if name.startswith("on") or name in ("style", "src", "srcset", "action")
    ]
    assert {value for name, value in found.attributes if name == "href"} == {"data:,", "#controls"}
    assert found.tags.count("script") == 2
    assert not set("<>&\u2028") & set(data)
    assert "\x00" not in "".join(found.texts)
    plain = _Document(page(drawing("x*x", "x=3")))
    assert found.tags == plain.tags


def test_a_page_is_the_same_twice_and_carries_every_text_once_more_as_data() -> None:
    made = drawing("mean(x*x)", "x=1,2,3")
    assert page(made) == page(made)
    read = document(page(made))
    assert [number["shown"] for number in read["numbers"]][:3] == ["[1, 2, 3]", "[1, 4, 9]", "4.667"]
    assert read["descent"]["inputs"] == {"0": [1.0, 2.0, 3.0]}
    assert '<html lang="en" data-theme="dark">' in page(made, Manner(theme="dark"))
    assert document(page(made, Manner(precision=10)))["numbers"][2]["shown"] == "4.666666667"


def test_a_kink_is_noted() -> None:
    made = drawing("abs(x)", "x=0")
    assert f'<p class="note"><span class="then">at the start:</span> {made.kinks[0].sentence}</p>' in unescape(
        page(made)
    )


def test_the_windows_title_is_short() -> None:
    texts = ["mean(x*x)", "a = x*x # a square\nb = sin(a) + cos(a) + tanh(a)\nmean(b*b + sqrt(exp(b) + 1))"]
    titles = [
        re.search(r"<title>Backpropagation step by step: (.*?)</title>", page(drawing(text, "x=1,2"))) for text in texts
    ]
    assert [found and found.group(1) for found in titles] == ["mean(x*x)", "mean(b*b + sqrt(exp(b) + 1))"]


def test_the_room_in_a_box_is_for_other_numbers_too() -> None:
    """A layout for 0 holds -0.1234; a constant needs no more than it has."""
    narrow, wide = (
        re.search(r'class="ground" width="([\d.]+)"', page(drawing(text, f"x={x}")))
        for text, x in (("x*2", "1"), ("x*2", "-1.234"))
    )
    assert narrow
    assert wide
    assert narrow.group(1) == wide.group(1)


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (
            drawing("mean(x*x)", "x=" + ",".join(map(str, range(20_001)))),
            "too long for this page; run <code>diffcli descend 'mean(x*x)' --at 'x=...' --lr",
        ),
        (
            drawing("x*x", "x=1,2", cotangent="1,1"),
            "needs a single number to make smaller; this output is weighed by the cotangent [1, 1]</p>",
        ),
        (drawing("x*2", "x=1,2", backward=False), None),
        (drawing("3"), None),
    ],
    ids=["too long", "cotangent", "forward", "no variable"],
)
def test_where_the_page_cannot_descend_there_is_no_control(made: Drawing, said: str | None) -> None:
    text = page(made)
    assert document(text)["descent"] is None
    assert 'id="descend"' not in text
    assert ('id="descent-heading"' in text) == (said is not None)
    assert said is None or said in unescape(text)


def test_a_function_that_the_page_cannot_compute_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise Unsupported("bessel")

    monkeypatch.setattr(page_program, "recorded", refuse)
    text = page(drawing("a = 2; x*a # it's", "x=1"))
    assert (
        "this page cannot recompute bessel; run <code>diffcli descend 'a = 2; x*a # it'\\''s' --at 'x=1.0' --lr 0.1"
        in unescape(text)
    )


def test_folded_and_translated_pages_tell_the_same_numbers() -> None:
    made = drawing("y = x*x + 1; sum(y)", "x=1,2")
    whole, closed = document(page(made)), document(page(folded(made, 0), Manner(language="zh")))
    assert len(closed["nodes"]) < len(whole["nodes"])
    assert closed["steps"][-1]["statement"][-1][2] is not None
    assert closed["numbers"][closed["steps"][-1]["statement"][-1][2]]["shown"] == "[2, 4]"
