"""Operations on single floats written down as a straight line of Python.

The text is made of our own forms and of numbers alone, and nothing that anybody typed.
"""

import math
import operator
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, partial
from typing import Any, NamedTuple, cast

from diffcli.execute.executors.executor import Unfit
from diffcli.execute.executors.python_text import defined
from diffcli.messages import Message


def refused(*_: float) -> float:
    """What Python's floats do not give as NumPy's doubles do: raised like what they raise themselves."""
    raise ArithmeticError


def _binary_unit(largest: float) -> float:
    """A power of two near a magnitude, 1 for 0 and for what is not finite."""
    return math.ldexp(1.0, math.frexp(largest)[1] - 1) if 0 < largest < math.inf else 1.0


#: How Python computes each operation on floats. Where that raises, NumPy gives an infinity or nan; elsewhere they
#: agree.
FORMS: Mapping[str, str] = {
    "add": "{} + {}",
    "sub": "{} - {}",
    "mul": "{} * {}",
    "truediv": "{} / {}",
    "neg": "-{}",
    "abs": "abs({})",
    # an upstream of 0 annihilates
    "weigh": "r if (r := {0} * {1}) == r or {0} != 0.0 else 0.0",
    "less": "{} < {}",
    "less_equal": "{} <= {}",
    "equal": "{} == {}",
    "not_equal": "{} != {}",
    "both": "bool({} and {})",
    "either": "bool({} or {})",
    "not": "not {}",
    "indicator": "1.0 if {} else 0.0",
    "where": "{1} if {0} else {2}",
    # nan is the largest and the smallest
    "maximum": "{0} if {0} > {1} or {0} != {0} else {1}",
    "minimum": "{0} if {0} < {1} or {0} != {0} else {1}",
    "sign": "1.0 if {0} > 0.0 else -1.0 if {0} < 0.0 else 0.0 if {0} == 0.0 else {0}",
    "floor": "copysign(floor({0}), {0})",
    "ceil": "copysign(ceil({0}), {0})",
    "xlogy": "0.0 if {0} == 0.0 and {1} == {1} else {0} * log({1})",
    "xlog1py": "0.0 if {0} == 0.0 and {1} == {1} else {0} * log1p({1})",
    "norm_of_squares": "r if 1e-140 < (r := sqrt({0})) < 1e140 else refused()",
    "binary_unit": "binary_unit({})",
    "atan2": "atan2({}, {})",
    "hypot": "hypot({}, {})",
    "pow": "pow({}, {})",
    **{
        name: name + "({})"
        for name in (
            *("sqrt", "exp", "expm1", "log", "log2", "log10", "log1p"),
            *("sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh"),
            "erf",
        )
    },
}
#: What NumPy's functions are called that have another name.
_CALLED = {"absolute": "abs", "multiply": "mul", "subtract": "sub", "divide": "truediv", "power": "pow"}
#: How long a text may be that is written within another.
_WIDE = 160
_COMMUTATIVE = frozenset({"add", "mul", "equal", "not_equal"})
_OPERATORS = frozenset({"add", "sub", "mul", "truediv", "neg", "abs"})
_CONDITIONS = frozenset({"less", "less_equal", "equal", "not_equal", "both", "either", "not"})
#: What they call.
NAMES: dict[str, Any] = {
    **{name: function for name, function in vars(math).items() if not name.startswith("_")},
    "refused": refused,
    "binary_unit": _binary_unit,
}


def computed(name: str, *operands: Any) -> Any:
    """The result of an operation on floats. Raises ArithmeticError or ValueError where NumPy's is not finite."""
    if name == "pow" and operands[1] == 2.0:
        return operands[0] * operands[0]  # as a line has it
    return _function(name, len(operands))(*operands)


