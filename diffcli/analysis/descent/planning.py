"""Settings of runs out of what the user gives: lists of optimizers and learning rates, a schedule, hyperparameters.

Checked before anything is computed.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple, TypeVar

from diffcli.analysis.descent.hyperparameters import Choice, Given, check_known, chosen, read_given
from diffcli.analysis.descent.optimizers import OPTIMIZERS, Optimizer
from diffcli.analysis.descent.preparation import Preparation
from diffcli.analysis.descent.schedules import SCHEDULES, Schedule
from diffcli.analysis.descent.settings import Settings
from diffcli.analysis.descent.spectrum import automatic_rate
from diffcli.analysis.numerals import plainly
from diffcli.analysis.problem import Problem
from diffcli.errors import did_you_mean, fault, out_of_range
from diffcli.messages import Argument, Blank, Faced, Joined, Message
from diffcli.source import Source, Span

_Row = TypeVar("_Row", Optimizer, Schedule)
#: Stands for the rate of `--lr auto`; no rate is negative.
_AUTO = -1.0


class _Word(NamedTuple):
    """An element of a list between commas, in its place."""

    text: str
    source: Source
    span: Span


def plans(
    problem: Problem,
    settings: Settings,
    optimizer: str = "gd",
    lr: str | float | None = None,
    schedule: str = "constant",
    given: Sequence[str] | Mapping[str, Any] = (),
    prepared: Preparation | None = None,
) -> tuple[Settings, ...]:
    """The settings of each run: every optimizer of a list with every learning rate of a list.

    `settings` has all but optimizer, rate and schedule. `lr` None stands for each optimizer's own. `given` are values
    of hyperparameters, as words NAME=VALUE or by name; each applies wherever there is such a hyperparameter. `prepared`
    is what the runs are made of. Raises DiffcliError for whatever is wrong with any of it.
    """
    _check_limits(settings)
    if not problem.wrt:
        hint = Message("write one in the expression, as in 'x^2' {at}", at=Argument("at", {"x": 3}))
        raise fault("E402", Message("no variable is left to change"), problem.source, hint=hint)
    words = None if lr is None else _words(lr if isinstance(lr, str) else repr(float(lr)), "lr")
    rates = (
        None
        if words is None
        else [_AUTO if word.text.casefold() == "auto" else _rate(word, settings.maximize) for word in words]
    )
    listed = [
        _row(OPTIMIZERS, word, Message("there is no optimizer '{name}'", name=word.text[:40]))
        for word in _words(optimizer, "optimizer")
    ]
    rules = {rule.name: rule for rule in listed}
    found = read_given(given)
    stages = _stages(schedule, found, settings.steps)
    every = {name: rule.hyperparameters for name, rule in OPTIMIZERS.items()} | {
        name: row.hyperparameters for name, row in SCHEDULES.items()
    }
    tables = {name: every[name] for name in (*rules, *(stage.name for stage in stages))}
    check_known(found, tables, {name: table for name, table in every.items() if name not in tables})
    if all(rule.method for rule in rules.values()):
        _check_searching(
            next(iter(rules)),
            {"lr": lr, "schedule": schedule if stages else None, "clip_norm": settings.clip_norm},
        )
    prepared = prepared or Preparation(problem, settings)
    runs: list[Settings] = []
    for rule in rules.values():
        plan = replace(settings, optimizer=chosen(rule.name, rule.hyperparameters, found))
        if rule.method:
            _check_whole(plan)
            runs.append(replace(plan, lr=None, clip_norm=None))
        else:
            runs += [
                _at_rate(prepared, replace(plan, schedule=stages), rule.lr, rate)
                for rate in ([rule.lr] if rates is None else rates)
            ]
    return tuple(runs)


def plan(
    problem: Problem,
    settings: Settings,
    optimizer: str,
    lr: str | float | None,
    schedule: str,
    given: Sequence[str] | Mapping[str, Any],
    prepared: Preparation | None = None,
) -> Settings:
    """The settings of the only run. Raises DiffcliError where there are several."""
    found = plans(problem, settings, optimizer, lr, schedule, given, prepared)
    if len(found) > 1:
        name, text = ("optimizer", optimizer) if "," in optimizer else ("lr", str(lr))
        several = iter(_words(text, name))
        _, word = next(several), next(several)
        message = Message("one run takes one optimizer and one learning rate")
        raise fault("E402", message, word.source, word.span, hint=Message("start a run for each"))
    return found[0]


def _words(text: str, option: str, mark: str = ",") -> list[_Word]:
    return list(_split(Source(text, Argument(option)), mark))


def _split(source: Source, mark: str) -> Iterator[_Word]:
    start = 0
    for part in source.text.split(mark):
        left = start + len(part) - len(part.lstrip())
        yield _Word(part.strip(), source, Span(left, left + len(part.strip())))
        start += len(part) + len(mark)


def _at_rate(prepared: Preparation, plan: Settings, default: float | None, rate: float | None) -> Settings:
    """The run with a rate: for plain descent the one that the curvature suggests, else the optimizer's own."""
    if rate != _AUTO:
        return replace(plan, lr=rate)
    found = automatic_rate(prepared.objective) if plan.optimizer.name == "gd" else None
    return replace(plan, lr=default if found is None else found, automatic=found is not None)


