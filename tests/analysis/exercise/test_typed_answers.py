"""Answers as students type them: what is read without signs and brackets, what may be two things, what is refused."""

import pytest

import diffcli
from diffcli.analysis.exercise.answer import read
from diffcli.analysis.exercise.answer_notation import is_notation
from diffcli.analysis.exercise.asking import question
from diffcli.analysis.exercise.question import Question
from diffcli.api.posing import posed
from diffcli.errors import DiffcliError
from diffcli.source import Source
from diffcli.syntax.printer import print_tree
from diffcli.syntax.tree import Tree

#: Questions by name: about a formula by x, by x and y, about three numbers, about two, about matrices.
_ASKED: dict[str, tuple[str, str | None, str | None]] = {
    "x": ("x^2*y*sin(x)", "x", None),
    "xy": ("x^2*y", None, None),
    "numbers": ("mean(x*x)", None, "1,2,3"),
    "two": ("x^2*y", None, "x=1; y=2"),
    "matrix": ("sum((A@x - b)^2)", "x", None),
}


def _question(name: str) -> Question:
    expression, wrt, at = _ASKED[name]
    return question(posed(expression, at, wrt=wrt, complete=False))


def _read(name: str, text: str) -> tuple[str, bool]:
    """The expressions by part, and whether it is told how one was read."""
    answer = read(_question(name), [{}], Source(text, "answer"))
    parts = [
        f"{part} = {print_tree(Tree(each.resolved.source, each.resolved.nodes))}" for part, each in answer.parts.items()
    ]
    return "; ".join(parts), any(each.read_as is not None for each in answer.parts.values())


#: What stands for a formula without anything being told of it.
_AS_IT_IS = """
2x sin(x) + x^2 cos(x) : 2*x*sin(x) + x^2*cos(x)
2·x : 2*x
２ｘ（ｘ＋１） : 2*x*(x + 1)
x²y³ : x^2*y^3
√(x + 1) : sqrt(x + 1)
f'(x) = 2x*y : 2*x*y
f'(x)：2x*y : 2*x*y
d/dx = 2x*y : 2*x*y
d/dx (x^2 y) = 2x*y : 2*x*y
df/dx ＝ 2x*y : 2*x*y
f_x(x, y) = 2x*y : 2*x*y
dx = 2x*y : 2*x*y
∇f = 2x*y : 2*x*y
answer: x = 2x*y : 2*x*y
答案：2x*y : 2*x*y
u = x^2; 2x*cos(u) : 2*x*cos(x^2)
2x*y; : 2*x*y
""".strip().splitlines()

#: What is written without signs or brackets, in the one way in which it can be read.
_READ = r"""
2xy : 2*x*y
=2xy : 2*x*y
2xy. : 2*x*y
-xy : -x*y
xy(x+1) : x*y*(x + 1)
sinx : sin(x)
sin x : sin(x)
sin 2x : sin(2*x)
sin2x : sin(2*x)
2cos2x : 2*cos(2*x)
Sin(x) : sin(x)
xsin(x) : x*sin(x)
2xysinx : 2*x*y*sin(x)
2xcos x + xysin 2x : 2*x*cos(x) + x*y*sin(2*x)
2x sin x + x^2 cos x : 2*x*sin(x) + x^2*cos(x)
x^2cosx + 2xsinx : x^2*cos(x) + 2*x*sin(x)
3x^2y^2 : 3*x^2*y^2
x^-2y : x^-2*y
(x+1)^2sinx : (x + 1)^2*sin(x)
e^(2x)sinx : e^(2*x)*sin(x)
xe^x : x*e^x
sin²x : sin(x)^2
sin^2(x) : sin(x)^2
sec^2 x : (1/cos(x))^2
-csc x cot x : -(1/sin(x))*(1/tan(x))
tgx : tan(x)
lnx/x : log(x)/x
2^x ln2 : 2^x*log(2)
log_2 x : log2(x)
½x : 1/2*x
2|x| : 2*abs(x)
0,5x : 0.5*x
\frac{1}{2}xy : 1/2*x*y
\frac{2x}{3y} : 2*x/(3*y)
2x\sin{x} + x^2\cos x : 2*x*sin(x) + x^2*cos(x)
e^{2x} : e^(2*x)
\frac{d}{dx} = 2xy : 2*x*y
$2x$ : 2*x
f'(x) = 2xy : 2*x*y
""".strip().splitlines()


