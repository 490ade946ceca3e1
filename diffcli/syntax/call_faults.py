"""Diagnostics about names and calls, with the readings that may be meant."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence

from diffcli.errors import Advice, DiffcliError, Edit, closest, fault
from diffcli.messages import Joined, Message
from diffcli.primitives.table import CONSTANTS, FUNCTION_NAMES, overloads
from diffcli.source import Source, Span
from diffcli.syntax.arguments import called, parameters, reduces
from diffcli.syntax.differentials import quotients
from diffcli.syntax.extents import blanks_end, closing, power_end
from diffcli.syntax.joined_names import apart_edits
from diffcli.syntax.resolved import DERIVATIVE
from diffcli.syntax.synonyms import meant_by
from diffcli.syntax.tree import Node, Tree


def function_as_value(node: Node, source: Source, known: Collection[str]) -> DiffcliError:
    """The diagnostic for a function's name where a value is wanted: `sin x`, `mv^2`."""
    edits = (*_called_edits(node, source), *apart_edits(node.text, known, source.text, node.start))
    advice = Advice(edits, otherwise=_called(node.text))
    return fault("E202", Message("'{text}' is a function", text=node.text), source, node.span, advice=advice)


def unknown_function(
    node: Node, tree: Tree, source: Source, known: Collection[str], variables: Iterable[str], functions: Iterable[str]
) -> DiffcliError:
    """The diagnostic for a call of what is no function.

    `known` are the names that have values, `variables` all others.
    """
    name, text = node.text, source.text
    word = re.compile(r"\w+").match(text, node.start)  # π for pi
    place = Span(node.start, word.end() if word else node.end)
    variables = {*known, *variables, *CONSTANTS}
    arguments = [written(tree, child, text) for child in node.children]
    meant = tuple(Edit(node.span, _factor(reading, text, node)) for reading in meant_by(name, arguments))
    occurs = any(other.kind == "name" and other.text == name for other in tree.nodes)
    if name in variables or occurs or (len(name) == 1 and len(node.children) == 1):
        product: tuple[Edit, ...] = (Edit(Span(place.end, place.end), "*"),)
        if name == DERIVATIVE and name not in variables and len(arguments) == 1:  # d(x^2), but for d(y)/d(x)
            words = re.findall(r"[^\W\d]\w*", arguments[0])
            apart = not any(found.span.start <= node.start < found.span.end for found in quotients(text))
            by = dict.fromkeys(word for word in words if apart and word not in {*FUNCTION_NAMES, *CONSTANTS})
            product = tuple(Edit(node.span, f"d({arguments[0]}, {word})") for word in by)
        if len(arguments) == 1 and arguments[0].isdecimal():  # MATLAB's x(1) and x(2) are the first elements
            call = re.compile(rf"(?<!\w){re.escape(text[place.start : place.end])}\s*\((\d+)\)")
            elements = call.sub(lambda found: f"{name}[{int(found[1]) - 1}]" if int(found[1]) else found[0], text)
            product = (*product, Edit(source.whole, elements))
        no_argument: str = Message("'{name}' is a variable, and takes no argument", name=name)
        after = ""
        if name == DERIVATIVE:
            after = Message("; a derivative names its variable, as in d(x^3, x)")
            no_argument = Joined((no_argument, after), "")
        advice = Advice(
            (*product, *meant),
            Message("to multiply") if len(product) == 1 and product[0].text == "*" else "",
            no_argument,
            after,
        )
        return fault("E205", Message("'{name}' is a variable, not a function", name=name), source, place, advice=advice)
    near = closest(unicodedata.normalize("NFKC", name), [*FUNCTION_NAMES, *functions])
    edits = (*meant, *apart_edits(name, known, text, node.start))
    advice = Advice(edits, otherwise=Message("'diffcli functions' lists them"))
    if near is not None and (not edits or near == name.casefold()):  # Arcsin
        advice = Advice(
            (Edit(place, near),),
            otherwise=Message("'diffcli functions' lists them"),
            said=Message("did you mean '{name}'?", name=near),
        )
    return fault("E203", Message("unknown function '{name}'", name=name), source, place, advice=advice)


def other_numbers_of_arguments(node: Node, arguments: Sequence[str], text: str) -> tuple[Edit, ...]:
    """`log(x, 2)` and `mean(1, 2, 3)` are written otherwise here."""
    readings = list(meant_by(node.text, arguments))
    if node.text in ("log", "ln") and len(arguments) == 2 and _is_number(arguments[0]):
        readings.append(meant_by(node.text, arguments[::-1])[0])  # Log[2, x]
    if any(map(reduces, overloads(node.text))) and len(arguments) > 1:
        readings.append(f"{node.text}([{', '.join(arguments)}])")
    return tuple(Edit(node.span, _factor(reading, text, node)) for reading in readings)


def _called(name: str) -> str:
    """The form of a call with one argument."""
    operands = {len(parameters(function)) for function in overloads(name)}
    if not operands or min(operands) == 1:
        return Message("write {name}(x) with its argument in brackets; its square is {name}(x)^2", name=name)
    return called(overloads(name))


def _called_edits(node: Node, source: Source) -> tuple[Edit, ...]:
    """`sin -x` and `sin[x]`: the argument in brackets."""
    text = source.text
    behind = blanks_end(text, node.end)
    if text[behind : behind + 1] in ("-", "−"):
        end = power_end(text, blanks_end(text, behind + 1))
        return () if end is None else (Edit(Span(node.end, end), f"(-{text[behind + 1 : end].strip()})"),)
    return ()


def written(tree: Tree, place: int, text: str) -> str:
    """The text of an operand, as far as it is the user's."""
    node = tree.nodes[place]
    return text[node.start : node.end]


def _is_number(text: str) -> bool:
    return re.fullmatch(r"[\d.]+", text) is not None


def _factor(reading: str, text: str, node: Node) -> str:
    """A reading in place of a call: in brackets, where what stands around it would bind to a part of it."""
    before, after = text[: node.start].rstrip()[-1:], text[node.end :].lstrip()[:1]
    is_call = (
        re.fullmatch(r"\w+\(.*\)", reading) is not None and closing(reading, reading.index("(")) == len(reading) - 1
    )
    return reading if is_call or (before in ("", *"(,[=;\n+") and after in ("", *"),];\n+-")) else f"({reading})"
