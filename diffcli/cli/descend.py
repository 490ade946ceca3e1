"""`diffcli descend` and `diffcli ascend`: one command in two directions."""

import os
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from diffcli.cli import options
from diffcli.errors import fault
from diffcli.render.writing import remark
from diffcli.source import Source

if TYPE_CHECKING:
    from diffcli.analysis.descent.settings import Settings
    from diffcli.analysis.problem import Problem

OptimizerOption = Annotated[
    str,
    typer.Option(
        "--optimizer",
        metavar="NAMES",
        help="gd, momentum, nesterov, adagrad, rmsprop, adam, adamw, lbfgs, newton; several between commas.",
    ),
]
RateOption = Annotated[
    str | None,
    typer.Option(
        "--lr",
        metavar="RATES",
        help="The learning rate: how far a step goes; auto fits it; several between commas.",
        show_default="0.1; adam 0.001",
    ),
]
SetOption = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="NAME=VALUE",
        help="A hyperparameter of optimizer or schedule, as in momentum=0.9. Repeatable.",
        show_default=False,
    ),
]
ScheduleOption = Annotated[
    str,
    typer.Option(
        "--schedule",
        metavar="NAME",
        help="constant, step, exponential, cosine, inverse-time; warmup+cosine begins with a warm-up.",
    ),
]
ClipOption = Annotated[
    float | None,
    typer.Option(
        "--clip-norm", metavar="NORM", help="Scale a gradient whose norm is larger down to this.", show_default=False
    ),
]
StepsOption = Annotated[
    int | None, typer.Option("--steps", metavar="N", help="The most steps to take.", show_default="1000")
]
BatchOption = Annotated[
    int | None, typer.Option("--batch-size", metavar="N", help="Rows of the data that a step sees.", show_default="all")
]
EpochsOption = Annotated[
    int | None,
    typer.Option(
        "--epochs", metavar="N", help="How often to go through the data, in place of --steps.", show_default=False
    ),
]
ShuffleOption = Annotated[
    bool, typer.Option("--shuffle/--no-shuffle", help="Take the rows in another order in each epoch.")
]
SeedOption = Annotated[
    int, typer.Option("--seed", metavar="N", help="Where the random orders of --shuffle and --holdout come from.")
]
HoldoutOption = Annotated[
    float,
    typer.Option(
        "--holdout",
        metavar="PART",
        help="The part of the rows not to train on, as 0.2; their loss is reported.",
        show_default=False,
    ),
]
ToleranceOption = Annotated[
    float, typer.Option("--tol", metavar="NORM", help="Stop when the gradient's norm is at most this.")
]
SecondsOption = Annotated[
    float | None,
    typer.Option(
        "--max-seconds", "--timeout", metavar="SECONDS", help="The time limit of each run.", show_default=False
    ),
]
SaveOption = Annotated[
    str | None,
    typer.Option(
        "--save", metavar="FILE", help="Save the run to a file, from which --resume goes on.", show_default=False
    ),
]
SaveEveryOption = Annotated[
    float | None,
    typer.Option(
        "--save-every", metavar="SECONDS", help="How often --save does so; 0 at every step.", show_default="5.0"
    ),
]
ResumeOption = Annotated[
    str | None,
    typer.Option(
        "--resume",
        metavar="FILE",
        help="Go on with a saved run; the rest of the command is the same as then.",
        show_default=False,
    ),
]
ForceOption = Annotated[
    bool, typer.Option("--force", help="Let --save replace the saved run of another problem, or of more steps.")
]
JsonLinesOption = Annotated[bool, typer.Option("--jsonl", help="Print each point as a line of JSON, at once.")]
CsvOption = Annotated[bool, typer.Option("--csv", help="Print each point as a row of a table, at once.")]
AsAtOption = Annotated[
    bool, typer.Option("--as-at", help="Print the final values as options --at for another command.")
]

EveryOption = Annotated[
    int | None, typer.Option("--every", metavar="N", help="Show every N-th point of the path.", show_default="some")
]
ChartOption = Annotated[bool, typer.Option("--chart/--no-chart", help="Draw the values in characters.")]
PlotOption = Annotated[
    str | None,
    typer.Option(
        "--plot", metavar="FILE", help="Draw values, gradients and the path: .png, .svg or .pdf.", show_default=False
    ),
]
AnimateOption = Annotated[
    str | None,
    typer.Option(
        "--animate",
        metavar="FILE",
        help="Draw the path of one number or two as it grows: .gif or .html.",
        show_default=False,
    ),
]


