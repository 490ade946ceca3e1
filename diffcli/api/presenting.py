"""How Python shows results: printed, as documents, in files; and diagnostics, in place of a traceback."""

import sys
from collections.abc import Callable
from io import StringIO
from os import PathLike, fspath
from typing import TYPE_CHECKING, Any

from diffcli.analysis.drawing.style import Direction, Sweeps, Theme
from diffcli.api.call import function
from diffcli.api.files import destination, extension, write_whole
from diffcli.garbage import seldom_sought
from diffcli.messages import Language, speaking, speech
from diffcli.render.faces import document_of, faces_of, page_of, presented, text_of
from diffcli.render.screen import Screen
from diffcli.render.view import View
from diffcli.source import Source

if TYPE_CHECKING:
    from diffcli.errors import Diagnostic

__all__ = ["diagnostic_lines", "document", "json", "presented", "printed", "save"]


@seldom_sought()
def printed(result: object) -> str:
    """What the command of a result prints: as wide as a terminal, without one as wide as it wants to be."""
    view = View(Screen(sys.stdout).symbols, faces_of(result).precision)
    return text_of(result, view) if sys.stdout.isatty() else _unfolded(result, view)


def _unfolded(result: object, view: View) -> str:
    stream = StringIO()
    Screen(stream, "never").show(faces_of(result).text(result, view))
    return stream.getvalue().rstrip("\n")


@seldom_sought()
def document(result: object) -> dict[str, Any]:
    """The JSON document of a result."""
    return document_of(result)


@seldom_sought()
def json(result: object) -> str:
    """The JSON document of a result, as text on one line."""
    from diffcli.render.documents.json_values import dumps

    return dumps(document_of(result))


def diagnostic_lines(diagnostic: "Diagnostic") -> list[str]:
    """A diagnostic as lines of text."""
    from diffcli.render.diagnostic import diagnostic_text

    return diagnostic_text(diagnostic).plain.splitlines()


@function
def save(
    result: object,
    path: str | PathLike[str],
    *,
    precision: int | None = None,
    language: Language = "en",
    theme: Theme = "auto",
    style: Sweeps | None = None,
    layout: Direction | None = None,
    size: str | None = None,
    font_scale: float | None = None,
    slides: bool = False,
) -> None:
    """Write a result into a file, whose name's ending says how. Raises DiffcliError where it cannot be written.

    `precision` is in significant digits. Of a graph's picture `theme` are the colours and `style` the sweeps; it goes
    to the right in the `layout` "horizontal", its `size` is a form such as "16:9" or in pixels, "1280x720", and its
    letters are `font_scale` times as large. `slides` show one step of both sweeps after the other: .html or .pdf.
    """
    writers = _writers(result, precision, language, theme, style, layout, size, font_scale, slides)
    file = destination(fspath(path), "save", tuple(writers))
    with speaking(speech().face, language):
        content = writers[extension(file)](file)
    write_whole(file, content)


def _writers(
    result: Any,
    precision: int | None,
    language: Language,
    theme: Theme,
    style: Sweeps | None,
    layout: Direction | None,
    size: str | None,
    font_scale: float | None,
    slides: bool,
) -> dict[str, Callable[[Source], bytes]]:
    """What a file of the result holds, by the endings that there are: those of the commands' files,
    and some for all.
    """
    name, digits = type(result).__name__, precision or faces_of(result).precision
    view = View(precision=digits, language=language)
    writers: dict[str, Callable[[Source], bytes]] = {
        "json": lambda _: f"{json(result)}\n".encode(),
        "html": lambda _: page_of(result).encode(),
        "txt": lambda _: f"{_unfolded(result, view)}\n".encode(),
    }
    if name in ("Drawing", "TorchGraph"):
        from diffcli.api.pictures import check_able, manner, picture
        from diffcli.render.picture_formats import FORMATS

        look = manner(style, theme, digits, language, layout, size, font_scale, slides)
        kinds = [kind for kind, form in FORMATS.items() if form.still or name == "Drawing"]

        def drawn(file: Source) -> bytes:
            check_able(file, layout, size, font_scale, slides)
            return picture(result, file, look)

        return dict.fromkeys(kinds, drawn) | {"txt": writers["txt"]}
    if name == "GradReport":
        from diffcli.render.handout.file_kinds import FORMATS as HANDOUTS
        from diffcli.render.handout.file_kinds import handout

        writers |= dict.fromkeys(HANDOUTS, lambda file: handout(result, extension(file), digits, False, language))
    if name == "QuizReport":
        from diffcli.render.quiz.file_kinds import ENDINGS
        from diffcli.render.quiz.file_kinds import FORMATS as QUIZZES

        def questions(file: Source) -> bytes:
            form = QUIZZES[ENDINGS[extension(file)]]
            return form.write(result, language).encode()

        writers |= dict.fromkeys(ENDINGS, questions)
    if name == "DescentReport" and (curve := faces_of(result).svg(result)) is not None:
        writers["svg"] = lambda _: curve.encode()
    return writers
