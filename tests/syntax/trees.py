"""Random trees, made without the parser."""

from typing import Any

from hypothesis import strategies as st

from diffcli.primitives.table import NOTATIONS
from diffcli.source import Source
from diffcli.syntax.tree import Node, Tree

#: A node as (kind, text, children, keywords), its children nested in it.
Nested = tuple[str, str, tuple[Any, ...], tuple[str, ...]]

_NAMES = ("x", "y", "w1", "alpha", "θ", "T", "e", "pi", "sum", "x_0", "param", "None", "True", "inf")

#: Numbers as they may be written.
NUMBERS = ("0", "1", "2", "10", "0.5", ".25", "3.", "1e-3", "2.5E+10", "0x1F", "1_000")
_FUNCTIONS = ("sin", "f", "max", "sqrt", "where", "pow", "add", "θ", "g_2")
_PATTERNS = ("i", ":", "i:", ":i", "i:i", "::i", "i:i:i", "i,i", ":,i", "i:,::i", ":,:,i:i")

_leaves: st.SearchStrategy[Nested] = st.one_of(
    st.sampled_from(_NAMES).map(lambda name: ("name", name, (), ())),
    st.sampled_from(NUMBERS).map(lambda number: ("number", number, (), ())),
)

#: What stands only for an argument: a tuple, or a word in quotes.
_options: st.SearchStrategy[Nested] = st.one_of(
    st.lists(_leaves, min_size=1, max_size=3).map(lambda elements: ("tuple", "", tuple(elements), ())),
    st.sampled_from(("fro", "nuc")).map(lambda word: ("text", word, (), ())),
)


def _call(name: str, positional: list[Nested], named: list[Nested], keywords: tuple[str, ...]) -> Nested:
    """A call; what can be written with an operator takes no option by position."""
    operands = [value for value in positional if name not in NOTATIONS or value[0] not in ("tuple", "text")]
    return "call", name, (*operands, *named), keywords[: len(named)]


def _with_children(children: st.SearchStrategy[Nested]) -> st.SearchStrategy[Nested]:
    operators = st.sampled_from(sorted(NOTATIONS)).flatmap(
        lambda name: st.tuples(*[children] * (2 if NOTATIONS[name].place == "infix" else 1)).map(
            lambda operands: ("call", name, operands, ())
        )
    )
    calls = st.builds(
        _call,
        st.sampled_from(_FUNCTIONS),
        st.lists(st.one_of(children, _options), max_size=3),
        st.lists(st.one_of(children, _options), max_size=2),
        st.sampled_from((("axis", "keepdims"), ("n", "axis"))),
    )
    arrays = st.lists(children, min_size=1, max_size=4).map(lambda elements: ("array", "", tuple(elements), ()))
    indices = st.sampled_from(_PATTERNS).flatmap(
        lambda pattern: st.tuples(*[children] * (1 + pattern.count("i"))).map(
            lambda parts: ("index", pattern, parts, ())
        )
    )
    return st.one_of(operators, operators, operators, calls, arrays, indices)


def _flat(nested: Nested) -> Tree:
    """The same tree as a list of nodes in postorder."""
    nodes: list[Node] = []

    def append(node: Nested) -> int:
        kind, text, children, keywords = node
        places = tuple(append(child) for child in children)
        nodes.append(Node(kind, text, places, 0, 0, keywords))  # type: ignore[arg-type]  # one of the kinds above
        return len(nodes) - 1

    append(nested)
    return Tree(Source(""), nodes)


trees: st.SearchStrategy[Tree] = st.recursive(_leaves, _with_children, max_leaves=14).map(_flat)
