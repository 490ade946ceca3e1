"""Tree to indexed SymPy."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import sympy
from sympy import Expr

from diffcli.messages import Message
from diffcli.primitives.number import exactly
from diffcli.primitives.shape import NAMED_AXES, ShapeFault, settled
from diffcli.primitives.table import PRIMITIVES
from diffcli.symbolic.arrays.indexed import Array, Axis, broadcast, indexed
from diffcli.symbolic.arrays.sizes import Sizes
from diffcli.symbolic.arrays.subscripts import subscript
from diffcli.symbolic.convert.namespace import Namespace, ProgramNamespace, of_arrays
from diffcli.symbolic.convert.slope import slope
from diffcli.symbolic.vocabulary.constants import expression
from diffcli.symbolic.vocabulary.kept import KEPT
from diffcli.symbolic.vocabulary.limits import PRODUCTS, SUMS, check_exponential, check_number, check_power
from diffcli.symbolic.vocabulary.refusal import Refusal
from diffcli.symbolic.vocabulary.scope import Scope
from diffcli.syntax.call_options import chosen
from diffcli.syntax.constant_arguments import NotStatic, computed_subscripts, static_value
from diffcli.syntax.resolved import Resolved
from diffcli.syntax.tokens import value
from diffcli.syntax.tree import Node

_CONSTANTS = {
    "pi": sympy.pi,
    "e": sympy.E,
    "tau": 2 * sympy.pi,
    "inf": sympy.oo,
    "True": sympy.Integer(1),
    "False": sympy.Integer(0),
}


class Converted(NamedTuple):
    """An expression as SymPy: its value, the sizes of its variables' axes.

    `decimals` tells whether the user writes fractions as decimals, `scope` what the program's words mean.
    """

    value: Array
    variables: Mapping[str, tuple[Expr, ...]]
    sizes: Sizes
    decimals: bool
    scope: Scope


def convert(
    resolved: Resolved, ranks: Mapping[str, int], shapes: Mapping[str, tuple[int, ...]], for_program: bool = False
) -> Converted:
    """The tree as SymPy; raises Refusal where it has no formula.

    For a program, functions are kept that a formula in elementary terms would not compute as accurately.
    """
    return _Conversion(resolved, ranks, shapes, for_program).converted()


def exact(literal: str) -> Expr:
    """The number that a literal stands for, without rounding."""
    return expression(exactly(value(literal)))


class _Conversion:
    def __init__(
        self, resolved: Resolved, ranks: Mapping[str, int], shapes: Mapping[str, tuple[int, ...]], for_program: bool
    ) -> None:
        self.for_program = for_program
        self.resolved = resolved
        self.nodes = resolved.nodes
        self.scope = Scope(resolved.defined.union(resolved.variables), resolved.functions)
        self.sizes = Sizes()
        self.namespace = ProgramNamespace(self.sizes) if for_program else Namespace(self.sizes)
        self.arrays: dict[int, Array] = {}
        self.variables: dict[str, tuple[Any, ...]] = {}
        for name in resolved.variables:
            extents = shapes[name] if name in shapes else (None,) * ranks.get(name, 0)
            self.variables[name] = tuple(self.sizes.fresh(extent) for extent in extents)

    def converted(self) -> Converted:
        needed = self._needed() - self._absorbed()
        for place, node in enumerate(self.nodes):
            if place in needed:
                array = self._array(place, node)
                check_number(array.element)
                self.arrays[place] = array
        root = self.arrays[len(self.nodes) - 1]
        resolve = self.sizes.resolve
        axes = tuple(Axis(axis.index, resolve(axis.size)) for axis in root.axes)
        variables = {name: tuple(resolve(size) for size in sizes) for name, sizes in self.variables.items()}
        decimals = any(node.kind == "number" and not value(node.text).is_integer() for node in self.nodes)
        return Converted(Array(resolve(root.element), axes), variables, self.sizes, decimals, self.scope)

    def _needed(self) -> set[int]:
        """The nodes whose values count: not those that stand for options and subscripts."""
        needed = {len(self.nodes) - 1}
        for place in range(len(self.nodes) - 1, -1, -1):
            if place in needed:
                needed.update(operands(self.nodes, self.nodes[place]))
        return needed

    def _absorbed(self) -> set[int]:
        """Inner nodes of chains of sums and of products: SymPy gets a chain as one operation."""
        inner: set[int] = set()
        needed: set[int] = {len(self.nodes) - 1}
        for node in self.nodes:
            chained = set(_chained(node))
            for child in operands(self.nodes, node):
                if child in chained and _family(node) is not None and _family(self.nodes[child]) is _family(node):
                    inner.add(child)
                else:
                    needed.add(child)
        return inner - needed

    def _array(self, place: int, node: Node) -> Array:
        if node.kind == "number":
            return Array(exact(node.text))
        if node.kind == "constant":
            if node.text not in _CONSTANTS:
                raise Refusal(Message("{name} is not a number", name=node.text))
            return Array(_CONSTANTS[node.text])
        if node.kind == "name":
            return indexed(node.text, self.variables[node.text])
        if node.kind == "array":
            return self.namespace.stack(*[self.arrays[child] for child in node.children])
        if node.kind == "index":
            array, *computed = operands(self.nodes, node)
            values = [
                self.arrays[child] if child in computed else self._subscript(child) for child in node.children[1:]
            ]
            return subscript(self.arrays[array], node.text, values, self.sizes)
        if node.kind == "derivative":
            return self._derivative(node)
        if _family(node) is not None:
            return self._chain(place)
        return self._call(node)

    def _call(self, node: Node) -> Array:
        primitive = PRIMITIVES[node.text]
        arrays = [self.arrays[child] for child in operands(self.nodes, node)]
        options = dict(chosen(self.resolved, node))
        if options.get("axis") in NAMED_AXES:
            try:
                options["axis"] = settled(options["axis"], (1,) * len(arrays[0].axes))
            except ShapeFault as fault:
                raise Refusal(fault.message) from None
            if node.text == "at_target":
                del options["axis"]
        formula = primitive.formula
        if primitive.kind != "elementwise":
            function = of_arrays(formula if isinstance(formula, str) else node.text, self.namespace)
            if function is None:
                raise Refusal(Message("{name} has no closed form in index notation", name=node.text))
            result: Array = function(*arrays, **options)
            return result
        elements, axes = broadcast(arrays, self.sizes)
        if node.text == "pow":
            check_power(*elements)
        elif node.text == "exp":
            check_exponential(*elements)
        if self.for_program and node.text in KEPT:
            return Array(KEPT[node.text](*elements), axes)
        assert formula is not None
        value = (
            getattr(self.namespace, formula)(*elements, **options)
            if isinstance(formula, str)
            else formula(self.namespace, *elements, **options)
        )
        return Array(sympy.sympify(value), axes)

    def _derivative(self, node: Node) -> Array:
        """`d(f, x)`: the derivative of a single number, at each place of a variable."""
        function, by = self.arrays[node.children[0]], self.nodes[node.children[1]]
        if by.kind != "name":
            raise Refusal(Message("d(f, x) has a formula only where x is a variable"))
        if function.axes:
            raise Refusal(Message("the value that d(f, x) differentiates is an array, not a single number"))
        variable = indexed(by.text, self.variables[by.text])
        return Array(slope(function.element, variable, self.sizes), variable.axes)

    def _chain(self, place: int) -> Array:
        """A chain of sums and differences, or of products and quotients, as one operation."""
        family = _family(self.nodes[place])
        arrays: list[Array] = []
        inverted: list[bool] = []
        waiting = [(place, False)]
        while waiting:
            current, inverse = waiting.pop()
            node = self.nodes[current]
            if current in self.arrays or _family(node) is not family:
                arrays.append(self.arrays[current])
                inverted.append(inverse)
                continue
            left, right = node.children
            flipped = inverse ^ (node.text in ("sub", "div"))
            waiting += [(right, flipped), (left, inverse)]
        elements, axes = broadcast(arrays, self.sizes)
        turned = zip(elements, inverted, strict=True)
        if family is SUMS:
            return Array(sympy.Add(*[-element if inverse else element for element, inverse in turned]), axes)
        return Array(sympy.Mul(*[1 / element if inverse else element for element, inverse in turned]), axes)

    def _subscript(self, place: int) -> Any:
        try:
            found = static_value(self.nodes, place)
        except NotStatic:
            raise Refusal(Message("an index is not a whole number")) from None
        if any(
            isinstance(part, bool) or not isinstance(part, int)
            for part in (found if isinstance(found, tuple) else () if found is None else (found,))
        ):
            raise Refusal(Message("an index is not a whole number"))
        return found


def operands(nodes: Sequence[Node], node: Node) -> tuple[int, ...]:
    """The children of one of the nodes that are values, not options or constant subscripts."""
    if node.kind == "index":
        return (node.children[0], *computed_subscripts(nodes, node))
    return node.children[: len(node.children) - len(node.keywords)]


def _family(node: Node) -> frozenset[str] | None:
    if node.kind != "call":
        return None
    return SUMS if node.text in SUMS else PRODUCTS if node.text in PRODUCTS else None


def _chained(node: Node) -> tuple[int, ...]:
    """The operands that continue a chain: a divisor is an operand of its own."""
    return node.children[:1] if node.text == "div" else node.children
