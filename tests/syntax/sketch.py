"""A tree on one line, for comparison: `(add x (mul 2 y))`."""

from diffcli.errors import Diagnostic, DiffcliError
from diffcli.source import Source
from diffcli.syntax.parser import parse
from diffcli.syntax.tree import Node, Tree


def sketch(tree: Tree) -> str:
    """Calls in brackets behind their function's name, arrays in square ones, tuples in pointed ones, an index with its
    pattern.
    """
    return sketches(tree)[-1]


def sketches(tree: Tree) -> list[str]:
    """The sketch of the subtree below each node."""
    drawn: list[str] = []
    for node in tree.nodes:
        drawn.append(_drawn(node, [drawn[child] for child in node.children]))
    return drawn


def _drawn(node: Node, children: list[str]) -> str:
    if node.kind == "array":
        return f"[{' '.join(children)}]"
    if node.kind == "tuple":
        return f"<{' '.join(children)}>"
    if node.kind == "text":
        return repr(node.text)
    if node.kind == "derivative":
        return f"(d {' '.join(children)})"
    if node.kind == "index":
        return f"(index {children[0]} {' '.join([node.text, *children[1:]])})"
    if node.kind != "call":
        return node.text
    first_keyword = len(children) - len(node.keywords)
    named = [f"{name}={child}" for name, child in zip(node.keywords, children[first_keyword:], strict=True)]
    return f"({' '.join([node.text, *children[:first_keyword], *named])})"


def parsed(text: str) -> str:
    """The sketch of a text without definitions."""
    program = parse(Source(text))
    assert program.statements == ()
    return sketch(program.expression)


def refusal(text: str) -> Diagnostic:
    """The diagnostic that parsing a text ends with."""
    try:
        parse(Source(text))
    except DiffcliError as error:
        return error.diagnostic
    raise AssertionError(f"{text!r} was understood")


def underlined(diagnostic: Diagnostic) -> list[str]:
    """The pieces of text that a diagnostic points at, the main one first."""
    assert diagnostic.source is not None
    return [diagnostic.source.text[label.span.start : label.span.end] for label in diagnostic.labels]
