"""The pictures that a run leaves in files: checked before it begins, written when it has ended."""

import contextlib
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from diffcli.api.files import destination, extension, write_whole
from diffcli.errors import fault
from diffcli.messages import Message
from diffcli.render.writing import remark
from diffcli.source import Source

if TYPE_CHECKING:
    from diffcli.analysis.descent.descent_report import DescentReport
    from diffcli.analysis.problem import Problem

_PLOTS, _ANIMATIONS = ("png", "svg", "pdf"), ("gif", "html")


class Pictures(NamedTuple):
    """The files to write, and the problem that they are about."""

    problem: "Problem"
    plot: Source | None
    animation: Source | None

    @contextlib.contextmanager
    def after(self, runs: Sequence["DescentReport"]) -> Iterator[None]:
        """Draw the runs when the block has shown them, also where nobody reads it to its end.

        Raises DiffcliError for a file that cannot be written.
        """
        try:
            yield
        finally:
            if self.plot is not None or self.animation is not None:
                self._write(runs)

    def _write(self, runs: Sequence["DescentReport"]) -> None:
        from diffcli.analysis.descent.landscape import landscape

        ground = landscape(self.problem, runs)
        if self.plot is not None:
            from diffcli.render.plot.figure import picture

            if ground is None:
                file, because = self.plot.text, self._because()
                remark(
                    Message(
                        "note: '{file}' shows the values and the gradients alone: {because}", file=file, because=because
                    )
                )
            write_whole(self.plot, picture(runs, ground, extension(self.plot)))
        if self.animation is not None and ground is None:
            file, because = self.animation.text, self._because()
            remark(Message("note: '{file}' is not written: {because}", file=file, because=because))
        elif self.animation is not None and ground is not None:
            if extension(self.animation) == "gif":
                from diffcli.render.plot.gif import gif as animation
            else:
                from diffcli.render.plot.animation_page import page as animation

            write_whole(self.animation, animation(runs, ground))

    def _because(self) -> str:
        from diffcli.analysis.descent.landscape import count

        number = count(self.problem)
        if number > 2:
            return Message("the path is drawn where one number moves, or two; here {number:,} do", number=number)
        return Message("evaluating the expression on a grid would take too long")


def pictures(problem: "Problem", plot: str | None, animate: str | None) -> Pictures:
    """The pictures asked for. Raises DiffcliError unless they can be made and their files be written."""
    animated = {kind: Message("--animate writes .{kind}", kind=kind) for kind in _ANIMATIONS}
    plotted = {kind: Message("--plot writes .{kind}", kind=kind) for kind in _PLOTS}
    chart = None if plot is None else destination(plot, "--plot", _PLOTS, animated)
    animation = None if animate is None else destination(animate, "--animate", _ANIMATIONS, plotted)
    if animation is not None:
        _check_few(problem, animation)
    first = chart or animation
    if first is not None:
        from diffcli.render.extras import how_to_install, installed

        if not installed("matplotlib.figure", "PIL.Image"):
            message = Message("{option} needs matplotlib, which is not installed", option=first.name)
            raise fault("E402", message, first, hint=how_to_install("plot"))
    return Pictures(problem, chart, animation)


def _check_few(problem: "Problem", file: Source) -> None:
    from diffcli.analysis.descent.landscape import count

    number = count(problem)
    if number > 2:
        message = Message(
            "an animation shows the path of one number or of two, and here {number:,} move", number=number
        )
        hint = Message("choose a variable with --wrt, or see the loss curve with --plot")
        raise fault("E402", message, file, hint=hint)
