"""Values as other places write them, and their form here."""

import re
from collections.abc import Callable, Iterator
from shlex import quote

from diffcli.errors import Diagnostic, DiffcliError, instead
from diffcli.messages import Argument, Message, listed
from diffcli.syntax.corrections import trying
from diffcli.syntax.tokens import normalised

#: A name, and a number or a simple constant.
_WORD, _NUMBER = r"[^\W\d]\w*", r"[-+]?(?:\d[\d.]*(?:[eE][-+]?\d+)?|\.\d+|pi|e)"


def advised(diagnostic: Diagnostic, name: str, part: str, is_read: Callable[[str], bool]) -> DiffcliError:
    """The error about a value with another way to write it, if there is one that `is_read`."""
    with trying() as already:
        own = (
            () if already or diagnostic.code == "E110" else tuple(f"{name}{reading}" for reading in diagnostic.readings)
        )
        forms = () if already else (tuple(_other_forms(normalised(part))), own)
        texts = next((read for some in forms if (read := tuple(text for text in some if is_read(text)))), ())
    option = (
        f"{diagnostic.source.name} "
        if diagnostic.source is not None and diagnostic.source.name.startswith("--")
        else ""
    )
    hint = diagnostic.hint
    if texts:
        hint = instead(listed([f"{option}{quote(text)}" if option else text for text in texts], "or"))
    elif diagnostic.code == "E110":
        hint = Message(
            "give each variable its own {name}: {at}", name=Argument("at"), at=Argument("at", {"x": 1, "w": 0})
        )
    elif diagnostic.readings:
        hint = (
            diagnostic.advice.otherwise
            if diagnostic.advice and diagnostic.advice.otherwise
            else Message("a value holds numbers, pi, e, tau and functions of them")
        )
    return DiffcliError(diagnostic._replace(hint=hint, readings=texts))


def _other_forms(text: str) -> Iterator[str]:
    """How a value is written here that elsewhere is `1 2 3`, `(1, 2)`, `x: 3`, `x -> 3`, `x=1, y=2`, `x, y = 1, 2`,
    `{x: 1, y: 2}`, `ln2`.
    """
    listed = re.fullmatch(
        rf"(\s*(?:{_WORD}\s*=)?)\s*[\[({{<]*\s*({_NUMBER}(?:\s*[,;\s]\s*{_NUMBER})*)\s*[\])}}>]*\s*", text
    )
    if listed and (
        ";" not in text or all(len(row.split()) == 1 for row in listed[2].split(";"))
    ):  # [1 2; 3 4] is a matrix
        yield listed[1].strip() + ",".join(re.split(r"\s*[,;\s]\s*", listed[2].strip()))
    tupled = re.fullmatch(
        rf"\s*[\[(]?\s*({_WORD}(?:\s*,\s*{_WORD})+)\s*[\])]?\s*=\s*[\[(]?\s*({_NUMBER}(?:\s*,\s*{_NUMBER})+)\s*[\])]?\s*",
        text,
    )
    if tupled:  # x, y = 3, 4
        names, numbers = (re.split(r"\s*,\s*", part) for part in tupled.groups())
        if len(names) == len(numbers):
            yield "; ".join(f"{name}={number}" for name, number in zip(names, numbers, strict=True))
        return
    name, equals, value = text.rpartition("=")
    yield name + equals + re.sub(r"(?<!\w)([^\W\d_]+)(\d+(?:\.\d+)?)(?!\w|\()", r"\1(\2)", value)  # ln2
    pairs = re.findall(
        rf"""["']?({_WORD})["']?\s*(?::=|==|=|:|->|→|\s)\s*(.+?)\s*(?:,|;|&|\band\b|\s|$)\s*(?=["']?{_WORD}["']?\s*(?::|=|->|→|\s)|$)""",
        text.strip().strip("{}()"),
    )
    if pairs and text.isprintable():
        yield "; ".join(f"{name}={value.strip()}" for name, value in pairs)
