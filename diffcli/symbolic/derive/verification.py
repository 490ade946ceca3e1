"""Whether a formula is right: at random points, in many digits, against differences of the function."""

import random
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import sympy
from sympy import Expr, Symbol

from diffcli.messages import Message
from diffcli.symbolic.arrays.sizes import Sizes
from diffcli.symbolic.evaluate.evaluation import Evaluation, operations
from diffcli.symbolic.evaluate.real_arithmetic import Arithmetic
from diffcli.symbolic.vocabulary.loops import LOOPS
from diffcli.symbolic.vocabulary.refusal import Refusal

#: Intervals to draw values from: most functions are defined on one of them.
_INTERVALS = ((0.3, 0.9), (1.2, 2.5), (-0.9, 0.9), (-2.5, -0.4), (3.0, 6.0))
_ARITHMETIC_DIGITS = 40
#: The difference's own error is of the order of the step's square.
_STEP = 1e-12
_TOLERANCE = 1e-9
_MOST_OPERATIONS = 20_000


class Subject(NamedTuple):
    """A function to be differentiated: variables' axes by symbol, the variable, the component's indices.

    `fixed` are the indices that the function itself depends on, with the sizes of their axes.
    """

    function: Expr
    variables: Mapping[Symbol, tuple[Expr, ...]]
    variable: Symbol
    indices: tuple[Symbol, ...]
    fixed: Mapping[Symbol, Expr]


class Trial(NamedTuple):
    """Values for the variables, by symbol and place, and the component that is looked at."""

    values: Mapping[Any, Mapping[tuple[int, ...], Any]]
    component: Mapping[Symbol, int]


class Check:
    """The trials of one derivative. Raises Refusal if it is too large for any."""

    def __init__(self, subject: Subject, sizes: Sizes) -> None:
        small = _small_sizes(subject, sizes)
        self.subject = subject
        self.arithmetic = Arithmetic(_ARITHMETIC_DIGITS)
        self.values = _Values(subject, small, self.arithmetic)
        self.trials = _trials(subject, small, self.arithmetic)
        self._results: dict[Any, list[Any]] = {}

    def agrees_with_difference(self, derivative: Expr) -> bool:
        """Whether the derivative is the function's central difference wherever both are defined."""
        step = self.arithmetic.number(_STEP)
        for trial, slope in zip(self.trials, self._at_trials(derivative), strict=True):
            difference, scale = self._difference(trial, step)
            if not (_finite(difference) and _finite(slope)) or _near(slope, difference, scale):
                continue  # the formula may be undefined where the function is flat
            # a difference that depends on its step says nothing: the function grows or oscillates too fast
            if _near(self._difference(trial, 2 * step)[0], difference, scale):
                return False
        return True

    def same_values(self, candidate: Expr, original: Expr) -> bool:
        """Whether two formulas have the same values wherever the original is defined."""
        for first, second in zip(self._at_trials(candidate), self._at_trials(original), strict=True):
            if _finite(second) and (
                not _finite(first) or abs(first - second) > 1e-25 * (abs(first) + abs(second)) + 1e-30
            ):
                return False
        return True

    def _at_trials(self, expression: Expr) -> list[Any]:
        if expression not in self._results:
            self._results[expression] = [self.values.at(expression, trial) for trial in self.trials]
        return self._results[expression]

    def _difference(self, trial: Trial, step: Any) -> tuple[Any, Any]:
        """The central difference, and how large the function is."""
        place = tuple(trial.component[index] for index in self.subject.indices)
        variable = self.subject.variable
        ends = []
        for by in (-step, step):
            table = trial.values[variable]
            moved = trial._replace(values={**trial.values, variable: {**table, place: table[place] + by}})
            ends.append(self.values.at(self.subject.function, moved))
        return (ends[1] - ends[0]) / (2 * step), 1 + abs(ends[0])


