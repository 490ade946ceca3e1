"""Whether the formula and reverse mode give the same gradient."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, cast

from diffcli.analysis.formula_values import SymbolicRow, precisely
from diffcli.analysis.precision import beyond_rounding, in_words
from diffcli.analysis.problem import Problem
from diffcli.analysis.trace import Trace
from diffcli.execute.arithmetic import Arithmetic
from diffcli.execute.arrays import (
    Array,
    agree_in_digits,
    all_finite,
    any_nonzero,
    doubles,
    largest_magnitude,
    relative_error,
    relative_error_of_numbers,
    shaped,
)
from diffcli.execute.many_digits import of_digits
from diffcli.execute.numbers import recomputed
from diffcli.messages import Message
from diffcli.primitives.shape import size

if TYPE_CHECKING:
    from diffcli import symbolic

#: Two gradients agree when their relative difference is at most this, component by component.
TOLERANCE = 1e-9
#: The most elements for which a doubtful comparison is repeated in high precision, and its digits.
_LARGEST_REPEAT = 20_000
_DIGITS = (50, 200, 800)
#: What is rounding in so many digits is 0; and by so many powers of ten more than the last digit counts as rounding.
_SURELY, _MARGIN = 200, 5

Verdict = Literal["agree", "disagree", "unchecked"]


def tolerance_in(arithmetic: Arithmetic) -> float:
    """The tolerance of the machine's numbers."""
    return beyond_rounding(TOLERANCE, arithmetic)


class Agreement(NamedTuple):
    """The verdict over all variables that have a formula.

    `max_relative_error` compares the machine's numbers with the formula; `cause` says what it comes
    from where it is not mere last-digit rounding, or why there is no verdict.
    """

    verdict: Verdict
    max_relative_error: float | None
    cause: str | None = None


class Comparison(NamedTuple):
    """A gradient, the formulas for it, and the computation that it came from."""

    trace: Trace
    gradient: Mapping[str, Array]
    formulas: Mapping[str, "symbolic.Formula | symbolic.NoFormula"]
    at: Mapping[str, Array]
    inputs: Mapping[int, Array]

    def verdict(self, rows: Mapping[str, SymbolicRow], seconds: float) -> tuple[Agreement, Mapping[str, SymbolicRow]]:
        """Compare with the rows' values; in doubt, compute both sides with more digits.

        Returns the rows too, with the values of as many digits as were needed.
        """
        from diffcli.deadline.limit import TimeLimit, within

        values = {name: row.value for name, row in rows.items() if row.value is not None}
        if not values:
            return Agreement("unchecked", None, Message("there is no formula to compare with")), rows
        error, tolerance = self._error(self.gradient, values), tolerance_in(self.trace.arithmetic)
        if error <= tolerance:
            return Agreement("agree", error), rows
        if sum(size(shape) for shape in self.trace.graph.shapes) > _LARGEST_REPEAT:
            return Agreement(
                "unchecked", error, Message("they differ, and it is too large to be repeated with more digits")
            ), rows
        try:
            return within(seconds, self._precise_verdict, rows)
        except TimeLimit:
            return Agreement(
                "unchecked",
                error,
                Message("they differ, and more digits take longer than {seconds:g} s", seconds=seconds),
            ), rows

    def _precise_verdict(self, rows: Mapping[str, SymbolicRow]) -> tuple[Agreement, Mapping[str, SymbolicRow]]:
        error = 0.0
        for digits in _DIGITS:
            found = {name: precisely(formula, self.at, digits) for name, formula in self._written(rows).items()}
            values = {name: value for name, value in found.items() if value is not None}
            if len(values) < len(found):
                return Agreement(
                    "unchecked",
                    None,
                    Message("they differ, and the formula has too many operations to be computed with more digits"),
                ), rows
            rows = {**rows, **{name: rows[name]._replace(value=value) for name, value in values.items()}}
            precise = self._precise_gradient(digits)
            if not all(all_finite(value) for value in (*values.values(), *precise.values())):
                return Agreement("unchecked", None, Message("the formula is not defined at this point")), rows
            error = self._error(self.gradient, values, digits)
            if self._error(precise, values, digits) <= TOLERANCE and not (
                digits < _SURELY and self._vanishes(values, digits)
            ):
                cause = (
                    None
                    if error <= tolerance_in(self.trace.arithmetic)
                    else Message(
                        "{precision} loses digits to cancellation here: {loss}",
                        precision=in_words(self.trace.arithmetic),
                        loss=self._loss(values, digits),
                    )
                )
                return Agreement("agree", error, cause), rows
        return Agreement("disagree", error), rows

    def _written(self, rows: Mapping[str, SymbolicRow]) -> "dict[str, symbolic.Formula]":
        """The formulas that have a value."""
        return {
            name: cast("symbolic.Formula", self.formulas[name]) for name, row in rows.items() if row.value is not None
        }

    def _error(self, gradient: Mapping[str, Array], values: Mapping[str, Array], digits: int | None = None) -> float:
        """The largest relative error.

        A derivative that is 0, or, in so many digits, may be rounding, is compared with the largest contribution.
        """
        scale, least = self._scale, 0.0 if digits is None else self._rounding(digits)
        return max(relative_error(gradient[name], value, scale, least) for name, value in values.items())

    def _vanishes(self, values: Mapping[str, Array], digits: int) -> bool:
        """Whether some derivative is not 0, but may be rounding in so many digits."""
        return any(any_nonzero(value * (abs(value) <= self._rounding(digits))) for value in values.values())

    def _rounding(self, digits: int) -> float:
        return self._scale * 10.0 ** (_MARGIN - digits)

    @property
    def _scale(self) -> float:
        """The largest contribution of the sweep."""
        return largest_magnitude(self.trace.values[flow.contribution] for flow in self.trace.gradient.flows)

    def _loss(self, values: Mapping[str, Array], digits: int) -> str:
        worst = max(values, key=lambda name: self._error({name: self.gradient[name]}, {name: values[name]}, digits))
        if values[worst].shape != ():
            return Message(
                "with {digits} digits some elements of d/d{worst} are different, and the formula's",
                digits=digits,
                worst=worst,
            )
        return Message(
            "with {digits} digits d/d{worst} is {values:.6g}, not {gradient:.6g}",
            digits=digits,
            worst=worst,
            values=float(values[worst]),
            gradient=float(self.gradient[worst]),
        )

    def _precise_gradient(self, digits: int) -> dict[str, Array]:
        graph = self.trace.graph
        adjoints = {
            graph.names[node]: self.trace.gradient.adjoints[node]
            for node in self.inputs
            if node in self.trace.gradient.adjoints
        }
        results = recomputed(graph, adjoints.values(), self.inputs, of_digits(digits))
        precise = {name: doubles(result) for name, result in zip(adjoints, results, strict=True)}
        return {name: precise.get(name, value) for name, value in self.gradient.items()}


