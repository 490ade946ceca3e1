"""Hyperparameters of optimizers and schedules: what they mean, and which values they take."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Literal, NamedTuple

from diffcli.analysis.numerals import plainly
from diffcli.errors import DiffcliError, did_you_mean, fault
from diffcli.messages import Argument, Blank, Joined, Message, listed
from diffcli.source import Source, Span

Kind = Literal["number", "whole", "flag", "pair"]
Value = float | int | bool | tuple[float, ...]


class _Missing:
    """Stands for the default of what must be given."""

    def __repr__(self) -> str:
        return "must be given"


#: The default of a hyperparameter that must be given.
MISSING = _Missing()


class Hyperparameter(NamedTuple):
    """The effect of a rule's number, the values that it takes, in words and as a test, and its default."""

    meaning: str
    kind: Kind
    range: str
    holds: Callable[[float], bool]
    default: Any = MISSING


class Choice(NamedTuple):
    """An optimizer or a schedule by its name, with a value for each of its hyperparameters."""

    name: str
    values: Mapping[str, Any]


class Given(NamedTuple):
    """A hyperparameter's value as the user gave it."""

    name: str
    value: Any
    source: Source
    span: Span


def _within(range: str, holds: Callable[[float], bool]) -> Callable[[str], Hyperparameter]:
    """A number in a range, of any meaning."""
    return lambda meaning: Hyperparameter(meaning, "number", range, holds)


number = _within("a number", math.isfinite)
not_negative = _within(Message("a number, 0 or more"), lambda value: 0 <= value < math.inf)
positive = _within(Message("a number above 0"), lambda value: 0 < value < math.inf)
fraction = _within(Message("at least 0 and below 1"), lambda value: 0 <= value < 1)
share = _within(Message("above 0, up to 1"), lambda value: 0 < value <= 1)


def whole(meaning: str, most: float = math.inf) -> Hyperparameter:
    """A whole number from 1, up to a limit where there is one."""
    limit = "" if most == math.inf else Message(" to {most:g}", most=most)
    return Hyperparameter(
        meaning,
        "whole",
        Message("a whole number from 1{limit}", limit=limit),
        lambda value: 1 <= value <= most and value == value // 1,
    )


def flag(meaning: str) -> Hyperparameter:
    """Yes or no."""
    return Hyperparameter(meaning, "flag", Message("true or false"), lambda _: True)


def pair(each: Hyperparameter) -> Hyperparameter:
    """Two numbers."""
    return each._replace(kind="pair", range=Message("two numbers {range}", range=each.range))


def hyperparameters(rule: Callable[..., Any], meanings: Mapping[str, Hyperparameter]) -> dict[str, Hyperparameter]:
    """Those of a rule: its keyword arguments, with their defaults."""
    code, defaults = rule.__code__, rule.__kwdefaults__ or {}
    first = code.co_argcount
    return {
        name: meanings[name]._replace(default=defaults.get(name, MISSING))
        for name in code.co_varnames[first : first + code.co_kwonlyargcount]
    }


def read_given(words: Sequence[str] | Mapping[str, Any]) -> tuple[Given, ...]:
    """The values of `--set NAME=VALUE`, several in one between semicolons, or those of a Python caller by name.

    Raises DiffcliError for a word without a value, or a name with two.
    """
    found = list(_named(words) if isinstance(words, Mapping) else _written(words))
    for position, given in enumerate(found):
        if any(earlier.name == given.name for earlier in found[:position]):
            message = Message("'{name}' is set twice", name=given.name)
            raise fault("E402", message, given.source, given.span, hint=Message("leave one of them out"))
    return tuple(found)


def chosen(name: str, table: Mapping[str, Hyperparameter], given: Sequence[Given]) -> Choice:
    """The values given for a rule's hyperparameters, and the defaults of the others. Raises DiffcliError."""
    values = {key: entry.default for key, entry in table.items()}
    values |= {item.name: _checked(item, table[item.name]) for item in given if item.name in table}
    missing = [key for key, value in values.items() if value is MISSING]
    if missing:
        source = Source(name, Argument("schedule"))
        hint = Message(
            "{set}: {meaning}",
            meaning=table[missing[0]].meaning,
            set=Argument("hyperparameters", {missing[0]: Blank("...")}),
        )
        raise fault(
            "E402", Message("'{name}' needs a value for {missing}", name=name, missing=missing[0]), source, hint=hint
        )
    return Choice(name, values)


