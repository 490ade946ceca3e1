"""Formulas of whole arrays in the language's own notation."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sympy
from sympy import Expr, Symbol

from diffcli.messages import Message
from diffcli.primitives.notation import ATOM, PRODUCT
from diffcli.primitives.table import PRIMITIVES
from diffcli.symbolic.matrix_notation import nodes
from diffcli.symbolic.text.arithmetic_printer import Text
from diffcli.symbolic.text.formula_printer import Printer
from diffcli.symbolic.vocabulary.refusal import Refusal
from diffcli.symbolic.vocabulary.scope import Scope

_REDUCTIONS: Mapping[Any, str] = {
    nodes.Total: "sum",
    nodes.TotalProduct: "prod",
    nodes.Highest: "max",
    nodes.Lowest: "min",
    nodes.Middle: "median",
}
_OF_MATRICES: Mapping[Any, str] = {nodes.Determined: "det", nodes.LogDetermined: "logdet", nodes.Inverted: "inv"}


class WholePrinter(Printer):
    """Prints `2*A.T@(A@x - b)`; raises Refusal for what the language cannot say.

    `variables` are the sizes of the variables' axes, by symbol.
    """

    def __init__(
        self, names: Mapping[Symbol, str], scope: Scope, variables: Mapping[Symbol, tuple[Expr, ...]], decimals: bool
    ) -> None:
        super().__init__(names, scope, None, decimals)
        self.variables = variables

    def _variable(self, variable: Expr) -> Text:
        return variable.name, ATOM

    def _part(self, part: Expr) -> Text:
        sizes = self.variables[part.whole.args[0]]
        places = []
        for place, size in zip(part.places, sizes, strict=True):
            if isinstance(place, sympy.Tuple):
                start, stop = place
                first = self._slice_bound(start) if start != 0 else ""
                places.append(f"{first}:{self._slice_bound(stop, size) if stop != size else ''}")
            elif nodes.rank(place):
                raise Refusal(Message("elements are taken at computed places"))
            else:
                places.append(self._index(place))
        return f"{part.whole.name}[{', '.join(places)}]", ATOM

    def _slice_bound(self, place: Expr, size: Expr | None = None) -> str:
        """A whole number; counted from the end where the size is unknown."""
        distance = None if size is None else place - size
        number = distance if distance is not None and distance.is_Integer else place
        if not number.is_Integer:
            raise Refusal(Message("a slice's bounds depend on sizes"))
        return str(number)

    def _contracted(self, product: Expr) -> Text:
        left, right = product.args
        return (
            f"{self._at(left, PRODUCT + (not isinstance(left, nodes.Contracted)))}@{self._at(right, PRODUCT + 1)}",
            PRODUCT,
        )

    def _product_of_factors(self, product: Expr) -> Text:
        """Numbers before and after one product of matrices need no brackets around it."""
        arrays = [factor for factor in product.args if nodes.rank(factor)]
        if len(arrays) != 1 or not isinstance(arrays[0], nodes.Contracted) or product.as_coeff_Mul()[0] < 0:
            return self._product(product)
        above, below = sympy.fraction(sympy.Mul(*[factor for factor in product.args if factor is not arrays[0]]))
        text = self._at(arrays[0], PRODUCT)
        if above != 1:
            text = f"{self._at(above, PRODUCT)}*{text}"
        return text + ("" if below == 1 else f"/{self._at(below, PRODUCT + 1)}"), PRODUCT

    def _power_or_norm(self, power: Expr) -> Text:
        base, exponent = power.as_base_exp()
        if exponent == sympy.Rational(1, 2) and isinstance(base, nodes.Total) and base.axis is None:
            root, square = base.array.as_base_exp()
            if square == 2:
                return self._call("norm", (root,))
        return self._power(power)

    def _place(self, factor: Expr) -> int:
        """Variables first, products of matrices in brackets later, cases last."""
        if isinstance(factor, nodes.Contracted):
            return 3
        return 2 * super()._place(factor) + (not factor.is_Atom and not isinstance(factor, nodes.Whole))

    def _in_order(self, terms: Sequence[Expr]) -> list[Expr]:
        """The terms as they come, those with transposes later."""
        return sorted(super()._in_order(terms), key=lambda term: bool(term.atoms(nodes.Transposed)))

    def _transposed(self, array: Expr) -> Text:
        if array.rank != 2:
            raise Refusal(Message("the axes of an array of more than two axes are reordered"))
        return self._at(array.args[0], ATOM) + ".T", ATOM

    def _outer(self, product: Expr) -> Text:
        return self._known_call("outer", product.args)

    def _reduction(self, reduction: Expr) -> Text:
        if isinstance(reduction, nodes.Total) and isinstance(reduction.array, nodes.Diagonal):
            return self._known_call("trace", reduction.array.args)
        name = _REDUCTIONS.get(type(reduction))
        if name is None:
            raise Refusal(Message("the language has no lower or upper median"))
        if reduction.axis is None:
            return self._call(name, (reduction.array,))
        if not any(option.name == "axis" for option in getattr(PRIMITIVES[name], "options", ())):
            raise Refusal(Message("the language has no sums along one axis"))
        return f"{self._function(name)}({self._at(reduction.array, 0)}, axis={reduction.axis})", ATOM

    def _of_a_matrix(self, function: Expr) -> Text:
        return self._known_call(_OF_MATRICES[type(function)], function.args)

    def _known_call(self, name: str, arguments: Sequence[Expr]) -> Text:
        if name not in PRIMITIVES:
            raise Refusal(Message("the language has no {name}", name=name))
        return self._call(name, arguments)

    def _unsaid(self, node: Expr) -> Text:
        raise Refusal(Message("the formula needs an index"))

    _LAYOUTS: Sequence[tuple[Any, Callable[[Any, Any], Text]]] = (
        (nodes.Whole, _variable),
        (nodes.Part, _part),
        (nodes.Contracted, _contracted),
        (nodes.Transposed, _transposed),
        (nodes.Outer, _outer),
        (nodes.Reduction, _reduction),
        (tuple(_OF_MATRICES), _of_a_matrix),
        ((nodes.Node, nodes.Clipped), _unsaid),
        (sympy.Mul, _product_of_factors),
        (sympy.exp, Printer._exponential),
        (sympy.Pow, _power_or_norm),
        *Printer._LAYOUTS,
    )
