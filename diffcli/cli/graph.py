"""`diffcli graph`."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from diffcli.cli import options

if TYPE_CHECKING:
    from diffcli.cli.drawing import Picture
    from diffcli.cli.output import Output
    from diffcli.render.drawing.boxes import Sweeps
    from diffcli.render.drawing.look import Theme as Colours


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


_SWEEPS: "dict[Style, Sweeps]" = {Style.forward: "forward", Style.backward: "backward", Style.both: "both", Style.torch: "both"}
_THEMES: "dict[Theme | None, Colours]" = {None: "auto", Theme.auto: "auto", Theme.light: "light", Theme.dark: "dark"}

DestinationOption = Annotated[
    str | None,
    typer.Option("-o", "--output", metavar="FILE", help="Write a picture: .svg, .png, .pdf, .html, .dot, .mmd, .tex, .json.", show_default=False),
]
StyleOption = Annotated[Style, typer.Option("--style", help="What to show: values, gradients, both; or the graph that PyTorch records.")]
SavedOption = Annotated[bool, typer.Option("--saved", help="With --style torch: also the tensors that PyTorch saves.")]
CollapseOption = Annotated[bool, typer.Option("--collapse", help="Fold every named intermediate and every call into one node.")]
DepthOption = Annotated[int | None, typer.Option("--depth", metavar="N", help="Fold what is nested more than N deep.", show_default="no limit")]
ThemeOption = Annotated[Theme | None, typer.Option("--theme", help="The colours of a picture; auto follows its reader's.", show_default="auto")]
AsciiOption = Annotated[bool, typer.Option("--ascii", help="Draw with ASCII characters alone.")]


def graph(
    expression: options.ExpressionArgument = None,
    file: options.FileOption = None,
    at: options.AtOption = None,
    data: options.DataOption = None,
    columns: options.ColumnsOption = None,
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
    from diffcli.analysis.drawing.report import graph_report
    from diffcli.analysis.values import read_bindings
    from diffcli.cli.expression import problem
    from diffcli.cli.output import Output, checked, emit, legible
    from diffcli.source import Source

    shown = checked(Output(json, terse, precision, color, full))
    language = options.language(lang)
    nesting = _nesting(collapse, depth, style)
    picture = _picture(output, style, saved, theme, shown, language)
    stated = problem(expression, file, at, wrt, data, columns)
    weights = read_bindings(Source(text, "--cotangent") for text in cotangent or ())
    drawing = graph_report(stated, weights, style is not Style.forward, nesting)
    if style is Style.torch:
        from diffcli.analysis.drawing.torch_graph import torch_graph

        recorded = torch_graph(drawing.trace, drawing.wrt, saved)
        return picture.write(recorded) if picture else emit(recorded, "torch_graph", shown, ascii=ascii)
    if picture:
        return picture.write(drawing)
    return emit(drawing, "graph", shown, ascii=ascii, style=style.value, language=legible(language, shown))


def _nesting(collapse: bool, depth: int | None, style: Style) -> int | None:
    """How deep groups may be nested before they are folded; None for any depth."""
    from diffcli.cli.drawing import excluded
    from diffcli.errors import fault
    from diffcli.source import Source

    if collapse and depth is not None:
        raise excluded("--collapse", f"--depth {depth}", "--collapse is --depth 0")
    if style is Style.torch and (collapse or depth is not None):
        raise excluded("--style torch", "--collapse" if collapse else f"--depth {depth}", "PyTorch records no groups")
    if depth is not None and depth < 0:
        source = Source(str(depth), "--depth")
        raise fault("E403", "the depth must be 0 or more", source, source.whole, hint="--depth 0 folds every group, as --collapse does")
    return 0 if collapse else depth


def _picture(output: str | None, style: Style, saved: bool, theme: Theme | None, shown: "Output", language: options.Lang) -> "Picture | None":
    """The picture asked for, if one is; options that would have no effect are refused."""
    from diffcli.cli.drawing import picture
    from diffcli.errors import fault
    from diffcli.render.drawing.formats import Manner
    from diffcli.source import Source

    if saved and style is not Style.torch:
        source = Source("--saved", "command line")
        raise fault("E402", "only PyTorch's graph has saved tensors", source, source.whole, hint="--style torch --saved")
    if output is None:
        if theme is not None:
            source = Source(f"--theme {theme}", "command line")
            raise fault("E402", "a theme is that of a picture in a file", source, source.whole, hint="-o graph.svg; the terminal has its own colours")
        return None
    manner = Manner(_SWEEPS[style], _THEMES[theme], shown.precision, language.value)
    return picture(output, manner, style is Style.torch, shown)
