"""Exercises: answers held against the truth."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

from diffcli.api.call import function
from diffcli.api.posing import USUAL_SECONDS, Columns, Expression, Names, posed
from diffcli.errors import fault, given, out_of_range
from diffcli.messages import Argument, Message

if TYPE_CHECKING:
    from diffcli.analysis.exercise.check_report import CheckReport
    from diffcli.analysis.exercise.question import Question
    from diffcli.analysis.problem import Problem

#: What steps of descent are made with unless it is stated; the most that are asked for.
STEP: Mapping[str, Any] = {"lr": None, "optimizer": "gd", "hyperparameters": {}, "clip_norm": None, "steps": 1}
_MOST_STEPS = 100


@function
def check(
    expression: Expression, at: object = None, *, answer: object = None, data: object = None,
    columns: Columns | None = None, decimal: str | None = None, thousands: str | None = None,
    missing: str | Sequence[str] = (), wrt: Names = (), order: int = 1, of: str | None = None,
    local: str | None = None, value: bool = False, next: bool = False, lr: float | None = None, optimizer: str = "gd",
    hyperparameters: Mapping[str, object] | Sequence[str] | None = None, clip_norm: float | None = None, steps: int = 1,
    stable_rate: bool = False,
    form: Literal["simplified", "expanded", "factored"] | None = None, exact: bool = False,
    feedback: Literal["none", "class", "hint", "full"] = "hint", exit_zero: bool = False,
    timeout: float | None = None, **values: object,
) -> "CheckReport":  # fmt: skip
    """The verdict on an answer to an exercise: whether it is right, at points and in many digits.

    What is asked follows from the rest. Without values it is a formula of the derivative by `wrt`, all variables
    without a value unless it says, and with values for all it is numbers; of a higher `order`, the derivatives of that
    order; with `of` the derivative by an intermediate or node, with `local` that of an edge (`"v3->x"`), with `value`
    the value, of the node `of` if that is given; with `next` the point after one step of `optimizer`, or after
    `steps`, with the rate `lr` and `hyperparameters`, a gradient whose norm is above `clip_norm` being scaled down to
    it; with `stable_rate` the largest stable learning rate.

    `answer` is a text, numbers, either of them by variable in a dictionary, or a function of the variables. A formula
    may have any form, unless `form` asks for one; `exact` refuses decimals. `feedback` is how much is said of a wrong
    answer: none, class, hint, which never shows the answer, or full. `exit_zero` is the command's.

    Values, data and `timeout`, which limits all of it, are as in `grad`. Raises DiffcliError for a question or an
    answer that cannot be graded.
    """
    from diffcli.analysis.guard_digits import in_time
    from diffcli.analysis.precision import time_limit

    stated = {
        "data": data, "columns": columns, "decimal": decimal, "thousands": thousands, "missing": missing, "wrt": wrt,
    }  # fmt: skip
    problem = posed(expression, at, values, **stated, of=of, complete=False)  # type: ignore[arg-type]  # by name
    options: dict[str, object] = {
        "order": order,
        "of": of,
        "local": local,
        "value": value,
        "stable_rate": stable_rate,
        "form": form,
    }
    problem = problem if wrt else of_free_variables(problem)
    step = step_asked(
        next, lr=lr, optimizer=optimizer, hyperparameters=hyperparameters, clip_norm=clip_norm, steps=steps
    )
    asking = partial(question_asked, options=options | {"exact": exact}, step=step)
    seconds = time_limit(timeout, USUAL_SECONDS)
    work = partial(_checked, asking=asking, given=answer, feedback=feedback, seconds=seconds, lenient=exit_zero)
    return work(problem) if timeout is None or callable(answer) else in_time(problem, seconds, work)


def of_free_variables(problem: "Problem") -> "Problem":
    """The problem of which variables that have no value are asked about, where there are some and no parameters."""
    free = () if problem.resolved.values else tuple(name for name in problem.wrt if name not in problem.values)
    return problem._replace(wrt=free or problem.wrt)


def step_asked(wanted: bool, **stated: Any) -> dict[str, Any] | None:
    """What steps of descent are made with, of what is stated of it; None where none is asked for.

    Raises DiffcliError for half of it, and for too many steps.
    """
    step = {**STEP, **stated}
    step["hyperparameters"] = step["hyperparameters"] or {}
    if not wanted:
        for name, value in step.items():
            if value != STEP[name]:
                message = Message("{option} goes with {next}", option=Argument(name), next=Argument("next"))
                hint = Message("add {next} to ask for the point after one step", next=Argument("next", True))
                raise fault("E402", message, given(Argument(name, value)), hint=hint)
        return None
    if not 1 <= step["steps"] <= _MOST_STEPS:
        message = Message("the number of steps must be 1 to {most}", most=_MOST_STEPS)
        raise out_of_range("steps", step["steps"], message, Message("descend takes as many as you like"))
    return step


def question_asked(problem: "Problem", options: dict[str, object], step: dict[str, Any] | None) -> "Question":
    """The question that options put about a problem. Raises DiffcliError as `asking.question` does."""
    from diffcli.analysis.exercise.asking import question
    from diffcli.api.descents import planned

    settings = None
    if step is not None:
        settings = planned(problem, **step, schedule="constant", timeout=None, single=True).runs[0]
    return question(problem, **options, step=settings)  # type: ignore[arg-type]  # by name


def _checked(
    problem: "Problem", asking: "Callable[[Problem], Question]", given: object,
    feedback: Literal["none", "class", "hint", "full"], seconds: float, lenient: bool,
) -> "CheckReport":  # fmt: skip
    from diffcli.analysis.exercise.grading import graded
    from diffcli.analysis.exercise.truth import answer_key
    from diffcli.analysis.exercise.written_answer import written

    question = asking(problem)
    answer = written(given)
    key = answer_key(question, seconds, tidied=feedback == "full")
    return graded(key, answer, feedback, seconds, lenient, prove=True)
