"""`diffcli check`."""

import sys
from dataclasses import asdict
from typing import Annotated, Any, Literal

from diffcli.analysis.reading import bounded, decoded, too_large
from diffcli.cli.declaration import Option, command, group
from diffcli.cli.options import Limit
from diffcli.cli.output import ByVariable, emit
from diffcli.cli.problem import Problem
from diffcli.cli.sheets import Sheet, check_alone, marked_sheet
from diffcli.messages import Message
from diffcli.source import Source

#: The most bytes of an answer on standard input: more than any that is graded.
_MOST_ANSWER = 2**20


@group
class Asked:
    """What is asked, where it is not the derivative."""

    order: Annotated[int, Option(metavar="N", help="Ask for the derivatives of this order, 1 to 4.")] = 1
    of: Annotated[
        str | None, Option(metavar="NAME", help="Ask for the derivative by an intermediate or a node, as y or v1.")
    ] = None
    local: Annotated[str | None, Option(metavar="EDGE", help="Ask for the local derivative of an edge, as v3->x.")] = (
        None
    )
    value: Annotated[bool, Option(help="Ask for the value: of the result, or of the node --of.")] = False
    next: Annotated[bool, Option(help="Ask for the point after one step of gradient descent.")] = False
    lr: Annotated[
        float | None,
        Option(
            "--learning-rate", "--lr", metavar="RATE", help="With --next, the learning rate.", default="0.1; adam 0.001"
        ),
    ] = None
    optimizer: Annotated[
        str, Option(metavar="NAME", help="With --next, gd, momentum, nesterov, adagrad, rmsprop, adam, adamw.")
    ] = "gd"
    hyperparameters: Annotated[
        tuple[str, ...],
        Option("--set", metavar="NAME=VALUE", help="With --next, a hyperparameter of the optimizer. Repeatable."),
    ] = ()
    clip_norm: Annotated[
        float | None,
        Option(metavar="NORM", help="With --next, scale a gradient whose norm is larger down to this."),
    ] = None
    steps: Annotated[int, Option("-n", "--steps", metavar="N", help="With --next, the steps to take.")] = 1
    stable_rate: Annotated[
        bool, Option(help="Ask for the largest learning rate with which plain descent is stable here.")
    ] = False


@group
class Grading:
    """What is demanded of an answer, and what is said of it."""

    form: Annotated[
        Literal["simplified", "expanded", "factored"] | None,
        Option(help="Take a formula in this form alone.", default="any form"),
    ] = None
    exact: Annotated[bool, Option(help="Take exact numbers alone, as 1/3: no decimals.")] = False
    feedback: Annotated[
        Literal["none", "class", "hint", "full"],
        Option(help="What to say of a wrong answer; a hint never shows the answer."),
    ] = "hint"
    exit_zero: Annotated[bool, Option(help="Exit with 0 for a wrong answer too.")] = False


@command
def check(
    problem: Problem,
    *,
    answer: Annotated[
        str | None,
        Option(metavar="ANSWER", help="The answer: 2x, 'x=2x*y; y=x^2', 2/3,4/3,2; '-' reads it from standard input."),
    ] = None,
    sheet: Sheet,
    asked: Asked,
    grading: Grading,
    output: ByVariable,
    limit: Limit,
) -> int:
    """Whether an answer is right: a formula, numbers, a step.

    Without values a formula of the derivative is asked for, with values numbers. Exit code 0: right, 1: wrong, 2: it
    cannot be graded.
    """
    from diffcli.api.exercises import check

    if sheet.sheet is not None:
        check_alone((problem, asked, grading))
        return marked_sheet(sheet, _answer(answer), grading.exit_zero, output, limit)
    sheet.check_absent()
    stated: dict[str, Any] = {**problem.arguments(), **asdict(asked), **asdict(grading), **asdict(limit)}
    return emit(check(**stated, answer=_answer(answer)), output)


def _answer(text: str | None) -> Source | None:
    """The answer's text, with where it comes from."""
    if text != "-":
        return None if text is None else Source(text, "--answer")
    name = Message("standard input")
    asked = Source("-", "--answer")
    return decoded(bounded(sys.stdin.buffer, _MOST_ANSWER, lambda: too_large(name, _MOST_ANSWER, asked)), name)
