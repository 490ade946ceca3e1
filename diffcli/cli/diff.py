"""`diffcli diff`."""

from functools import partial
from typing import Annotated

import typer

from diffcli.cli import options
from diffcli.errors import fault
from diffcli.source import Source

StepsOption = Annotated[bool, typer.Option("--steps", help="The derivation as in a textbook, one rule a line.")]
BlankOption = Annotated[
    bool, typer.Option("--blank", help="The derivation with its right-hand sides left open: a worksheet.")
]


def diff(
    expression: options.ExpressionArgument = None,
    file: options.FileOption = None,
    at: options.AtOption = None,
    data: options.DataOption = None,
    columns: options.ColumnsOption = None,
    decimal: options.DecimalOption = None,
    thousands: options.ThousandsOption = None,
    missing: options.MissingOption = None,
    wrt: options.WrtOption = None,
    order: options.OrderOption = 1,
    form: options.FormOption = None,
    indices: options.IndicesOption = False,
    steps: StepsOption = False,
    blank: BlankOption = False,
    full: options.FullOption = False,
    json: options.JsonOption = False,
    terse: options.TerseOption = False,
    labels: options.LabelsOption = False,
    precision: options.PrecisionOption = 6,
    color: options.ColorOption = options.Color.auto,
    timeout: options.TimeoutOption = None,
) -> int:
    """The symbolic derivative: a formula, its steps, or a program.

    Values are optional; they tell which variables are vectors.
    """
    from diffcli.analysis.precision import in_time, time_limit
    from diffcli.analysis.symbolic_derivative import derivative_report
    from diffcli.cli.expression import problem
    from diffcli.cli.output import Output, checked, emit

    output = checked(Output(json, terse, precision, color, full, labels=labels))
    seconds = time_limit(timeout, 10.0)
    stated = problem(expression, file, at, wrt, data, columns, (decimal, thousands, missing), complete=False)
    if steps or blank:
        from diffcli.analysis.derivation.derivation_report import derivation_report

        check_steps("--steps" if steps else "--blank", form.value if form else None, order)
        derive = partial(derivation_report, seconds=seconds, form=form and form.value, by_index=indices, blank=blank)
        return emit(derive(stated) if timeout is None else in_time(stated, seconds, derive), output)
    differentiate = partial(derivative_report, seconds=seconds, form=form and form.value, by_index=indices, order=order)
    return emit(differentiate(stated) if timeout is None else in_time(stated, seconds, differentiate), output)


def check_steps(option: str, form: str | None, order: int) -> None:
    """Raise DiffcliError for what a derivation cannot be: a program, or of a higher order."""
    for given, usual, hint in (
        (f"--as {form}", form in (None, "plain"), "leave --as out: the lines are plain text"),
        (
            f"--order {order}",
            order == 1,
            "derive the result once more: d(f, x) in the expression is the first derivative",
        ),
    ):
        if not usual:
            line = Source(f"{option} {given}", "command line")
            raise fault("E402", f"{option} does not go with {given}", line, line.whole, hint=hint)
