"""The right answer for one partial derivative, and the reason why others differ."""

import math
import sys
from collections.abc import Mapping
from typing import Literal, NamedTuple

from diffcli.analysis.comparison.differences import Difference
from diffcli.analysis.comparison.tolerances import DOUBLES, Tolerances
from diffcli.analysis.comparison.truth import Truth
from diffcli.messages import Message, listed

Cause = Literal[
    "agree", "rounding", "single-precision", "cancellation", "overflow", "kink", "edge-of-domain", "isolated",
    "unchecked", "disagree",
]  # fmt: skip

#: Causes from the harmless to the worst: a variable's is the worst of its elements'.
CAUSES: tuple[Cause, ...] = (
    "agree", "rounding", "unchecked", "single-precision", "kink", "edge-of-domain", "isolated", "cancellation",
    "overflow", "disagree",
)  # fmt: skip

#: The methods that are judged.
FORMULA, REVERSE, FORWARD = ENGINES = (Message("the formula"), Message("reverse mode"), Message("forward mode"))


class Answers(NamedTuple):
    """The methods' answers for one element, None where there is none; and its largest contribution in the sweep.

    A formula that is infinite is undefined at the point: it is shown, but not judged.
    """

    formula: float | None
    reverse: float | None
    forward: float | None
    complex_step: float | None
    difference: Difference | None
    scale: float
    tolerances: Tolerances = DOUBLES

    @property
    def engines(self) -> dict[str, float]:
        """The answers of the methods that are judged."""
        formula = None if self.formula is None or math.isinf(self.formula) else self.formula
        named = zip(ENGINES, (formula, self.reverse, self.forward), strict=True)
        return {name: value for name, value in named if value is not None}

    def error(self, value: float, reference: float) -> float:
        """The relative error: of a derivative that is small beside its terms too, whose digits may all be lost."""
        return relative(value, reference, sys.float_info.min if reference else self.tolerances.floor * self.scale)

    @property
    def least(self) -> float:
        """The smallest derivative that is claimed and is not 0; 1 where there is none."""
        claimed = [
            abs(value) for value in (*self.engines.values(), self.complex_step or 0.0) if value and math.isfinite(value)
        ]
        return min(claimed, default=1.0)


class Judgement(NamedTuple):
    """The cause of a difference at one element, in a word and in a sentence; the methods that are wrong."""

    cause: Cause
    explanation: str
    wrong: tuple[str, ...] = ()


def relative(value: float, reference: float, floor: float) -> float:
    """|value - reference| / max(|reference|, floor), absolute where both are 0; inf where one is not a number."""
    if value == reference:
        return 0.0
    ratio = abs(value - reference) / (max(abs(reference), floor) or 1.0)
    return math.inf if math.isnan(ratio) else ratio


def plainly(answers: Answers) -> Judgement | None:
    """The verdict where all methods say the same; None where there is something to explain."""
    return None if answers.difference is not None and _vague(answers, answers.difference) else _unanimous(answers)


def _unanimous(answers: Answers) -> Judgement | None:
    engines = list(answers.engines.values())
    if not engines or not all(math.isfinite(value) for value in engines):
        return None
    spread = max(answers.error(value, engines[0]) for value in engines)
    if spread > answers.tolerances.rounding or not _confirmed(answers, engines[0]):
        return None
    if spread > answers.tolerances.last_digits:
        return Judgement("rounding", Message("the last digits differ, by {spread:.1g}: rounding", spread=spread))
    return Judgement("agree", Message("all methods agree"))


def _confirmed(answers: Answers, reference: float) -> bool:
    """Whether the methods that know no rule do not contradict a value; at least one must speak."""
    spoken, tolerances = [], answers.tolerances
    size = max(abs(reference), tolerances.their_floor * answers.scale)
    if answers.complex_step is not None:
        spoken.append(abs(answers.complex_step - reference) <= tolerances.complex_step * size)
    difference = answers.difference
    if difference is not None and not _vague(answers, difference):
        margin = max(tolerances.estimated * difference.error, tolerances.difference * size)
        spoken.append(abs(difference.value - reference) <= margin)
    return bool(spoken) and all(spoken)


