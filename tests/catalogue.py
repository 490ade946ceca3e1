"""The texts of the package, and the catalogue that has them in Chinese: gathered, merged and compiled."""

import ast
import io
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from string import Formatter

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po

from diffcli.analysis.descent.optimizers import OPTIMIZERS
from diffcli.analysis.descent.schedules import SCHEDULES
from diffcli.analysis.manual.topics import TOPICS
from diffcli.cli import pages
from diffcli.primitives.definition import Definition
from diffcli.primitives.table import DEFINITIONS, FAMILIES, PRIMITIVES

PACKAGE = Path(__file__).parents[1] / "diffcli"
PO = PACKAGE / "locale" / "zh" / "LC_MESSAGES" / "diffcli.po"
MO = PO.with_suffix(".mo")
#: What marks a text: its first argument is a template.
MARKS = ("Message", "Phrase", "sentence", "told", "Word")
#: Between two texts of which either, or both, are meant.
_SIGNS = ((" and ", "diffcli/messages.py"), (" or ", "diffcli/messages.py"))
#: What tells the texts that it is given: headers of columns, titles.
TELLERS = ("table", "heading")


def texts() -> dict[str, list[str]]:
    """Every text that people read, with the files that it is in."""
    found: dict[str, list[str]] = {}
    for text, file in (*_SIGNS, *_marked(), *_of_tables(), *_of_help()):
        if text.strip() and file not in found.setdefault(text, []):
            found[text].append(file)
    return {
        text: files for text, files in found.items() if any(c.isalpha() or c in ".,;:()" for c in without_slots(text))
    }


def unmarked() -> list[str]:
    """Where something else than a template, or than data that has one, is marked as a text."""
    return [
        f"{path.relative_to(PACKAGE)}:{call.lineno}"
        for path, call in _calls()
        if isinstance(call.args[0], (ast.JoinedStr, ast.BinOp, ast.IfExp)) and getattr(call.func, "id", None) in MARKS
    ]


def without_slots(text: str) -> str:
    """What a template says itself."""
    return "".join(literal for literal, *_ in Formatter().parse(text)) if _has_slots(text) else text


def slots(text: str) -> list[tuple[str, str]]:
    """The slots of a template with their formats, sorted."""
    if not _has_slots(text):
        return []
    return sorted((name, form or "") for _, name, form, _ in Formatter().parse(text) if name is not None)


def _has_slots(text: str) -> bool:
    try:
        names = [name for _, name, _, _ in Formatter().parse(text) if name is not None]
    except ValueError:
        return False
    return bool(names) and all(name.isidentifier() for name in names)


def merged() -> Catalog:
    """The catalogue with all texts of the package and no others, those without a Chinese one empty."""
    known, made = read(), Catalog(locale="zh", project="diffcli", charset="utf-8")
    made.header_comment = "# The texts of diffcli in Chinese. The English ones are those of the code."
    made.mime_headers  # noqa: B018
    for text, files in sorted(texts().items(), key=lambda entry: (entry[1][0], entry[0])):
        context, _, template = text.rpartition("\4")
        message = known.get(template, context or None)
        made.add(template, message.string if message else "", [(file, None) for file in files], context=context or None)
    return made


def read() -> Catalog:
    """The catalogue as it is in its file."""
    if not PO.exists():
        return Catalog(locale="zh")
    with PO.open("rb") as file:
        return read_po(file, locale="zh")


def compiled() -> dict[str, str]:
    """The texts of the compiled catalogue."""
    with MO.open("rb") as file:
        return {key_of(message): str(message.string) for message in read_mo(file) if message.id}


def key_of(message: Message) -> str:
    """The text of a message, after its context."""
    return f"{message.context}\4{message.id}" if message.context else str(message.id)


def as_po(catalogue: Catalog) -> bytes:
    """The text of a catalogue's file."""
    content = io.BytesIO()
    write_po(content, catalogue, width=100, omit_header=True, include_lineno=False)
    head = (
        'msgid ""\nmsgstr ""\n"Language: zh\\n"\n"Content-Type: text/plain; '
        'charset=utf-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n\n'
    )
    return head.encode() + content.getvalue()


def as_mo(catalogue: Catalog) -> bytes:
    """What is compiled of a catalogue."""
    content = io.BytesIO()
    write_mo(content, catalogue)
    return content.getvalue()


def update() -> None:
    """Write the catalogue anew from the texts of the package, and compile it."""
    PO.parent.mkdir(parents=True, exist_ok=True)
    PO.write_bytes(as_po(merged()))
    MO.write_bytes(as_mo(read()))


@cache
def calls() -> tuple[tuple[Path, ast.Call], ...]:
    """Every call in the package, with its file."""
    return tuple(
        (path, node)
        for path in sorted(PACKAGE.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
    )


def _calls() -> Iterator[tuple[Path, ast.Call]]:
    """Those that mark a text, or tell several."""
    for path, call in calls():
        if call.args and getattr(call.func, "id", None) in (*MARKS, *TELLERS):
            yield path, call


def _marked() -> Iterator[tuple[str, str]]:
    for path, call in _calls():
        name = getattr(call.func, "id", None)
        told = call.args if name in TELLERS else call.args[:1]
        for part in (part for argument in told for part in _parts(argument)):
            if isinstance(part, ast.Constant) and isinstance(part.value, str):
                context = (
                    [f"{word.value.value}\4" for word in call.keywords if word.arg == "of"] if name == "Word" else []
                )
                yield "".join([*context, part.value]), path.relative_to(PACKAGE.parent).as_posix()


def _parts(argument: ast.expr) -> Iterator[ast.expr]:
    """An argument, or what it is by cases: `"epoch" if batched else "step"`, `*(("rate",) if scheduled else ())`."""
    match argument:
        case ast.Starred(value=value):
            yield from _parts(value)
        case ast.IfExp(body=body, orelse=other):
            yield from (*_parts(body), *_parts(other))
        case ast.Tuple(elts=elements) | ast.List(elts=elements):
            yield from (part for element in elements for part in _parts(element))
        case _:
            yield argument


def _of_tables() -> Iterator[tuple[str, str]]:
    """The words of the tables of functions and rules, which say themselves what each text is."""
    for family in FAMILIES:
        yield family, "diffcli/primitives/table.py"
    for function in (*PRIMITIVES.values(), *DEFINITIONS.values()):
        yield function.summary, "diffcli/primitives"
        words = [function.described] if isinstance(function.described, str) else []
        if isinstance(function, Definition):
            words += [function.domain, function.kink or ""]
        else:
            words += [function.domain.text, function.domain.outside, function.pullback or ""]
            words += [word for kink in function.kinks for word in (kink.text, kink.convention, kink.torch, kink.jax)]
        yield from ((word, "diffcli/primitives") for word in words if " " in word)
    for rule in (*OPTIMIZERS.values(), *SCHEDULES.values()):
        yield rule.summary, "diffcli/analysis/descent"
        yield from (
            (line, "diffcli/analysis/descent") for line in rule.formula if re.search(r"[a-z]{2} [a-z]{2}", line)
        )


def _of_help() -> Iterator[tuple[str, str]]:
    """What the docstrings of commands and topics say in the help, and their options."""
    yield from ((text, "diffcli/cli") for text in pages.texts())
    yield from ((topic.title, "diffcli/analysis/manual") for topic in TOPICS.values())
