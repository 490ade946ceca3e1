"""Options that several commands share, and groups of them."""

from typing import TYPE_CHECKING, Annotated, Any

from diffcli.cli.declaration import Option, group
from diffcli.execute.executors.executor import ExecutorName
from diffcli.messages import Message
from diffcli.render.writing import remark

if TYPE_CHECKING:
    from collections.abc import Callable

    from diffcli.execute.executors.executor import Choice


@group
class Limit:
    """How long a command may take."""

    timeout: Annotated[float | None, Option(metavar="SECONDS", help="The time limit.")] = None


@group
class Numbers(Limit):
    """The numbers that are computed with."""

    exact: Annotated[bool, Option(help="Compute with fractions, roots and functions as they are: 2/3, sqrt(3)/2.")] = (
        False
    )
    digits: Annotated[int | None, Option(metavar="N", help="Compute with so many significant digits, 1 to 10000.")] = (
        None
    )


@group
class Execution:
    """What computes the doubles, and whether that is said."""

    executor: Annotated[
        ExecutorName | None,
        Option(
            help="Compute in single numbers, whole arrays or blocks of them, or with a library.",
            default="what fits, or DIFFCLI_EXECUTOR",
        ),
    ] = None
    device: Annotated[str | None, Option(metavar="NAME", help="The library's device, as cuda.")] = None
    explain_plan: Annotated[bool, Option(help="Say on standard error which executor computed, and why.")] = False

    @property
    def wanted(self) -> dict[str, Any]:
        """What the functions of `api` take."""
        return {"executor": self.executor, "device": self.device}

    def explain(self, chosen: "Callable[[], Choice]") -> None:
        """Say what was chosen, if that was asked for."""
        if self.explain_plan:
            choice = chosen()
            remark(Message("plan: {executor}: {reason}", executor=choice.executor, reason=choice.reason))


Cotangent = Annotated[
    tuple[str, ...], Option(metavar="VALUE", help="The output's cotangent, of its shape: weights for its elements.")
]
Strict = Annotated[bool, Option(help="Refuse a point that sits on a kink (exit code 3).")]
Pattern = Annotated[bool, Option(help="Also draw which entries can differ from 0, whatever the values.")]