class _Values:
    """Expressions' values at trials; an expression is prepared once."""

    def __init__(self, subject: Subject, sizes: Mapping[Symbol, Expr], arithmetic: Arithmetic) -> None:
        self.arithmetic = arithmetic
        self.numbers: dict[Any, Any] = {size: int(number) for size, number in sizes.items()}
        self.tables: dict[Any, Mapping[tuple[int, ...], Any]] = {}
        elements = {symbol: self._look_up(symbol) for symbol, axes in subject.variables.items() if axes}
        self.evaluation = Evaluation(arithmetic, self.numbers, elements)

    def at(self, expression: Expr, trial: Trial) -> Any:
        """The value; nan where it is undefined."""
        self.evaluation.forget()
        self.evaluation.places.update(trial.component)
        self.tables.update(trial.values)
        self.numbers.update({symbol: table[()] for symbol, table in trial.values.items() if () in table})
        try:
            return self.evaluation.prepared(expression, frozenset(trial.component))()
        except (ArithmeticError, ValueError):
            return self.arithmetic.nan

    def _look_up(self, symbol: Symbol) -> Callable[[Sequence[int]], Any]:
        tables = self.tables
        return lambda places: tables[symbol][tuple(places)]


def _trials(subject: Subject, sizes: Mapping[Symbol, Expr], arithmetic: Arithmetic) -> list[Trial]:
    """Random points with small arrays, and for each a component to look at."""
    generator = random.Random(1)
    labels = _labels(subject.function)
    free = {**subject.fixed, **dict(zip(subject.indices, subject.variables[subject.variable], strict=True))}
    trials = []
    for low, high in _INTERVALS:
        values = {}
        for symbol, axes in subject.variables.items():
            places = _places([int(size.xreplace(sizes)) for size in axes])
            values[symbol] = {
                place: arithmetic.number(generator.randrange(2) if symbol in labels else generator.uniform(low, high))
                for place in places
            }
        component = {index: generator.randrange(int(size.xreplace(sizes))) for index, size in free.items()}
        trials.append(Trial(values, component))
    return trials


def _labels(function: Expr) -> set[Symbol]:
    """The variables whose values are places: they are compared with indices, or index others."""
    compared = [
        side
        for relation in function.atoms(sympy.Eq)
        if any(other.is_integer for other in relation.args)
        for side in relation.args
    ]
    places = [place for entry in function.atoms(sympy.Indexed) for place in entry.indices]
    return {
        symbol
        for expression in (*compared, *places)
        for symbol in expression.free_symbols
        if symbol.is_integer is None and symbol.is_Symbol
    }


def _small_sizes(subject: Subject, sizes: Sizes) -> dict[Symbol, Expr]:
    """Small numbers for the sizes, such that no axis is empty and no index out of range."""
    symbols = sorted(
        {symbol for axes in subject.variables.values() for size in axes for symbol in size.free_symbols},
        key=lambda symbol: symbol.dummy_index,
    )
    too_large = False
    for least in (None,) if sizes.fixed else (3, 2, 5, 9, None):
        small = {
            symbol: sizes.known.get(symbol, sympy.Integer(3)) if least is None else sympy.Integer(least)
            for symbol in symbols
        }
        extents = [size.xreplace(small) for axes in subject.variables.values() for size in axes]
        if any(not extent.is_Integer or extent < 1 for extent in extents):
            continue
        if sum(operations(subject.function, small)) > _MOST_OPERATIONS:
            too_large = True
        elif _in_range(subject, small):
            return small
    raise Refusal(
        Message("it is too large to be checked, so it is not shown")
        if too_large
        else Message("no sizes were found at which it could be checked")
    )


def _in_range(subject: Subject, sizes: Mapping[Symbol, Expr]) -> bool:
    """Whether the function can be computed at all with these sizes: a dry run over zeros."""
    values = {
        symbol: dict.fromkeys(_places([int(size.xreplace(sizes)) for size in axes]), 0.5)
        for symbol, axes in subject.variables.items()
    }
    for loop in subject.function.atoms(*LOOPS):
        for _, low, high in loop.limits:
            extent = (high - low).xreplace(dict(sizes))
            if extent.is_Integer and extent < 0:
                return False
    try:
        _Values(subject, sizes, Arithmetic(None)).at(subject.function, Trial(values, dict.fromkeys(subject.fixed, 0)))
    except KeyError:
        return False
    return True


def _places(extents: Sequence[int]) -> list[tuple[int, ...]]:
    places: list[tuple[int, ...]] = [()]
    for extent in extents:
        places = [(*place, k) for place in places for k in range(extent)]
    return places


def _near(slope: Any, difference: Any, scale: Any) -> bool:
    return _finite(slope) and bool(
        abs(slope - difference) <= _TOLERANCE * (abs(slope) + abs(difference)) + 1e-18 * scale
    )


def _finite(number: Any) -> bool:
    return bool(abs(number) < float("inf"))
