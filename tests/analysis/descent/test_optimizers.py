"""Optimizers, schedules and the settings of runs: formulas, minima, resuming, and what is refused."""

import json
import math
import shlex
import threading
from itertools import islice, pairwise
from typing import Any

import numpy as np
import pytest
from command import answer

import diffcli
from diffcli.analysis.catalogue import RuleRow, catalogue
from diffcli.analysis.descent.hyperparameters import Choice
from diffcli.analysis.descent.objective import Objective
from diffcli.analysis.descent.optimizers import OPTIMIZERS
from diffcli.analysis.descent.planning import plan, plans
from diffcli.analysis.descent.running import descent_report, descent_runs
from diffcli.analysis.descent.schedules import rates
from diffcli.analysis.descent.settings import Settings
from diffcli.analysis.descent.stepping import first_state, walk
from diffcli.analysis.given_values import given_bindings
from diffcli.analysis.problem import Problem, pose
from diffcli.errors import ExitCode
from diffcli.primitives.table import FUNCTION_NAMES
from diffcli.source import Source

pytestmark = pytest.mark.fast

ROSENBROCK = "(1 - x)^2 + 100*(y - x^2)^2"
BEALE = "(1.5 - x + x*y)^2 + (2.25 - x + x*y^2)^2 + (2.625 - x + x*y^3)^2"
HIMMELBLAU = "(x^2 + y - 11)^2 + (x + y^2 - 7)^2"
BOOTH = "(x + 2*y - 7)^2 + (2*x + y - 5)^2"
SCALED = "x^2/2 + 500*y^2"
RULES = [name for name, row in OPTIMIZERS.items() if row.method is None]


def problem(expression: str, **values: Any) -> Problem:
    return pose(Source(expression), given_bindings(values))


def test_the_formulas_that_are_printed_are_what_is_computed() -> None:
    """Each rule's lines, run as a program, give its next point; with every option that a line mentions."""
    random = np.random.default_rng(3)
    x, g = random.normal(size=4), random.normal(size=4)
    for name in RULES:
        row = OPTIMIZERS[name]
        slots = {slot: random.uniform(1.0, 2.0, 4) for slot in "bvmaw"} | {"v": np.full(4, 9.0)}
        values = {key: entry.default for key, entry in row.hyperparameters.items()} | {"weight_decay": 0.3}
        values |= {
            key: value
            for key, value in {"amsgrad": True, "centered": True, "momentum": 0.7, "lr_decay": 0.2}.items()
            if key in values
        }
        expected, _ = row.rule(x, g, slots, 3, 0.1, **values)
        scope: dict[str, Any] = {
            "x": x,
            "g": g,
            "t": 3,
            "lr": 0.1,
            "sqrt": np.sqrt,
            "max": np.maximum,
            **slots,
            **values,
        }
        scope["b1"], scope["b2"] = values.get("betas", (0.0, 0.0))
        for line in row.formula:
            target, _, formula = line.partition("     ")[0].partition(" <- ")
            scope[target] = eval(formula.replace("^", "**"), {"__builtins__": {}}, scope)
        np.testing.assert_allclose(expected, scope["x"], rtol=1e-13)


def test_every_hyperparameter_stands_in_its_formula() -> None:
    """By its name, or, of betas, by their letters."""
    for row in catalogue().rules:
        text = " ".join((*row.formula, row.summary))
        assert row.formula
        assert row.summary.endswith(".")
        assert [
            name
            for name, *_ in row.hyperparameters
            if name not in text and not (name == "betas" and "b1" in text and "b2" in text)
        ] == []


@pytest.mark.parametrize("row", catalogue().rules, ids=lambda row: row.name)
def test_every_example_of_a_rule_runs(row: RuleRow) -> None:
    command, *arguments = shlex.split(row.example)
    done = answer([*arguments, "--steps", "3"])
    assert (command, done.code, done.err) == ("diffcli", 0, "")


def test_functions_shows_an_optimizer() -> None:
    """Alone by its name, with the functions without one."""
    shown = answer(["functions", "adam"]).out
    assert "  v <- b2*v + (1 - b2)*g^2\n" in shown
    assert "betas           0.9,0.999" in shown
    assert "Kingma and Ba" in shown
    assert "Optimizers of descend and ascend" in answer(["functions"]).out
    assert [row.name for row in catalogue("StepLR").rules] == ["step"]
    names = {row.name for row in catalogue().rules} | {alias for row in catalogue().rules for alias in row.aliases}
    assert not names & {*FUNCTION_NAMES}  # a function's name would hide the rule
    assert "did you mean 'adam'" in answer(["functions", "adamm"]).err