@pytest.mark.parametrize("row", _AS_IT_IS)
def test_what_the_language_has_needs_no_word(row: str) -> None:
    text, _, expected = row.rpartition(" : ")
    assert _read("x", text) == (f"x = {expected}", False)


@pytest.mark.parametrize("row", _READ)
def test_what_can_be_read_in_one_way_is_read_and_told(row: str) -> None:
    text, _, expected = row.rpartition(" : ")
    assert _read("x", text) == (f"x = {expected}", True)


_LISTS = """
numbers | 1,2,3 ; [1,2,3] ; (1,2,3) ; {1,2,3} ; <1,2,3> ; ⟨1, 2, 3⟩ ; 1 2 3 ; [1 2 3] ; (1 2 3) ; 1，2，3 ; 1、2、3 ; 【1，2，3】 ; x = (1,2,3) ; dx: 1 2 3 ; x.grad = tensor([1., 2., 3.]) ; np.array([1, 2, 3]) ; 1,2,3。 | x = [1, 2, 3]
two | 4, 1 ; (4, 1) ; 4 1 ; x=4, y=1 ; x=4 y=1 ; x: 4, y: 1 ; dx=4, dy=1 ; f_x=4; f_y=1 ; fx=4, fy=1 ; ∂f/∂x = 4, ∂f/∂y = 1 ; x＝4；y＝1 ; y=1, x=4 | x = 4; y = 1
xy | 2x*y, x^2 ; (2x*y, x^2) ; x=2x*y, y=x^2 ; x：2x*y，y：x² ; ∇f = <2x*y, x^2> ; df/dx=2x*y, df/dy=x^2 ; x=2xy y=x^2 | x = 2*x*y; y = x^2
""".strip().splitlines()  # noqa: E501  # a table


@pytest.mark.parametrize("row", _LISTS)
def test_lists_and_parts_are_written_in_many_ways(row: str) -> None:
    name, texts, expected = row.split(" | ")
    for text in texts.split(" ; "):
        found = _read(name, text)[0].replace("1., 2., 3.", "1, 2, 3")
        assert sorted(found.split("; ")) == sorted(expected.split("; ")), text


def test_lists_are_parted_by_semicolons_and_lines_too() -> None:
    for text in ("1;2;3", "1；2；3", "{1;2;3}", "[1; 2; 3]", "1\n2\n3", "1,0; 2,0; 3,0"):
        assert _read("numbers", text)[0].replace(".0", "") == "x = [1, 2, 3]"
    assert _read("xy", "2x*y; x^2")[0] == "x = 2*x*y; y = x^2"


#: What may be two things, and both.
_AMBIGUOUS = (
    ("x", "e^2x", ("e^(2*x)", "(e^2)*x")),
    ("x", "1/2x", ("1/(2*x)", "(1/2)*x")),
    ("x", "1/xy", ("1/(x*y)", "1/x*y")),
    ("x", "√2x", ("√(2*x)", "(√(2))*x")),
    ("x", "sinxy", ("sin(x*y)", "sin(x)*y")),
    ("x", "sin x y", ("sin(x*y)", "sin(x)*y")),
    ("x", "cos x^2", ("cos(x^2)", "cos(x)^2")),
    ("x", "sin x/x", ("sin(x)/x", "sin(x/x)")),
    ("x", "2^xln2", ("2^(x*ln(2))", "2^x*ln(2)")),
    ("x", "sin^-1 x", ("asin(x)", "1/sin(x)")),
    ("matrix", "2A.T@(Ax - b)", ("2A.T@(A @ x - b)", "2A.T@(A*x - b)")),
)


