"""`diffcli descend` and `diffcli ascend`: one command in two directions."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Annotated

from diffcli.cli.declaration import Option, command, group
from diffcli.cli.options import Execution, Strict
from diffcli.cli.output import Stream, emit
from diffcli.cli.problem import Problem
from diffcli.errors import fault, out_of_range
from diffcli.messages import Message
from diffcli.render.writing import remark
from diffcli.source import Source

if TYPE_CHECKING:
    from diffcli.analysis.descent.kept_points import Keeping
    from diffcli.analysis.descent.settings import Settings
    from diffcli.analysis.problem import Problem as Posed
    from diffcli.api.descents import Plan
    from diffcli.cli.pictures import Pictures


@group
class Rule:
    """How steps are made: optimizer, learning rate and schedule; several optimizers and rates are several runs."""

    optimizer: Annotated[
        str,
        Option(
            metavar="NAMES",
            help="gd, momentum, nesterov, adagrad, rmsprop, adam, adamw, lbfgs, newton; several between commas.",
        ),
    ] = "gd"
    lr: Annotated[
        str | None,
        Option(
            "--learning-rate",
            "--lr",
            metavar="RATES",
            help="The learning rate: how far a step goes; auto fits it; several between commas.",
            default="0.1; adam 0.001",
        ),
    ] = None
    hyperparameters: Annotated[
        tuple[str, ...],
        Option(
            "--set",
            metavar="NAME=VALUE",
            help="A hyperparameter of optimizer or schedule, as in momentum=0.9. Repeatable.",
        ),
    ] = ()
    schedule: Annotated[
        str,
        Option(
            metavar="NAME",
            help="constant, step, exponential, cosine, inverse-time; warmup+cosine begins with a warm-up.",
        ),
    ] = "constant"


@group
class Bounds:
    """When a run ends, and what of the data and the gradient a step sees."""

    clip_norm: Annotated[
        float | None, Option(metavar="NORM", help="Scale a gradient whose norm is larger down to this.")
    ] = None
    steps: Annotated[
        int | None, Option("-n", "--steps", metavar="N", help="The most steps to take.", default="1000")
    ] = None
    batch_size: Annotated[int | None, Option(metavar="N", help="Rows of the data that a step sees.", default="all")] = (
        None
    )
    epochs: Annotated[
        int | None, Option(metavar="N", help="How often to go through the data, in place of --steps.")
    ] = None
    shuffle: Annotated[bool, Option("--shuffle/--no-shuffle", help="Take the rows in another order in each epoch.")] = (
        False
    )
    seed: Annotated[int, Option(metavar="N", help="Where the random orders of --shuffle and --holdout come from.")] = 0
    holdout: Annotated[
        float, Option(metavar="PART", help="The part of the rows not to train on, as 0.2; their loss is reported.")
    ] = 0.0
    tol: Annotated[float, Option(metavar="NORM", help="Stop when the gradient's norm is at most this.")] = 1e-6
    timeout: Annotated[
        float | None, Option("--max-seconds", "--timeout", metavar="SECONDS", help="The time limit of each run.")
    ] = None
    strict: Strict = False


@group
class Saving:
    """Files that a run is saved to and goes on from."""

    save: Annotated[str | None, Option(metavar="FILE", help="Save the run to a file, from which --resume goes on.")] = (
        None
    )
    save_every: Annotated[
        float | None, Option(metavar="SECONDS", help="How often --save does so; 0 at every step.", default="5.0")
    ] = None
    resume: Annotated[
        str | None, Option(metavar="FILE", help="Go on with a saved run; the rest of the command is the same as then.")
    ] = None
    force: Annotated[bool, Option(help="Let --save replace the saved run of another problem, or of more steps.")] = (
        False
    )


@group
class View:
    """What is shown of the path."""

    every: Annotated[int | None, Option(metavar="N", help="Show every N-th point of the path.", default="some")] = None
    chart: Annotated[bool, Option("--chart/--no-chart", help="Draw the values in characters.")] = True
    plot: Annotated[
        str | None, Option(metavar="FILE", help="Draw values, gradients and the path: .png, .svg or .pdf.")
    ] = None
    animate: Annotated[
        str | None, Option(metavar="FILE", help="Draw the path of one number or two as it grows: .gif or .html.")
    ] = None

    def __post_init__(self) -> None:
        """Raise DiffcliError for points that are no steps apart."""
        if self.every is not None and self.every < 1:
            message = Message("the points shown must be at least one step apart")
            raise out_of_range("every", self.every, message, Message("1 shows all of them"))


@command
def descend(
    problem: Problem, *, rule: Rule, bounds: Bounds, execution: Execution, saving: Saving, view: View, output: Stream
) -> int:
    """Gradient descent: follow the negative gradient to lower values."""
    return _walk(problem, rule, bounds, execution, saving, view, output, maximize=False)


@command
def ascend(
    problem: Problem, *, rule: Rule, bounds: Bounds, execution: Execution, saving: Saving, view: View, output: Stream
) -> int:
    """Gradient ascent: follow the gradient to higher values."""
    return _walk(problem, rule, bounds, execution, saving, view, output, maximize=True)


def _walk(
    problem: Problem,
    rule: Rule,
    bounds: Bounds,
    execution: Execution,
    saving: Saving,
    view: View,
    output: Stream,
    *,
    maximize: bool,
) -> int:
    from diffcli.api.descents import planned
    from diffcli.api.long_texts import read_in_time, reading_limit
    from diffcli.api.posing import posed
    from diffcli.cli.pictures import pictures

    arguments = problem.arguments(tutorial=not maximize and saving.resume is None) | execution.wanted
    limit = reading_limit(arguments["expression"], bounds.timeout)
    stated = posed(**arguments) if limit is None else read_in_time(limit, posed, **arguments)
    plan = planned(stated, **asdict(rule), **asdict(bounds), maximize=maximize)
    execution.explain(lambda: plan.prepared.choice)
    files = pictures(stated, view.plot, view.animate)
    _check_apart(saving.save, view.plot or view.animate)
    _warn(stated)
    if len(plan.runs) > 1:
        every = {"--as-at": output.as_at, "--every": view.every is not None}
        _check_single(plan.runs, {"--save": saving.save, "--resume": saving.resume, **every})
        return _several(stated, plan, files, view, output)
    return _one(stated, plan, files, saving, view, output)


def _several(stated: "Posed", plan: "Plan", files: "Pictures", view: View, output: Stream) -> int:
    """Runs beside each other."""
    from diffcli.analysis.descent.running import descent_runs
    from diffcli.cli.live import live
    from diffcli.cli.signals import Interruption
    from diffcli.cli.streaming import streamed

    runs = plan.runs
    with Interruption() as interruption, live(output, runs, streamed(output, stated, runs)) as seen:
        compared = descent_runs(
            stated,
            runs,
            watch=seen,
            stopped=interruption.asked,
            waiting=interruption.waiting,
            keeping=_keeping(view, output),
            prepared=plan.prepared,
        )
    with files.after(compared.runs):
        return interruption.exit_code(emit(compared, output, chart=view.chart))


def _one(stated: "Posed", plan: "Plan", files: "Pictures", saving: Saving, view: View, output: Stream) -> int:
    """A run, which may be saved and gone on with."""
    from diffcli.analysis.descent.running import descent_report
    from diffcli.cli.live import live
    from diffcli.cli.saving import Saver, resumed
    from diffcli.cli.signals import Interruption
    from diffcli.cli.streaming import streamed

    [run] = plan.runs
    begun = resumed(saving.resume, stated, run)
    saver = Saver(saving.save, saving.save_every, stated, run, saving.resume, saving.force)
    with Interruption() as interruption, saver, live(output, [run], streamed(output, stated, [run])) as seen:
        report = descent_report(
            stated,
            run,
            checkpoint=begun,
            watch=seen and partial(seen, 0),
            keep=None if saving.save is None else saver.keep,
            stopped=interruption.asked,
            waiting=interruption.waiting,
            keeping=_keeping(view, output),
            prepared=plan.prepared,
        )
    with files.after([report]):
        shown = emit(report, output, every=view.every, chart=view.chart)
        return saver.exit_code(interruption.exit_code(shown))


def _keeping(view: View, output: Stream) -> "Keeping":
    """The points that are kept: as many as what is shown has."""
    from diffcli.analysis.descent.kept_points import ALL, ENDS, SOME

    if output.json or (output.full and output.human):
        return ALL
    drawn = view.plot is not None or view.animate is not None
    return ENDS if output.asked and not drawn else SOME._replace(every=view.every)


def _warn(stated: "Posed") -> None:
    """Say on standard error what in the data will be in the way."""
    if stated.columns:
        from diffcli.analysis.data.quality import warnings

        for warning in warnings({name: stated.values[name] for name in stated.columns}):
            remark(Message("warning: {warning}", warning=warning))


def _check_apart(save: str | None, picture: str | None) -> None:
    """Raise DiffcliError where the saved run and a picture would be one file."""
    if save is not None and picture is not None and os.path.realpath(save) == os.path.realpath(picture):
        file = Source(save, "--save")
        hint = Message("give the saved run a name of its own, as in run.json")
        raise fault("E402", Message("'{file}' is the picture's file too", file=save), file, hint=hint)


def _check_single(runs: "Sequence[Settings]", given: Mapping[str, str | bool | None]) -> None:
    """Raise DiffcliError where an option about one run is given with several."""
    for option, value in given.items():
        if value:
            message = Message("{option} is about one run, and these are {count}", option=option, count=len(runs))
            hint = Message("give one optimizer and one learning rate")
            raise fault("E402", message, Source(option, Message("command line")), hint=hint)