@pytest.mark.parametrize("optimizer", ["lbfgs", "newton"])
@pytest.mark.parametrize(
    ("expression", "start", "minima"),
    [
        (ROSENBROCK, (-1.2, 1.0), [(1.0, 1.0)]),
        (BEALE, (1.0, 1.0), [(3.0, 0.5)]),
        (HIMMELBLAU, (0.0, 0.0), [(3.0, 2.0)]),
        (BOOTH, (0.0, 0.0), [(1.0, 3.0)]),
        (SCALED, (1.0, 1.0), [(0.0, 0.0)]),
    ],
    ids=["rosenbrock", "beale", "himmelblau", "booth", "scaled"],
)
def test_searching_methods_reach_the_minimum(
    optimizer: str, expression: str, start: tuple[float, float], minima: list[tuple[float, float]]
) -> None:
    """From the standard starts, in at most fifty steps, each of them down; climbing the negative is the same path."""
    x, y = start
    report = diffcli.descend(expression, x=x, y=y, optimizer=optimizer)
    assert (report.status, report.exit_code) == ("converged", ExitCode.DONE)
    assert report.iterations <= 50
    assert min(math.hypot(report.final["x"] - a, report.final["y"] - b) for a, b in minima) <= 1e-5
    values = [iterate.value for iterate in report.history]
    assert all(later < earlier for earlier, later in pairwise(values))
    assert [iterate.iteration for iterate in report.history] == list(range(report.iterations + 1))
    assert {iterate.rate for iterate in report.history} == {None}
    climbed = diffcli.ascend(f"-({expression})", x=x, y=y, optimizer=optimizer)
    assert climbed.iterations == report.iterations
    assert climbed.final == pytest.approx(report.final, rel=1e-12, abs=1e-12)


def test_searching_methods_take_arrays_of_any_shape() -> None:
    """A matrix, a vector and a number at once; what has no influence stays."""
    for optimizer in ("lbfgs", "newton"):
        report = diffcli.descend(
            "sum((A - 2)^2) + sum((v + 1)^4) + (s - 3)^2 + 0*n",
            A=[[1.0, 5.0], [0.0, -3.0]],
            v=[1.0, 2.0, 3.0],
            s=0.0,
            n=7.0,
            optimizer=optimizer,
        )
        assert report.status == "converged"
        assert report.final["A"] == pytest.approx(np.full((2, 2), 2.0), abs=1e-3)
        assert (report.final["n"], report.final["v"].shape) == (7.0, (3,))


@pytest.mark.parametrize("optimizer", ["lbfgs", "newton"])
def test_a_search_that_finds_nothing_better_says_so(optimizer: str) -> None:
    """With a tolerance of 0 it ends where the digits do; over an edge it does not step."""
    report = diffcli.descend(ROSENBROCK + " + 3", x=-1.2, y=1.0, optimizer=optimizer, tol=0.0)
    assert (report.status, report.exit_code) in [("stalled", ExitCode.DONE), ("converged", ExitCode.DONE)]
    assert report.gradient_norm < 1e-5
    inside = diffcli.descend("x - log(x) + where(x > 0, 0, sqrt(x))", x=30.0, optimizer=optimizer)
    assert (inside.status, float(inside.final["x"])) == ("converged", pytest.approx(1.0, abs=1e-5))


def test_newton_ends_where_there_is_no_second_derivative() -> None:
    """At 0, where the slope of x^1.5 has an infinite one."""
    report = diffcli.descend("x^1.5 + y + where(y > -5, 0, (y + 5)^2)", x=0.0, y=1.0, optimizer="newton", steps=50)
    assert report.final["y"] == pytest.approx(-5.5, abs=1e-5)


def settings(posed: Problem, optimizer: str, schedule: str = "constant", given: Any = (), **limits: Any) -> Settings:
    return plan(posed, Settings(**limits), optimizer, None, schedule, given)


