"""The groundwork of a comparison, computed once for all variables: the graph with its adjoints, executed, the
formulas, and what is special about the point.
"""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from diffcli.analysis.comparison.element import FORMULA_DIGITS
from diffcli.analysis.comparison.methods import Cost, Reverse, failed, reverse, timed
from diffcli.analysis.comparison.single_precision import Doubles, Suspect, in_doubles
from diffcli.analysis.comparison.tolerances import Tolerances, tolerances_in
from diffcli.analysis.comparison.truth import DIGITS, affordable, computed_numbers, precise
from diffcli.analysis.formula_values import SymbolicRow, evaluated
from diffcli.analysis.kinks import KinkNotice, kinks
from diffcli.analysis.label_checks import check_demands
from diffcli.analysis.not_finite import check_finite
from diffcli.analysis.problem import Problem
from diffcli.analysis.sweep import Sweep, built_scalar, swept
from diffcli.analysis.trace import Trace
from diffcli.errors import Diagnostic, DiffcliError
from diffcli.execute.arithmetic import FLOAT32, FLOAT64, Arithmetic
from diffcli.execute.arrays import Array, all_finite, doubles, largest_magnitude
from diffcli.execute.many_digits import of_digits
from diffcli.execute.probe import Place, largest_magnitudes
from diffcli.execute.program import Program
from diffcli.graph.build import Built

if TYPE_CHECKING:
    from diffcli import symbolic


#: Numbers of a graph in single precision that is run in double precision too, at most.
_MOST_DOUBLES = 2_000_000


@dataclass(frozen=True, slots=True)
class Formulas:
    """The formulas by variable, their values in many digits at the given doubles, and the seconds of the search."""

    formulas: "Mapping[str, symbolic.Formula | symbolic.NoFormula]"
    rows: Mapping[str, SymbolicRow]
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Groundwork:
    """A problem with reverse mode's results and formulas.

    `sweep` and `trace` are None where a rule fails while adjoints are appended. `doubles` is there in single precision,
    where nothing fails. `inputs` and `gradient` are held in doubles, `largest` is the largest number on the way to the
    value. `affordable` tells that the graph may be run in many digits, `fault` what is not finite in the machine's
    numbers.
    """

    problem: Problem
    built: Built
    sweep: Sweep | None
    reverse: Reverse
    inputs: Mapping[int, Array]
    trace: Trace | None
    doubles: Doubles | None
    gradient: Mapping[str, Array]
    affordable: bool
    fault: Diagnostic | None
    largest: float
    kinks: tuple[KinkNotice, ...]
    symbolic: Formulas

    @property
    def machine(self) -> Arithmetic:
        """The arithmetic of differences: single precision where that was asked for, else double precision."""
        return self.problem.arithmetic if self.problem.arithmetic.native else FLOAT64

    @property
    def tolerances(self) -> Tolerances:
        """What methods may be off by."""
        return tolerances_in(self.machine)

    def suspect(self, name: str, place: Place) -> Suspect | None:
        """A derivative beside that of double precision, where it was computed in single precision."""
        if self.doubles is None or self.trace is None:
            return None
        return Suspect(self.trace, self.doubles, self.inputs, name, self.built.inputs[name], place)

    @property
    def at(self) -> dict[str, Array]:
        """The variables' values in doubles."""
        return {name: self.inputs[node] for name, node in self.built.inputs.items()}

    def scale(self, name: str) -> Array:
        """By element the largest contribution that arrives at the variable, which errors are relative to."""
        node, shape = self.built.inputs[name], self.problem.shapes[name]
        flows = self.sweep.backward.flows if self.sweep is not None and not self.reverse.failure else ()
        arrived = [doubles(self.reverse.values[flow.contribution]) for flow in flows if flow.target == node]
        return largest_magnitudes([value for value in arrived if value.shape == shape], shape)