def operation(name: str) -> Callable[..., Any]:
    """The function of floats that an operation is; it raises what `computed` does."""
    form = FORMS[name]
    if name in _OPERATORS:
        return cast("Callable[..., Any]", getattr(operator, name))
    if form == name + "({})":
        return cast("Callable[..., Any]", NAMES[name])
    if name == "pow":
        return partial(computed, name)
    return _function(name, form.count("{}") or len({*re.findall(r"\{\d\}", form)}))


@cache
def _function(name: str, count: int) -> Callable[..., Any]:
    parameters = ", ".join("abc"[:count])
    text = f"def function({parameters}):\n    return {FORMS[name].format(*'abc'[:count])}\n"
    function: Callable[..., Any] = defined(text, "function", NAMES)
    return function


class Number:
    """A single float of a line: the name of the variable that has it."""

    __slots__ = ("line", "name")
    __hash__ = None  # type: ignore[assignment]  # equality makes a number, not a truth

    def __init__(self, line: "StraightLine", name: str) -> None:
        self.line = line
        self.name = name

    def __add__(self, other: Any) -> Any:
        return self.line.record("add", self, other)

    def __radd__(self, other: Any) -> Any:
        return self.line.record("add", other, self)

    def __sub__(self, other: Any) -> Any:
        return self.line.record("sub", self, other)

    def __rsub__(self, other: Any) -> Any:
        return self.line.record("sub", other, self)

    def __mul__(self, other: Any) -> Any:
        return self.line.record("mul", self, other)

    def __rmul__(self, other: Any) -> Any:
        return self.line.record("mul", other, self)

    def __truediv__(self, other: Any) -> Any:
        return self.line.record("truediv", self, other)

    def __rtruediv__(self, other: Any) -> Any:
        return self.line.record("truediv", other, self)

    def __pow__(self, other: Any) -> Any:
        return self.line.record("pow", self, other)

    def __rpow__(self, other: Any) -> Any:
        return self.line.record("pow", other, self)

    def __neg__(self) -> Any:
        return self.line.record("neg", self)

    def __abs__(self) -> Any:
        return self.line.record("abs", self)

    def __lt__(self, other: Any) -> Any:
        return self.line.record("less", self, other)

    def __gt__(self, other: Any) -> Any:
        return self.line.record("less", other, self)

    def __le__(self, other: Any) -> Any:
        return self.line.record("less_equal", self, other)

    def __ge__(self, other: Any) -> Any:
        return self.line.record("less_equal", other, self)

    def __eq__(self, other: Any) -> Any:
        return self.line.record("equal", self, other)

    def __ne__(self, other: Any) -> Any:
        return self.line.record("not_equal", self, other)

    def __array_ufunc__(self, function: Any, method: str, *operands: Any) -> Any:
        """NumPy's functions, as those of primitives."""
        name = _CALLED.get(function.__name__, function.__name__)
        if name not in FORMS:
            raise Unfit(Message("{function} is not computed on single numbers", function=name))
        return self.line.record(name, *operands)

    def __bool__(self) -> bool:
        raise Unfit(Message("which operations it takes depends on its numbers"))


class _Made(NamedTuple):
    """An operation, and its operands: numbers of the line, or known ones."""

    operation: str
    operands: tuple[Any, ...]


