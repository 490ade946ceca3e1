"""Making exercises: a family's values are drawn until they make one that is fit to be asked."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import gcd, isfinite

from diffcli.analysis.descent.planning import plan
from diffcli.analysis.descent.settings import Settings
from diffcli.analysis.exercise.asking import question
from diffcli.analysis.exercise.question import Question
from diffcli.analysis.exercise.truth import AnswerKey, answer_key
from diffcli.analysis.given_values import bindings
from diffcli.analysis.problem import pose
from diffcli.analysis.quiz.draws import Draws, filled
from diffcli.analysis.quiz.exercise import Exercise, QuizReport
from diffcli.analysis.quiz.known_slips import coincides
from diffcli.analysis.quiz.topics import TOPICS, Family
from diffcli.errors import DiffcliError, ExitCode, fault, given
from diffcli.execute.arrays import Array, doubles, numbers_of
from diffcli.messages import Argument, Message
from diffcli.source import Source
from diffcli.syntax.resolved import Resolved
from diffcli.syntax.tree import Node

#: Draws before a family is given up.
_MOST_DRAWS = 400
#: The largest number and denominator of an answer, the largest numerator, how near it has to be to such a fraction,
#: and of what it is a multiple to be written as a decimal.
LARGEST, FINEST = 250, 100
_LONG, _NEAR, _DECIMALS = 1000, 1e-12, 1000


def quiz_report(topics: Sequence[str], level: int, count: int, seed: int, seconds: float = 5.0) -> QuizReport:
    """Exercises of the topics in turn, no two of them the same; each depends on its place and the seed alone.

    Raises DiffcliError where a truth cannot be found in so many seconds.
    """
    made: list[Exercise] = []
    asked: set[tuple[str, str]] = set()
    for number in range(1, count + 1):
        name = topics[(number - 1) % len(topics)]
        exercise = _made(number, name, level, seed, seconds, asked)
        asked.add((exercise.family.expression, exercise.family.at))
        made.append(exercise)
    return QuizReport(tuple(topics), level, seed, tuple(made))


def _made(number: int, name: str, level: int, seed: int, seconds: float, asked: set[tuple[str, str]]) -> Exercise:
    """The first draw that is fit; one that has been asked already is taken where there is no other."""
    families = [family for family in TOPICS[name].families if family.level == level]
    draws = Draws(seed, name, level, number)
    first = draws.below(len(families))
    again = None
    for turn in range(_MOST_DRAWS):
        # another family where the first has no more to ask
        family = families[(first + turn // (_MOST_DRAWS // 2)) % len(families)]
        values = Draws(seed, name, level, number, turn).values([each for each in family if isinstance(each, str)])
        stated = _filled(family, values)
        if again is not None and again.family == stated:
            continue
        repeated = (stated.expression, stated.at) in asked
        if repeated and again is not None:
            continue
        exercise = _exercise(number, name, stated, seconds)
        if exercise is not None and not repeated:
            return exercise
        again = again or exercise
    assert again is not None, f"no values are fit for {name}, level {level}: a test tries all of them"
    return again


def _filled(family: Family, values: Mapping[str, int | str]) -> Family:
    """The family with values in place of all letters."""
    texts = {name: filled(each, values) for name, each in family._asdict().items() if isinstance(each, str)}
    return family._replace(**texts)  # type: ignore[arg-type]  # by name


def _exercise(number: int, name: str, family: Family, seconds: float) -> Exercise | None:
    """The exercise, if it is fit to be asked: a truth that is not 0, numbers that are pleasant, no slip that is right.

    What decides are numbers alone, no formulas: those depend on the version of SymPy and on the time it has. Raises
    DiffcliError where a formula was not found in time.
    """
    asked = asked_of(family)
    try:
        key = answer_key(asked, seconds, tidied=True)
    except DiffcliError:
        if asked.numeric:
            return None  # outside the domain, or on a kink
        raise
    if not any(key.scales.values()) or coincides(key) or _largest_number(asked.problem.resolved) > LARGEST:
        return None
    answers: dict[str, str] = {}
    for part in asked.parts:
        answer = written_answer(key, part, family.lr is not None)
        if answer is None and asked.numeric:
            return None
        if answer is None:
            raise took_too_long(seconds)
        answers[part] = answer
    return Exercise(number, name, family, key, answers)


def _largest_number(resolved: Resolved) -> int:
    """The number before the derivative of a power of a sum, with what the sum's terms have in common taken out of it:
    of (3*x + 6)^5 it is 1215, before (x + 2)^4. It is none that anybody wants to write.
    """
    nodes, largest = resolved.nodes, 0
    for node in nodes:
        if node.kind != "call" or node.text != "pow":
            continue
        base, power = (nodes[child] for child in node.children)
        if base.kind == "call" and base.text in ("add", "sub") and power.kind == "number" and power.text.isdigit():
            factors = [_factor(nodes, child) for child in base.children]
            first, order = factors[0], int(power.text)  # a template has its constant last
            largest = max(largest, order * first * gcd(*factors) ** (order - 1))
    return largest


def _factor(nodes: Sequence[Node], place: int) -> int:
    """The whole number with which a term begins."""
    node = nodes[place]
    if node.kind == "call" and node.text in ("mul", "add", "sub"):
        return gcd(*(_factor(nodes, child) for child in node.children[: 1 if node.text == "mul" else None]))
    return int(node.text) if node.kind == "number" and node.text.isdigit() else 1


def took_too_long(seconds: float) -> DiffcliError:
    """The error about exercises that are not made in so many seconds."""
    message = Message("the exercises take longer than {seconds:g} s to make", seconds=seconds)
    hint = Message("a larger {timeout}, or fewer exercises", timeout=Argument("timeout"))
    line = given(Argument("timeout", seconds))
    return fault("E601", message, line, hint=hint, exit_code=ExitCode.TIME_LIMIT)


def asked_of(family: Family) -> Question:
    """The question that a family's texts put."""
    wrt = tuple(family.wrt.split(",")) if family.wrt else ()
    values = bindings(family.at, "at") if family.at else ()
    of = () if family.of is None else (family.of,)
    problem = pose(Source(family.expression), values, wrt, complete=False, of=of)
    step = None if family.lr is None else plan(problem, Settings(steps=1), "gd", family.lr, "constant", ())
    return question(
        problem, of=family.of, local=family.local, value=family.value, step=step, stable_rate=family.stable_rate
    )


def written_answer(key: AnswerKey, part: str, decimals: bool = False) -> str | None:
    """The right answer as one would write it: a formula, or numbers; None for numbers that are not pleasant."""
    right = key.right_answer(part)
    return right if isinstance(right, str) else None if right is None else written_numbers(right, decimals)


def written_numbers(value: Array, decimals: bool = False) -> str | None:
    """Numbers as fractions of small whole numbers, or as short decimals; None where some are neither."""
    if value.shape:
        elements = [written_numbers(each, decimals) for each in value]
        if any(element is None for element in elements):
            return None
        return f"[{', '.join(element for element in elements if element is not None)}]"
    (_, (number,)) = numbers_of(doubles(value))
    if not isfinite(number):
        return None
    near = Fraction(number).limit_denominator(FINEST)
    if (
        abs(float(near - Fraction(number))) > _NEAR * max(1.0, abs(number))
        or abs(near) > LARGEST
        or abs(near.numerator) > _LONG
    ):
        return None
    return f"{number:.6g}" if decimals and (near * _DECIMALS).denominator == 1 else str(near)