@pytest.mark.parametrize(("name", "text", "readings"), _AMBIGUOUS)
def test_what_can_be_read_in_two_ways_is_not_graded(name: str, text: str, readings: tuple[str, ...]) -> None:
    with pytest.raises(DiffcliError) as caught:
        _read(name, text)
    assert caught.value.diagnostic.readings[:2] == readings
    for reading in readings:
        _read(name, reading)
        assert reading in str(caught.value.diagnostic.hint)


#: Mistakes of typing, names of nothing, and what has two readings by its numbers.
_REFUSED = (
    "2t", "2xt", "2X", "sine(x)", "sni(x)", "sin(x", "sinx)", "2x(y", "x2", "ex", "2xy + C", "x'", "y = 2x", "2 1/2",
    "f'(x) = 2x = 2*x", "1,000", "1,333", "2x.sin(x)", "2x sin", "x1",
    r"\frac{1}{2", "(2xy", "x^2; 2xy",
)  # fmt: skip


@pytest.mark.parametrize("text", _REFUSED)
def test_a_mistake_is_not_mended(text: str) -> None:
    with pytest.raises(DiffcliError) as caught:
        _read("x", text)
    assert caught.value.diagnostic.source == Source(text, "answer")


def test_steps_on_the_way_are_no_answer() -> None:
    with pytest.raises(DiffcliError) as caught:
        _read("x", "f'(x) = 2x*x^0*y = 2xy")
    assert caught.value.diagnostic.hint == "write the result alone: 2xy"


def test_a_decimal_comma_may_part_thousands() -> None:
    with pytest.raises(DiffcliError) as caught:
        _read("x", "1,333")
    assert caught.value.diagnostic.hint == "write 1333 or 1.333"


def test_commas_in_brackets_are_no_decimals() -> None:
    assert _read("x", "[1,2]") == ("x = [1, 2]", False)
    assert _read("x", "atan2(1,2)*x") == ("x = atan2(1, 2)*x", False)
    assert _read("x", "2(x + 0,5)*1,5")[0] == "x = 2*(x + 0.5)*1.5"


def test_a_product_of_matrices_is_not_put_in() -> None:
    for text in ("2A.T A x", "2A x", "A^T(A@x - b)", "2Aᵀ(Ax − b)"):
        with pytest.raises(DiffcliError):
            _read("matrix", text)
    assert _read("matrix", "2 A^T @ (A @ x - b)")[0] == "x = 2*A.T@(A@x - b)"


@pytest.mark.parametrize(
    ("text", "reading"),
    [("sni(x)", "sin(x)"), ("1 2", "1*2"), ("ex", "e*x"), ("xy'", "x*y.T"), ("2,5", "2.5")],
)
def test_what_is_no_notation(text: str, reading: str) -> None:
    assert not is_notation(text, reading, of_matrices=False)


def test_it_is_told_how_an_answer_was_read() -> None:
    report = diffcli.check("x^2*y", wrt="x", answer="2xy")
    assert report.verdict == "correct"
    assert "read as 2*x*y" in str(report)
    assert report.to_dict()["parts"]["d/dx"]["read_as"] == "2*x*y"
    assert "read as" not in str(diffcli.check("x^2*y", wrt="x", answer="2x y"))


def test_names_of_the_question_come_first() -> None:
    """xy is a name where the question has it."""
    assert diffcli.check("xy^2", wrt="xy", answer="2xy").verdict == "correct"
    assert diffcli.check("sinx^2", wrt="sinx", answer="2sinx").verdict == "correct"