def groundwork(problem: Problem, seconds: float, tidied: bool) -> Groundwork:
    """Run reverse mode and find the formulas, for no more than `seconds`.

    Raises DiffcliError where there is nothing to compare.
    """
    built, sweep, found = _reverse(problem)
    inputs = {node: doubles(problem.values[name]) for name, node in built.inputs.items()}
    check_demands(problem, built, found.values.__getitem__)
    trace = None
    if sweep is not None:
        trace = Trace(problem.source, built.graph, built.output, sweep.backward, found.values, problem.arithmetic)
    sound = None if found.failure else trace
    single = (
        sound is not None
        and sweep is not None
        and problem.arithmetic is FLOAT32
        and computed_numbers(built) <= _MOST_DOUBLES
    )
    return Groundwork(
        problem=problem,
        built=built,
        sweep=sweep,
        reverse=found,
        inputs=inputs,
        trace=trace,
        doubles=in_doubles(problem, sweep) if single and sweep is not None else None,
        gradient={name: doubles(value) for name, value in found.gradient.items()},
        affordable=affordable(built),
        fault=None if sound is None else _fault(problem, sound, found, inputs, built),
        largest=_largest(built, found),
        kinks=() if sound is None else kinks(sound),
        symbolic=found_formulas(problem, {name: inputs[node] for name, node in built.inputs.items()}, seconds, tidied),
    )


def _reverse(problem: Problem) -> tuple[Built, Sweep | None, Reverse]:
    """The graph with its adjoints, executed; a rule that fails while they are appended is a finding too."""
    try:
        sweep = swept(problem)
    except DiffcliError:
        raise
    except Exception as broken:
        built = built_scalar(problem)
        inputs = {node: problem.values[name] for name, node in built.inputs.items()}
        values = Program(built.graph, range(built.output + 1), problem.arithmetic).values(inputs)
        return built, None, Reverse({}, values, Cost(0, 0, 0.0), failed(broken))
    return sweep.built, sweep, reverse(problem, sweep)


def _fault(
    problem: Problem, trace: Trace, found: Reverse, inputs: Mapping[int, Array], built: Built
) -> Diagnostic | None:
    """The diagnostic about what is not finite in the machine's numbers.

    Raises DiffcliError where more digits do not help: then there is nothing to compare.
    """
    try:
        check_finite(trace, found.gradient, problem)
    except DiffcliError as fault:
        value = {"value": built.output}
        if not affordable(built) or not all_finite(precise(built.graph, value, inputs, of_digits(DIGITS))["value"]):
            raise
        return fault.diagnostic
    return None


def _largest(built: Built, found: Reverse) -> float:
    """The largest number on the way to the value; that of all doubles where one is not finite."""
    forward = [doubles(value) for value in found.values[: built.output + 1] if value is not None]
    return largest_magnitude(forward) if all(map(all_finite, forward)) else sys.float_info.max


def found_formulas(problem: Problem, at: Mapping[str, Array], seconds: float, tidied: bool) -> Formulas:
    """The formulas, with values computed in many digits at the doubles that the variables have."""
    from diffcli.symbolic.vocabulary.limits import check_size
    from diffcli.symbolic.vocabulary.refusal import TooLarge

    try:
        check_size(problem.resolved)
    except TooLarge as refusal:
        return Formulas({}, {name: SymbolicRow(None, None, str(refusal), ()) for name in problem.wrt})
    from diffcli.symbolic import derivatives

    formulas, spent = timed(lambda: derivatives(problem.resolved, problem.wrt, problem.shapes, seconds, tidied=tidied))
    rows: dict[str, SymbolicRow] = {}
    left = seconds
    for name, formula in formulas.items():
        row, taken = timed(lambda: evaluated({name: formula}, at, left, FORMULA_DIGITS))  # noqa: B023  # called at once
        left = max(left - taken, 0.1)
        rows |= row
    return Formulas(formulas, rows, spent)