def _vague(answers: Answers, difference: Difference) -> bool:
    """Whether a difference is not defined, or estimates its own error as so large that it cannot confirm anything."""
    tolerances = answers.tolerances
    return not difference.error <= tolerances.vague * max(abs(difference.value), tolerances.their_floor * answers.scale)


def explained(
    answers: Answers, truth: Truth | None, precise: Mapping[str, float], at_kink: bool, overflowed: bool
) -> Judgement:
    """The verdict where methods differ, or where the point is special.

    `truth` is None where the graph is too large for it; `precise` has the modes' values in many
    digits. `at_kink` tells that a primitive is at its kink, `overflowed` that a
    number on the way to the value is not finite.
    """
    if truth is None:
        return _by_majority(answers)
    if truth.edge or truth.kink:
        return _at_an_edge(truth) if truth.edge else _at_a_kink(answers, truth)
    if truth.too_large:
        return Judgement("overflow", Message("the derivative is larger than any number of double precision"))
    right = truth.central
    off = tuple(
        name for name, value in answers.engines.items() if answers.error(value, right) > answers.tolerances.rounding
    )
    wrong = tuple(
        name for name in off if name not in precise or answers.error(precise[name], right) > answers.tolerances.rounding
    )
    if wrong:
        return _accused(wrong, right)
    if right == 0 and (off or any(answers.engines.values())):
        return Judgement("rounding", Message("the derivative is 0: its terms cancel, to rounding"))
    if off:
        return _lost(answers, off, right, overflowed)
    if at_kink:
        return Judgement("kink", Message("a function is at its kink here, and both sides' derivatives are the same"))
    return Judgement("agree", Message("all engines agree; {off}", off=_off(answers, right)))


def _at_an_edge(truth: Truth) -> Judgement:
    """The verdict where the expression is undefined on one side, or on both."""
    if not truth.isolated:
        return Judgement("edge-of-domain", _at_the_edge(truth))
    return Judgement(
        "isolated", Message("the expression is defined at this value, but nowhere around it: there is no derivative")
    )


def _at_a_kink(answers: Answers, truth: Truth) -> Judgement:
    """The verdict where the sides differ: methods may take any number between them."""
    wrong = tuple(name for name, value in answers.engines.items() if not truth.bounds(value))
    sides = _sides(truth)
    if wrong and all(map(math.isfinite, answers.engines.values())):
        if len(wrong) > 1:
            names = listed(wrong, "and")
            said = Message("{names} are outside the one-sided derivatives: that {sides}", names=names, sides=sides)
        else:
            said = Message("{name} is outside the one-sided derivatives: that {sides}", name=wrong[0], sides=sides)
        return Judgement("disagree", said, wrong)
    if math.isinf(truth.left) or math.isinf(truth.right):
        said = Message("the expression jumps or has a vertical tangent here: its derivative {sides}", sides=sides)
    else:
        said = Message("the expression has a kink here: its derivative {sides}", sides=sides)
    return Judgement("kink", said)


def _lost(answers: Answers, off: tuple[str, ...], right: float, overflowed: bool) -> Judgement:
    """The verdict where rules are right, and double precision is not enough for them."""
    if off == (FORWARD,) and math.isnan(answers.engines[FORWARD]):
        return Judgement(
            "kink", Message("another element has no finite derivative, and forward mode adds 0 times that")
        )
    value = answers.engines.get(REVERSE, math.nan)
    if overflowed or not math.isfinite(value):
        more = Message("with more digits the derivative is {right:.6g}", right=right)
        said = Message(
            "a number on the way overflows or vanishes in {precision}; {more}",
            precision=answers.tolerances.precision,
            more=more,
        )
        return Judgement("overflow", said, off)
    found, wanted = told_apart(value if REVERSE in off else answers.engines[off[0]], right)
    lost = Message("{found}, where with more digits the derivative is {wanted}", found=found, wanted=wanted)
    precision = answers.tolerances.precision
    said = Message("the rules are right, but {precision} loses digits: {lost}", precision=precision, lost=lost)
    return Judgement("cancellation", said, off)


