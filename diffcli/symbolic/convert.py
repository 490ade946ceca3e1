"""Tree to indexed SymPy."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import sympy

from diffcli.primitives.table import PRIMITIVES
from diffcli.symbolic.functions import Choice
from diffcli.symbolic.indexed import Array, Axis, broadcast, fresh_index, indexed, subscript
from diffcli.symbolic.limits import PRODUCTS, SUMS, check_number, check_power
from diffcli.symbolic.namespace import Namespace
from diffcli.symbolic.refusal import Refusal
from diffcli.symbolic.sizes import Sizes
from diffcli.syntax.resolve import Resolved
from diffcli.syntax.tokens import value
from diffcli.syntax.tree import Node

_CONSTANTS = {"pi": sympy.pi, "e": sympy.E, "tau": 2 * sympy.pi}
_LONGEST_ARRAY = 64


class Converted(NamedTuple):
    """An expression as SymPy: its value, the sizes of its variables' axes.

    `decimals` tells whether the user writes fractions as decimals.
    """

    value: Array
    variables: Mapping[str, tuple[Any, ...]]
    sizes: Sizes
    decimals: bool


def convert(resolved: Resolved, ranks: Mapping[str, int], shapes: Mapping[str, tuple[int, ...]]) -> Converted:
    """The tree as SymPy; raises Refusal where it has no formula."""
    return _Conversion(resolved, ranks, shapes).converted()


def exact(literal: str) -> Any:
    """The number that a literal stands for, without rounding."""
    if value(literal) == 0:
        return sympy.Integer(0)
    if literal[:2].lower() in ("0x", "0b", "0o"):
        return sympy.Integer(int(literal, 0))
    return sympy.Rational(literal.replace("_", ""))


class _Conversion:
    def __init__(self, resolved: Resolved, ranks: Mapping[str, int], shapes: Mapping[str, tuple[int, ...]]) -> None:
        self.nodes = resolved.nodes
        self.sizes = Sizes()
        self.namespace = Namespace(self.sizes)
        self.arrays: dict[int, Array] = {}
        self.variables: dict[str, tuple[Any, ...]] = {}
        for name in resolved.variables:
            extents = shapes[name] if name in shapes else (None,) * ranks.get(name, 0)
            self.variables[name] = tuple(self.sizes.fresh(extent) for extent in extents)

    def converted(self) -> Converted:
        absorbed = self._absorbed()
        for place, node in enumerate(self.nodes):
            if place not in absorbed:
                array = self._array(place, node)
                check_number(array.element)
                self.arrays[place] = array
        root = self.arrays[len(self.nodes) - 1]
        resolve = self.sizes.resolve
        axes = tuple(Axis(axis.index, resolve(axis.size)) for axis in root.axes)
        variables = {name: tuple(resolve(size) for size in sizes) for name, sizes in self.variables.items()}
        decimals = any(node.kind == "number" and not value(node.text).is_integer() for node in self.nodes)
        return Converted(Array(resolve(root.element), axes), variables, self.sizes, decimals)

    def _absorbed(self) -> set[int]:
        """Inner nodes of chains of sums and of products: SymPy gets a chain as one operation."""
        inner: set[int] = set()
        needed: set[int] = {len(self.nodes) - 1}
        for node in self.nodes:
            chained = set(_chained(node))
            for child in node.children:
                if child in chained and _family(node) is not None and _family(self.nodes[child]) is _family(node):
                    inner.add(child)
                else:
                    needed.add(child)
        return inner - needed

    def _array(self, place: int, node: Node) -> Array:
        if node.kind == "number":
            return Array(exact(node.text))
        if node.kind == "constant":
            return Array(_CONSTANTS[node.text])
        if node.kind == "name":
            return indexed(node.text, self.variables[node.text])
        if node.kind == "array":
            return self._literal([self.arrays[child] for child in node.children])
        if node.kind == "index":
            return self._subscript(node)
        if _family(node) is not None:
            return self._chain(place)
        return self._call(node)

    def _call(self, node: Node) -> Array:
        primitive = PRIMITIVES[node.text]
        operands = [self.arrays[child] for child in node.children]
        if primitive.kind != "elementwise":
            if node.text in ("max", "min") and primitive.formula is None:
                return Array(self.namespace.extreme(operands[0], largest=node.text == "max"))
            if primitive.formula is None:
                raise Refusal(f"{node.text} has no closed form in index notation")
        formula = primitive.formula
        function = getattr(self.namespace, formula) if isinstance(formula, str) else formula
        assert function is not None
        wanted = [] if isinstance(formula, str) else [self.namespace]
        if primitive.kind != "elementwise":
            return Array(function(*wanted, *operands))
        elements, axes = broadcast(operands, self.sizes)
        if node.text == "pow":
            check_power(*elements)
        return Array(sympy.sympify(function(*wanted, *elements)), axes)

    def _chain(self, place: int) -> Array:
        """A chain of sums and differences, or of products and quotients, as one operation."""
        family = _family(self.nodes[place])
        operands: list[Array] = []
        inverted: list[bool] = []
        waiting = [(place, False)]
        while waiting:
            current, inverse = waiting.pop()
            node = self.nodes[current]
            if current in self.arrays or _family(node) is not family:
                operands.append(self.arrays[current])
                inverted.append(inverse)
                continue
            left, right = node.children
            flipped = inverse ^ (node.text in ("sub", "div"))
            waiting += [(right, flipped), (left, inverse)]
        elements, axes = broadcast(operands, self.sizes)
        if family is SUMS:
            return Array(sympy.Add(*[-element if inverse else element for element, inverse in zip(elements, inverted, strict=True)]), axes)
        return Array(sympy.Mul(*[1 / element if inverse else element for element, inverse in zip(elements, inverted, strict=True)]), axes)

    def _literal(self, children: list[Array]) -> Array:
        """`[a, b, c]`: a choice by the index of the new axis."""
        if len(children) > _LONGEST_ARRAY:
            raise Refusal(f"an array of more than {_LONGEST_ARRAY} elements is too long for a formula")
        elements, axes = broadcast(children, self.sizes)
        index = fresh_index()
        choices = [part for place, element in enumerate(elements[:-1]) for part in (element, sympy.Eq(index, place))]
        return Array(Choice(*choices, elements[-1]), (Axis(index, sympy.Integer(len(children))), *axes))

    def _subscript(self, node: Node) -> Array:
        values = []
        for child in node.children[1:]:
            number = self.arrays[child].element
            if not number.is_Integer:
                raise Refusal("an index is not a whole number")
            values.append(int(number))
        return subscript(self.arrays[node.children[0]], node.text, values, self.sizes)


def _family(node: Node) -> frozenset[str] | None:
    if node.kind != "call":
        return None
    return SUMS if node.text in SUMS else PRODUCTS if node.text in PRODUCTS else None


def _chained(node: Node) -> tuple[int, ...]:
    """The operands that continue a chain: a divisor is an operand of its own."""
    return node.children[:1] if node.text == "div" else node.children
