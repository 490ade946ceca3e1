"""Derivatives of a single number: at a point, as formulas, and by every way beside the others."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, overload

from diffcli.api.posing import SYMBOLIC_SECONDS, USUAL_SECONDS, Columns, Expression, Names, Work, of_problem
from diffcli.errors import fault, given
from diffcli.execute.executors.executor import ExecutorName
from diffcli.messages import Argument, Message
from diffcli.symbolic.forms.form_names import Form

if TYPE_CHECKING:
    from diffcli.analysis.comparison.compare_report import CompareReport
    from diffcli.analysis.derivation.derivation_report import DerivationReport
    from diffcli.analysis.gradient import GradReport
    from diffcli.analysis.symbolic_derivative import DiffReport


@of_problem
def grad(
    expression: Expression, at: object = None, *, data: object = None, columns: Columns | None = None,
    decimal: str | None = None, thousands: str | None = None, missing: str | Sequence[str] = (), wrt: Names = (),
    of: Names = (), cotangent: object = None, symbolic: bool = False, strict: bool = False, exact: bool = False,
    digits: int | None = None, executor: ExecutorName | None = None, device: str | None = None,
    timeout: float | None = None, **values: object,
) -> "Work[GradReport]":  # fmt: skip
    """The gradient of an expression at a point, with the value and gradient of every node.

    Values are numbers, nested lists or arrays: one for the only variable, or by name, in `at` or as keywords. With
    `symbolic` the formula is found and compared; with `strict` a point on a kink is refused. `wrt` names the variables
    to differentiate by, all unless it says; `of` names intermediates and nodes (`y`, `v1`) whose gradient is wanted
    too, and so may `wrt`. An expression whose result is an array needs a
    `cotangent` of its shape: the weights of its elements.

    `data` is a file's name, or columns by name, as in a dictionary or a data frame; they are variables. `columns`
    gives them other names: `{"a": "height", "X": ["width", "depth"]}`. `decimal` and `thousands` are the marks in
    numbers that are texts; the words `missing` are read as nan.

    With `exact` everything is computed in exact numbers, which equal fractions and have `float()` and `str()`; with
    `digits` in mpmath's of so many digits. Fractions, decimals and integers of any size are taken as they are then,
    a float as the decimal that Python prints for it. `timeout` is in seconds. `executor` computes the doubles: scalars,
    plain or blocks, or a library's, torch or jax, on its `device`; `plan` says which one did, and why. Raises
    DiffcliError.
    """
    from diffcli.analysis.given_values import bindings
    from diffcli.analysis.gradient import gradient_report
    from diffcli.analysis.precision import time_limit

    seconds, weights = time_limit(timeout, USUAL_SECONDS), bindings(cotangent, "cotangent")
    report = partial(gradient_report, strict=strict, cotangent=weights, seconds=seconds)
    return Work(partial(report, symbolic=symbolic), pilot=partial(report, symbolic=False))


@overload
def diff(expression: Expression, at: object = None, *, steps: Literal[True], **options: Any) -> "DerivationReport": ...
@overload
def diff(expression: Expression, at: object = None, *, blank: Literal[True], **options: Any) -> "DerivationReport": ...
@overload
def diff(expression: Expression, at: object = None, **options: Any) -> "DiffReport": ...
@of_problem
def diff(
    expression: Expression, at: object = None, *, data: object = None, columns: Columns | None = None,
    decimal: str | None = None, thousands: str | None = None, missing: str | Sequence[str] = (), wrt: Names = (),
    order: int = 1, form: Form | None = None, indices: bool = False, steps: bool = False, blank: bool = False,
    formulas: bool = True, timeout: float | None = None, **values: object,
) -> "Work[DiffReport | DerivationReport]":  # fmt: skip
    """The symbolic derivative; values are optional and tell the variables' shapes.

    `form` is that of `--as`: plain, unicode, latex, or numpy, torch, jax, python, c, whose source is the report's
    `code`; without `formulas` that alone is found, and sooner. `order` is that of the derivative, up to 4; `indices`
    writes formulas by indices rather than in matrix notation. With `steps` it is derived rule by rule, as in a
    textbook; `blank` leaves the right-hand sides open. Values, data and `timeout` are as in `grad`. Raises
    DiffcliError.
    """
    from diffcli.analysis.precision import time_limit

    seconds = time_limit(timeout, SYMBOLIC_SECONDS)
    if steps or blank:
        from diffcli.analysis.derivation.derivation_report import derivation_report

        _check_derivable("steps" if steps else "blank", form, order)
        derive = partial(derivation_report, seconds=seconds, form=form, by_index=indices, blank=blank)
        return Work(derive, complete=False)
    from diffcli.analysis.symbolic_derivative import derivative_report

    ways = partial(derivative_report, seconds=seconds, form=form, by_index=indices, order=order, formulas=formulas)
    return Work(ways, complete=False)


def steps(expression: Expression, at: object = None, *, blank: bool = False, **options: Any) -> "DerivationReport":
    """The symbolic derivative rule by rule: `diff` with `steps=True`, whose options it takes. Raises DiffcliError."""
    return diff(expression, at, steps=True, blank=blank, **options)


def _check_derivable(argument: str, form: str | None, order: int) -> None:
    """Raise DiffcliError for what a derivation cannot be: a program, or of a higher order."""
    plain = Message("leave {form} out: the lines are plain text", form=Argument("form"))
    higher = Message("derive the result once more: d(f, x) in the expression is the first derivative")
    for other, value, usual, hint in (("form", form, (None, "plain"), plain), ("order", order, (1,), higher)):
        if value not in usual:
            second = Argument(other, value)
            message = Message("{argument} does not go with {other}", argument=Argument(argument), other=second)
            raise fault("E402", message, given(Argument(argument, True), second), hint=hint)


@of_problem
def compare(
    expression: Expression, at: object = None, *, data: object = None, columns: Columns | None = None,
    decimal: str | None = None, thousands: str | None = None, missing: str | Sequence[str] = (), wrt: Names = (),
    against: object = None, sweep: bool = False, grow: int | None = None, strict: bool = False, exact: bool = False,
    digits: int | None = None, executor: ExecutorName | None = None, device: str | None = None,
    timeout: float | None = None, tidied: bool = True, **values: object,
) -> "Work[CompareReport]":  # fmt: skip
    """Symbolic, reverse, forward and numerical derivatives held against each other, with a verdict and its cause.

    `against` is a derivative of your own, a formula, numbers or a function as the `answer` of `check`, which gets a
    verdict too. `strict` makes a kink count as a failure, `sweep` adds the finite-difference error by step, `grow` the
    sizes of derivatives as the expression is iterated. Formulas are brought into a short form if `tidied`. With `exact`
    or `digits` formula, reverse and forward mode are in such numbers; they, values, data, `executor`, `device` and
    `timeout` are as in `grad`. Raises DiffcliError.
    """
    from diffcli.analysis.comparison.judging import compare_report
    from diffcli.analysis.gradient import gradient_report
    from diffcli.analysis.precision import time_limit

    seconds = time_limit(timeout, SYMBOLIC_SECONDS)
    own = None
    if against is not None:
        from diffcli.analysis.exercise.written_answer import written

        own = written(against)
    work = partial(compare_report, seconds=seconds, strict=strict, sweep=sweep, grow=grow, tidied=tidied, given=own)
    return Work(work, SYMBOLIC_SECONDS, pilot=partial(gradient_report, symbolic=False))
