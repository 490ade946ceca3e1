"""A quiz as questions of STACK for Moodle: XML with a response tree, a node and a test case for each slip.

The elements are those of STACK's own sample questions (maths/moodle-qtype_stack, samplequestions).
"""

from collections.abc import Iterator, Mapping
from html import escape
from typing import NamedTuple
from xml.sax.saxutils import escape as xml_escape

from diffcli.analysis.quiz.anticipated import Anticipated, anticipated
from diffcli.analysis.quiz.exercise import Exercise, QuizReport
from diffcli.messages import Message, told
from diffcli.render.quiz.algebra_text import MAXIMA, answer_text, refused

#: What STACK, or Moodle's filters, would take for markup of their own, beside that of HTML.
_MEANT = str.maketrans({sign: f"&#{ord(sign)};" for sign in "[]{}@$\\"})
_PENALTY = "0.1"
#: How far numbers may be from the right ones.
_TOLERANCE = "0.000001"


class _Part(NamedTuple):
    """An input with its response tree: the right answer, and the anticipated wrong ones, in Maxima's syntax."""

    input: str
    tree: str
    label: str
    right: str
    wrong: tuple[tuple[str, Anticipated], ...]
    is_matrix: bool
    is_numbers: bool


def stack(report: QuizReport) -> str:
    """The document, for Moodle's import of questions. Raises DiffcliError for an exercise that Maxima cannot write."""
    questions = "\n".join(_question(exercise, _parts(exercise)) for exercise in report.exercises)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n{questions}\n</quiz>\n'


def _parts(exercise: Exercise) -> list[_Part]:
    expected = anticipated(exercise)
    found = []
    for number, (part, answer) in enumerate(exercise.answers.items(), 1):
        right = _maxima(exercise, answer)
        if right is None:
            raise refused(exercise, "STACK")
        wrong = [(text, each) for each in expected if each.part == part for text in [_maxima(exercise, each.text)]]
        label = told(exercise.question.label(part))
        written = tuple((text, each) for text, each in wrong if text is not None)
        matrix = right.startswith("matrix(")
        numbers = exercise.question.numeric and not matrix  # of matrices there is no numerical test
        found.append(_Part(f"ans{number}", f"prt{number}", label, right, written, matrix, numbers))
    return found


def _maxima(exercise: Exercise, text: str) -> str | None:
    """An answer in Maxima's syntax; None for formulas of arrays."""
    written = answer_text(exercise, text, MAXIMA)
    return f"matrix({written[1:-1]})" if written is not None and written.startswith("[[") else written


def _question(exercise: Exercise, parts: list[_Part]) -> str:
    name = told(Message("Exercise {number}: {topic}", number=exercise.number, topic=exercise.topic.title))
    inputs = "".join(
        f"<p>{_plain(part.label)} = [[input:{part.input}]] [[validation:{part.input}]]</p>" for part in parts
    )
    note = f"{exercise.topic_name} {exercise.level}: {exercise.family.expression}"
    text = f"<p>{_plain(told(exercise.words))}</p><p><code>{_plain(exercise.family.expression)}</code></p>{inputs}"
    variables = "".join(f"t{part.input}:{part.right};\n" for part in parts)
    feedback = "".join(f"<p>[[feedback:{part.tree}]]</p>" for part in parts)
    solution = f"<p>{_plain(told('Answer: '))}<code>{_plain(exercise.right)}</code></p>"
    solution += f"<p>{_plain(told(exercise.topic.hint))}</p>"
    return "\n".join(
        [
            '<question type="stack">',
            _text("name", name),
            _html("questiontext", text),
            _html("generalfeedback", solution),
            f"<defaultgrade>{exercise.points}</defaultgrade>",
            f"<penalty>{_PENALTY}</penalty>",
            "<hidden>0</hidden>",
            "<idnumber></idnumber>",
            _text("stackversion", ""),
            _text("questionvariables", variables),
            _html("specificfeedback", feedback),
            _text("questionnote", note.translate(_MEANT)),
            "<questionsimplify>1</questionsimplify>",
            "<assumepositive>0</assumepositive>",
            "<assumereal>1</assumereal>",
            _html("prtcorrect", f"<p>{_plain(told('correct'))}</p>"),
            _html("prtpartiallycorrect", f"<p>{_plain(told('partly correct'))}</p>"),
            _html("prtincorrect", f"<p>{_plain(told('wrong'))}</p>"),
            "<multiplicationsign>dot</multiplicationsign>",
            "<sqrtsign>1</sqrtsign>",
            "<complexno>i</complexno>",
            "<inversetrig>cos-1</inversetrig>",
            "<logicsymbol>lang</logicsymbol>",
            "<matrixparens>[</matrixparens>",
            "<variantsselectionseed></variantsselectionseed>",
            *(_input(part) for part in parts),
            *(_tree(part, len(parts)) for part in parts),
            *_cases(parts),
            "</question>",
        ]
    )


