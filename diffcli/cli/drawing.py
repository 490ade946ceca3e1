"""The picture that `graph` leaves in a file: asked for consistently, checked before the work, written when it is done."""

import sys
from typing import TYPE_CHECKING, NamedTuple

from diffcli.cli.files import destination, extension, write_whole
from diffcli.cli.output import Output
from diffcli.errors import DiffcliError, fault
from diffcli.render.drawing.formats import FORMATS, Manner
from diffcli.source import Source

if TYPE_CHECKING:
    from diffcli.analysis.drawing.drawing import Drawing
    from diffcli.analysis.drawing.torch_graph import TorchGraph

_INSTALL = 'pip install "diffcli[graph]"'


class Picture(NamedTuple):
    """A file, and how what it holds is to look."""

    file: Source
    manner: Manner

    def write(self, answer: "Drawing | TorchGraph") -> int:
        """Write the picture; kinks that the point sits on are noted on standard error. Raises DiffcliError if it holds too much."""
        form = FORMATS[extension(self.file)]
        self._check(len(answer.nodes), form.boxes, "nodes")
        self._check(len(answer.edges), form.arrows, "edges")
        content = form.write(answer, self.manner)
        self._check(len(content.decode()) if form.characters else 0, form.characters, "characters of text")
        write_whole(self.file, content)
        for kink in getattr(answer, "kinks", ()):
            print(f"note: {kink.sentence}", file=sys.stderr)
        return 0

    def _check(self, count: int, most: int | None, what: str) -> None:
        if most is not None and count > most:
            message = f"the graph has {count:,} {what}; a .{extension(self.file)} holds {most:,}"
            hint = "fold parts with --collapse or --depth N, or write .dot or .json, which hold any number; without -o the terminal shows it"
            raise fault("E409", message, self.file, self.file.whole, hint=hint)


def picture(path: str, manner: Manner, torch: bool, shown: Output) -> Picture:
    """The picture asked for. Raises DiffcliError unless it can be made and its file be written."""
    file = destination(path, "-o", tuple(FORMATS))
    form = FORMATS[extension(file)]
    if shown.asked:
        raise excluded(shown.asked[0], f"-o {path}", "-o FILE.json writes the document into a file, without -o it is printed")
    if not form.still and torch:
        raise excluded("--style torch", f"-o {path}", "the page plays both sweeps; PyTorch's graph is a picture: .svg, .png, .pdf, .dot, .mmd, .tex")
    if not form.still and manner.sweeps != "both":
        raise excluded(f"--style {manner.sweeps}", f"-o {path}", "the page plays both sweeps, one after the other; leave --style out")
    if form.extra:
        from diffcli.render.drawing.layout.by_graphviz import installed

        if not installed():
            hint = f"{_INSTALL}; .dot, .mmd, .tex and .json need nothing"
            raise fault("E402", f"a .{extension(file)} needs Graphviz and matplotlib, which are not installed", file, file.whole, hint=hint)
    return Picture(file, manner)


def excluded(first: str, second: str, hint: str) -> DiffcliError:
    """The diagnostic for two options that contradict each other."""
    line = Source(f"{first} {second}", "command line")
    return fault("E402", f"{first} and {second} exclude each other", line, line.whole, hint=hint)
