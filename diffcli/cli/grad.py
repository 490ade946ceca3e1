"""`diffcli grad`."""

import sys
from typing import Annotated

import typer

from diffcli.cli import options

SymbolicOption = Annotated[bool | None, typer.Option("--symbolic/--no-symbolic", help="Also find the formula and compare.", show_default="in human output")]


def grad(
    expression: options.ExpressionArgument = None,
    file: options.FileOption = None,
    at: options.AtOption = None,
    wrt: options.WrtOption = None,
    symbolic: SymbolicOption = None,
    full: options.FullOption = False,
    json: options.JsonOption = False,
    terse: options.TerseOption = False,
    precision: options.PrecisionOption = 6,
    color: options.ColorOption = options.Color.auto,
    timeout: options.TimeoutOption = None,
) -> int:
    """Value and gradient at every node, each flow, the formula."""
    from diffcli.analysis.gradient import gradient_report
    from diffcli.cli.expression import problem
    from diffcli.cli.output import Output, checked, emit

    output = checked(Output(json, terse, precision, color, full))
    stated = problem(expression, file, at, wrt, tutorial=True)
    wanted = output.human if symbolic is None else symbolic
    report = gradient_report(stated, wanted, options.positive(timeout, 5.0))
    if output.terse:
        for kink in report.kinks:
            print(f"note: {kink.sentence}", file=sys.stderr)
    return emit(report, "grad", output)
