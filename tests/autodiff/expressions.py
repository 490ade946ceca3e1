"""Random expressions at points well inside every function's domain."""

import re
from collections.abc import Callable
from random import Random
from typing import Any, NamedTuple

import numpy as np

from diffcli.source import Source
from diffcli.syntax.parser import parse

from .mathematics import OF_ARRAYS, OF_NUMBERS, SYNONYMS, evaluated

#: No value on the way is larger: sums keep their digits.
LARGEST = 30.0
#: How far an operand keeps from kinks and jumps.
APART = 0.05

Condition = Callable[..., Any]

_anywhere: Condition = lambda *_: True  # noqa: E731  # a table of conditions follows
_away_from_zero: Condition = lambda x: abs(x) >= APART  # noqa: E731
_positive: Condition = lambda x: x >= 0.2  # noqa: E731
_small: Condition = lambda x: abs(x) <= 3  # noqa: E731
_inside: Condition = lambda x: abs(x) <= 0.9  # noqa: E731
_apart: Condition = lambda a, b: abs(a - b) >= APART  # noqa: E731
_fractional: Condition = lambda x: abs(x - np.round(x)) >= APART  # noqa: E731

#: Where a function may be used as it is; and an interval for each operand to press it into where it may not.
_USABLE: dict[str, tuple[Condition, tuple[tuple[float, float], ...]]] = {
    "div": (lambda a, b: abs(b) >= 0.3, ((-2, 2), (0.5, 2))),
    "pow": (lambda a, b: (a >= 0.3) & (a <= 4) & (abs(b) <= 3), ((0.5, 2), (-2, 2))),
    **dict.fromkeys(
        ("less", "less_equal", "greater", "greater_equal", "equal", "not_equal", "minimum", "maximum"),
        (_apart, ((-1, -0.1), (0.1, 1))),
    ),
    "where": (lambda condition, a, b: (condition == 0) | (abs(condition) >= APART), ((0.5, 1), (-1, 1), (-1, 1))),
    **dict.fromkeys(("abs", "sign", "relu", "cbrt"), (_away_from_zero, ((0.2, 2),))),
    **dict.fromkeys(("floor", "ceil"), (_fractional, ((0.2, 0.8),))),
    **dict.fromkeys(("log", "log2", "log10", "sqrt"), (_positive, ((0.3, 3),))),
    "log1p": (lambda x: x >= -0.8, ((-0.5, 2),)),
    **dict.fromkeys(("exp", "expm1", "sinh", "cosh"), (_small, ((-2, 2),))),
    "hypot": (lambda x, y: abs(x) + abs(y) >= 0.2, ((-1, 1), (0.5, 1))),
    "atan2": (lambda y, x: (abs(x) + abs(y) >= 0.2) & ((x > 0) | (abs(y) >= APART)), ((-1, 1), (0.5, 1))),
    "tan": (lambda x: abs(np.cos(x)) >= 0.2, ((-1, 1),)),
    **dict.fromkeys(("asin", "acos", "atanh", "erfinv"), (_inside, ((-0.8, 0.8),))),
    "acosh": (lambda x: x >= 1.1, ((1.2, 3),)),
    **dict.fromkeys(("gamma", "lgamma", "digamma"), (lambda x: (x >= 0.3) & (x <= 4), ((0.5, 3),))),
    "beta": (lambda a, b: (a >= 0.3) & (a <= 4) & (b >= 0.3) & (b <= 4), ((0.5, 2), (0.5, 2))),
    "xlogy": (lambda x, y: y >= 0.2, ((-1, 1), (0.3, 3))),
    "xlog1py": (lambda x, y: y >= -0.8, ((-1, 1), (-0.5, 2))),
    **dict.fromkeys(("erfc", "gelu", "silu", "log_sigmoid"), (_small, ((-2, 2),))),
    "leaky_relu": (lambda x, slope: abs(x) >= APART, ((0.2, 2), (0.1, 1))),
    "elu": (lambda x, alpha: (abs(x) >= APART) & (abs(x) <= 3), ((-2, -0.2), (0.1, 1))),
    **dict.fromkeys(
        ("hardtanh", "clip"),
        (
            lambda x, low, high: (high - low >= APART) & (abs(x - low) >= APART) & (abs(x - high) >= APART),
            ((-0.5, 0.5), (-2, -1), (1, 2)),
        ),
    ),
}