#: Digits to which exact numbers and formulas' values are compared.
EXACT_DIGITS = 50
#: Digits beyond those that formulas are evaluated in; in turn, for a formula can cancel where the rules do not.
_MORE_DIGITS = (35, 150, 1000)


def precise_verdict(
    problem: Problem, gradient: Mapping[str, Array], formulas: "Mapping[str, symbolic.Formula | symbolic.NoFormula]"
) -> tuple[Agreement, Mapping[str, SymbolicRow]]:
    """A gradient in exact numbers or many digits against the formulas' values in more: all digits must agree."""
    digits = problem.precision.digits or EXACT_DIGITS
    rows: dict[str, SymbolicRow] = {}
    before: dict[str, Array] = {}
    error: Any = None
    for place, more in enumerate(_MORE_DIGITS):
        arithmetic = of_digits(digits, more)
        rows, values = _in_digits(problem, formulas, digits, more)
        if not values:
            return Agreement("unchecked", None, Message("there is no formula to compare with")), rows
        if not all(map(all_finite, values.values())):
            return Agreement("unchecked", None, Message("the formula is not defined at this point")), rows
        # what changed since fewer digits were computed is rounding; there is as much less of it now as there are more
        # digits
        shrunk = 10 ** (more - _MORE_DIGITS[place - 1] - _MARGIN) if place else 1
        rounding = {name: abs(values[name] - value) / shrunk for name, value in before.items()}
        error = max(
            relative_error_of_numbers(arithmetic.lifted(gradient[name]), value, rounding.get(name))
            for name, value in values.items()
        )
        if error * 10**digits <= 1:
            return Agreement("agree", float(error)), rows
        before = values
    if problem.precision.doubt is not None:
        return Agreement(
            "unchecked", float(error), Message("they differ, and more digits would be needed to tell which is right")
        ), rows
    return Agreement("disagree", float(error)), rows


def formula_in_digits(problem: Problem, formula: "symbolic.Formula", digits: int) -> Array | None:
    """A formula's value, right to so many digits as far as 1,000 more can tell; None where it would take long."""
    before: Array | None = None
    for more in _MORE_DIGITS:
        _, values = _in_digits(problem, {"": formula}, digits, more)
        found = values.get("")
        if found is None or (before is not None and agree_in_digits(before, found, digits)):
            return found
        before = found
    return before


def _in_digits(
    problem: Problem, formulas: "Mapping[str, symbolic.Formula | symbolic.NoFormula]", digits: int, more: int
) -> tuple[dict[str, SymbolicRow], dict[str, Array]]:
    """The formulas, with their values, in so many digits and more; those without a value are not among the values."""
    from diffcli.symbolic import NoFormula

    arithmetic, shown = of_digits(digits, more), of_digits(digits)
    at = {name: stated.valued(arithmetic).tolist() for name, stated in problem.stated.items()}
    rows: dict[str, SymbolicRow] = {}
    values: dict[str, Array] = {}
    for name, formula in formulas.items():
        if isinstance(formula, NoFormula):
            rows[name] = SymbolicRow(None, None, formula.reason, ())
            continue
        found = formula.decimals(at, digits + more)
        if found is not None:
            values[name] = shaped(arithmetic.lifted(shaped(found)))
        rows[name] = SymbolicRow(
            formula.text,
            None if found is None else shaped(shown.lifted(values[name])),
            None,
            formula.notes,
            found=formula,
        )
    return rows, values
