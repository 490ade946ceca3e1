"""Pictures of graphs for a file: whether its format can be written and has room, and its content."""

from typing import TYPE_CHECKING

from diffcli.api.files import extension
from diffcli.errors import fault
from diffcli.messages import Argument, Blank, Faced, Message, listed, speaking, speech
from diffcli.render.picture_formats import FORMATS, Manner
from diffcli.source import Source

if TYPE_CHECKING:
    from diffcli.analysis.drawing.drawing import Drawing
    from diffcli.analysis.drawing.torch_graph import TorchGraph


def picture(graph: "Drawing | TorchGraph", file: Source, manner: Manner) -> bytes:
    """What the file holds. Raises DiffcliError for a graph that its format has no room for."""
    form = FORMATS[extension(file)]
    folding = bool(getattr(graph, "groups", ()))
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
