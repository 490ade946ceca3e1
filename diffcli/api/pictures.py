"""Pictures of graphs for a file: whether its format can be written and has room, and its content."""

from typing import TYPE_CHECKING

from diffcli.api.files import extension
from diffcli.errors import fault
from diffcli.messages import Argument, Blank, Faced, Joined, Message, listed
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
    content = form.write(graph, manner)
    _check(
        file, len(content.decode()) if form.characters else 0, form.characters, Message("characters of text"), folding
    )
    return content


def _check(file: Source, count: int, most: int | None, what: str, folding: bool) -> None:
    if most is not None and count > most:
        message = Message(
            "the graph has {count:,} {what}; a .{kind} holds {most:,}",
            count=count,
            what=what,
            kind=extension(file),
            most=most,
        )
        fewer = Message("fold parts with {depth}", depth=Argument("depth", Blank("N")))
        shown = Faced(Message("without -o the terminal shows it"), Message("print shows it"))
        hint = Joined([*[fewer][: int(folding)], Message(".dot and .json hold any number"), shown], "; ")
        raise fault("E409", message, file, file.whole, hint=hint)


def check_installed(file: Source) -> None:
    """Raise DiffcliError where the file's format needs a library that is not there."""
    library = FORMATS[extension(file)].library
    if library is None:
        return
    from diffcli.render.extras import how_to_install, installed

    if not installed(library):
        free = [f".{name}" for name, other in FORMATS.items() if other.library is None]
        hint = Message("{install}; {kinds} need nothing", install=how_to_install("graph"), kinds=listed(free, "and"))
        message = Message("a .{kind} needs {library}, which is not installed", kind=extension(file), library=library)
        raise fault("E402", message, file, file.whole, hint=hint)