def _walk(maximize: bool, summary: str) -> Callable[..., int]:
    def command(
        expression: options.ExpressionArgument = None,
        file: options.FileOption = None,
        at: options.AtOption = None,
        data: options.DataOption = None,
        columns: options.ColumnsOption = None,
        decimal: options.DecimalOption = None,
        thousands: options.ThousandsOption = None,
        missing: options.MissingOption = None,
        wrt: options.WrtOption = None,
        optimizer: OptimizerOption = "gd",
        lr: RateOption = None,
        set_: SetOption = None,
        schedule: ScheduleOption = "constant",
        clip_norm: ClipOption = None,
        steps: StepsOption = None,
        batch_size: BatchOption = None,
        epochs: EpochsOption = None,
        shuffle: ShuffleOption = False,
        seed: SeedOption = 0,
        holdout: HoldoutOption = 0.0,
        tol: ToleranceOption = 1e-6,
        max_seconds: SecondsOption = None,
        save: SaveOption = None,
        save_every: SaveEveryOption = None,
        resume: ResumeOption = None,
        force: ForceOption = False,
        strict: options.StrictOption = False,
        every: EveryOption = None,
        chart: ChartOption = True,
        plot: PlotOption = None,
        animate: AnimateOption = None,
        full: options.FullOption = False,
        json: options.JsonOption = False,
        jsonl: JsonLinesOption = False,
        csv: CsvOption = False,
        terse: options.TerseOption = False,
        labels: options.LabelsOption = False,
        as_at: AsAtOption = False,
        precision: options.PrecisionOption = 6,
        color: options.ColorOption = options.Color.auto,
    ) -> int:
        from dataclasses import replace

        from diffcli.analysis.descent.data_split import limited
        from diffcli.analysis.descent.descent_report import descent_report, descent_runs
        from diffcli.analysis.descent.kept_points import ALL, ENDS, SOME
        from diffcli.analysis.descent.planning import plans
        from diffcli.analysis.descent.preparation import Preparation
        from diffcli.analysis.descent.settings import Settings
        from diffcli.cli.expression import problem
        from diffcli.cli.live import live
        from diffcli.cli.output import Output, checked, emit
        from diffcli.cli.pictures import pictures
        from diffcli.cli.saving import Saver, resumed
        from diffcli.cli.signals import Interruption
        from diffcli.cli.streaming import streamed

        output = checked(Output(json, terse, precision, color, full, jsonl=jsonl, csv=csv, as_at=as_at, labels=labels))
        stated = problem(
            expression,
            file,
            at,
            wrt,
            data,
            columns,
            (decimal, thousands, missing),
            tutorial=not maximize and resume is None,
        )
        whole = Settings(clip_norm=clip_norm, tol=tol, maximize=maximize, strict=strict, max_seconds=max_seconds)
        rows = replace(whole, batch_size=batch_size, epochs=epochs, shuffle=shuffle, seed=seed, holdout=holdout)
        limits = limited(stated, rows, steps)
        prepared = Preparation(stated, limits)
        runs = plans(stated, limits, optimizer, lr, schedule, set_ or (), prepared)
        files = pictures(stated, plot, animate)
        _check_apart(save, plot or animate)
        if every is not None and every < 1:
            number = Source(str(every), "--every")
            raise fault(
                "E403",
                "the points shown must be at least one step apart",
                number,
                number.whole,
                hint="1 shows all of them",
            )
        drawn = plot is not None or animate is not None
        keeping = (
            ALL
            if json or (full and output.human)
            else ENDS
            if output.asked and not drawn
            else SOME._replace(every=every)
        )
        _warn(stated)
        if len(runs) > 1:
            _check_single(runs, {"--save": save, "--resume": resume, "--as-at": as_at, "--every": every is not None})
            with Interruption() as interruption, live(output, runs, streamed(output, stated, runs)) as seen:
                compared = descent_runs(
                    stated, runs, watch=seen, stopped=interruption.asked, keeping=keeping, prepared=prepared
                )
            with files.after(compared.runs):
                return interruption.exit_code(emit(compared, output, chart=chart))
        begun = resumed(resume, stated, runs[0])
        watch = streamed(output, stated, runs)
        saver = Saver(save, save_every, stated, runs[0], resume, force)
        with Interruption() as interruption, saver, live(output, runs, watch) as seen:
            each = seen and partial(seen, 0)
            report = descent_report(
                stated,
                runs[0],
                checkpoint=begun,
                watch=each,
                keep=saver.keep,
                stopped=interruption.asked,
                keeping=keeping,
                prepared=prepared,
            )
        with files.after([report]):
            return saver.exit_code(interruption.exit_code(emit(report, output, every=every, chart=chart)))

    command.__doc__ = summary
    return command


descend = _walk(False, "Gradient descent: follow the negative gradient to lower values.")
ascend = _walk(True, "Gradient ascent: follow the gradient to higher values.")


def _warn(stated: "Problem") -> None:
    """Say on standard error what in the data will be in the way."""
    if stated.columns:
        from diffcli.analysis.data.quality import warnings

        for warning in warnings({name: stated.values[name] for name in stated.columns}):
            remark(f"warning: {warning}")


def _check_apart(save: str | None, picture: str | None) -> None:
    """Raise DiffcliError where the saved run and a picture would be one file."""
    if save is not None and picture is not None and os.path.realpath(save) == os.path.realpath(picture):
        file = Source(save, "--save")
        raise fault(
            "E402",
            f"'{save}' is the picture's file too",
            file,
            file.whole,
            hint="give the saved run a name of its own, as in run.json",
        )


def _check_single(runs: "Sequence[Settings]", given: Mapping[str, str | bool | None]) -> None:
    """Raise DiffcliError where an option about one run is given with several."""
    for option, value in given.items():
        if value:
            line = Source(option, "command line")
            hint = "give one optimizer and one learning rate"
            raise fault("E402", f"{option} is about one run, and these are {len(runs)}", line, line.whole, hint=hint)
