"""`diffcli descend` and `diffcli ascend`: one command in two directions."""

import signal
from collections.abc import Callable
from typing import Annotated, Any

import typer

from diffcli.cli import options

RateOption = Annotated[float, typer.Option("--lr", metavar="RATE", help="The learning rate: how far a step goes along the gradient.")]
StepsOption = Annotated[int, typer.Option("--steps", metavar="N", help="The most steps to take.")]
ToleranceOption = Annotated[float, typer.Option("--tol", metavar="NORM", help="Stop when the gradient's norm is at most this.")]


def _walk(maximize: bool, summary: str) -> Callable[..., int]:
    def command(
        expression: options.ExpressionArgument = None,
        file: options.FileOption = None,
        at: options.AtOption = None,
        wrt: options.WrtOption = None,
        lr: RateOption = 0.1,
        steps: StepsOption = 1000,
        tol: ToleranceOption = 1e-6,
        strict: options.StrictOption = False,
        full: options.FullOption = False,
        json: options.JsonOption = False,
        terse: options.TerseOption = False,
        precision: options.PrecisionOption = 6,
        color: options.ColorOption = options.Color.auto,
        timeout: options.TimeoutOption = None,
    ) -> int:
        from diffcli.analysis.descent import descent_report
        from diffcli.cli.expression import problem
        from diffcli.cli.output import Output, checked, emit

        output = checked(Output(json, terse, precision, color, full))
        stated = problem(expression, file, at, wrt, tutorial=not maximize)
        seconds = None if timeout is None else options.positive(timeout, timeout)
        report = descent_report(stated, lr, steps, tol, maximize, seconds, _Interrupt().asked, strict)
        return emit(report, "descend", output)

    command.__doc__ = summary
    return command


descend = _walk(False, "Gradient descent: follow the negative gradient to lower values.")
ascend = _walk(True, "Gradient ascent: follow the gradient to higher values.")


class _Interrupt:
    """Turns the first Ctrl-C into a question that the run asks after each step."""

    def __init__(self) -> None:
        self._asked = False
        signal.signal(signal.SIGINT, self._ask)

    def asked(self) -> bool:
        """Whether Ctrl-C was pressed."""
        return self._asked

    def _ask(self, *_: Any) -> None:
        self._asked = True
        signal.signal(signal.SIGINT, signal.default_int_handler)  # a second one ends at once
