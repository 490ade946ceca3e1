"""Answers in the syntax of other systems of algebra, whose operators are ours and whose functions have other names."""

from collections.abc import Mapping
from typing import NamedTuple

from diffcli.analysis.quiz.exercise import Exercise
from diffcli.errors import DiffcliError, fault
from diffcli.messages import Message
from diffcli.source import Source
from diffcli.syntax.parser import parse
from diffcli.syntax.printer import print_tree
from diffcli.syntax.tree import Node, Tree

#: Operators that are written alike everywhere, and how many operands they have.
_OPERATORS = {"add": 2, "sub": 2, "mul": 2, "div": 2, "pow": 2, "neg": 1}
#: A number with more characters is rounded, and no answer.
_LONGEST_NUMBER = 8


class Dialect(NamedTuple):
    """A system's words: its functions by the names that they have here, its constants."""

    functions: Mapping[str, str]
    constants: Mapping[str, str]


MAXIMA = Dialect(
    {
        **{name: name for name in ("sin", "cos", "tan", "exp", "log", "sqrt", "abs", "asin", "acos", "atan", "tanh")},
        "sign": "signum",
    },
    {"pi": "%pi", "e": "%e"},
)
WEBWORK = Dialect(
    {
        **{name: name for name in ("sin", "cos", "tan", "exp", "sqrt", "abs", "asin", "acos", "atan", "tanh")},
        "log": "ln",
        "sign": "sgn",
    },
    {"pi": "pi", "e": "e"},
)


def algebra_text(text: str, dialect: Dialect, variables: frozenset[str]) -> str | None:
    """An answer for another system; None for one that has no words for it there."""
    try:
        tree = parse(Source(text)).expression
    except DiffcliError:
        return None
    nodes: list[Node] = []
    places: dict[int, int] = {}
    for place, node in enumerate(tree.nodes):
        children = tuple(places[child] for child in node.children)
        if node.kind == "call" and node.text == "sigmoid" and len(children) == 1:
            _append_sigmoid(nodes, node, children[0], dialect)
        else:
            word = _word(node, dialect, variables)
            if word is None:
                return None
            _append(nodes, node._replace(text=word, children=children))
        places[place] = len(nodes) - 1
    return print_tree(Tree(tree.source, nodes))


def answer_text(exercise: Exercise, text: str, dialect: Dialect) -> str | None:
    """An answer to an exercise; None where it is a formula of arrays, which other systems do not have."""
    question = exercise.question
    if not question.numeric and any(exercise.key.targets[0].shapes.values()):
        return None
    return algebra_text(text, dialect, frozenset(question.problem.resolved.variables))


def refused(exercise: Exercise, system: str) -> DiffcliError:
    """The error about an exercise that a system has no words for."""
    message = Message(
        "exercise {number} cannot be written for {system}: {expression}",
        number=exercise.id,
        system=system,
        expression=exercise.family.expression,
    )
    hint = Message("it has no words for formulas of vectors and matrices; .toml, .ipynb and sheets on paper do")
    return fault("E602", message, Source(exercise.family.expression), hint=hint)


def _word(node: Node, dialect: Dialect, variables: frozenset[str]) -> str | None:
    """What a node is called there."""
    match node.kind:
        case "number":
            return node.text if len(node.text) <= _LONGEST_NUMBER and node.text[-1:].isdigit() else None
        case "name":
            return node.text if node.text in variables else dialect.constants.get(node.text)
        case "call" if not node.keywords:
            if node.text in _OPERATORS:
                return node.text if len(node.children) == _OPERATORS[node.text] else None
            return dialect.functions.get(node.text) if len(node.children) == 1 else None
        case "array":
            return node.text
    return None


def _append_sigmoid(nodes: list[Node], node: Node, operand: int, dialect: Dialect) -> None:
    """Append 1/(1 + exp(-u))."""
    call, one = node._replace(kind="call"), node._replace(kind="number", text="1", children=())
    _append(nodes, call._replace(text="neg", children=(operand,)))
    _append(nodes, call._replace(text=dialect.functions["exp"], children=(len(nodes) - 1,)))
    exponential = len(nodes) - 1
    _append(nodes, one)
    unit = len(nodes) - 1
    _append(nodes, call._replace(text="add", children=(unit, exponential)))
    _append(nodes, call._replace(text="div", children=(unit, len(nodes) - 1)))


def _append(nodes: list[Node], node: Node) -> None:
    """Append a node, with signs before products and no two beside each other, which other systems do not read."""
    negated = [child for child in node.children if nodes[child].kind == "call" and nodes[child].text == "neg"]
    if node.kind != "call" or not negated:
        nodes.append(node)
        return
    inner = [nodes[child].children[0] if child in negated else child for child in node.children]
    if node.text == "neg":
        nodes.append(nodes[inner[0]])
    elif node.text in ("mul", "div"):
        _append(nodes, node._replace(children=tuple(inner)))
        if len(negated) == 1:
            _append(nodes, node._replace(text="neg", children=(len(nodes) - 1,)))
    elif node.text in ("add", "sub") and node.children[1] in negated:
        text = "sub" if node.text == "add" else "add"
        nodes.append(node._replace(text=text, children=(node.children[0], inner[1])))
    else:
        nodes.append(node)