def _accused(wrong: tuple[str, ...], right: float) -> Judgement:
    """The verdict where methods are wrong in many digits too."""
    if len(wrong) > 1:
        said = Message(
            "{names} are wrong: the expression's own differences, in many digits, give {right:.10g}",
            names=listed(wrong, "and"),
            right=right,
        )
        return Judgement("disagree", said, wrong)
    said = Message(
        "{name} is wrong: the expression's own differences, in many digits, give {right:.10g}",
        name=wrong[0],
        right=right,
    )
    return Judgement("disagree", said, wrong)


def by_convention(answers: Answers, truth: Truth, wrong: tuple[str, ...]) -> Judgement:
    """The verdict where no rule is wrong, but functions without a derivative make the rules give another number."""
    own = (
        Message("the expression's own {sides}", sides=_sides(truth))
        if truth.kink
        else Message("the expression's own derivative is {central:.6g}", central=truth.central)
    )
    taken = [answers.engines[name] for name in wrong]
    if not all(map(math.isfinite, taken)):
        said = Message(
            "a function on the way has no finite derivative here, and the rules give no number; {own}", own=own
        )
        return Judgement("kink", said)
    said = Message(
        "functions on the way have no derivative here; by the conventions for them it is {taken:.6g}, but {own}",
        taken=taken[0],
        own=own,
    )
    return Judgement("kink", said)


def of_the_values(truth: Truth) -> Judgement:
    """The verdict where neither the formula nor the rules, which know nothing of each other, fit differences."""
    explanation = Message(
        "the values are wrong: neither the formula nor the rules fit them; their differences give {central:.10g}",
        central=truth.central,
    )
    return Judgement("disagree", explanation, (Message("the values"),))


def same(answers: Answers, names: tuple[str, ...]) -> bool:
    """Whether these methods have the same answer; one that is not finite may be another."""
    values = [answers.engines[name] for name in names]
    known = [value for value in values if math.isfinite(value)]
    return all(answers.error(value, known[0]) <= answers.tolerances.rounding for value in known)


def _off(answers: Answers, right: float) -> str:
    """The method that knows no rule and does not confirm the others, and the reason."""
    difference = answers.difference
    if difference is None or not math.isfinite(difference.value):
        return Message("the finite difference is not defined, so near to the edge of the domain")
    tolerances = answers.tolerances
    error = relative(difference.value, right, tolerances.their_floor * answers.scale)
    if _vague(answers, difference) or error > tolerances.difference:
        return Message(
            "it is the finite difference that does not settle in {precision}: the derivative is {right:.6g}",
            precision=tolerances.precision,
            right=right,
        )
    return Message("it is the complex step that is off: the derivative is {right:.6g}", right=right)


def _sides(truth: Truth) -> str:
    return Message(
        "from the left is {left}, from the right {right}", left=_shown(truth.left), right=_shown(truth.right)
    )


def _at_the_edge(truth: Truth) -> str:
    if math.isnan(truth.left):
        return Message(
            "the expression is not defined to the left of the point; the derivative from the right is {slope}",
            slope=_shown(truth.right),
        )
    return Message(
        "the expression is not defined to the right of the point; the derivative from the left is {slope}",
        slope=_shown(truth.left),
    )


def _shown(slope: float) -> str:
    return Message("infinite") if math.isinf(slope) else f"{slope:.6g}"


def _by_majority(answers: Answers) -> Judgement:
    """The verdict where there is no truth to be had: the methods that know no rule decide, if they are clear."""
    plain = _unanimous(answers)
    if plain is not None:
        return plain
    engines = answers.engines
    contradicted = tuple(
        name for name, value in engines.items() if not math.isfinite(value) or not _confirmed(answers, value)
    )
    values = list(engines.values())
    if contradicted and len(contradicted) < len(values):
        return Judgement(
            "disagree",
            Message("{names} are contradicted by the differences", names=listed(contradicted, "and"))
            if len(contradicted) > 1
            else Message("{name} is contradicted by the differences", name=contradicted[0]),
            contradicted,
        )
    return Judgement(
        "unchecked", Message("the methods differ, and computing the expression with more digits takes too long")
    )


def told_apart(value: float, other: float) -> tuple[str, str]:
    """Two numbers to six digits, or to as many as tell them apart."""
    for digits in range(6, 17):
        if f"{value:.{digits}g}" != f"{other:.{digits}g}":
            break
    return f"{value:.{digits}g}", f"{other:.{digits}g}"
