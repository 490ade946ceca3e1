"""Arguments of a call by the function's parameters."""

from collections.abc import Mapping, Sequence

from diffcli.errors import DiffcliError, did_you_mean, fault
from diffcli.messages import Joined, Message
from diffcli.primitives.options import REQUIRED
from diffcli.primitives.primitive import Primitive
from diffcli.primitives.table import Function, overloads
from diffcli.source import Source
from diffcli.syntax.tree import Node

#: For each parameter that got an argument its place, or the places that make a tuple.
Arguments = Mapping[str, int | tuple[int, ...]]


def parameters(function: Function) -> tuple[str, ...]:
    """The names of the parameters in their order."""
    if isinstance(function, Primitive):
        return (*function.operands, *(option.name for option in function.options))
    return function.parameters


def reduces(function: Function) -> bool:
    """Whether a function takes an array, and an axis to go along."""
    return (
        isinstance(function, Primitive)
        and len(function.operands) == 1
        and [option.name for option in function.options][:2] == ["axis", "keepdims"]
    )


def matched(
    node: Node, positional: Sequence[int], keywords: Mapping[str, int], source: Source
) -> tuple[Function, Arguments]:
    """The function that a call means, and its arguments.

    Raises DiffcliError for an argument that is missing, unknown, given twice, or one too many.
    """
    candidates = overloads(node.text)
    fitting = [
        (candidate, found)
        for candidate in candidates
        if (found := _assigned(candidate, positional, keywords)) is not None
    ]
    if not fitting:
        raise _refusal(node, candidates, len(positional), keywords, source)
    # max(a, b) is the one that takes two operands, not the one that takes an axis
    return next((pair for pair in fitting if set(pair[0].operands) == set(pair[1])), fitting[0])


def _assigned(function: Function, positional: Sequence[int], keywords: Mapping[str, int]) -> Arguments | None:
    """The arguments by parameter, or None where they do not fit."""
    names = parameters(function)
    result: dict[str, int | tuple[int, ...]] = {}
    named = {_meant(function, keyword): place for keyword, place in keywords.items()}
    if isinstance(function, Primitive) and function.variadic:
        if not positional:
            return None
        result[function.operands[0]] = tuple(positional)
        taken = len(positional)
    else:
        many = {option.name for option in function.options if option.many}
        taken = 0
        for position, name in enumerate(names):
            later = sum(_needed(function, other) and other not in named for other in names[position + 1 :])
            count = len(positional) - taken - later if name in many and name not in named else 1
            if taken == len(positional) or count < 1:
                break
            result[name] = tuple(positional[taken : taken + count]) if count > 1 else positional[taken]
            taken += count
    complete = all(name in result or name in named or not _needed(function, name) for name in names)
    fits = (
        taken == len(positional) and complete and len(named) == len(keywords) and set(named) <= set(names) - set(result)
    )
    return {**result, **named} if fits else None


def _meant(function: Function, keyword: str) -> str:
    """The parameter that a keyword names, perhaps by another name."""
    aliases = {alias: option.name for option in function.options for alias in option.aliases} | dict(function.keywords)
    return aliases.get(keyword, keyword)


def _needed(function: Function, name: str) -> bool:
    option = next((option for option in function.options if option.name == name), None)
    return name not in function.defaults if option is None else option.default is REQUIRED


def _refusal(
    node: Node, candidates: Sequence[Function], count: int, keywords: Mapping[str, int], source: Source
) -> DiffcliError:
    name = node.text
    signatures = called(candidates)
    known = {word for candidate in candidates for word in _keywords(candidate)}
    for keyword in keywords:
        if keyword not in known:
            options = {
                word
                for candidate in candidates
                for option in candidate.options
                for word in (option.name, *option.aliases)
            }
            hint = (
                did_you_mean(keyword, options)
                or did_you_mean(keyword, known)
                or Message("{signatures}; to compare, write '=='", signatures=signatures)
            )
            message = Message("{name} has no keyword '{keyword}'", name=name, keyword=keyword)
            return fault("E206", message, source, node.span, hint=hint)
    for candidate in candidates:
        first = parameters(candidate)[:count]
        meant = [_meant(candidate, keyword) for keyword in keywords]
        twice = [
            keyword for place, keyword in enumerate(keywords) if meant[place] in first or meant[place] in meant[:place]
        ]
        if twice and not (isinstance(candidate, Primitive) and candidate.variadic):
            message = Message("{name} gets '{meant}' twice", name=name, meant=_meant(candidate, twice[0]))
            return fault("E204", message, source, node.span, hint=signatures)
    given = (
        count
        if all(isinstance(candidate, Primitive) and candidate.variadic for candidate in candidates)
        else count + len(keywords)
    )
    wanted = Joined(dict.fromkeys(_wanted(candidate) for candidate in candidates), " or ")
    message = Message("{name} takes {wanted}, got {given}", name=name, wanted=wanted, given=given)
    return fault("E204", message, source, node.span, hint=signatures)


def called(functions: Sequence[Function]) -> str:
    """A hint with the forms of a call, which can be written as they stand unless an argument goes on: `shape...`."""
    forms = Joined((function.signature for function in functions), " or ")
    return (
        Message("write {forms}", forms=forms) if "..." not in forms else Message("it is called as {forms}", forms=forms)
    )


def _keywords(function: Function) -> set[str]:
    """Every word by which an argument can be named."""
    return {
        *parameters(function),
        *function.keywords,
        *(alias for option in function.options for alias in option.aliases),
    }


def _wanted(function: Function) -> str:
    names = parameters(function)
    least = sum(_needed(function, name) for name in names)
    most = len(names)
    if (isinstance(function, Primitive) and function.variadic) or any(option.many for option in function.options):
        return Message("{least} or more", least=counted(least))
    return counted(most) if least == most else Message("{least} to {most}", least=least, most=counted(most))


def counted(number: int) -> str:
    """`1 argument`, `2 arguments`."""
    return Message("1 argument") if number == 1 else Message("{number} arguments", number=number)
