"""Numbers that remember how they were made: a double, and the operation of a tape that it came from.

`OPERATIONS` is the one list of what a tape can hold, each with its number of operands; what an
operation computes is double precision's function of that name.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from diffcli.execute.arithmetic import FLOAT64
from diffcli.primitives.table import PRIMITIVES


class Unsupported(Exception):
    """A function that no operation of a tape computes; the message names it."""


class TooLong(Exception):
    """More operations than were allowed."""


#: Operations that are 1 where something holds, else 0.
_CONDITIONS: Mapping[str, Callable[..., Any]] = {
    "less": lambda a, b: a < b,
    "less_equal": lambda a, b: a <= b,
    "equal": lambda a, b: a == b,
    "precedes": lambda a, b: a < b or (b != b and a == a),  # NumPy's order, in which nan comes last
    "both": lambda a, b: a != 0 and b != 0,
    "either": lambda a, b: a != 0 or b != 0,
    "not": lambda a: a == 0,
}
#: How many operands each operation takes: those of the table that an arithmetic computes by name, and choices.
OPERATIONS: Mapping[str, int] = {
    **{
        primitive.compute: len(primitive.operands) + len(primitive.options)
        for primitive in PRIMITIVES.values()
        if primitive.kind == "elementwise" and isinstance(primitive.compute, str) and primitive.compute != "square"
    },  # a square is a product
    **dict.fromkeys(_CONDITIONS, 2),
    "not": 1,
    "select": 3,
}

_COMMUTATIVE = frozenset({"add", "mul", "maximum", "minimum", "equal", "both", "either", "hypot", "beta"})


def computed(operation: str, *operands: Any) -> np.float64:
    """The result of an operation on doubles. Warnings are NumPy's: run it quietly."""
    if operation == "select":
        condition, a, b = operands
        return np.float64(a if condition != 0 else b)
    condition = _CONDITIONS.get(operation)
    return np.float64(condition(*operands) if condition else getattr(FLOAT64, operation)(*operands))


class Tape:
    """Inputs, constants and operations in the order in which they were made; what is equal is there once."""

    def __init__(self, most: int) -> None:
        self.most = most
        #: For each scalar the operation that made it and its operands' places; of an input or a constant, its value.
        self.scalars: list[tuple[str, tuple[int, ...]] | np.float64] = []
        self.guards: dict[int, bool] = {}
        self._constants: dict[str, RecordedNumber] = {}
        self._known: dict[tuple[str, tuple[int, ...]], RecordedNumber] = {}

    def input(self, value: float) -> "RecordedNumber":
        """A number that may be another one in the next run."""
        self.scalars.append(np.float64(value))
        return RecordedNumber(self, len(self.scalars) - 1, np.float64(value), varies=True)

    def constant(self, value: Any) -> "RecordedNumber":
        """A number as one of this tape."""
        if isinstance(value, RecordedNumber):
            return value
        number = np.float64(value)
        key = number.hex()  # which tells 0.0 from -0.0, and knows nan
        found = self._constants.get(key)
        if found is None:
            self.scalars.append(number)
            found = self._constants[key] = RecordedNumber(self, len(self.scalars) - 1, number, varies=False)
        return found

    def record(self, operation: str, *operands: Any) -> "RecordedNumber":
        """The result of an operation: an earlier one, a known number, or a new scalar. Raises TooLong."""
        numbers = [self.constant(operand) for operand in operands]
        if operation in _COMMUTATIVE:
            numbers.sort(key=lambda number: number.place)
        if not any(number.varies for number in numbers):
            return self.constant(computed(operation, *[number.value for number in numbers]))
        simpler = self._simplified(operation, numbers)
        if simpler is not None:
            return simpler
        key = (operation, tuple([number.place for number in numbers]))
        found = self._known.get(key)
        if found is None:
            if len(self._known) >= self.most:
                raise TooLong(f"more than {self.most} operations")
            self.scalars.append(key)
            value = computed(operation, *[number.value for number in numbers])
            found = self._known[key] = RecordedNumber(self, len(self.scalars) - 1, value, varies=True)
        return found

    def _simplified(self, operation: str, numbers: "list[RecordedNumber]") -> "RecordedNumber | None":
        """The same number with fewer operations, bit for bit."""
        first, *others = numbers
        if operation == "select":
            a, b = others
            if a.place == b.place or not first.varies:
                return a if first.value != 0 else b
            if self._made_by(first) == "not":
                return self.record("select", self._operand(first), b, a)
            if self._made_by(first) in _CONDITIONS and a.is_constant(1.0) and b.is_constant(0.0):
                return first
        elif operation in ("mul", "weigh") and any(number.is_constant(1.0) for number in numbers):
            return next(number for number in reversed(numbers) if not number.is_constant(1.0))
        elif operation == "truediv" and others[0].is_constant(1.0):
            return first
        elif operation == "equal":  # a condition that is compared with 0 is its contrary
            for this, other in (numbers, reversed(numbers)):
                if other.is_constant(0.0) and self._made_by(this) in _CONDITIONS:
                    return self.record("not", this)
        elif operation == "not" and self._made_by(first) == "not":
            return self._operand(first)
        return None

    def _made_by(self, number: "RecordedNumber") -> str:
        scalar = self.scalars[number.place]
        return scalar[0] if isinstance(scalar, tuple) else ""

    def _operand(self, number: "RecordedNumber") -> "RecordedNumber":
        """The condition of which this one is the contrary."""
        scalar = self.scalars[number.place]
        assert isinstance(scalar, tuple)
        (place,) = scalar[1]
        return RecordedNumber(self, place, np.float64(number.value == 0), varies=True)

    def decide(self, condition: "RecordedNumber") -> bool:
        """Whether a condition holds at this point; that it does, or does not, becomes a guard."""
        outcome = bool(condition.value != 0)
        if condition.varies:
            self.guards[condition.place] = outcome
        return outcome


