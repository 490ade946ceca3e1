"""The picture that `graph` leaves in a file: asked for consistently, checked before the work, written when it is done."""

from typing import TYPE_CHECKING, NamedTuple

from diffcli.cli.files import destination, extension, write_whole
from diffcli.cli.output import Output
from diffcli.errors import fault
from diffcli.render.picture_formats import FORMATS, Manner
from diffcli.render.writing import remark
from diffcli.source import Source

if TYPE_CHECKING:
    from diffcli.analysis.drawing.drawing import Drawing
    from diffcli.analysis.drawing.torch_graph import TorchGraph


class Picture(NamedTuple):
    """A file, and how what it holds is to look."""

    file: Source
    manner: Manner

    def write(self, answer: "Drawing | TorchGraph") -> int:
        """Write the picture; kinks that the point sits on are noted on standard error. Raises DiffcliError if it holds too much."""
        form = FORMATS[extension(self.file)]
        folding = bool(getattr(answer, "groups", ()))
        self._check(len(answer.nodes), form.boxes, "nodes", folding)
        self._check(len(answer.edges), form.arrows, "edges", folding)
        content = form.write(answer, self.manner)
        self._check(len(content.decode()) if form.characters else 0, form.characters, "characters of text", folding)
        write_whole(self.file, content)
        for kink in getattr(answer, "kinks", ()):
            remark(f"note: {kink.sentence}")
        return 0

    def _check(self, count: int, most: int | None, what: str, folding: bool) -> None:
        if most is not None and count > most:
            message = f"the graph has {count:,} {what}; a .{extension(self.file)} holds {most:,}"
            fold = "fold parts with --collapse or --depth N, or " if folding else ""
            hint = f"{fold}write .dot or .json, which hold any number; without -o the terminal shows it"
            raise fault("E409", message, self.file, self.file.whole, hint=hint)


def picture(path: str, manner: Manner, torch: bool, shown: Output) -> Picture:
    """The picture asked for. Raises DiffcliError unless it can be made and its file be written."""
    file = destination(path, "-o", tuple(FORMATS))
    form = FORMATS[extension(file)]
    played = "the page plays both sweeps"
    check_together(
        (
            bool(shown.asked),
            True,
            "".join(shown.asked[:1]),
            f"-o {path}",
            "-o FILE.json writes the document into a file, without -o it is printed",
        ),
        (
            torch,
            not form.still,
            "--style torch",
            f"-o {path}",
            f"{played}; PyTorch's graph is a picture: .svg, .png, .pdf, .dot, .mmd, .tex",
        ),
        (
            manner.sweeps != "both",
            not form.still,
            f"--style {manner.sweeps}",
            f"-o {path}",
            f"{played}, one after the other; leave --style out",
        ),
    )
    if form.library is not None:
        from diffcli.render.extras import how_to_install, installed

        if not installed(form.library):
            free = [f".{name}" for name, other in FORMATS.items() if other.library is None]
            raise fault(
                "E402",
                f"a .{extension(file)} needs {form.library}, which is not installed",
                file,
                file.whole,
                hint=f"{how_to_install('graph')}; {', '.join(free[:-1])} and {free[-1]} need nothing",
            )
    return Picture(file, manner)


def check_together(*pairs: tuple[bool, bool, str, str, str]) -> None:
    """Raise DiffcliError for the first pair of options that are both given and contradict each other: whether each is, their texts, a hint."""
    for one, other, first, second, hint in pairs:
        if one and other:
            line = Source(f"{first} {second}", "command line")
            raise fault("E402", f"{first} and {second} exclude each other", line, line.whole, hint=hint)