def _input(part: _Part) -> str:
    kind = "matrix" if part.is_matrix else "algebraic"
    entries = {
        "name": part.input, "type": kind, "tans": f"t{part.input}", "boxsize": "25", "strictsyntax": "1",
        "insertstars": "0", "syntaxhint": "", "syntaxattribute": "0", "forbidwords": "diff", "allowwords": "",
        "forbidfloat": "0", "requirelowestterms": "0", "checkanswertype": "0", "mustverify": "1",
        "showvalidation": "1", "options": "",
    }  # fmt: skip
    return _element("input", entries)


def _tree(part: _Part, count: int) -> str:
    """The response tree: the right answer first, then each wrong one with what is said of it."""
    nodes = [_node(part, 0, f"t{part.input}", True, "")]
    for number, (text, each) in enumerate(part.wrong, 1):
        said = f"<p>{_plain(told(each.naming.told))}</p><p>{_plain(told('rule: {rule}', rule=each.naming.rule))}</p>"
        nodes.append(_node(part, number, text, False, said))
    return "\n".join(
        [
            "<prt>",
            f"<name>{part.tree}</name>",
            f"<value>{1 / count:.7f}</value>",
            "<autosimplify>1</autosimplify>",
            "<feedbackstyle>1</feedbackstyle>",
            "<feedbackvariables><text></text></feedbackvariables>",
            *nodes,
            "</prt>",
        ]
    )


def _node(part: _Part, number: int, expected: str, is_right: bool, feedback: str) -> str:
    following = -1 if number == len(part.wrong) else number + 1
    test, tolerance = ("NumAbsolute", _TOLERANCE) if part.is_numbers else ("AlgEquiv", "")
    entries: dict[str, str] = {
        "name": str(number), "description": "", "answertest": test, "sans": part.input,
        "tans": expected, "testoptions": tolerance, "quiet": "0", "truescoremode": "=",
        "truescore": "1" if is_right else "0", "truepenalty": "", "truenextnode": "-1",
        "trueanswernote": _note(part, number, "T"),
    }  # fmt: skip
    otherwise = {
        "falsescoremode": "=", "falsescore": "0", "falsepenalty": "", "falsenextnode": str(following),
        "falseanswernote": _note(part, number, "F"),
    }  # fmt: skip
    lines = [_tag(name, value) for name, value in entries.items()]
    lines.append(_html("truefeedback", feedback))
    lines += [_tag(name, value) for name, value in otherwise.items()]
    return "\n".join(["<node>", *lines, _html("falsefeedback", ""), "</node>"])


def _cases(parts: list[_Part]) -> Iterator[str]:
    """A test case with the right answers, and one for each wrong answer, the others being right."""
    yield _case(1, parts, {}, "")
    number = 1
    for part in parts:
        for place, (text, _) in enumerate(part.wrong, 1):
            number += 1
            yield _case(number, parts, {part.input: text}, _note(part, place, "T"))


def _case(number: int, parts: list[_Part], wrong: Mapping[str, str], note: str) -> str:
    inputs = "".join(
        _element("testinput", {"name": part.input, "value": wrong.get(part.input, f"t{part.input}")}) for part in parts
    )
    expected = ""
    for part in parts:
        is_wrong = part.input in wrong
        outcome = ("0", _PENALTY, note) if is_wrong else ("1", "0", _note(part, 0, "T"))
        names = ("expectedscore", "expectedpenalty", "expectedanswernote")
        expected += _element("expected", {"name": part.tree, **dict(zip(names, outcome, strict=True))})
    return f"<qtest>\n<testcase>{number}</testcase>\n{inputs}{expected}</qtest>"


def _note(part: _Part, node: int, outcome: str) -> str:
    return f"{part.tree}-{node + 1}-{outcome}"


def _plain(text: str) -> str:
    """Text as text in STACK's own markup within HTML."""
    return escape(text).translate(_MEANT)


def _tag(name: str, text: str) -> str:
    return f"<{name}>{xml_escape(text)}</{name}>"


def _text(name: str, text: str) -> str:
    return f"<{name}><text>{xml_escape(text)}</text></{name}>"


def _html(name: str, markup: str) -> str:
    return f'<{name} format="html"><text>{xml_escape(markup)}</text></{name}>'


def _element(name: str, entries: Mapping[str, str]) -> str:
    lines = "\n".join(_tag(each, value) for each, value in entries.items())
    return f"<{name}>\n{lines}\n</{name}>\n"
