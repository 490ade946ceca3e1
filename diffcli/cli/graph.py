"""`diffcli graph`."""

from dataclasses import asdict
from typing import Annotated

from diffcli.analysis.drawing.style import Direction, Style, Theme
from diffcli.cli.declaration import Option, command, group
from diffcli.cli.options import Cotangent, Limit
from diffcli.cli.output import Output, emit
from diffcli.cli.problem import Problem, sources
from diffcli.messages import Joined, Message, speech


@group
class Shown(Output):
    """How the values of a graph are shown: with few digits, for its boxes are small."""

    precision: Annotated[int, Option(metavar="N", help="Significant digits in human output, 1 to 17.")] = 4


def _formats() -> str:
    from diffcli.render.picture_formats import FORMATS

    return Message("Write a picture: {endings}.", endings=Joined(f".{kind}" for kind in FORMATS))


@command
def graph(
    problem: Problem,
    *,
    cotangent: Cotangent = (),
    output: Annotated[str | None, Option("-o", "--output", metavar="FILE", help=_formats)] = None,
    style: Annotated[
        Style, Option(help="What to show: values, gradients, both; or the graph that PyTorch records.")
    ] = "both",
    saved: Annotated[bool, Option(help="With --style torch: also the tensors that PyTorch saves.")] = False,
    collapse: Annotated[bool, Option(help="Fold every named intermediate and every call into one node.")] = False,
    depth: Annotated[
        int | None, Option(metavar="N", help="Fold what is nested more than N deep.", default="no limit")
    ] = None,
    theme: Annotated[
        Theme | None, Option(help="The colours of a picture; auto follows its reader's.", default="auto")
    ] = None,
    layout: Annotated[
        Direction | None,
        Option(help="From top to bottom or from left to right.", default="vertical; in .html what fits"),
    ] = None,
    size: Annotated[
        str | None, Option(metavar="SIZE", help="A form such as 16:9, or pixels: 1280x720.", default="as needed")
    ] = None,
    font_scale: Annotated[
        float | None, Option(metavar="TIMES", help="Letters so many times as large.", default="1")
    ] = None,
    slides: Annotated[bool, Option(help="One step of both sweeps a slide, with speaker notes: .html or .pdf.")] = False,
    ascii: Annotated[bool, Option(help="Draw with ASCII characters alone.")] = False,  # the option's name
    shown: Shown,
    limit: Limit,
) -> int:
    """The computation graph, as text or as a picture."""
    from diffcli.api.graphs import draw
    from diffcli.api.pictures import manner
    from diffcli.cli.drawing import Asked, check_together, picture

    torch, forward = style == "torch" and "--style torch", style == "forward" and "--style forward"
    collapsed, folded = collapse and "--collapse", depth is not None and f"--depth {depth}"
    weighed, by_some = bool(cotangent) and "--cotangent", bool(problem.wrt) and "--wrt"
    file = output is not None and f"-o {output}"
    check_together(
        (collapsed, folded, Message("--collapse is --depth 0")),
        (torch, collapsed or folded, Message("PyTorch records no groups")),
        (torch or forward, weighed, Message("it shows no gradients: no weights are needed for an array")),
        (forward, by_some, Message("it shows values alone")),
        (
            saved and "--saved",
            style != "torch" and f"--style {style}",
            Message("only PyTorch's graph has saved tensors: --style torch --saved"),
        ),
        (file, ascii and "--ascii", Message("--ascii is for the terminal")),
        (
            file,
            shown.full and "--full",
            Message("--full is for the terminal; a picture's boxes show the ends of long arrays, .json has all"),
        ),
    )
    asked = Asked(layout, size, font_scale, slides)
    if output is None:
        asked.check_needless(theme)
    look = manner(None, theme or "auto", shown.precision, speech().language, *asked)
    wanted = None if output is None else picture(output, look, asked, style, shown)
    drawing = draw(
        **problem.arguments(),
        cotangent=sources("--cotangent", cotangent),
        style=style,
        saved=saved,
        depth=0 if collapse else depth,
        **asdict(limit),
    )
    if wanted:
        return wanted.write(drawing)
    return emit(drawing, shown, ascii=ascii)