def _rate(word: _Word, maximize: bool) -> float:
    """A learning rate. Raises DiffcliError for a word that is none."""
    try:
        rate = float(word.text)
    except ValueError:
        hint: str = Faced(
            Message(
                "{lr} takes numbers above 0, or auto, several between commas: {several}",
                lr=Argument("lr"),
                several=Argument("lr", (0.01, 0.1)),
            ),
            Message('{lr} takes a number above 0, or "auto"', lr=Argument("lr")),
        )
        if meant := plainly(word.text):
            hint = Message("write {lr}", lr=Argument("lr", Blank(meant)))
        raise fault(
            "E402", Message("'{text}' is not a learning rate", text=word.text[:40]), word.source, word.span, hint=hint
        ) from None
    if not 0 < rate < math.inf:
        other = Message("to go down instead, use descend") if maximize else Message("to climb instead, use ascend")
        meant = plainly(word.source.text)  # 0,1
        hint = other if rate < 0 else Message("a usual one is 0.1")
        if rate >= 0 and meant and float(meant) > 0:
            hint = Message("write {lr}", lr=Argument("lr", Blank(meant)))
        raise fault("E403", Message("the learning rate must be a number above 0"), word.source, word.span, hint=hint)
    return rate


def _row(table: Mapping[str, _Row], word: _Word, unknown: str) -> _Row:
    """The row of a table that a word names, in any case. Raises DiffcliError if there is none."""
    names = {name.casefold(): row for name, row in table.items()}
    names |= {alias.casefold(): row for row in table.values() for alias in row.aliases}
    row = names.get(word.text.casefold())
    if row is None:
        hint = did_you_mean(word.text, table) or Message("there are {names}", names=Joined(table))
        raise fault("E402", unknown, word.source, word.span, hint=hint)
    return row


def _stages(text: str, given: Sequence[Given], steps: int) -> tuple[Choice, ...]:
    """The schedule, or a warm-up and the schedule after it. Raises DiffcliError for another combination."""
    words = _words(text, "schedule", "+")
    rows = [
        (_row(SCHEDULES, word, Message("there is no schedule '{name}'", name=word.text[:40])), word) for word in words
    ]
    for position, (row, word) in enumerate(rows):
        if position and (position > 1 or rows[0][0].name != "warmup" or row.name == "warmup"):
            hint = Message(
                "a warm-up may precede one other schedule: {schedule}", schedule=Argument("schedule", "warmup+cosine")
            )
            message = Message("'{name}' cannot follow '{other}'", name=row.name, other=rows[position - 1][0].name)
            raise fault("E402", message, word.source, word.span, hint=hint)
    found: list[Choice] = []
    for row, _ in rows:
        table = dict(row.hyperparameters)
        if "T_max" in table:  # by default the least rate comes at the end of the run
            begin = found[0].values["total_iters"] if found else 0
            table["T_max"] = table["T_max"]._replace(default=max(1, steps - begin))
        found.append(chosen(row.name, table, given))
    return () if [stage.name for stage in found] == ["constant"] else tuple(found)


def _check_limits(settings: Settings) -> None:
    steps, tolerance, clip, seconds = settings.steps, settings.tol, settings.clip_norm, settings.max_seconds
    if steps < 0:
        message = Message("the number of steps must not be negative")
        raise out_of_range("steps", steps, message, Message("0 steps evaluate the starting point"))
    if not 0 <= tolerance < math.inf:
        message = Message("the tolerance must be a number, 0 or more")
        raise out_of_range("tol", tolerance, message, Message("a usual one is 1e-6"))
    if clip is not None and not 0 < clip < math.inf:
        message = Message("the largest gradient norm must be a number above 0")
        raise out_of_range("clip_norm", clip, message, Message("a usual one is 1; leave it out to clip nothing"))
    if seconds is not None and not 0 < seconds < math.inf:
        message = Message("the time limit must be a number of seconds above 0")
        raise out_of_range("timeout", seconds, message, Message("leave it out for no limit"))


def _check_searching(optimizer: str, options: Mapping[str, Any]) -> None:
    """Raise DiffcliError where a rate is given and the optimizer finds each step's length by itself."""
    for name, value in options.items():
        if value is not None:
            source, option = Source(str(value), Argument(name)), Argument(name)
            hint = Message("it finds the length of each step by itself; leave {option} out", option=option)
            message = Message("'{optimizer}' takes no {option}", optimizer=optimizer, option=option)
            raise fault("E402", message, source, hint=hint)


def _check_whole(settings: Settings) -> None:
    """Raise DiffcliError where batches are asked for and the optimizer compares values of one function."""
    if settings.batch_size is not None:
        source = Source(str(settings.batch_size), Argument("batch_size"))
        hint = Message(
            "it compares values of one function; leave {batch_size} out, or take another optimizer",
            batch_size=Argument("batch_size"),
        )
        raise fault("E402", Message("'{name}' takes no batches", name=settings.optimizer.name), source, hint=hint)