def test_a_search_that_nobody_follows_ends() -> None:
    """Its thread goes when the walk is closed; an error in the objective reaches whoever asked for the point."""
    posed = problem(ROSENBROCK, x=-1.2, y=1.0)
    chosen, before = settings(posed, "lbfgs"), threading.active_count()
    steps = walk(Objective(posed), chosen, first_state(posed, chosen))
    next(steps)
    next(steps)
    assert threading.active_count() == before + 1
    steps.close()
    assert threading.active_count() == before

    class Broken(Objective):
        def at(self, point: Any, data: Any = None) -> Any:
            if point["x"] != -1.2:
                raise MemoryError
            return super().at(point, data)

    steps = walk(Broken(posed), chosen, first_state(posed, chosen))
    next(steps)
    with pytest.raises(MemoryError):
        next(steps)
    assert threading.active_count() == before


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_run_from_a_state_is_the_rest_of_the_run(optimizer: str) -> None:
    """Bit for bit: points, slots, rates, from any state of the way; the walk yields that very state first."""
    posed = problem(ROSENBROCK + " + sum(v^2)", x=-1.2, y=1.0, v=[1.0, 2.0])
    searching = OPTIMIZERS[optimizer].method is not None
    chosen = settings(
        posed,
        optimizer,
        "constant" if searching else "warmup+cosine",
        steps=20,
        tol=0.0,
        clip_norm=None if searching else 5.0,
    )
    objective = Objective(posed)
    whole = list(islice(walk(objective, chosen, first_state(posed, chosen)), 15))
    for start in (0, 1, 7):
        rest = list(islice(walk(Objective(posed), chosen, whole[start].state), 15 - start))
        for found, wanted in zip(rest, whole[start:], strict=True):
            assert found.iterate._replace(at={}) == wanted.iterate._replace(at={})
            assert [value.tobytes() for value in found.state.point.values()] == [
                value.tobytes() for value in wanted.state.point.values()
            ]
            assert {
                name: {slot: value.tobytes() for slot, value in kept.items()}
                for name, kept in found.state.slots.items()
            } == {
                name: {slot: value.tobytes() for slot, value in kept.items()}
                for name, kept in wanted.state.slots.items()
            }


def test_a_run_of_rules_does_not_change_its_states() -> None:
    """A state that was seen stays what it was."""
    posed = problem("sum(x^4)", x=[1.0, 2.0])
    for optimizer in RULES:
        chosen = settings(posed, optimizer)
        steps = list(islice(walk(Objective(posed), chosen, first_state(posed, chosen)), 5))
        again = list(islice(walk(Objective(posed), chosen, first_state(posed, chosen)), 5))
        assert [step.state.point["x"].tolist() for step in steps] == [step.state.point["x"].tolist() for step in again]
        assert len({tuple(step.state.point["x"].tolist()) for step in steps}) == 5


def test_every_optimizer_with_every_rate() -> None:
    """In the order in which they were given; those that search take no rate and run once."""
    posed = problem("x^2", x=1.0)
    found = plans(posed, Settings(), "gd, ADAM,lbfgs", "0.1,0.2")
    assert [(run.optimizer.name, run.lr) for run in found] == [
        ("gd", 0.1),
        ("gd", 0.2),
        ("adam", 0.1),
        ("adam", 0.2),
        ("lbfgs", None),
    ]
    assert [run.lr for run in plans(posed, Settings(), "gd,adam,rmsprop")] == [0.1, 0.001, 0.01]
    momentum, adam = plans(posed, Settings(), "momentum,adam", given=("momentum=0.5; eps=1e-6",))
    assert momentum.optimizer.values == {"momentum": 0.5, "dampening": 0.0, "weight_decay": 0.0}
    assert adam.optimizer.values["eps"] == 1e-6
    assert [run.label for run in plans(posed, Settings(), "adam,newton", "0.1", "warmup+1/t")] == [
        "adam, lr 0.1, warmup+inverse-time",
        "newton",
    ]
    assert plan(posed, Settings(), "rmsprop", 0.01, "constant", {"centered": True}).optimizer.values["centered"] is True


