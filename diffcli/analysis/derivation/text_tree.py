"""The tree of a text in the making: nodes in a list that grows, and the parts of it that stand for nodes of a graph."""

from collections.abc import Mapping
from typing import NamedTuple

from diffcli.primitives.number import Computed, exactly, plain
from diffcli.primitives.options import KEEPDIMS, REQUIRED
from diffcli.primitives.primitive import Primitive
from diffcli.primitives.shape import Shape, kept, reduced
from diffcli.primitives.table import PRIMITIVES
from diffcli.syntax.tree import Node

#: Whole numbers up to here are written out.
_LARGEST_WHOLE = 10**40


class Part(NamedTuple):
    """A node's place in the tree, the shape that its text has, and its size as a tree."""

    place: int
    shape: Shape
    size: int


class TextTree:
    """The nodes so far, and ways to append more."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []

    def leaf(self, text: str, shape: Shape = ()) -> Part:
        """A text as it stands."""
        return self.append(Node("name", text, (), 0, 0), shape, 1)

    def append(self, node: Node, shape: Shape, size: int) -> Part:
        """A node on nodes that are there."""
        self.nodes.append(node)
        return Part(len(self.nodes) - 1, shape, size)

    def number(self, value: float) -> Part:
        """A number, with a minus sign where it is negative."""
        found = self.append(Node("number", _number(value).removeprefix("-"), (), 0, 0), (), 1)
        return self.append(Node("call", "neg", (found.place,), 0, 0), (), 1) if value < 0 else found

    def array(self, value: object, shape: Shape) -> Part:
        """An array of numbers, its nested tuples read without recursion."""
        text = str(value).replace("(", "[").replace(",)", "]").replace(")", "]")
        return self.leaf(text.replace(".0,", ",").replace(".0]", "]"), shape)

    def given(self, primitive: Primitive, parameters: Mapping[str, object]) -> list[int]:
        """The options that every call has to give, in order: `reshape(x, 2, 2)`."""
        found: list[int] = []
        for option in primitive.options:
            if option.default is not REQUIRED:
                break
            value = parameters[option.name]
            words = value if option.many and isinstance(value, tuple) else (value,)
            found += [self.leaf(_option(word)).place for word in words]
        return found

    def options(self, primitive: Primitive, parameters: Mapping[str, object]) -> dict[str, int]:
        """The other options that differ from their defaults, by name, each as a leaf."""
        defaults = {option.name: option.default for option in primitive.options}
        found = {}
        for name, value in parameters.items():
            default = defaults.get(name)
            if default is not REQUIRED and default != value and (primitive.public or name != "shape"):
                found[name] = self.leaf(_option(value)).place
        return found

    def filled(self, part: Part, shape: Shape) -> int:
        """The part as text of the whole shape: nothing but arithmetic spreads numbers over arrays by itself."""
        if part.shape == shape:
            return part.place
        extents = [self.leaf(str(extent)).place for extent in shape]
        text = self.nodes[part.place].text
        if text in ("0", "1") and self.nodes[part.place].kind == "number":
            return self.append(Node("call", "zeros" if text == "0" else "ones", tuple(extents), 0, 0), shape, 1).place
        return self.append(Node("call", "broadcast_to", (part.place, *extents), 0, 0), shape, 1).place

    def reshaped(self, part: Part, shape: Shape) -> Part | None:
        """A reshape that only keeps the axes of a reduction, said there; None for any other."""
        if part.shape in ((), shape):
            return part
        node = self.nodes[part.place]
        primitive = PRIMITIVES.get(node.text)
        reduces = primitive is not None and KEEPDIMS in primitive.options and "axis" in node.keywords
        if not reduces or "keepdims" in node.keywords:
            return None
        children, keywords = (*node.children, self.leaf("True").place), (*node.keywords, "keepdims")
        return self.append(node._replace(children=children, keywords=keywords), shape, part.size)

    def summed(self, part: Part, own: Shape, shape: Shape) -> Part:
        """The sum over the axes along which an operand of another shape had been repeated."""
        front = len(own) - len(shape)
        inner = tuple(front + axis for axis, extent in enumerate(shape) if extent != own[front + axis])
        place = part.place
        for axes, keepdims in ((inner, True), (tuple(range(front)), False)):
            if not axes:
                continue
            before = kept(own, inner) if not keepdims else own
            words: list[str] = []
            if reduced((before,), axes, keepdims) != ():
                words = [str(axes[0] if len(axes) == 1 else axes), *(["True"] if keepdims else [])]
            options = [self.leaf(word).place for word in words]
            names = ("axis", "keepdims")[: len(words)]
            place = self.append(Node("call", "sum", (place, *options), 0, 0, names), shape, part.size).place
        return Part(place, shape, part.size)


def _option(value: object) -> str:
    """An option's value as it is written in a call."""
    if isinstance(value, str):
        return f'"{value}"'
    return _number(value) if isinstance(value, float) else str(value)


def _number(value: float) -> str:
    """The shortest text of a number; a whole number to its last digit, also where its double is another."""
    whole = None if plain(value) is not None else exactly(value)
    if (
        whole is not None
        and not isinstance(whole, Computed)
        and whole.denominator == 1
        and abs(whole.numerator) < _LARGEST_WHOLE
    ):
        return str(whole)
    short = f"{value:.12g}"
    return short if float(short) == float(value) else float.__repr__(value)
