"""`diffcli functions`."""

from typing import Annotated

import typer

from diffcli.cli import options


def functions(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="NAME", help="A function, operator, optimizer or schedule to show in detail.", show_default=False
        ),
    ] = None,
    json: options.JsonOption = False,
    terse: options.TerseOption = False,
    color: options.ColorOption = options.Color.auto,
) -> int:
    """The language's functions and their derivatives."""
    from diffcli.analysis.catalogue import catalogue
    from diffcli.cli.output import Output, checked, emit

    output = checked(Output(json, terse, color=color))
    return emit(catalogue(name), output)
