"""`diffcli diff`."""

from diffcli.cli import options


def diff(
    expression: options.ExpressionArgument = None,
    file: options.FileOption = None,
    at: options.AtOption = None,
    wrt: options.WrtOption = None,
    order: options.OrderOption = 1,
    form: options.FormOption = None,
    indices: options.IndicesOption = False,
    full: options.FullOption = False,
    json: options.JsonOption = False,
    terse: options.TerseOption = False,
    precision: options.PrecisionOption = 6,
    color: options.ColorOption = options.Color.auto,
    timeout: options.TimeoutOption = None,
) -> int:
    """The symbolic derivative as a formula, or as a program that computes it.

    Values are optional; they tell which variables are vectors.
    """
    from diffcli.analysis.derivative import derivative_report
    from diffcli.cli.expression import problem
    from diffcli.cli.output import Output, checked, emit

    output = checked(Output(json, terse, precision, color, full))
    stated = problem(expression, file, at, wrt, complete=False)
    report = derivative_report(stated, options.positive(timeout, 10.0), form.value if form else None, indices, order)
    if report.code is not None and not output.json:
        print(report.code, end="")
        return int(report.exit_code)
    return emit(report, "diff", output)
