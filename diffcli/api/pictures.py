"""Pictures of graphs for a file: whether its format can be written, can do what is asked and has room; its content."""

from typing import TYPE_CHECKING

from diffcli.analysis.drawing.style import Direction, Sweeps, Theme
from diffcli.api.files import extension
from diffcli.errors import fault, given, out_of_range
from diffcli.messages import Argument, Blank, Faced, Language, Message, listed, speaking, speech
from diffcli.render.drawing.extent import read_extent
from diffcli.render.picture_formats import FORMATS, MOST_SLIDES, Ability
from diffcli.render.picture_manner import Manner
from diffcli.source import Source

if TYPE_CHECKING:
    from diffcli.analysis.drawing.drawing import Drawing
    from diffcli.analysis.drawing.torch_graph import TorchGraph


#: How much smaller or larger letters may be than usual.
_LEAST_SCALE, _MOST_SCALE = 0.25, 8.0


def manner(
    sweeps: Sweeps | None,
    theme: Theme,
    precision: int,
    language: Language,
    layout: Direction | None = None,
    size: str | None = None,
    font_scale: float | None = None,
    slides: bool = False,
) -> Manner:
    """The look that is asked for. Raises DiffcliError for a size that no picture has, or a scale out of range."""
    if font_scale is not None and not _LEAST_SCALE <= font_scale <= _MOST_SCALE:
        message = Message("letters are {least:g} to {most:g} times as large", least=_LEAST_SCALE, most=_MOST_SCALE)
        hint = Message("{argument} makes them half as large again", argument=Argument("font_scale", 1.5))
        raise out_of_range("font_scale", font_scale, message, hint)
    extent = None if size is None else read_extent(size)
    return Manner(sweeps, theme, precision, language, layout, extent, font_scale or 1.0, slides)


def check_able(
    file: Source,
    layout: Direction | None = None,
    size: str | None = None,
    font_scale: float | None = None,
    slides: bool = False,
) -> None:
    """Raise DiffcliError for what is asked for and the file's format cannot do."""
    asked: dict[Ability, object] = {
        "layout": layout, "size": size, "font_scale": font_scale, "slides": slides or None,
    }  # fmt: skip
    for ability, value in asked.items():
        if value is not None and ability not in FORMATS[extension(file)].able:
            others = listed([f".{name}" for name, form in FORMATS.items() if ability in form.able], "and")
            message = Message(
                "a .{extension} cannot do {argument}", extension=extension(file), argument=Argument(ability, value)
            )
            hint = Message("{others} can", others=others)
            raise fault("E402", message, given(Argument(ability, value)), hint=hint)


def picture(graph: "Drawing | TorchGraph", file: Source, manner: Manner) -> bytes:
    """What the file holds. Raises DiffcliError for a graph that its format has no room for."""
    form = FORMATS[extension(file)]
    if getattr(graph, "sketch", False) and (manner.slides or not form.still):
        others = listed([f".{name}" for name, other in FORMATS.items() if other.still], "and")
        hint = Message("give the variables values; {others} show the structure", others=others)
        raise fault("E402", Message("the page plays numbers, and there are none"), file, hint=hint)
    folding = bool(getattr(graph, "groups", ()))
    if manner.slides:
        _check(file, len(graph.nodes) + len(graph.edges), MOST_SLIDES, Message("nodes and edges"), folding)
    _check(file, len(graph.nodes), form.boxes, Message("nodes"), folding)
    _check(file, len(graph.edges), form.arrows, Message("edges"), folding)
    with speaking(speech().face, manner.language):
        content = form.write(graph, manner)
    _check(
        file, len(content.decode()) if form.characters else 0, form.characters, Message("characters of text"), folding
    )
    return content


def _check(file: Source, count: int, most: int | None, what: str, folding: bool) -> None:
    if most is not None and count > most:
        message = Message(
            "the graph has {count:,} {what}; a .{extension} holds {most:,}",
            count=count,
            what=what,
            extension=extension(file),
            most=most,
        )
        others = Faced(
            Message(".dot or .json, which hold any number; without -o the terminal shows it"),
            Message(".dot or .json, which hold any number"),
        )
        hint = Message("write {others}", others=others)
        if folding:
            depth = Argument("depth", Blank("N"))
            hint = Message("fold parts with {depth}, or write {others}", depth=depth, others=others)
        raise fault("E409", message, file, hint=hint)


def check_installed(file: Source) -> None:
    """Raise DiffcliError where the file's format needs a library that is not there."""
    library = FORMATS[extension(file)].library
    if library is None:
        return
    from diffcli.render.extras import how_to_install, installed

    if not installed(library):
        free = [f".{name}" for name, other in FORMATS.items() if other.library is None]
        hint = Message("{install}; {free} need nothing", install=how_to_install("graph"), free=listed(free, "and"))
        message = Message(
            "a .{extension} needs {library}, which is not installed", extension=extension(file), library=library
        )
        raise fault("E402", message, file, hint=hint)
