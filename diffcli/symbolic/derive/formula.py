"""A derivative as text, and its values."""

import math
import pickle
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

import sympy
from sympy import Expr, Symbol

from diffcli.symbolic.derive.pickling import packed
from diffcli.symbolic.evaluate.evaluation import Evaluation, operations
from diffcli.symbolic.evaluate.real_arithmetic import Arithmetic
from diffcli.symbolic.vocabulary.scope import Scope

Nested = float | list["Nested"]

#: More operations than this are done in plain floats.
_MOST_EXACT_OPERATIONS = 30_000
#: A sum of more terms than this is not repeated in many digits where floats overflowed.
_MOST_REPEATED_OPERATIONS = 300_000


@dataclass(frozen=True, slots=True)
class Derivative:
    """A derivative as SymPy: its element at the indices, and the axes of every variable.

    `value` is what is differentiated, `term` the formula of whole arrays where the text is one.
    `decimals` tells whether fractions are written as decimals, `scope` what the words of the user's
    program mean, `assumed` what was taken for granted.
    """

    element: Expr
    indices: tuple[Symbol, ...]
    variables: Mapping[str, tuple[Expr, ...]]
    symbols: Mapping[str, Any]
    value: Any
    term: Expr | None = None
    decimals: bool = False
    assumed: tuple[str, ...] = ()
    scope: Scope = field(default_factory=Scope)

    def __reduce__(self) -> Any:
        return _unpacked, (packed(tuple(getattr(self, part.name) for part in fields(self))),)


def _unpacked(content: bytes) -> Derivative:
    return Derivative(*pickle.loads(content))


@dataclass(frozen=True, slots=True)
class Formula:
    """The derivative with respect to one variable, or one of a higher order by several: `x,y`.

    `text` is in vector form (`2*x/n`), in index form (`exp(x[j])/Sum(exp(x[i]))`, then `indices`
    names the component's indices) or a list of components. `sizes` has the sizes that the text
    names, with their numbers where known; `notes` explain the indices and what was assumed.
    """

    variable: str
    text: str
    sizes: Mapping[str, int | None]
    indices: tuple[str, ...]
    notes: tuple[str, ...]
    derivative: Derivative = field(repr=False, compare=False)

    def values(self, at: Mapping[str, Any], digits: int | None = 30) -> Nested:
        """The derivative at a point, nested as the variable is, or as each of several in turn.

        Computed with so many decimal digits; in plain floats for None, or where that would take long. nan
        where undefined. Raises ValueError for values whose shapes do not fit the formula.
        """
        sizes = self._sizes(at)
        extents, each, once = self._cost(sizes)
        exact = each * math.prod(extents) + once <= _MOST_EXACT_OPERATIONS
        component = self._component(at, sizes, Arithmetic(digits if exact else None))
        if exact:
            return _nested(component, extents, ())
        budget = [_MOST_EXACT_OPERATIONS // each] if once <= _MOST_REPEATED_OPERATIONS else [0]
        precise: list[Callable[[tuple[int, ...]], float]] = []

        def second_try(places: tuple[int, ...]) -> Any:
            """Floats overflow where the result may be an ordinary number."""
            result = component(places)
            if math.isfinite(result) or budget[0] == 0:
                return result
            budget[0] -= 1
            if not precise:
                precise.append(self._component(at, sizes, Arithmetic(digits)))
            return precise[0](places)

        return _nested(second_try, extents, ())

    def decimals(self, at: Mapping[str, Any], digits: int, patiently: bool = False) -> Any:
        """The values in mpmath, of so many digits; None where that would take long, or, `patiently`, very long."""
        sizes = self._sizes(at)
        extents, each, once = self._cost(sizes)
        if each * math.prod(extents) + once > (_MOST_REPEATED_OPERATIONS if patiently else _MOST_EXACT_OPERATIONS):
            return None
        return _nested(self._component(at, sizes, Arithmetic(digits), lambda number: number), extents, ())

    def _cost(self, sizes: Mapping[Symbol, Expr]) -> tuple[list[int], int, int]:
        """The extents of the result, and how many operations an element of it takes, and all of them share."""
        derivative = self.derivative
        extents = [_extent(size, sizes) for name in self.variable.split(",") for size in derivative.variables[name]]
        return extents, *operations(derivative.element, sizes, frozenset(derivative.indices))

    def _component(
        self,
        at: Mapping[str, Any],
        sizes: Mapping[Symbol, Expr],
        arithmetic: Arithmetic,
        made: Callable[[Any], Any] = float,
    ) -> Callable[[tuple[int, ...]], Any]:
        """The function that computes the component at a place."""
        derivative = self.derivative
        used = derivative.element.free_symbols
        numbers: dict[Any, Any] = {size: int(extent) for size, extent in sizes.items()}
        elements: dict[Any, Callable[[Sequence[int]], Any]] = {}
        for name, symbol in derivative.symbols.items():
            if symbol in used and derivative.variables[name]:
                elements[symbol] = _look_up(_converted(at[name], arithmetic))
            elif symbol in used:
                numbers[symbol] = arithmetic.number(at[name])
        evaluation = Evaluation(arithmetic, numbers, elements)
        prepared = evaluation.prepared(derivative.element, frozenset(derivative.indices))

        def computed(places: tuple[int, ...]) -> Any:
            for index, place in zip(derivative.indices, places, strict=True):
                evaluation.places[index] = place
            try:
                return made(prepared())
            except (ArithmeticError, ValueError):  # an operation without a real result
                return math.nan

        return computed

    def _sizes(self, at: Mapping[str, Any]) -> dict[Symbol, Expr]:
        sizes: dict[Any, Any] = {}
        shapes = {name: _shape(value) for name, value in at.items() if name in self.derivative.variables}
        for name, shape in shapes.items():
            axes = self.derivative.variables[name]
            if len(shape) != len(axes):
                raise ValueError(f"the formula takes {name} with {len(axes)} axes, its value has {len(shape)}")
            sizes |= {size: sympy.Integer(extent) for size, extent in zip(axes, shape, strict=True) if size.is_Symbol}
        for name, shape in shapes.items():
            if any(
                size.xreplace(sizes) != extent
                for size, extent in zip(self.derivative.variables[name], shape, strict=True)
            ):
                raise ValueError(f"the shape of {name} does not fit the formula")
        return sizes


def _nested(component: Callable[[tuple[int, ...]], float], extents: Sequence[int], places: tuple[int, ...]) -> Nested:
    if len(places) == len(extents):
        return component(places)
    return [_nested(component, extents, (*places, place)) for place in range(extents[len(places)])]


def _extent(size: Expr, sizes: Mapping[Symbol, Expr]) -> int:
    number = size.xreplace(sizes)
    if not number.is_Integer:
        raise ValueError("a value is missing, so a size is not known")
    return int(number)


def _shape(value: Any) -> tuple[int, ...]:
    shape: list[int] = []
    while isinstance(value, (list, tuple)):
        shape.append(len(value))
        value = value[0] if value else 0.0
    return tuple(shape)


def _converted(value: Any, arithmetic: Arithmetic) -> Any:
    if isinstance(value, (list, tuple)):
        return [_converted(part, arithmetic) for part in value]
    return arithmetic.number(value)


def _look_up(table: Any) -> Callable[[Sequence[int]], Any]:
    def found(places: Sequence[int]) -> Any:
        element = table
        for place in places:
            element = element[place]
        return element

    return found
