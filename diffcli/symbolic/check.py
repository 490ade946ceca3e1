"""Whether a formula is right: at random points, in many digits, against differences of the function."""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import sympy

from diffcli.symbolic.arithmetic import Arithmetic
from diffcli.symbolic.evaluate import Evaluation, operations
from diffcli.symbolic.functions import LOOPS

#: Intervals to draw values from: most functions are defined on one of them.
_INTERVALS = ((0.3, 0.9), (1.2, 2.5), (-0.9, 0.9), (-2.5, -0.4), (3.0, 6.0))
_ARITHMETIC_DIGITS = 40
#: The difference's own error is of the order of the step's square.
_STEP = 1e-12
_TOLERANCE = 1e-9
_MOST_OPERATIONS = 3_000


class Point(NamedTuple):
    """Values for the variables, by symbol; those with axes as a table by place."""

    sizes: Mapping[Any, Any]
    numbers: Mapping[Any, Any]
    tables: Mapping[Any, dict[tuple[int, ...], Any]]


class Subject(NamedTuple):
    """What is differentiated: variables' axes by symbol, the variable, the component's indices."""

    function: Any
    variables: Mapping[Any, tuple[Any, ...]]
    variable: Any
    indices: tuple[Any, ...]


def value(expression: Any, point: Point, places: Mapping[Any, int], arithmetic: Arithmetic) -> Any:
    """The expression's value with each index at its place."""
    elements = {symbol: _look_up(table) for symbol, table in point.tables.items()}
    evaluation = Evaluation(arithmetic, {**point.numbers, **{size: int(number) for size, number in point.sizes.items()}}, elements)
    evaluation.places.update(places)
    return evaluation.prepared(expression, frozenset(places))()


def _look_up(table: Mapping[tuple[int, ...], Any]) -> Callable[[Sequence[int]], Any]:
    return lambda places: table[tuple(places)]


def points(subject: Subject, known: Mapping[Any, Any], arithmetic: Arithmetic) -> Iterator[tuple[Point, dict[Any, int]]]:
    """Random points with small arrays, and for each a component to look at."""
    sizes = _small_sizes(subject, known)
    if sizes is None:
        return
    generator = random.Random(1)
    for low, high in _INTERVALS:
        numbers: dict[Any, Any] = {}
        tables: dict[Any, dict[tuple[int, ...], Any]] = {}
        for symbol, axes in subject.variables.items():
            if axes:
                places = _places([int(size.xreplace(sizes)) for size in axes])
                tables[symbol] = {place: arithmetic.number(generator.uniform(low, high)) for place in places}
            else:
                numbers[symbol] = arithmetic.number(generator.uniform(low, high))
        axes = subject.variables[subject.variable]
        component = {index: generator.randrange(int(size.xreplace(sizes))) for index, size in zip(subject.indices, axes, strict=True)}
        yield Point(sizes, numbers, tables), component


def agrees_with_difference(derivative: Any, subject: Subject, known: Mapping[Any, Any]) -> bool:
    """Whether the derivative is the function's central difference wherever both are defined."""
    arithmetic = Arithmetic(_ARITHMETIC_DIGITS)
    step = arithmetic.number(_STEP)
    for point, component in points(subject, known, arithmetic):
        both = [_or_nan(lambda: value(subject.function, _moved(point, subject, component, by), {}, arithmetic), arithmetic) for by in (-step, step)]  # noqa: B023  # called at once
        slope = _or_nan(lambda: value(derivative, point, component, arithmetic), arithmetic)  # noqa: B023
        difference = (both[1] - both[0]) / (2 * step)
        if not (_finite(difference) and _finite(slope)):
            continue  # the formula may be undefined where the function is flat
        if _near(slope, difference, 1 + abs(both[0])):
            continue
        # a difference that depends on its step says nothing: the function grows or oscillates too fast
        wide = [_or_nan(lambda: value(subject.function, _moved(point, subject, component, by), {}, arithmetic), arithmetic) for by in (-2 * step, 2 * step)]  # noqa: B023
        if _near((wide[1] - wide[0]) / (4 * step), difference, 1 + abs(both[0])):
            return False
    return True


def _near(slope: Any, difference: Any, scale: Any) -> bool:
    return _finite(slope) and bool(abs(slope - difference) <= _TOLERANCE * (abs(slope) + abs(difference)) + 1e-18 * scale)


def same_values(candidate: Any, original: Any, subject: Subject, known: Mapping[Any, Any]) -> bool:
    """Whether two formulas have the same values wherever both are defined."""
    arithmetic = Arithmetic(_ARITHMETIC_DIGITS)
    for point, component in points(subject, known, arithmetic):
        first, second = (_or_nan(lambda: value(formula, point, component, arithmetic), arithmetic) for formula in (candidate, original))  # noqa: B023
        if _finite(second) and (not _finite(first) or abs(first - second) > 1e-25 * (abs(first) + abs(second)) + 1e-30):
            return False
    return True


def _moved(point: Point, subject: Subject, component: Mapping[Any, int], by: Any) -> Point:
    if not subject.indices and not subject.variables[subject.variable]:
        return point._replace(numbers={**point.numbers, subject.variable: point.numbers[subject.variable] + by})
    table = point.tables[subject.variable]
    place = tuple(component[index] for index in subject.indices)
    return point._replace(tables={**point.tables, subject.variable: {**table, place: table[place] + by}})


def _small_sizes(subject: Subject, known: Mapping[Any, Any]) -> dict[Any, Any] | None:
    """Small numbers for the sizes, such that no axis is empty and no index out of range."""
    symbols = sorted({symbol for axes in subject.variables.values() for size in axes for symbol in size.free_symbols}, key=lambda symbol: symbol.dummy_index)
    for least in (3, 5, 9, None):
        sizes = {symbol: known.get(symbol, sympy.Integer(3)) if least is None else sympy.Integer(least) for symbol in symbols}
        extents = [size.xreplace(sizes) for axes in subject.variables.values() for size in axes]
        if any(not extent.is_Integer or extent < 1 for extent in extents) or sum(operations(subject.function, sizes)) > _MOST_OPERATIONS:
            continue
        if _in_range(subject, sizes):
            return sizes
    return None


def _in_range(subject: Subject, sizes: Mapping[Any, Any]) -> bool:
    """Whether the function can be computed at all with these sizes: a dry run over zeros."""
    arithmetic = Arithmetic(None)
    tables = {symbol: dict.fromkeys(_places([int(size.xreplace(sizes)) for size in axes]), 0.5) for symbol, axes in subject.variables.items() if axes}
    numbers = {symbol: 0.5 for symbol, axes in subject.variables.items() if not axes}
    for loop in subject.function.atoms(*LOOPS):
        for _, low, high in loop.limits:
            extent = (high - low).xreplace(dict(sizes))
            if extent.is_Integer and extent < 0:
                return False
    try:
        value(subject.function, Point(sizes, numbers, tables), {}, arithmetic)
    except KeyError:
        return False
    except (ArithmeticError, ValueError):
        return True
    return True


def _places(extents: Sequence[int]) -> list[tuple[int, ...]]:
    places: list[tuple[int, ...]] = [()]
    for extent in extents:
        places = [(*place, k) for place in places for k in range(extent)]
    return places


def _or_nan(compute: Callable[[], Any], arithmetic: Arithmetic) -> Any:
    try:
        return compute()
    except (ArithmeticError, ValueError):
        return arithmetic.nan


def _finite(number: Any) -> bool:
    return bool(abs(number) < float("inf"))
