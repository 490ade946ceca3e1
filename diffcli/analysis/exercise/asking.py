"""From options to what is asked."""

from collections.abc import Mapping

from diffcli.analysis.descent.optimizers import OPTIMIZERS
from diffcli.analysis.descent.settings import Settings
from diffcli.analysis.exercise.question import (
    AnswerForm,
    Asked,
    Derivative,
    ForwardValue,
    NextPoint,
    NodeGradient,
    Question,
    StableRate,
    edge,
)
from diffcli.analysis.problem import Problem
from diffcli.errors import fault, given, out_of_range
from diffcli.messages import Argument, Faced, Message, listed
from diffcli.source import Source

_HIGHEST_ORDER = 4


def question(
    problem: Problem, *, order: int = 1, of: str | None = None, local: str | None = None, value: bool = False,
    step: Settings | None = None, stable_rate: bool = False, form: AnswerForm | None = None, exact: bool = False,
    domain: Mapping[str, tuple[float, float]] | None = None, seed: int = 0,
) -> Question:  # fmt: skip
    """The question that the options put. Raises DiffcliError for those that exclude each other, or do not fit."""
    kinds = {
        Argument("order", order): order != 1,
        Argument("local", local): local is not None,
        Argument("of", of): of is not None and not value,
        Argument("value", True): value,
        Argument("next", True): step is not None,
        Argument("stable_rate", True): stable_rate,
    }
    stated = [written for written, is_given in kinds.items() if is_given]
    if len(stated) > 1:
        message = Message("{options} exclude each other", options=listed(stated, "and"))
        raise fault("E402", message, given(*stated), hint=Message("leave all but one out"))
    if not 1 <= order <= _HIGHEST_ORDER:
        message = Message("the order must be 1 to {most}", most=_HIGHEST_ORDER)
        raise out_of_range("order", order, message, Message("d(f, x) in the expression differentiates once more"))
    asked: Asked = Derivative(order)
    if local is not None:
        asked = edge(local)
    elif value:
        asked = ForwardValue(of or "")
    elif of is not None:
        asked = NodeGradient(of)
    elif stable_rate:
        asked = StableRate()
    elif step is not None:
        if OPTIMIZERS[step.optimizer.name].method or step.lr is None:
            message = Message("{name} finds the length of its steps by a search", name=step.optimizer.name)
            hint = Message("ask for a step of gd, momentum or adam")
            raise fault("E402", message, given(Argument("optimizer", step.optimizer.name)), hint=hint)
        asked = NextPoint(step)
    made = Question(problem, asked, form, exact, domain or {}, seed)
    if not problem.wrt and not isinstance(asked, (ForwardValue, NodeGradient)):
        message = Message("there are no variables to differentiate by")
        raise fault("E207", message, problem.source, hint=Message("write one in the expression, as in x^2"))
    if form is not None and made.numeric:
        message = Message("a form is that of a formula, and numbers are asked for")
        written = Faced(f"--form {form}", f'form="{form}"')
        line = Source(written, Faced(Message("command line"), Message("arguments")))
        raise fault("E402", message, line, hint=Message("leave it out, or the values"))
    return made
