"""Whether the formula and reverse mode give the same gradient."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal, NamedTuple

from diffcli.analysis.formulas import SymbolicRow, valued
from diffcli.analysis.trace import Trace
from diffcli.analysis.values import Array
from diffcli.execute.arrays import all_finite, doubles, largest_magnitude, relative_error
from diffcli.primitives.shape import size

if TYPE_CHECKING:
    from diffcli import symbolic

#: Two gradients agree when their relative difference is at most this, component by component.
TOLERANCE = 1e-9
#: The most elements for which a doubtful comparison is repeated in high precision, and its digits.
_LARGEST_REPEAT = 20_000
_DIGITS = (50, 200, 800)

Verdict = Literal["agree", "disagree", "unchecked"]


class Agreement(NamedTuple):
    """The verdict over all variables that have a formula.

    `max_relative_error` compares double precision with the formula; `cause` says what it comes
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
        from diffcli.symbolic import TimeLimit, within

        values = {name: row.value for name, row in rows.items() if row.value is not None}
        if not values:
            return Agreement("unchecked", None, "there is no formula to compare with"), rows
        error = self._error(self.gradient, values)
        if error <= TOLERANCE:
            return Agreement("agree", error), rows
        if sum(size(shape) for shape in self.trace.graph.shapes) > _LARGEST_REPEAT:
            return Agreement("unchecked", error, "they differ, and it is too large to be repeated with more digits"), rows
        try:
            return within(seconds, lambda: self._precise_verdict(rows))
        except TimeLimit:
            return Agreement("unchecked", error, f"they differ, and more digits take longer than {seconds:g} s"), rows

    def _precise_verdict(self, rows: Mapping[str, SymbolicRow]) -> tuple[Agreement, Mapping[str, SymbolicRow]]:
        error = 0.0
        for digits in _DIGITS:
            rows = {name: valued(self.formulas[name], row, self.at, digits) for name, row in rows.items()}
            values = {name: row.value for name, row in rows.items() if row.value is not None}
            precise = self._precise_gradient(digits)
            if not all(all_finite(value) for value in (*values.values(), *precise.values())):
                return Agreement("unchecked", None, "the formula is not defined at this point"), rows
            error = self._error(self.gradient, values)
            if self._error(precise, values) <= TOLERANCE:
                cause = None if error <= TOLERANCE else f"double precision loses digits to cancellation here: {self._loss(values, digits)}"
                return Agreement("agree", error, cause), rows
        return Agreement("disagree", error), rows

    def _error(self, gradient: Mapping[str, Array], values: Mapping[str, Array]) -> float:
        scale = largest_magnitude(self.trace.values[flow.contribution] for flow in self.trace.gradient.flows)
        return max(relative_error(gradient[name], value, scale) for name, value in values.items())

    def _loss(self, values: Mapping[str, Array], digits: int) -> str:
        worst = max(values, key=lambda name: self._error({name: self.gradient[name]}, {name: values[name]}))
        if values[worst].shape != ():
            return f"with {digits} digits some elements of d/d{worst} are different, and the formula's"
        return f"with {digits} digits d/d{worst} is {float(values[worst]):.6g}, not {float(self.gradient[worst]):.6g}"

    def _precise_gradient(self, digits: int) -> dict[str, Array]:
        import mpmath

        from diffcli.execute.arithmetic import Numbers
        from diffcli.execute.program import Program

        graph = self.trace.graph
        adjoints = {graph.names[node]: self.trace.gradient.adjoints[node] for node in self.inputs if node in self.trace.gradient.adjoints}
        with mpmath.workdps(digits):
            arithmetic = Numbers(mpmath.mp)
            exact = {node: arithmetic.number(value, value.shape) for node, value in self.inputs.items()}
            results = Program(graph, adjoints.values(), arithmetic).run(exact)
            precise = {name: doubles(result) for name, result in zip(adjoints, results, strict=True)}
        return {name: precise.get(name, value) for name, value in self.gradient.items()}
