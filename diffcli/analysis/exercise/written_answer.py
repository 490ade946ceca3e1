"""Answers of Python callers as texts: numbers and dictionaries are read as what they would be written as."""

from collections.abc import Callable, Mapping
from typing import Any

from diffcli.analysis.given_values import numbers_given
from diffcli.errors import fault, given
from diffcli.messages import Argument, Message
from diffcli.source import Source

#: The most numbers of an answer.
_MOST = 10_000
_ANSWER = Argument("answer")


def written(answer: object) -> Source | Callable[..., object]:
    """The answer as a text, or the function that it is. Raises DiffcliError where there is none."""
    if answer is None:
        hint = Message("{answer}, a formula or numbers", answer=Argument("answer", "2*x"))
        raise fault("E402", Message("check needs an answer"), given(Argument("answer", "")), hint=hint)
    if isinstance(answer, Source):
        return answer
    if isinstance(answer, str):
        return Source(answer, _ANSWER)
    if callable(answer):
        return answer
    if isinstance(answer, Mapping):
        return Source("; ".join(f"{name} = {_text(name, value)}" for name, value in answer.items()), _ANSWER)
    return Source(_text("answer", answer), _ANSWER)


def _text(name: str, value: object) -> str:
    if isinstance(value, str):
        return value
    array = numbers_given({name: value})[name]
    if array.size > _MOST:
        message = Message("the answer has {count:,} numbers", count=array.size)
        raise fault(
            "E701", message, Source(f"{name}=...", _ANSWER), hint=Message("at most {most:,} are read", most=_MOST)
        )
    return _nested(array.tolist())


def _nested(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_nested, value))}]"
    return str(int(value)) if value == value // 1 and abs(value) < 1e15 else repr(value)  # a whole float rounds nothing
