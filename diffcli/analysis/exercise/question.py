"""Questions: what is asked of which problem, as data."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import combinations_with_replacement
from typing import Literal, NamedTuple

from diffcli.analysis.descent.settings import Settings
from diffcli.analysis.problem import Problem
from diffcli.errors import fault
from diffcli.messages import Argument, Joined, Message, listed
from diffcli.source import Source
from diffcli.syntax.printer import print_program

#: The form that an answer may be asked in.
AnswerForm = Literal["simplified", "expanded", "factored"]
#: The name of the only part of an answer to a question about a single thing.
ONLY = ""
#: An edge: `v3->x`, `v3 → x #2`, as the trace of `grad` has it.
_EDGE = re.compile(r"\s*(?P<source>[^\s#→>-]+)\s*(?:->|→)\s*(?P<target>[^\s#]+)\s*(?:#\s*(?P<operand>[1-9]\d*))?\s*")


class Derivative(NamedTuple):
    """The derivative by each variable, or by each pair, triple, ... of them."""

    order: int = 1


class NodeGradient(NamedTuple):
    """The derivative of the result by an intermediate or another node: `y`, `v3`."""

    node: str


class LocalDerivative(NamedTuple):
    """The local derivative of an edge: of a node by one of its operands.

    `operand` is the operand's position, from 1, where the node has the same one twice.
    """

    source: str
    target: str
    operand: int | None = None


class ForwardValue(NamedTuple):
    """The value of the result, or of a node."""

    node: str = ONLY


class NextPoint(NamedTuple):
    """The point after the first steps of a descent, as many as the settings have."""

    settings: Settings


class StableRate(NamedTuple):
    """The learning rate from which on steps of plain descent no longer shrink: 2 over the largest eigenvalue."""


_FIRST = Derivative()
Asked = Derivative | NodeGradient | LocalDerivative | ForwardValue | NextPoint | StableRate


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a problem, and in which form.

    Where a variable has no value, a formula is asked for, else numbers. `domain` has intervals from which values are
    drawn, for variables that are to stay in one; another `seed` draws others.
    """

    problem: Problem
    asked: Asked = _FIRST
    form: AnswerForm | None = None
    exact: bool = False
    domain: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    seed: int = 0

    @property
    def free(self) -> tuple[str, ...]:
        """The variables without a value."""
        return tuple(name for name in self.problem.resolved.variables if name not in self.problem.values)

    @property
    def numeric(self) -> bool:
        """Whether the answer is numbers."""
        return not self.free

    @property
    def parts(self) -> tuple[str, ...]:
        """The names of the parts of an answer: `x`, or `x,y` of a second derivative."""
        match self.asked:
            case Derivative(order):
                return tuple(",".join(names) for names in combinations_with_replacement(self.problem.wrt, order))
            case NextPoint():
                return self.problem.wrt
        return (ONLY,)

    def label(self, part: str) -> str:
        """What a part is called: `d/dx`, `d2/dxdy`, `x`."""
        match self.asked:
            case Derivative(order):
                raised = "" if order == 1 else str(order)
                return f"d{raised}/{''.join(f'd{name}' for name in part.split(','))}"
            case NodeGradient(node):
                return f"d/d{node}"
            case LocalDerivative(source, target):
                return f"d{source}/d{target}"
            case ForwardValue(node):
                return node or Message("value")
            case StableRate():
                return Message("rate")
        return part

    @property
    def expression(self) -> str:
        """The text of what is asked about."""
        return self.problem.source.text.strip()

    @property
    def sentence(self) -> Message:
        """The question in words, without the expression, the point and the form of the answer."""
        match self.asked:
            case Derivative(1):
                by = listed(self.problem.wrt, "and")
                return Message("the derivative by {names}", names=by)
            case Derivative(order):
                by = listed(self.problem.wrt, "and")
                return Message("the derivatives of order {order} by {names}", order=order, names=by)
            case NodeGradient(node):
                return Message("the derivative by {node}", node=node)
            case LocalDerivative(source, target, operand):
                place = "" if operand is None else Message(", its operand {operand}", operand=operand)
                return Message(
                    "the local derivative of {source} by {target}{place}", source=source, target=target, place=place
                )
            case ForwardValue(node):
                return Message("the value of {node}", node=node) if node else Message("the value")
            case NextPoint(settings):
                if settings.steps == 1:
                    return Message("the point after one step of {steps}", steps=settings.rule)
                return Message("the point after {count} steps of {steps}", count=settings.steps, steps=settings.rule)
        return Message("the largest stable learning rate of plain gradient descent")

    @property
    def how(self) -> Message:
        """The form in which it is asked for."""
        wanted: list[str] = [Message("as numbers") if self.numeric else Message("as a formula")]
        if self.form is not None:
            wanted.append(_FORMS[self.form])
        if self.exact:
            wanted.append(Message("exact"))
        return Joined(wanted)

    @property
    def digest(self) -> str:
        """A word that is the same for the same question alone: the seed of its points."""
        problem = self.problem
        values = {name: value.tolist() for name, value in sorted(problem.values.items())}
        domain = sorted(self.domain.items())
        stated = (print_program(problem.resolved.program), values, problem.wrt, repr(self.asked), domain, self.seed)
        return sha256(repr(stated).encode()).hexdigest()


_FORMS: Mapping[AnswerForm, Message] = {
    "simplified": Message("simplified"),
    "expanded": Message("expanded"),
    "factored": Message("factored"),
}


def edge(text: str) -> LocalDerivative:
    """The edge that a text names. Raises DiffcliError for one that names none."""
    found = _EDGE.fullmatch(text)
    if found is None:
        hint = Message("write it as the trace of grad has it: {edge}", edge=Argument("local", "v3->x"))
        raise fault("E402", Message("'{text}' is no edge", text=text), Source(text, Argument("local")), hint=hint)
    return LocalDerivative(found["source"], found["target"], int(found["operand"]) if found["operand"] else None)