#: Questions about matrices, with answers as on paper and what they are in the language.
ON_PAPER = (
    ("sum((A@x - b)^2)", "x", "2*A.T@(A@x - b)", (
        "2A^T(A@x-b)", "2A'(Ax-b)", "2AᵀAx - 2Aᵀb", "2A^TAx - 2A^Tb", "2 A^T (A x - b)", "2A.T(Ax - b)", "2A^{T}(Ax-b)",
        r"2A^\top(Ax-b)", "d/dx = 2A′(Ax − b)", r"$2A^{\top}(Ax-b)$", "2(Ax-b)^T A", "2A⊤(Ax - b)", "-2A'(b - Ax)",
        "2(x'A' - b')A",
    )),
    ("sum((A@x - b)^2)", "A", "2*outer(A@x - b, x)", ("2(Ax-b)x^T", "2(A x - b)x'", "2Axx' - 2bxᵀ")),
    ("x@A@x", "x", "A@x + A.T@x", ("(A + A^T)x", "Ax + A'x", "(x'(A + A'))'")),
    ("x@A@x", "A", "outer(x, x)", ("xx^T", "x x'")),
    ("x@A@x", "A", "outer(x, x)", ("xx'",)),
    ("trace(A@B@C)", "A", "(B@C).T", ("(BC)'", "C^TB^T")),
    ("sum(sigmoid(W@x))", "x", "W.T@(sigmoid(W@x)*(1 - sigmoid(W@x)))", ("W'(sigmoid(Wx)*(1 - sigmoid(Wx)))",)),
    ("(w@x - 1)^2", "w", "2*(w@x - 1)*x", ("2(w'x - 1)x", "2x(wᵀx - 1)")),
)  # fmt: skip


@pytest.mark.parametrize(("question", "wrt", "right", "answers"), ON_PAPER)
def test_matrices_are_read_as_on_paper(question: str, wrt: str, right: str, answers: tuple[str, ...]) -> None:
    """What is read is said, and is the language's answer; with another sign in it it is wrong."""
    assert diffcli.check(question, wrt=wrt, answer=right).verdict == "correct"
    for answer in answers:
        report = diffcli.check(question, wrt=wrt, answer=answer)
        assert report.verdict == "correct", answer
        assert report.parts[0].read_as is not None
        body = answer.partition("= ")[2] or answer.strip("$")
        assert diffcli.check(question, wrt=wrt, answer=f"3({body})").verdict == "wrong", answer


@pytest.mark.parametrize(
    ("question", "wrt", "answer", "readings"),
    [
        ("trace(A@B@C@C@B)", "A", "(A + B)C", ("(A + B) @ C", "(A + B) * C")),
        ("trace(A@B@C@C@B)", "A", "(A + A^T)B", ("(A + A.T) @ B", "(A + A.T) * B")),
        ("trace(A@B@C@C@B)", "A", "AB", ("A @ B", "A*B")),
        ("trace(A@A@A)", "A", "3(AA)'", ("3(A @ A).T", "3(A*A).T")),
    ],
)
def test_products_that_may_be_by_elements_are_shown(
    question: str, wrt: str, answer: str, readings: tuple[str, ...]
) -> None:
    with pytest.raises(DiffcliError) as raised:
        diffcli.check(question, wrt=wrt, answer=answer)
    assert raised.value.diagnostic.readings == readings
    for reading in readings:
        diffcli.check(question, wrt=wrt, answer=reading)


@pytest.mark.parametrize("answer", ["2A(Ax-b)", "2A^T A^T", "2A'(x - b)", "1/2A'x", "2A T x", "bx"])
def test_what_fits_no_shapes_on_paper_is_not_read(answer: str) -> None:
    """Nor is what may be read in two ways."""
    with pytest.raises(DiffcliError):
        diffcli.check("sum((A@x - b)^2)", wrt="x", answer=answer)


def test_paper_without_end_is_not_read() -> None:
    deep = "(" * 10_000 + "A" + ")" * 10_000
    assert diffcli.check("sum((A@x - b)^2)", wrt="x", answer=f"{deep}@x").verdict == "wrong"
    for answer in (f"{deep}'x", "A" * 400 + "x", "A'" * 200 + "x"):
        with pytest.raises(DiffcliError):
            diffcli.check("sum((A@x - b)^2)", wrt="x", answer=answer)
