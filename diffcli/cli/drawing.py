"""The picture that `graph` leaves in a file: asked for consistently, checked before the work,
written when it is done.
"""

from typing import TYPE_CHECKING, NamedTuple

from diffcli.api.files import destination, extension, write_whole
from diffcli.api.pictures import check_able, check_installed
from diffcli.api.pictures import picture as drawn
from diffcli.cli.output import Listing, exclusive
from diffcli.errors import fault, given
from diffcli.messages import Argument, Message
from diffcli.render.picture_formats import FORMATS
from diffcli.render.picture_manner import Manner
from diffcli.render.writing import remark
from diffcli.source import Source

if TYPE_CHECKING:
    from diffcli.analysis.drawing.drawing import Drawing
    from diffcli.analysis.drawing.style import Direction, Style, Theme
    from diffcli.analysis.drawing.torch_graph import TorchGraph


class Asked(NamedTuple):
    """What is asked of a picture in a file alone."""

    layout: "Direction | None"
    size: str | None
    font_scale: float | None
    slides: bool

    def check_needless(self, theme: "Theme | None") -> None:
        """Raise DiffcliError for what is asked though there is no file."""
        hint = Message("-o graph.svg; the terminal has its own colours")
        if theme is not None:
            raise fault(
                "E402", Message("a theme is for a picture in a file"), given(Argument("theme", theme)), hint=hint
            )
        for name, value in self._asdict().items():
            if value is not None and value is not False:
                written = Argument(name, value)
                message = Message("{argument} is for a picture in a file", argument=Argument(name))
                raise fault("E402", message, given(written), hint=Message("-o graph.svg"))


class Picture(NamedTuple):
    """A file, and how what it holds is to look."""

    file: Source
    manner: Manner

    def write(self, answer: "Drawing | TorchGraph") -> int:
        """Write the picture; kinks that the point sits on are noted on standard error.

        Raises DiffcliError if it holds too much.
        """
        write_whole(self.file, drawn(answer, self.file, self.manner))
        for kink in getattr(answer, "kinks", ()):
            remark(Message("note: {note}", note=kink.sentence))
        return 0


def picture(path: str, manner: Manner, asked: Asked, style: "Style", shown: Listing) -> Picture:
    """The picture asked for. Raises DiffcliError unless it can be made and its file be written."""
    file, given = destination(path, "-o", tuple(FORMATS)), f"-o {path}"
    page = asked.slides or not FORMATS[extension(file)].still
    part = page and style not in ("both", "torch") and f"--style {style}"
    check_together(
        (
            bool(shown.asked) and shown.asked[0],
            given,
            Message("-o FILE.json writes the document into a file, without -o it is printed"),
        ),
        (
            page and style == "torch" and "--style torch",
            given,
            Message("the page plays both sweeps; PyTorch's graph is a picture: .svg, .png, .pdf, .dot, .mmd, .tex"),
        ),
        (part, given, Message("the page plays both sweeps, one after the other; leave --style out")),
    )
    check_able(file, *asked)
    check_installed(file)
    return Picture(file, manner)


def check_together(*pairs: tuple[str | bool, str | bool, str]) -> None:
    """Raise DiffcliError for the first pair of options that are both given and contradict each other.

    Each is its text, or False where it is not given; behind both stands a hint.
    """
    for first, second, hint in pairs:
        if first and second:
            raise exclusive([str(first), str(second)], hint)