def test_several_runs_beside_each_other() -> None:
    """Each is the run that it would be alone; the exit code says that all were made."""
    posed = problem("mean(x*x)", x=[1.0, 2.0, 3.0])
    seen: list[tuple[int, int]] = []
    runs = plans(posed, Settings(steps=300), "gd", "0.1,3.1")
    report = descent_runs(posed, runs, watch=lambda number, step: seen.append((number, step.iterate.iteration)))
    assert [run.status for run in report.runs] == ["converged", "diverged"]
    assert report.exit_code == ExitCode.DONE
    assert seen == [(number, iterate.iteration) for number, run in enumerate(report.runs) for iterate in run.history]
    for run, chosen in zip(report.runs, runs, strict=True):
        assert [iterate.value for iterate in run.history] == [
            iterate.value for iterate in descent_report(posed, chosen).history
        ]
    stopped = descent_runs(posed, runs, stopped=lambda: True)
    assert (len(stopped.runs), stopped.exit_code) == (1, ExitCode.INTERRUPTED)


def test_several_runs_on_the_command_line() -> None:
    """A table for people, a list in the document, a line each for scripts."""
    arguments = ["descend", "mean(x*x)", "--at", "1,2,3", "--lr", "0.1,3.1", "--optimizer", "gd,newton"]
    shown = answer(arguments)
    assert (shown.code, shown.err) == (0, "")
    assert "gd, lr 3.1: Each step overshoots the minimum" in shown.out
    document = json.loads(answer([*arguments, "--json"]).out)
    assert (document["schema"], [run["status"] for run in document["runs"]]) == (
        "diffcli/descend@1",
        ["converged", "diverged", "converged"],
    )
    assert [run["learning_rate"] for run in document["runs"]] == [0.1, 3.1, None]
    assert [len(run["history"]) - 1 for run in document["runs"]] == [run["iterations"] for run in document["runs"]]
    lines = [line.split("\t") for line in answer([*arguments, "--terse"]).out.splitlines()]
    assert [(line[0], line[1], line[-1]) for line in lines] == [
        ("gd", "0.1", "converged"),
        ("gd", "3.1", "diverged"),
        ("newton", "-", "converged"),
    ]
    assert [float(line[3]) for line in lines] == [run["value"] for run in document["runs"]]


def test_a_document_of_one_run_says_how_it_was_made() -> None:
    """Optimizer, values, schedule, and the rate of every step."""
    arguments = [
        "descend",
        "x^2",
        "--at",
        "1",
        "--optimizer",
        "adam",
        "--schedule",
        "warmup+step",
        "--set",
        "step_size=2;betas=0.5,0.9",
        "--steps",
        "8",
    ]
    document = json.loads(answer([*arguments, "--set", "total_iters=2", "--clip-norm", "1", "--json"]).out)
    assert document["hyperparameters"] == {"betas": [0.5, 0.9], "eps": 1e-8, "weight_decay": 0.0, "amsgrad": False}
    assert [stage["name"] for stage in document["schedule"]] == ["warmup", "step"]
    assert (document["optimizer"], document["learning_rate"], document["clip_norm"]) == ("adam", 0.001, 1.0)
    expected = [0.001 / 3, 0.002 / 3, 0.001, 0.001, 1e-4, 1e-4, 1e-5, 1e-5, 1e-6]
    assert [entry["rate"] for entry in document["history"]] == pytest.approx(expected, rel=1e-12)


def test_a_schedule_begins_when_the_warm_up_ends() -> None:
    """The cosine ends with the run."""
    posed = problem("x^2", x=1.0)
    chosen = plan(posed, Settings(steps=50), "gd", 0.1, "warmup+cosine", ())
    rate = rates(0.1, chosen.schedule)
    assert [stage.values.get("T_max") for stage in chosen.schedule] == [None, 45]
    assert (rate(0), rate(5)) == (pytest.approx(0.1 / 3), 0.1)
    assert rate(50) == pytest.approx(0.0, abs=1e-17)
    assert plan(posed, Settings(), "gd", 0.1, "constant", ()).schedule == ()


def test_a_rate_may_grow_beyond_all_numbers() -> None:
    """The run ends as one that is not finite, in a document too."""
    done = answer(["descend", "x^2", "--at", "1", "--schedule", "exponential", "--set", "gamma=1e200", "--json"])
    document = json.loads(done.out)
    assert (done.err, done.code) == ("", int(ExitCode.NOT_FINITE))
    assert document["status"] == "not-finite"
    grown = diffcli.descend("x^2", x=0.0, schedule="exponential", hyperparameters={"gamma": 1e200}, tol=0.0, steps=5)
    assert grown.status in ("converged", "not-finite")
    assert rates(0.1, [Choice("exponential", {"gamma": 1e200})])(9) == math.inf


