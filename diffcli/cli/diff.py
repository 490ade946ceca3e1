"""`diffcli diff`."""

from dataclasses import asdict
from typing import Annotated

from diffcli.cli.declaration import Option, command
from diffcli.cli.options import Limit
from diffcli.cli.output import ByVariable, emit
from diffcli.cli.problem import Problem
from diffcli.symbolic.forms.form_names import Form


@command
def diff(
    problem: Problem,
    *,
    order: Annotated[int, Option(metavar="N", help="The order of the derivative, 1 to 4.")] = 1,
    form: Annotated[
        Form | None,
        Option(
            "--as",
            metavar="FORM",
            help="The form: plain, unicode, latex; or a function in numpy, torch, jax, python, c.",
        ),
    ] = None,
    indices: Annotated[bool, Option(help="Write formulas by indices rather than in matrix notation.")] = False,
    steps: Annotated[bool, Option(help="The derivation as in a textbook, one rule a line.")] = False,
    blank: Annotated[bool, Option(help="The derivation with its right-hand sides left open: a worksheet.")] = False,
    output: ByVariable,
    limit: Limit,
) -> int:
    """The symbolic derivative: a formula, its steps, or a program.

    Values are optional; they tell which variables are vectors.
    """
    from diffcli.api.differentiation import diff

    found = diff(
        **problem.arguments(), order=order, form=form, indices=indices, steps=steps, blank=blank, formulas=output.json,
        **asdict(limit),
    )  # fmt: skip
    return emit(found, output)