def _operator(operation: str, *, turned: bool = False, contrary: bool = False) -> Callable[..., Any]:
    """Python's operator as an operation; arrays apply it to each of their elements."""

    def operator(number: "RecordedNumber", other: Any) -> Any:
        if isinstance(other, np.ndarray):
            return NotImplemented
        result = number.tape.record(operation, *((other, number) if turned else (number, other)))
        return number.tape.record("not", result) if contrary else result

    return operator


class RecordedNumber:
    """A double and its place on a tape. Its truth, where Python asks for it, is guarded."""

    __slots__ = ("place", "tape", "value", "varies")
    __hash__ = None  # type: ignore[assignment]  # equality makes a number, not a truth

    def __init__(self, tape: Tape, place: int, value: np.float64, *, varies: bool) -> None:
        self.tape = tape
        self.place = place
        self.value = value
        self.varies = varies

    def is_constant(self, value: float) -> bool:
        """Whether this is that number in every run."""
        return not self.varies and bool(self.value == value)

    __add__, __radd__ = _operator("add"), _operator("add", turned=True)
    __sub__, __rsub__ = _operator("sub"), _operator("sub", turned=True)
    __mul__, __rmul__ = _operator("mul"), _operator("mul", turned=True)
    __truediv__, __rtruediv__ = _operator("truediv"), _operator("truediv", turned=True)
    __pow__, __rpow__ = _operator("pow"), _operator("pow", turned=True)
    __lt__, __gt__ = _operator("less"), _operator("less", turned=True)
    __le__, __ge__ = _operator("less_equal"), _operator("less_equal", turned=True)
    __eq__ = _operator("equal")
    __ne__ = _operator("equal", contrary=True)
    __and__, __rand__ = _operator("both"), _operator("both", turned=True)
    __or__, __ror__ = _operator("either"), _operator("either", turned=True)

    def __neg__(self) -> "RecordedNumber":
        return self.tape.record("neg", self)

    def __abs__(self) -> "RecordedNumber":
        return self.tape.record("abs", self)

    def __invert__(self) -> "RecordedNumber":
        return self.tape.record("not", self)

    def __bool__(self) -> bool:
        return self.tape.decide(self)