@pytest.mark.parametrize(
    ("options", "words", "hint"),
    [
        ({"optimizer": "adma"}, "no optimizer 'adma'", "did you mean 'adam'"),
        ({"optimizer": "x"}, "no optimizer 'x'", "there are gd, momentum"),
        ({"optimizer": "gd,adam"}, "one run takes one optimizer", "start a run for each"),
        ({"schedule": "cosin"}, "no schedule 'cosin'", "did you mean 'cosine'"),
        ({"schedule": "step"}, "'step' needs a value for step_size", "--set step_size="),
        ({"schedule": "cosine+warmup"}, "'warmup' cannot follow 'cosine'", "--schedule warmup+cosine"),
        ({"schedule": "warmup+warmup"}, "'warmup' cannot follow 'warmup'", "--schedule warmup+cosine"),
        (
            {"hyperparameters": {"momentum": 0.9}},
            "'momentum' is not a hyperparameter of gd",
            "momentum, nesterov and rmsprop have it",
        ),
        (
            {"optimizer": "rmsprop", "hyperparameters": {"alhpa": 0.9}},
            "'alhpa' is not a hyperparameter of rmsprop",
            "did you mean 'alpha'",
        ),
        ({"hyperparameters": {"lr": 0.9}}, "'lr' is not a hyperparameter", "--lr sets the learning rate"),
        (
            {"optimizer": "adam", "hyperparameters": {"betas": 0.9}},
            "betas must be two numbers",
            "the default is 0.9,0.999",
        ),
        (
            {"optimizer": "adam", "hyperparameters": {"betas": (0.9, 1.0)}},
            "betas must be two numbers",
            "the default is 0.9,0.999",
        ),
        (
            {"optimizer": "adam", "hyperparameters": {"amsgrad": "perhaps"}},
            "amsgrad must be true or false",
            "the default is false",
        ),
        (
            {"optimizer": "lbfgs", "hyperparameters": {"history_size": 2.5}},
            "history_size must be a whole number",
            "the default is 100",
        ),
        (
            {"optimizer": "momentum", "hyperparameters": {"momentum": math.nan}},
            "momentum must be a number, 0 or more",
            "the default is 0.9",
        ),
        ({"optimizer": "newton", "lr": 0.1}, "'newton' takes no --lr", "leave --lr out"),
        ({"optimizer": "lbfgs", "schedule": "cosine"}, "'lbfgs' takes no --schedule", "leave --schedule out"),
        ({"optimizer": "lbfgs", "clip_norm": 1.0}, "'lbfgs' takes no --clip-norm", "leave --clip-norm out"),
        ({"clip_norm": 0.0}, "the largest gradient norm must be", "a usual one is 1"),
        ({"timeout": -1.0}, "a number of seconds above 0", "leave it out"),
    ],
)
def test_unusable_settings_are_refused(options: dict[str, Any], words: str, hint: str) -> None:
    """Before anything is computed, with what to do."""
    with pytest.raises(diffcli.DiffcliError) as caught:
        diffcli.descend("x^2", x=1.0, **options)
    assert words in caught.value.diagnostic.message
    assert hint in (caught.value.diagnostic.hint or "")
    assert caught.value.diagnostic.code in ("E402", "E403")


def test_a_falling_rate_settles_what_would_oscillate() -> None:
    """|x| jumps to and fro at a constant rate, and that ends the run; with a schedule the run goes on."""
    assert diffcli.descend("abs(x)", x=0.95, lr=0.1).status == "oscillating"
    settled = diffcli.descend(
        "abs(x)", x=0.95, lr=0.1, schedule="inverse-time", hyperparameters={"decay": 0.01}, steps=500
    )
    assert settled.iterations == 500
    assert abs(settled.final["x"]) < 0.02


def test_newton_ends_where_no_step_is_taken() -> None:
    """At 1e200 a step of 1 is lost in rounding: the search is over, not endless."""
    report = diffcli.descend("sum(x)", x=[1e200, -1e200], optimizer="newton")
    assert (report.status, report.iterations) == ("stalled", 0)