_OPERATORS = {
    "add": "+", "sub": "-", "mul": "*", "div": "/", "pow": "^",
    "less": "<", "less_equal": "<=", "greater": ">", "greater_equal": ">=", "equal": "==", "not_equal": "!=",
}  # fmt: skip
#: How many operands a function takes, where it is not one.
ARITIES = {
    **dict.fromkeys(_OPERATORS, 2),
    "where": 3,
    **dict.fromkeys(
        ("minimum", "maximum", "hypot", "atan2", "dot", "beta", "xlogy", "xlog1py", "leaky_relu", "elu", "logaddexp"), 2
    ),
    **dict.fromkeys(("hardtanh", "clip"), 3),
}
_SHAPES: tuple[tuple[int, ...], ...] = ((), (), (3,), (3,), (2,), (2, 3), (1, 3), (2, 1), (1,))

#: Everything that can be drawn: the language's functions, and its brackets.
DRAWN = (*OF_NUMBERS, *OF_ARRAYS, "index", "array", "whole power")
#: Functions whose derivative is 0: something else is made of their result.
_FLAT = frozenset(("less", "less_equal", "greater", "greater_equal", "equal", "not_equal", "sign", "floor", "ceil"))


class Piece(NamedTuple):
    """A part of an expression with its value, roughly."""

    text: str
    value: Any


class Generated(NamedTuple):
    """A program whose result is one number, and values for its variables."""

    text: str
    values: dict[str, np.ndarray]


