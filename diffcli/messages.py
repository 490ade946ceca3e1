"""What is said to people: templates with values, which each language and each face writes in its own way.

A `Message` stands where an English text would stand, and is one: whoever prints it, compares it or puts it into
JSON has its English. `told` is for those who show it to people. There are three faces: the command
writes an argument as `--epochs 3`, Python as `epochs=3`, a sheet of exercises as its key, `lr = 0.1`.

Templates are translated in one catalogue, `locale/zh/LC_MESSAGES/diffcli.po`, under the English text as it
stands in the code; the tests walk the code and compare. English loads no catalogue.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Literal, NamedTuple, Self, get_args

Face = Literal["command", "python", "sheet"]
Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = get_args(Language)


class Speech(NamedTuple):
    """Whom a text is for: who reads it, and in which language."""

    face: Face = "python"
    language: Language = "en"


#: Of whoever says nothing else: a caller of the library.
_DEFAULT = Speech()
_current: ContextVar[Speech] = ContextVar("speech", default=_DEFAULT)


def speech() -> Speech:
    """The face and the language of the moment."""
    return _current.get()


@contextmanager
def speaking(face: Face, language: Language) -> Iterator[None]:
    """Have texts told to this face, in this language."""
    token = _current.set(Speech(face, language))
    try:
        yield
    finally:
        _current.reset(token)


class Message(str):
    """A template with its values, which may be messages too. As a string it is English, for the face of the moment it
    is made.

    Slots are those of `str.format`; a template without values is taken as it stands, braces too.
    """

    __slots__ = ("template", "values")
    template: str
    values: Mapping[str, object]

    def __new__(cls, template: str, /, **values: object) -> Self:
        """The message of a template, with values for its slots."""
        return cls._made(template, values)

    @classmethod
    def _made(cls, template: str, values: Mapping[str, object]) -> Self:
        made = super().__new__(cls, cls._written(template, values, Speech(speech().face, "en")))
        made.template, made.values = template, values
        return made

    def __reduce__(self) -> tuple[Callable[..., "Message"], tuple[str, Mapping[str, object]]]:
        return type(self)._made, (self.template, self.values)

    def said(self, to: Speech) -> str:
        """The text for a face, in a language."""
        return self._written(self.template, self.values, to)

    @classmethod
    def _written(cls, template: str, values: Mapping[str, object], to: Speech) -> str:
        text = translated(template, to.language)
        if not values:
            return text
        if to.language == "en":
            return text.format_map({name: said(value, to) for name, value in values.items()})
        marked = {
            name: f"\0{said(value, to)}\0" if isinstance(value, Message) or value == "" else value
            for name, value in values.items()
        }
        return re.sub(_BLANK, "", text.format_map(marked)).replace("\0", "")


class Word(Message):
    """A word that means several things: `of` says which, so that each has its own translation."""

    __slots__ = ()

    def __new__(cls, word: str, of: str) -> Self:
        """The message of a word in a context."""
        return cls._made(word, {"of": of})

    @classmethod
    def _written(cls, template: str, values: Mapping[str, object], to: Speech) -> str:
        key = f"{values['of']}\4{template}"  # as gettext has contexts
        text = translated(key, to.language)
        return template if text == key else text


class Joined(Message):
    """Texts one after the other, between them a sign that languages write differently: a comma, a semicolon,
    a blank.
    """

    __slots__ = ()

    def __new__(cls, parts: Iterable[object], sign: str = ", ") -> Self:
        """The message of some texts with a sign between them."""
        return cls._made(sign, {str(place): part for place, part in enumerate(parts)})

    @classmethod
    def _written(cls, template: str, values: Mapping[str, object], to: Speech) -> str:
        signs = _SIGNS[to.language]
        sign = signs[template] if template in signs else translated(template, to.language)
        return sign.join(str(said(value, to)) for value in values.values())


class Worded(Message):
    """A text of somebody else, in one language or several: who has none in theirs reads the first."""

    __slots__ = ()

    def __new__(cls, texts: Mapping[str, str]) -> Self:
        """The message of texts by language."""
        return cls._made("", texts)

    @classmethod
    def _written(cls, template: str, values: Mapping[str, object], to: Speech) -> str:
        return str(values.get(to.language) or next(iter(values.values()), ""))


class Argument(Message):
    """An argument of a command: `--lr 0.1` for the command, `lr=0.1` for Python, `lr = 0.1` in a sheet.

    A value is a number, a string, a `Blank` for what the reader is to put there, True for an option that is a
    switch, or values by name, as `at` has them.
    """

    __slots__ = ()

    def __new__(cls, name: str, value: object = None) -> Self:
        """The message of an argument, by the name that Python has for it."""
        return cls._made(name, {} if value is None else {"value": value})

    @classmethod
    def _written(cls, template: str, values: Mapping[str, object], to: Speech) -> str:
        value = values.get("value")
        return {"command": _option, "python": _keyword, "sheet": _key}[to.face](template, value)


class Blank(str):
    """A word that stands for a value, as SECONDS does."""

    __slots__ = ()


class Faced(Message):
    """A text that differs between the faces beyond its arguments; a sheet has that of Python."""

    __slots__ = ()

    def __new__(cls, command: str, python: str) -> Self:
        """The message of what each face reads."""
        return cls._made("", {"command": command, "python": python})

    @classmethod
    def _written(cls, template: str, values: Mapping[str, object], to: Speech) -> str:
        return str(said(values["command" if to.face == "command" else "python"], to))


class InSheet(Message):
    """A text for whoever wrote a sheet, whichever face shows it."""

    __slots__ = ()

    def __new__(cls, text: str) -> Self:
        """The message of a text."""
        return cls._made("", {"text": text})

    @classmethod
    def _written(cls, template: str, values: Mapping[str, object], to: Speech) -> str:
        return str(said(values["text"], to._replace(face="sheet")))


def arguments(*given: Argument) -> Faced:
    """Arguments beside each other, as a call has them."""
    values = {f"argument_{place}": each for place, each in enumerate(given)}
    slots = [f"{{{name}}}" for name in values]
    return Faced(Message(" ".join(slots), **values), Message(", ".join(slots), **values))


def listed(items: Iterable[object], last: Literal["and", "or"]) -> str:
    """Items in a sentence: `a, b and c`."""
    *first, end = items
    if not first:
        return end if isinstance(end, str) else str(end)
    these = first[0] if len(first) == 1 else Joined(first)
    if last == "and":
        return Message("{these} and {last}", these=these, last=end)
    return Message("{these} or {last}", these=these, last=end)


def some(items: Sequence[object], most: int) -> str:
    """The first of many items, and how many others there are."""
    if len(items) <= most:
        return Joined(items)
    return Message("{these} and {count:,} others", these=Joined(items[:most]), count=len(items) - most)


def said(value: object, to: Speech) -> object:
    """A value of a message for a face, in a language; what is no message is the same in all."""
    return value.said(to) if isinstance(value, Message) else value


def told(text: str, /, **values: object) -> str:
    """A text for the face and in the language of the moment: a message, or a template with its values."""
    return (text if isinstance(text, Message) else Message(text, **values)).said(speech())


def translated(template: str, language: Language) -> str:
    """A template in a language; in English where it has no translation."""
    return template if language == "en" or not template else _catalogue(language)(template)


#: A blank between two Chinese characters; where a message begins or ends there, there is to be none.
_CHINESE = "[\u3000-\u303f\u3400-\u9fff\uff00-\uff65]"
_BLANK = rf"(?<={_CHINESE})(?:\0+ \0*| \0+)(?={_CHINESE})"

#: How signs between texts are written, where that is not as in English.
_SIGNS: Mapping[Language, Mapping[str, str]] = {
    "en": {},
    "zh": {", ": "\N{IDEOGRAPHIC COMMA}", "; ": "\N{FULLWIDTH SEMICOLON}", " ": ""},
}

#: Options that are not called like the argument of Python.
_OPTIONS = {"form": "--as", "hyperparameters": "--set"}


def _option(name: str, value: object) -> str:
    option = _OPTIONS.get(name) or "--" + name.replace("_", "-")
    if value is None or value is True:
        return option
    if isinstance(value, Mapping):
        return " ".join(f"{option} {_quoted(f'{key}={_word(each)}')}" for key, each in value.items())
    return f"{option} {value if isinstance(value, Blank) else _quoted(_word(value))}"


def _word(value: object) -> str:
    """A value as a word of the command line."""
    if isinstance(value, float):
        return f"{value:g}"
    return ",".join(map(_word, value)) if isinstance(value, (tuple, list)) else str(value)


def _quoted(word: str) -> str:
    """A word as a shell takes it."""
    if re.fullmatch(r"[\w@%+=:,./-]+", word):
        return word
    if not word or ("'" in word and not re.search(r'["$`\\!]', word)):
        return f'"{word}"'
    return "'" + word.replace("'", "'\"'\"'") + "'"


def _keyword(name: str, value: object) -> str:
    if value is None:
        return name
    if name == "at" and isinstance(value, Mapping) and all(map(str.isidentifier, value)):
        return ", ".join(f"{key}={_literal(each)}" for key, each in value.items())
    return f"{name}={_literal(value)}"


def _key(name: str, value: object) -> str:
    """An argument as TOML writes it."""
    return name if value is None else f"{name} = {_entry(value)}"


def _entry(value: object) -> str:
    """A value as TOML writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{name} = {_entry(each)}" for name, each in value.items()) + " }"
    if isinstance(value, (tuple, list)):
        return f"[{', '.join(map(_entry, value))}]"
    return _literal(value)


def _literal(value: object) -> str:
    """A value as Python writes it."""
    if isinstance(value, Blank):
        return value
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_literal(key)}: {_literal(each)}" for key, each in value.items()) + "}"
    if isinstance(value, (tuple, list)):
        return "[" + ", ".join(map(_literal, value)) + "]"
    return f"{value:g}" if isinstance(value, float) else str(value)


@cache
def _catalogue(language: Language) -> Callable[[str], str]:
    from gettext import translation  # an import that English does without
    from os.path import dirname, join

    return translation("diffcli", join(dirname(__file__), "locale"), [language]).gettext
