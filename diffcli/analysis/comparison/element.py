"""One element of a variable: what every method says of it, and what errors are relative to."""

import math
from collections.abc import Mapping
from typing import NamedTuple

from diffcli.analysis.comparison.compare_report import Answer
from diffcli.analysis.comparison.methods import ByElement
from diffcli.analysis.comparison.single_precision import Spoiled
from diffcli.analysis.comparison.truth import Truth
from diffcli.analysis.comparison.verdict import FORMULA, Answers, Cause, Judgement
from diffcli.analysis.formula_values import SymbolicRow
from diffcli.execute.probe import Place
from diffcli.messages import Message

#: Digits in which formulas are evaluated.
FORMULA_DIGITS = 50


class Element(NamedTuple):
    """One element: the methods' answers, the truth where it was asked for, and the verdict once there is one.

    `spoiled` is what single precision spoils, where that is the cause.
    """

    place: Place
    answers: Answers
    judgement: Judgement | None
    truth: Truth | None = None
    formula_digits: int | None = FORMULA_DIGITS
    spoiled: Spoiled | None = None

    @property
    def verdict(self) -> Judgement:
        """The verdict; an element that was one too many to be explained has none."""
        return self.judgement or Judgement("unchecked", Message("the methods differ here as at other elements"))

    def _is_exact(self, truth: Truth) -> bool:
        """Whether a difference is better than the formula: where that is a convention, or terms cancel in it too."""
        return (self.verdict.cause == "rounding" and truth.central == 0) or (
            self.verdict.cause == "kink" and not truth.kink
        )

    @property
    def reference(self) -> tuple[float | None, str]:
        """The reference of errors: the formula, unless it is missing or wrong."""
        answers = self.answers
        if self.truth is not None and (
            self._is_exact(self.truth) or (self.formula_digits is None and math.isfinite(self.truth.central))
        ):
            return self.truth.central, Message("a difference in {digits} digits", digits=self.truth.digits)
        if answers.formula is not None and math.isfinite(answers.formula) and FORMULA not in self.verdict.wrong:
            if self.formula_digits is None:
                return answers.formula, Message("the formula in double precision")
            return answers.formula, Message("the formula in {digits} digits", digits=self.formula_digits)
        if self.verdict.cause in ("kink", "edge-of-domain", "isolated"):
            return None, Message("none")
        if self.truth is not None and math.isfinite(self.truth.central):
            return self.truth.central, Message("a difference in {digits} digits", digits=self.truth.digits)
        if answers.complex_step is not None and math.isfinite(answers.complex_step):
            return answers.complex_step, Message("the complex step")
        if answers.difference is not None and math.isfinite(answers.difference.value):
            return answers.difference.value, Message(
                "the difference in {precision}", precision=answers.tolerances.precision
            )
        return None, Message("none")

    @property
    def error(self) -> float:
        """The largest relative error of an engine."""
        reference, _ = self.reference
        if reference is not None:
            return max((self.answers.error(value, reference) for value in self.answers.engines.values()), default=0.0)
        return 0.0


#: Where a complex step is no derivative, and why.
_NO_COMPLEX_STEP: Mapping[Cause, str] = {
    "edge-of-domain": Message("none at the edge of a domain"),
    "isolated": Message("none where nothing around is defined"),
    "overflow": Message("a number on the way overflows"),
}


def answers_of(
    element: Element, reference: float | None, row: SymbolicRow, steps: ByElement, *failures: str | None
) -> dict[str, Answer]:
    """Each method's answer with its error, or the reason why it has none."""
    answers, inapplicable = element.answers, _NO_COMPLEX_STEP.get(element.verdict.cause)

    def answer(value: float | None, reason: str | None) -> Answer:
        error = None if value is None or reference is None else answers.error(value, reference)
        return Answer(value, error, reason if value is None else None)

    difference = (
        answers.difference if answers.difference is not None and math.isfinite(answers.difference.value) else None
    )
    found = {
        "formula": answer(answers.formula, row.reason or Message("it is not defined at this point")),
        "reverse": answer(answers.reverse, failures[0]),
        "forward": answer(answers.forward, failures[1]),
        "complex-step": answer(None if inapplicable else answers.complex_step, inapplicable or steps.failure),
        "difference": answer(
            None if difference is None else difference.value, Message("the expression is not finite on both sides")
        ),
    }
    if difference is not None:
        found["difference"] = found["difference"]._replace(
            note=Message(
                "last step {step:.2g}, estimated error {error:.1g}", step=difference.step, error=difference.error
            )
        )
    if element.verdict.cause == "kink" and found["complex-step"].value is not None:
        found["complex-step"] = found["complex-step"]._replace(note=Message("one side's"))
    return found