class StraightLine:
    """Operations in the order in which they were made; what is equal is there once."""

    def __init__(self, most: int) -> None:
        """Raises Unfit when there are more operations than that."""
        self._most = most
        self._made: dict[str, _Made] = {}
        self._known: dict[tuple[str, ...], Number] = {}
        self._count = 0

    def __len__(self) -> int:
        """The number of operations."""
        return len(self._made)

    def given(self, name: str | None = None) -> Number:
        """A number that is given, under a name of ours."""
        return self._next() if name is None else Number(self, name)

    def record(self, operation: str, *operands: Any) -> Any:
        """The result of an operation: a known number, an earlier one, or a new one."""
        if not any(isinstance(operand, Number) for operand in operands):
            try:
                return computed(operation, *operands)
            except (ArithmeticError, ValueError):
                pass  # it is raised again when the line is run
        simpler = self._simplified(operation, operands)
        if simpler is not None:
            return simpler
        texts = [_text(operand, {}) for operand in operands]
        key = (operation, *(sorted(texts) if operation in _COMMUTATIVE else texts))
        found = self._known.get(key)
        if found is None:
            if len(self._made) >= self._most:
                raise Unfit(Message("it takes more than {most} operations on single numbers", most=self._most))
            found = self._known[key] = self._next()
            self._made[found.name] = _Made(operation, operands)
        return found

    def _next(self) -> Number:
        self._count += 1
        return Number(self, f"v{self._count}")

    def _simplified(self, operation: str, operands: Sequence[Any]) -> Any:
        """The same number with fewer operations, bit for bit."""
        first, second = operands[0], operands[-1]
        if operation in ("mul", "weigh") and _is(first, 1.0):
            return second
        if operation in ("mul", "weigh", "truediv") and _is(second, 1.0):
            return first
        if operation == "weigh":
            if _is(first, 0.0):
                return 0.0
            if isinstance(first, float) or (isinstance(second, float) and math.isfinite(second)):
                return self.record("mul", first, second)
        if operation == "pow" and _is(second, 2.0):
            return self.record("mul", first, first)
        if operation == "not_equal" and _is(second, 0.0) and self._made_by(first) == "indicator":
            return self._made[first.name].operands[0]
        if operation == "where":
            condition, a, b = operands
            if not isinstance(condition, Number):
                return a if condition else b
            if _is(a, 1.0) and _is(b, 0.0) and self._made_by(condition) in _CONDITIONS:
                return self.record("indicator", condition)
        return None

    def _made_by(self, number: Any) -> str | None:
        made = self._made.get(number.name) if isinstance(number, Number) else None
        return made and made.operation

    def written(self, *groups: Iterable[Any]) -> list["Written"]:
        """Groups of results, each as the assignments that it needs beside those of the groups before.

        What is used once is written where it is used.
        """
        texts: dict[str, str] = {}
        wanted = [list(group) for group in groups]
        uses = self._uses([each for group in wanted for each in group])
        written = []
        for group in wanted:
            needed, lines = self._needed(group), []
            for name, (operation, operands) in self._made.items():
                if name in needed and name not in texts:
                    text = FORMS[operation].format(*[_text(operand, texts) for operand in operands])
                    nested = uses[name] == 1 and len(text) < _WIDE
                    texts[name] = f"({text})" if nested else name
                    if not nested:
                        lines.append(f"{name} = {text}")
            written.append(Written(lines, [_text(result, texts) for result in group]))
        return written

    def _needed(self, results: Iterable[Any]) -> set[str]:
        needed = {each.name for each in results if isinstance(each, Number)}
        for name, (_, operands) in reversed(self._made.items()):
            if name in needed:
                needed.update(operand.name for operand in operands if isinstance(operand, Number))
        return needed

    def _uses(self, results: Sequence[Any]) -> Counter[str]:
        """How often each number is written."""
        uses = Counter(each.name for each in results if isinstance(each, Number))
        needed = self._needed(results)
        for name, (operation, operands) in self._made.items():
            if name in needed:
                for place, operand in enumerate(operands):
                    if isinstance(operand, Number):
                        uses[operand.name] += max(1, FORMS[operation].count(f"{{{place}}}"))
        return uses


class Written(NamedTuple):
    """Assignments, one a line, and the texts of results after them."""

    lines: list[str]
    results: list[str]


def _text(operand: Any, texts: Mapping[str, str]) -> str:
    if isinstance(operand, Number):
        return texts.get(operand.name, operand.name)
    text = repr(float(operand))
    return f"({text})" if text.startswith("-") else text


def _is(operand: Any, number: float) -> bool:
    return isinstance(operand, float) and operand == number