class Generator:
    """Draws from what it has, applies a function, and has one thing more."""

    def __init__(self, seed: int) -> None:
        self.random = Random(f"expression {seed}")
        self.inputs: dict[str, np.ndarray] = {}
        self.lines: list[str] = []
        for name in ("x", "y", "w")[: self.random.choice((1, 2, 2, 3))]:
            shape = self.random.choice(_SHAPES)
            self.inputs[name] = np.array([self.random.uniform(-2, 2) for _ in range(int(np.prod(shape)))]).reshape(
                shape
            )
        self.pieces = [Piece(name, value) for name, value in self.inputs.items()]

    def generated(self, first: str, steps: int) -> Generated:
        """An expression in which `first` occurs, whatever else does."""
        self._draw(first, steps)
        return self._program(self._result(self.pieces[len(self.inputs) :]))

    def array(self, first: str, steps: int) -> Generated:
        """A program whose result is an array: the last one made, or the last numbers."""
        self._draw(first, steps)
        made = self.pieces[len(self.inputs) :]
        arrays = [piece.text for piece in made if np.ndim(piece.value)]
        return self._program(self._defined(arrays[-1] if arrays else f"[{made[-1].text}, {made[0].text}]"))

    def _draw(self, first: str, steps: int) -> None:
        wanted = [first, *self.random.choices([name for name in DRAWN if name not in _FLAT], k=steps)]
        for name in wanted:
            piece = self._applied(name) or self._applied(name) or self._applied(name)  # other operands may suit it
            if piece is not None and np.size(piece.value) and np.max(np.abs(piece.value)) <= LARGEST:
                self.pieces.append(self._named(piece))

    def _program(self, text: str) -> Generated:
        tree = parse(Source(text))
        names = {
            node.text
            for body in (tree.expression, *(statement.body for statement in tree.statements))
            for node in body.nodes
        }
        return Generated(text, {name: value for name, value in self.inputs.items() if name in names})

    def _piece(self) -> Piece:
        """Anything, but often something new."""
        return self.random.choice(self.pieces if self.random.random() < 0.4 else self.pieces[-3:])

    def _named(self, piece: Piece) -> Piece:
        if self.random.random() < 0.4:
            return piece
        self.lines.append(f"t{len(self.lines)} = {piece.text}")
        return Piece(f"t{len(self.lines) - 1}", piece.value)

    def _result(self, made: list[Piece]) -> str:
        """What was made last, what was made first, and something else, as one number."""
        terms = []
        for piece in (made[-1], made[0], self._piece()):
            reduction = self.random.choice(("sum", "mean", "norm" if np.linalg.norm(piece.value) > 0.1 else "sum"))
            terms.append(f"{reduction}({piece.text})" if np.shape(piece.value) else f"({piece.text})")
        return self._defined(f"{terms[0]} + 0.5*{terms[1]} - {terms[2]}*0.25")

    def _defined(self, text: str) -> str:
        """The text after the definitions that it needs."""
        for line in reversed(self.lines):
            if re.search(rf"\b{line.partition(' ')[0]}\b", text):
                text = f"{line}\n{text}"
        return text

    def _applied(self, name: str) -> Piece | None:
        """The function on pieces that suit it; None where there are none."""
        if name in OF_NUMBERS:
            return self._elementwise(name)
        if name in OF_ARRAYS:
            return self._reduced(name)
        piece = self._piece()
        if name == "whole power":
            exponent = self.random.choice(("2", "3", "1", "-1" if np.min(np.abs(piece.value)) > 0.3 else "2"))
            return self._computed(f"({piece.text})^{exponent}")
        if name == "array":
            others = [other for other in self.pieces if np.shape(other.value) == np.shape(piece.value)]
            elements = [self.random.choice(others).text for _ in range(self.random.randint(1, 3))]
            return self._computed(f"[{', '.join(elements)}]") if np.ndim(piece.value) < 2 else None
        piece = max(
            self.random.sample(self.pieces, k=min(2, len(self.pieces))), key=lambda candidate: np.ndim(candidate.value)
        )
        if np.ndim(piece.value) == 0:
            piece = self._computed(f"[{piece.text}, 1.5, -({piece.text})]")
        subscript = self.random.choice(("0", "-1", ":", "::-1", "0:1", "-1:"))
        rest = self.random.choice(("", ", 0", ", :1")) if np.ndim(piece.value) > 1 else ""
        return self._computed(f"({piece.text})[{subscript}{rest}]")

    def _elementwise(self, name: str) -> Piece | None:
        operands = [self._piece() for _ in range(ARITIES.get(name, 1))]
        if not _fit(operands):
            operands = [operands[0]] * len(operands)
        usable, intervals = _USABLE.get(name, (_anywhere, ()))
        if not np.all(usable(*(operand.value for operand in operands))):
            operands = [self._pressed(operand, interval) for operand, interval in zip(operands, intervals, strict=True)]
        written = self._written(name, [operand.text for operand in operands])
        if name not in _FLAT:
            return self._computed(written)
        other = self._piece()
        choice = self.random.choice(
            (
                f"where({written}, sin({other.text}), {other.text}*0.5)",
                f"({written})*({other.text}) + sin({other.text})",
            )
        )
        return self._computed(choice) if _fit([other, *operands]) else None

    def _written(self, name: str, texts: list[str]) -> str:
        """The call, by one of the function's names, or in operator notation."""
        if name in _OPERATORS and self.random.random() < 0.8:
            return f"({texts[0]}) {_OPERATORS[name]} ({texts[1]})"
        if name == "neg" and self.random.random() < 0.8:
            return f"-({texts[0]})"
        names = [
            name,
            *(synonym for synonym, meant in SYNONYMS.items() if meant == name),
            *{"minimum": ["min"], "maximum": ["max"]}.get(name, []),
        ]
        return f"{self.random.choice(names)}({', '.join(texts)})"

    def _pressed(self, operand: Piece, interval: tuple[float, float]) -> Piece:
        low, high = interval
        return (
            self._computed(f"{low} + {high - low:.4g}*sigmoid({operand.text})")
            if low >= 0
            else self._computed(f"{high:.4g} - {high - low:.4g}*sigmoid({operand.text})")
        )

    def _reduced(self, name: str) -> Piece | None:
        piece = max(
            self.random.sample(self.pieces, k=min(2, len(self.pieces))), key=lambda candidate: np.size(candidate.value)
        )
        if name == "dot":
            vectors = [other for other in self.pieces if np.ndim(other.value) == 1]
            first = (
                self.random.choice(vectors)
                if vectors
                else self._computed(f"[{piece.text}, 2]" if np.ndim(piece.value) == 0 else f"[sum({piece.text}), 2]")
            )
            second = self.random.choice(
                [other for other in [*vectors, first] if np.shape(other.value) == np.shape(first.value)]
            )
            return self._computed(f"dot({first.text}, {second.text})")
        axis = (
            self.random.randrange(-np.ndim(piece.value), np.ndim(piece.value))
            if np.ndim(piece.value) and self.random.random() < 0.4
            else None
        )
        ordered = np.sort(np.ravel(piece.value))
        if name in ("max", "min", "median") and np.min(np.diff(ordered), initial=1) < APART:
            return None
        if (
            name in ("norm", "std")
            and np.min(
                {"norm": np.linalg.norm, "std": np.std}[name](piece.value if axis is not None else ordered, axis=axis)
            )
            < 0.1
        ):
            return None
        names = [name, *(synonym for synonym, meant in SYNONYMS.items() if meant == name)]
        return self._computed(f"{self.random.choice(names)}({piece.text}{'' if axis is None else f', axis={axis}'})")

    def _computed(self, text: str) -> Piece:
        value = evaluated(
            parse(Source("\n".join([*self.lines, text]))),
            {name: x.astype(object)[()] for name, x in self.inputs.items()},
        )
        return Piece(text, np.asarray(value, dtype=float))


def _fit(pieces: list[Piece]) -> bool:
    try:
        np.broadcast_shapes(*(np.shape(piece.value) for piece in pieces))
    except ValueError:
        return False
    return True
