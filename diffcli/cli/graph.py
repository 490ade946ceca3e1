"""`diffcli graph`."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from diffcli.cli import options

if TYPE_CHECKING:
    from diffcli.render.drawing.boxes import Sweeps
    from diffcli.render.drawing.theme import Theme as Colours


class Style(StrEnum):
    """Which graph is drawn."""

    forward = "forward"
    backward = "backward"
    both = "both"
    torch = "torch"


class Theme(StrEnum):
    """The colours of a picture."""

    light = "light"
    dark = "dark"
    auto = "auto"


_SWEEPS: "dict[Style, Sweeps]" = {
    Style.forward: "forward",
    Style.backward: "backward",
    Style.both: "both",
    Style.torch: "both",
}
_THEMES: "dict[Theme | None, Colours]" = {None: "auto", Theme.auto: "auto", Theme.light: "light", Theme.dark: "dark"}

DestinationOption = Annotated[
    str | None,
    typer.Option(
        "-o",
        "--output",
        metavar="FILE",
        help="Write a picture: .svg, .png, .pdf, .html, .dot, .mmd, .tex, .json.",
        show_default=False,
    ),
]
StyleOption = Annotated[
    Style, typer.Option("--style", help="What to show: values, gradients, both; or the graph that PyTorch records.")
]
SavedOption = Annotated[bool, typer.Option("--saved", help="With --style torch: also the tensors that PyTorch saves.")]
CollapseOption = Annotated[
    bool, typer.Option("--collapse", help="Fold every named intermediate and every call into one node.")
]
DepthOption = Annotated[
    int | None,
    typer.Option("--depth", metavar="N", help="Fold what is nested more than N deep.", show_default="no limit"),
]
ThemeOption = Annotated[
    Theme | None,
    typer.Option("--theme", help="The colours of a picture; auto follows its reader's.", show_default="auto"),
]
AsciiOption = Annotated[bool, typer.Option("--ascii", help="Draw with ASCII characters alone.")]


def graph(
    expression: options.ExpressionArgument = None,
    file: options.FileOption = None,
    at: options.AtOption = None,
    data: options.DataOption = None,
    columns: options.ColumnsOption = None,
    decimal: options.DecimalOption = None,
    thousands: options.ThousandsOption = None,
    missing: options.MissingOption = None,
    wrt: options.WrtOption = None,
    cotangent: options.CotangentOption = None,
    output: DestinationOption = None,
    style: StyleOption = Style.both,
    saved: SavedOption = False,
    collapse: CollapseOption = False,
    depth: DepthOption = None,
    theme: ThemeOption = None,
    ascii: AsciiOption = False,  # the option's name
    full: options.FullOption = False,
    json: options.JsonOption = False,
    terse: options.TerseOption = False,
    precision: options.PrecisionOption = 4,
    color: options.ColorOption = options.Color.auto,
    lang: options.LangOption = None,
) -> int:
    """The computation graph, as text or as a picture."""
    from diffcli.analysis.drawing.graph_report import graph_report
    from diffcli.analysis.values import read_bindings
    from diffcli.cli.drawing import check_together, picture
    from diffcli.cli.expression import problem
    from diffcli.cli.output import Output, checked, emit, legible
    from diffcli.errors import fault
    from diffcli.render.picture_formats import Manner
    from diffcli.source import Source

    shown = checked(Output(json, terse, precision, color, full))
    torch, forward, language = style is Style.torch, style is Style.forward, options.language(lang)
    check_together(
        (collapse, depth is not None, "--collapse", f"--depth {depth}", "--collapse is --depth 0"),
        (torch, collapse, "--style torch", "--collapse", "PyTorch records no groups"),
        (torch, depth is not None, "--style torch", f"--depth {depth}", "PyTorch records no groups"),
        (
            torch or forward,
            bool(cotangent),
            f"--style {style}",
            "--cotangent",
            "it shows no gradients: no weights are needed for an array",
        ),
        (forward, bool(wrt), "--style forward", "--wrt", "it shows values alone"),
        (
            saved,
            not torch,
            "--saved",
            f"--style {style}",
            "only PyTorch's graph has saved tensors: --style torch --saved",
        ),
        (output is not None, ascii, f"-o {output}", "--ascii", "--ascii is for the terminal"),
        (
            output is not None,
            full,
            f"-o {output}",
            "--full",
            "--full is for the terminal; a picture's boxes show the ends of long arrays, .json has all",
        ),
    )
    if theme is not None and output is None:
        source = Source(f"--theme {theme}", "command line")
        raise fault(
            "E402",
            "a theme is that of a picture in a file",
            source,
            source.whole,
            hint="-o graph.svg; the terminal has its own colours",
        )
    nesting = 0 if collapse else options.depth(depth)
    wanted = (
        picture(output, Manner(_SWEEPS[style], _THEMES[theme], precision, language.value), torch, shown)
        if output is not None
        else None
    )
    stated = problem(expression, file, at, wrt, data, columns, (decimal, thousands, missing))
    weights = read_bindings(Source(text, "--cotangent") for text in cotangent or ())
    if torch:
        from diffcli.analysis.drawing.torch_graph import torch_report

        recorded = torch_report(stated, saved)
        return wanted.write(recorded) if wanted else emit(recorded, shown, legible(language, shown, ascii), ascii=ascii)
    drawing = graph_report(stated, weights, not forward, nesting)
    return (
        wanted.write(drawing)
        if wanted
        else emit(drawing, shown, legible(language, shown, ascii), ascii=ascii, sweeps=_SWEEPS[style])
    )
