"""Options that several commands share, and groups of them."""

from dataclasses import dataclass
from typing import Annotated

from diffcli.cli.declaration import Option


@dataclass(frozen=True, slots=True)
class Limit:
    """How long a command may take."""

    timeout: Annotated[float | None, Option(metavar="SECONDS", help="The time limit.")] = None


@dataclass(frozen=True, slots=True)
class Numbers(Limit):
    """The numbers that are computed with."""

    exact: Annotated[bool, Option(help="Compute with fractions, roots and functions as they are: 2/3, sqrt(3)/2.")] = (
        False
    )
    digits: Annotated[int | None, Option(metavar="N", help="Compute with so many significant digits, 1 to 10000.")] = (
        None
    )


Cotangent = Annotated[
    tuple[str, ...], Option(metavar="VALUE", help="The output's cotangent, of its shape: weights for its elements.")
]
Strict = Annotated[bool, Option(help="Refuse a point that sits on a kink (exit code 3).")]
Pattern = Annotated[bool, Option(help="Also draw which entries can differ from 0, whatever the values.")]