def check_known(
    given: Sequence[Given],
    tables: Mapping[str, Mapping[str, Hyperparameter]],
    others: Mapping[str, Mapping[str, Hyperparameter]],
) -> None:
    """Raise DiffcliError for a name that none of the chosen tables has; `others` are those that were not chosen."""
    known = list(dict.fromkeys(name for table in tables.values() for name in table))
    for item in given:
        if item.name in known:
            continue
        owners = [owner for owner, table in others.items() if item.name in table]
        takes = _takes([*tables], known)
        hint: str
        if item.name == "lr":
            hint = Message("{lr} sets the learning rate", lr=Argument("lr"))
        elif owners:
            whose = listed(owners, "and")
            hint = (
                Message("{owners} have it; {takes}", owners=whose, takes=takes)
                if len(owners) > 1
                else Message("{owner} has it; {takes}", owner=whose, takes=takes)
            )
        else:
            hint = did_you_mean(item.name, known) or takes
        message = Message("'{name}' is not a hyperparameter of {tables}", name=item.name, tables=listed(tables, "or"))
        raise fault("E402", message, item.source, item.span, hint=hint)


def _takes(rules: Sequence[str], known: Sequence[str]) -> str:
    """The hyperparameters of the chosen rules."""
    names = Joined(known) if known else Message("none")
    if len(rules) > 1:
        return Message("{rules} take {names}", rules=listed(rules, "and"), names=names)
    return Message("{rule} takes {names}", rule=rules[0], names=names)


def _named(values: Mapping[str, Any]) -> Iterator[Given]:
    for name, value in values.items():
        source = Source(f"{name}={value!r}", Argument("hyperparameters"))
        yield Given(name, value, source, source.whole)


def _written(words: Sequence[str]) -> Iterator[Given]:
    for word in words:
        source, start = Source(word, Argument("hyperparameters")), 0
        for part in word.split(";"):
            left = start + len(part) - len(part.lstrip())
            span, start = Span(left, left + len(part.strip())), start + len(part) + 1
            name, equals, value = part.partition("=")
            if not equals or not name.strip() or not value.strip():
                hint = Message(
                    "write it as NAME=VALUE, as in {set}", set=Argument("hyperparameters", {"momentum": 0.9})
                )
                raise fault("E402", Message("'{part}' sets nothing", part=part.strip()), source, span, hint=hint)
            yield Given(name.strip(), value.strip(), source, span)


def _checked(item: Given, table: Hyperparameter) -> Value:
    try:
        value = _converted(item.value, table.kind)
        if all(table.holds(part) for part in (value if isinstance(value, tuple) else (value,))):
            return value
    except (TypeError, ValueError):
        pass
    raise _unusable(item, table)


def _unusable(item: Given, table: Hyperparameter) -> DiffcliError:
    default = "" if table.default is MISSING else Message("; the default is {default}", default=written(table.default))
    meant = _meant(item.value, table) if isinstance(item.value, str) else None
    message = Message("{name} must be {range}", name=item.name, range=table.range)
    hint = (
        Message("write {name}={meant}", name=item.name, meant=meant)
        if meant
        else Message("{name}: {meaning}{default}", name=item.name, meaning=Message(table.meaning), default=default)
    )
    return fault("E403", message, item.source, item.span, hint=hint)


def _meant(word: str, table: Hyperparameter) -> str | None:
    """What a word in another notation means, where that is a value that can be: 0.9 for `0,9`."""
    if table.kind == "flag":
        return None
    parts = word.split(",")
    words = [",".join(parts[:2]), ",".join(parts[2:])] if table.kind == "pair" and len(parts) == 4 else [word]
    meant = [plainly(part, whole=table.kind == "whole") for part in words]
    if (
        None in meant
        or (table.kind == "pair") != (len(meant) == 2)
        or not all(table.holds(float(str(part))) for part in meant)
    ):
        return None
    return ",".join(map(str, meant))


def _converted(value: Any, kind: Kind) -> Value:
    """A word or a Python value as that of a hyperparameter. Raises ValueError or TypeError where it is none."""
    if kind == "flag":
        known = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
        if isinstance(value, bool):
            return value
        if str(value).casefold() not in known:
            raise ValueError
        return known[str(value).casefold()]
    if kind == "pair":
        first, second = value.split(",") if isinstance(value, str) else value
        return float(first), float(second)
    converted = float(value)
    return int(converted) if kind == "whole" and converted == converted // 1 else converted


def written(value: Any) -> str:
    """A value in the form that `--set` takes."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return ",".join(written(part) for part in value)
    return f"{value:g}" if isinstance(value, float) else str(value)
