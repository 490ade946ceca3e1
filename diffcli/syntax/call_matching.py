"""The function that a call means, and its arguments, where they may stand in another order or number than is usual."""

from collections.abc import Sequence

from diffcli.errors import Advice, DiffcliError, fault
from diffcli.messages import Message
from diffcli.primitives.options import REQUIRED
from diffcli.primitives.primitive import Primitive
from diffcli.primitives.table import DEFINITIONS, Function, overloads
from diffcli.source import Source
from diffcli.syntax.arguments import Arguments, called, matched, parameters, reduces
from diffcli.syntax.inlining import Frame
from diffcli.syntax.tree import Node


def matched_call(node: Node, frame: Frame, nodes: Sequence[Node], source: Source) -> tuple[Function, Arguments]:
    """The function and, for each of its parameters, the places of its arguments in the result."""
    split = len(node.children) - len(node.keywords)
    positional = [frame.places[child] for child in node.children[:split]]
    keywords: dict[str, int] = {}
    for keyword, child in zip(node.keywords, node.children[split:], strict=True):
        if keyword in keywords:
            message = Message("{name} gets '{keyword}' twice", name=node.text, keyword=keyword)
            raise fault("E204", message, source, node.span, hint=Message("give each argument once"))
        keywords[keyword] = frame.places[child]
    if frame.span is not None and node.text in DEFINITIONS:
        definition = DEFINITIONS[node.text]  # called in the body of another, where arguments are given in order
        return definition, dict(zip(definition.parameters, positional, strict=True))
    candidates = overloads(node.text)
    variadic = [function for function in candidates if isinstance(function, Primitive) and function.variadic]
    arrays = [nodes[place].kind == "array" for place in positional]
    if variadic and positional and arrays[0] and not any(arrays[1:]):
        # concat([a, b], 0): the elements need not have one shape; concat([1, 2], [3, 4]) joins two
        named = dict(zip((option.name for option in variadic[0].options), positional[1:], strict=False))
        positional = list(nodes[positional[0]].children)
        keywords = {**named, **keywords}
    if len(positional) == 2 and not keywords and len(candidates) == 1:
        positional = _operand_first(node, candidates[0], positional, nodes, source)
    try:
        _check_axis(node, positional, nodes, source)
        return matched(node, positional, keywords, source)
    except DiffcliError as error:
        diagnostic = error.diagnostic
        if diagnostic.code != "E204" or frame.span is not None or node.keywords:
            raise
        from diffcli.syntax.call_faults import other_numbers_of_arguments, written  # which only a mistake needs

        edits = other_numbers_of_arguments(
            node, [written(frame.tree, child, source.text) for child in node.children], source.text
        )
        raise DiffcliError(diagnostic._replace(advice=Advice(edits, otherwise=diagnostic.hint))) from None


def _check_axis(node: Node, positional: Sequence[int], nodes: Sequence[Node], source: Source) -> None:
    """Raise DiffcliError where neither an axis nor a truth value follows the array of a reduction: `sum(x, y)`."""
    functions, count = overloads(node.text), len(positional)
    if (
        count < 2
        or not any(map(reduces, functions))
        or any(len(parameters(function)) == count for function in functions if not reduces(function))
    ):
        return
    kinds = [nodes[place].kind for place in positional]
    negative = nodes[positional[1]].kind == "call" and nodes[positional[1]].text == "neg"
    if (kinds[1] in ("number", "tuple", "constant", "text") or negative) and (len(kinds) < 3 or kinds[2] == "constant"):
        return
    raise fault(
        "E204", Message("{name} takes an array, an axis and keepdims; put several numbers in brackets, as an array",
            name=node.text), source, node.span,
        hint=called(overloads(node.text)),
    )  # fmt: skip


def _operand_first(
    node: Node, function: Function, positional: Sequence[int], nodes: Sequence[Node], source: Source
) -> list[int]:
    """`polygamma(1, x)`, as SciPy and PyTorch order it, is `polygamma(x, n=1)`.

    Of two whole numbers nobody knows which is which.
    """
    required = (
        isinstance(function, Primitive)
        and function.kind == "elementwise"
        and any(option.default is REQUIRED for option in function.options)
    )
    whole = [nodes[place].kind == "number" and nodes[place].text.isdigit() for place in positional]
    if not required or not whole[0]:
        return list(positional)
    if all(whole):
        first, second = (nodes[place].text for place in positional)
        (option,) = function.options
        message = Message("{name}({first}, {second}) may mean two things", name=node.text, first=first, second=second)
        hint = Message(
            "write {name}({second}, {option}={first}) or {name}({first}, {option}={second})",
            name=node.text,
            second=second,
            option=option.name,
            first=first,
        )
        raise fault("E204", message, source, node.span, hint=hint)
    return list(reversed(positional))
