"""How commands and their options are declared: annotations of a function's parameters, and of the fields of groups.

A field or parameter `name: Annotated[type, Option(...)] = default` is an option. A parameter whose type is a `group` of
such fields stands for all options of the group.
"""

from collections.abc import Callable, Iterator
from dataclasses import MISSING, dataclass, fields, is_dataclass
from functools import cached_property
from types import NoneType, UnionType
from typing import Any, Literal, NamedTuple, TypeVar, dataclass_transform, get_args, get_origin

Group = TypeVar("Group")

#: The options that ask for help.
HELP = ("-h", "--help")


@dataclass_transform(frozen_default=True)
def group(declared: type[Group]) -> type[Group]:
    """A frozen dataclass of options, without what compares or prints them, which would take time to make."""
    return dataclass(frozen=True, slots=True, eq=False, repr=False)(declared)


class Option:
    """An option: names other than that of its field, what the help says of it, of its value and of its default.

    `help` is a text, or what makes one when it is shown.
    """

    def __init__(
        self, *names: str, help: "str | Callable[[], str]", metavar: str | None = None, default: str | None = None
    ) -> None:
        self.names, self.help, self.metavar, self.default = names, help, metavar, default


class Argument:
    """A word without an option: what the help calls it, and says of it."""

    def __init__(self, metavar: str, help: str) -> None:
        self.metavar, self.help = metavar, help


class Parameter(NamedTuple):
    """An option or a word of a command: its name in the function, its type, its default, and how it is declared."""

    name: str
    kind: Any
    default: Any
    declared: Option | Argument

    @property
    def is_flag(self) -> bool:
        """Whether it is an option without a value."""
        return self.kind is bool

    @property
    def is_repeatable(self) -> bool:
        """Whether it may be given several times, and each time counts."""
        return get_origin(self.kind) is tuple

    @property
    def choices(self) -> tuple[str, ...]:
        """The words of which it takes one; none where it takes any."""
        return get_args(self.kind) if get_origin(self.kind) is Literal else ()

    @property
    def value(self) -> str:
        """What the help calls its value; nothing of a flag."""
        if self.is_flag:
            return ""
        return self.declared.metavar or (f"[{'|'.join(self.choices)}]" if self.choices else "TEXT")

    @property
    def usual(self) -> str | None:
        """What it is where it is not given, as the help says it; None where that goes without saying."""
        assert isinstance(self.declared, Option)
        if self.declared.default is not None or self.default in (None, False, ()):
            return self.declared.default
        yes, _, no = self.names[-1].removeprefix("--").partition("/--")
        return (yes if self.default else no) if self.is_flag else str(self.default)

    @property
    def explanation(self) -> str:
        """Its help."""
        return self.declared.help() if callable(self.declared.help) else self.declared.help

    @property
    def names(self) -> tuple[str, ...]:
        """The names of an option, the usual one last; one that says no to a flag is behind its yes: `--a/--no-a`."""
        assert isinstance(self.declared, Option)
        return self.declared.names or (f"--{self.name.replace('_', '-')}",)

    def read(self, word: str) -> Any:
        """The value that a word says. Raises ValueError where it says none."""
        if self.choices and word not in self.choices:
            raise ValueError(word)
        return self.kind(word) if self.kind in (int, float) else word


class Command:
    """A command: the function that it calls with its groups and options. The help is the function's docstring."""

    def __init__(self, work: Callable[..., int]) -> None:
        self.work = work
        self.name = work.__name__
        annotated = {name: kind for name, kind in work.__annotations__.items() if name != "return"}
        self._groups: dict[str, Any] = {name: kind for name, kind in annotated.items() if is_dataclass(kind)}
        self.parameters = tuple(each for name, kind in annotated.items() for each in _declared(name, kind, work))

    def run(self, given: dict[str, Any]) -> int:
        """Run the command with a value for each parameter; returns the exit code."""
        built = {
            name: kind(**{field.name: given.pop(field.name) for field in fields(kind)})
            for name, kind in self._groups.items()
        }
        return self.work(**built, **given)

    @cached_property
    def options(self) -> dict[str, tuple[Parameter, bool | None]]:
        """The options by each name, and what a flag of that name says; None of one that takes a value."""
        found: dict[str, tuple[Parameter, bool | None]] = {}
        for parameter in self.parameters:
            if isinstance(parameter.declared, Option):
                for name in parameter.names:
                    yes, _, no = name.partition("/")
                    found[yes] = parameter, True if parameter.is_flag else None
                    if no:
                        found[no] = parameter, False
        return found


#: Makes a command of a function.
command = Command


def _declared(name: str, kind: Any, work: Callable[..., int]) -> Iterator[Parameter]:
    """The options of a group, or the one that a parameter is."""
    if is_dataclass(kind):
        for field in fields(kind):
            yield _parameter(field.name, field.type, None if field.default is MISSING else field.default)
    else:
        yield _parameter(name, kind, (work.__kwdefaults__ or {}).get(name))


def _parameter(name: str, annotation: object, default: object) -> Parameter:
    kind, declared = get_args(annotation)
    if isinstance(kind, UnionType) or (get_origin(kind) is not None and NoneType in get_args(kind)):
        kind = next(part for part in get_args(kind) if part is not NoneType)  # float of `float | None`
    return Parameter(name, kind, default, declared)
