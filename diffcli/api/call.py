"""Calls from Python: what is wrong with an argument, as a diagnostic."""

import inspect
import math
import operator
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import lru_cache, wraps
from types import NoneType, UnionType
from typing import Any, Literal, NamedTuple, ParamSpec, TypeVar, Union, get_args, get_origin

from diffcli.api.long_texts import read_in_time, reading_limit
from diffcli.errors import Diagnostic, DiffcliError, Label, did_you_mean, instead, meaning
from diffcli.garbage import seldom_sought
from diffcli.messages import Joined, Message
from diffcli.source import Source

Arguments = ParamSpec("Arguments")
Made = TypeVar("Made")
Result = TypeVar("Result")
#: Kinds of arguments in words.
_KINDS = {
    bool: Message("True or False"),
    int: Message("a whole number"),
    float: Message("a number"),
    str: Message("a text"),
    Mapping: Message("a dictionary"),
}


class _Kind(NamedTuple):
    """A type of an annotation, what it is a kind of, and of what: read once, since calls are checked each time."""

    type: Any
    origin: Any
    parts: tuple[Any, ...]


class WrongArgument(DiffcliError, TypeError):
    """An argument that a function does not take, or of another type."""


def function(work: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """The function, with its arguments checked by its annotations; a keyword that names no parameter is a value's."""
    return checked(work, lambda made, _: made)


def checked(
    work: Callable[Arguments, Made], finish: Callable[[Made, Mapping[str, Any]], Result]
) -> Callable[Arguments, Result]:
    """The function that checks its arguments, has `work` make something of them, and finishes that by all of them, by
    name.
    """
    signature = inspect.signature(work)
    parameters = signature.parameters
    kinds = {name: _alternatives(each.annotation) for name, each in parameters.items()}
    defaults = {name: each.default for name, each in parameters.items() if each.default is not each.empty}
    positions = [name for name, each in parameters.items() if each.kind is each.POSITIONAL_OR_KEYWORD]
    rest = next((name for name, each in parameters.items() if each.kind is each.VAR_KEYWORD), None)
    required = parameters.keys() - defaults.keys() - {rest}

    @wraps(work)
    def called(*arguments: Arguments.args, **keywords: Arguments.kwargs) -> Result:
        given: dict[str, Any] = dict(zip(positions, arguments, strict=False))
        others = {name: value for name, value in keywords.items() if name not in parameters or name == rest}
        named = {name: value for name, value in keywords.items() if name not in others}
        if len(arguments) > len(positions) or not given.keys().isdisjoint(named) or (others and rest is None):
            raise _misfit(work, signature, arguments, keywords)
        given |= named
        if not required <= given.keys():
            raise _misfit(work, signature, arguments, keywords)
        for name, value in given.items():
            if name not in defaults or value is not defaults[name]:
                given[name] = _checked(parameters[name], kinds[name], value)
        if others:
            _check_values(work.__name__, others, given.get("expression"), signature)
        limit = reading_limit(given.get("expression"), given.get("timeout"))
        if limit is not None and "stopped" not in given:
            return read_in_time(limit, called, **given, **others)
        made: Callable[..., Made] = work
        with seldom_sought():
            return finish(made(**given, **others), {**defaults, **given, **({rest: others} if rest and others else {})})

    return called


def _misfit(
    work: Callable[..., Any], signature: inspect.Signature, arguments: Sequence[object], keywords: Mapping[str, object]
) -> WrongArgument:
    """The error about too few arguments, too many, and unknown names."""
    names = [name for name in signature.parameters if name != "values"]
    unknown = next((name for name in keywords if name not in signature.parameters), None)
    if unknown is not None and "values" not in signature.parameters:
        from diffcli.api.synonyms import meant_by  # imports that only a mistake needs

        meant = meant_by(unknown, names)
        hint = meaning(meant) if meant else Message("it has {names}", names=Joined(names))
        message = Message("{function} has no argument '{name}'", function=work.__name__, name=unknown)
        return _wrong(f"{unknown}={_shown(keywords[unknown])}", message, hint)
    try:
        signature.bind(*arguments, **keywords)
        raise AssertionError("what does not fit is told by inspect")
    except TypeError as error:
        hint = Message("it is called as in {call}", call=f"{work.__name__}({', '.join(names[:2])})")
        message = Message("{function} cannot be called so: {error}", function=work.__name__, error=error)
        return _wrong(f"{work.__name__}(...)", message, hint)


def _checked(parameter: inspect.Parameter, kinds: Sequence[_Kind], given: Any) -> object:
    """An argument as its parameter's annotation has it. Raises WrongArgument where it is of none of those kinds."""
    for kind in kinds:
        if kind.origin is Literal and (word := _word_for(given)) in kind.parts:
            return word
        if kind.type is object or _fits(given, kind):
            return operator.index(given) if kind.type is int else float(given) if kind.type is float else given
    name, words = parameter.name, Joined(dict.fromkeys(filter(None, map(_in_words, kinds))), " or ")
    choices = [choice for kind in kinds if kind.origin is Literal for choice in kind.parts]
    hint = did_you_mean(given, choices) if isinstance(given, str) else None
    hint = hint or _converted(name, kinds, given) or _left_out(parameter)
    message = Message("'{name}' must be {words}, not {given}", name=name, words=words, given=_shown(given))
    raise _wrong(f"{name}={_shown(given)}", message, hint)


def _word_for(given: object) -> str:
    """A word, or the name of what is called by it: `float32` of `numpy.float32` and `torch.float32`."""
    return given if isinstance(given, str) else str(getattr(given, "__name__", given)).rpartition(".")[2]


def _left_out(parameter: inspect.Parameter) -> Message:
    """What it means to give no argument."""
    if parameter.default is parameter.empty:
        return Message('it is called as in {name}="x^2"', name=parameter.name)
    if parameter.default in (None, ()):
        return Message("leave it out where there is none")
    return Message("leave it out for {name}={default!r}", name=parameter.name, default=parameter.default)


def _alternatives(annotation: Any) -> Sequence[_Kind]:
    """The kinds of which an argument may be."""
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin in (Union, UnionType):
        return [kind for part in parts for kind in _alternatives(part)]
    return [_Kind(annotation, origin, parts)]


def _fits(given: object, kind: _Kind) -> bool:
    if kind.origin is Literal:
        return isinstance(given, str) and given in kind.parts
    if kind.type is bool:
        return _is_truth(given)
    if kind.type is int or kind.type is float:
        return _is_number(given, kind.type)
    if kind.origin is Sequence:
        return isinstance(given, Collection) and not isinstance(given, (str, Mapping)) and _all_fit(given, kind)
    return isinstance(given, kind.origin or kind.type)


def _is_truth(given: object) -> bool:
    return isinstance(given, bool) or type(given).__name__ == "bool"  # NumPy's


def _is_number(given: object, kind: type) -> bool:
    from numbers import Complex, Number, Real  # an import that few calls need

    if not isinstance(given, Number) or _is_truth(given):
        return False
    if kind is int:
        return hasattr(given, "__index__")
    return isinstance(given, Real) or not isinstance(given, Complex)  # a Decimal is neither


def _all_fit(given: Collection[object], kind: _Kind) -> bool:
    return all(isinstance(each, kind.parts) for each in given)


def _in_words(kind: _Kind) -> str | None:
    if kind.origin is Literal:
        return Joined(map(repr, kind.parts), " or ")
    if kind.origin is Sequence:
        return Message("a list of texts")
    return None if kind.type in (NoneType, Source) else _KINDS.get(kind.origin or kind.type, Message("a function"))


def _converted(name: str, kinds: Collection[_Kind], given: object) -> str | None:
    """How to write a number that was given as a text, or as one of several."""
    types = {kind.type for kind in kinds}
    if not types & {int, float}:
        return None
    if isinstance(given, (list, tuple)) and given and _is_number(given[0], float):
        return Message("it takes one: {name}={given!r}", name=name, given=given[0])
    try:
        number = float(str(given).replace(",", "."))
    except ValueError:
        return None
    if int in types:
        whole = dict.fromkeys((math.floor(number), math.ceil(number))) if math.isfinite(number) else ()
        readings = Joined((f"{name}={each}" for each in whole), " or ")
        return instead(readings) if whole else None
    return instead(f"{name}={number!r}")


def _shown(given: object) -> str:
    text = repr(given)
    return text if len(text) <= 40 and "\n" not in text else Message("a {kind}", kind=type(given).__name__)


def _check_values(
    function: str, values: Mapping[str, object], expression: object, signature: inspect.Signature
) -> None:
    """Raise WrongArgument for a keyword that is a misspelt parameter, and no variable of the expression."""
    text = expression if isinstance(expression, str) else str(expression)
    names = [name for name, each in signature.parameters.items() if each.kind is not each.VAR_KEYWORD]
    for name, given in values.items():
        if name in text and _word(name).search(text):
            continue
        from diffcli.api.synonyms import meant_by

        meant = meant_by(name, names)
        if meant is not None:
            message = Message(
                "{function} has no argument '{name}', and no such variable is in the expression",
                function=function,
                name=name,
            )
            raise _wrong(f"{name}={_shown(given)}", message, meaning(meant))


@lru_cache(maxsize=256)
def _word(name: str) -> re.Pattern[str]:
    """A name that stands for itself, and is no part of another."""
    return re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")


def _wrong(written: str, message: str, hint: str | None) -> WrongArgument:
    source = Source(written, Message("call"))
    return WrongArgument(Diagnostic("E402", message, source, (Label(source.whole),), hint))
