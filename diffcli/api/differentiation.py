"""Derivatives of a single number: at a point, as formulas, and by every way beside the others."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, overload

from diffcli.api.call import function
from diffcli.api.posing import SYMBOLIC_SECONDS, USUAL_SECONDS, Columns, Expression, Names, answer, posed
from diffcli.errors import fault, given
from diffcli.messages import Argument, Message
from diffcli.symbolic.forms.form_names import Form

if TYPE_CHECKING:
    from diffcli.analysis.comparison.compare_report import CompareReport
    from diffcli.analysis.derivation.derivation_report import DerivationReport
    from diffcli.analysis.gradient import GradReport
    from diffcli.analysis.symbolic_derivative import DiffReport


@function
def grad(
    expression: Expression,
    at: object = None,
    *,
    data: object = None,
    columns: Columns | None = None,
    decimal: str | None = None,
    thousands: str | None = None,
    missing: str | Sequence[str] = (),
    wrt: Names = (),
    of: Names = (),
    cotangent: object = None,
    symbolic: bool = False,
    strict: bool = False,
    exact: bool = False,
    digits: int | None = None,
    timeout: float | None = None,
    **values: object,
) -> "GradReport":
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
    a float as the decimal that Python prints for it. `timeout` is in seconds. Raises DiffcliError.
    """
    from diffcli.analysis.gradient import gradient_report
    from diffcli.analysis.precision import time_limit
    from diffcli.analysis.values import bindings

    problem = posed(
        expression, at, values, wrt=wrt, of=of, data=data, columns=columns, decimal=decimal, thousands=thousands,
        missing=missing, exact=exact, digits=digits,
    )  # fmt: skip
    plain = partial(gradient_report, symbolic=False, strict=strict, cotangent=bindings(cotangent, "cotangent"))
    if not symbolic:
        return answer(problem, plain, timeout)
    compared = partial(plain, symbolic=True, seconds=time_limit(timeout, USUAL_SECONDS))
    return answer(problem, compared, timeout, pilot=plain)


@overload
def diff(expression: Expression, at: object = None, *, steps: Literal[True], **options: Any) -> "DerivationReport": ...
@overload
def diff(expression: Expression, at: object = None, *, blank: Literal[True], **options: Any) -> "DerivationReport": ...
@overload
def diff(expression: Expression, at: object = None, **options: Any) -> "DiffReport": ...
@function
def diff(
    expression: Expression,
    at: object = None,
    *,
    data: object = None,
    columns: Columns | None = None,
    decimal: str | None = None,
    thousands: str | None = None,
    missing: str | Sequence[str] = (),
    wrt: Names = (),
    order: int = 1,
    form: Form | None = None,
    indices: bool = False,
    steps: bool = False,
    blank: bool = False,
    timeout: float | None = None,
    **values: object,
) -> "DiffReport | DerivationReport":
    """The symbolic derivative; values are optional and tell the variables' shapes.

    `form` is that of `--as`: plain, unicode, latex, or numpy, torch, jax, python, c, whose source is the report's
    `code`. `order` is that of the derivative, up to 4; `indices` writes formulas by indices rather than in matrix
    notation. With `steps` it is derived rule by rule, as in a textbook; `blank` leaves the right-hand sides open.
    Values, data and `timeout` are as in `grad`. Raises DiffcliError.
    """
    from diffcli.analysis.precision import time_limit

    problem = posed(
        expression, at, values, wrt=wrt, data=data, columns=columns, decimal=decimal, thousands=thousands,
        missing=missing, complete=False,
    )  # fmt: skip
    seconds = time_limit(timeout, SYMBOLIC_SECONDS)
    if steps or blank:
        from diffcli.analysis.derivation.derivation_report import derivation_report

        _check_derivable("steps" if steps else "blank", form, order)
        derive = partial(derivation_report, seconds=seconds, form=form, by_index=indices, blank=blank)
        return answer(problem, derive, timeout)
    from diffcli.analysis.symbolic_derivative import derivative_report

    differentiate = partial(derivative_report, seconds=seconds, form=form, by_index=indices, order=order)
    return answer(problem, differentiate, timeout)


def steps(expression: Expression, at: object = None, *, blank: bool = False, **options: Any) -> "DerivationReport":
    """The symbolic derivative rule by rule: `diff` with `steps=True`, whose options it takes. Raises DiffcliError."""
    return diff(expression, at, steps=True, blank=blank, **options)


def _check_derivable(argument: str, form: str | None, order: int) -> None:
    """Raise DiffcliError for what a derivation cannot be: a program, or of a higher order."""
    higher = Message("derive the result once more: d(f, x) in the expression is the first derivative")
    for other, usual, hint in (
        (
            Argument("form", form),
            form in (None, "plain"),
            Message("leave {form} out: the lines are plain text", form=Argument("form")),
        ),
        (Argument("order", order), order == 1, higher),
    ):
        if not usual:
            line = given(Argument(argument, True), other)
            raise fault(
                "E402",
                Message("{argument} does not go with {other}", argument=Argument(argument), other=other),
                line,
                line.whole,
                hint=hint,
            )


@function
def compare(
    expression: Expression,
    at: object = None,
    *,
    data: object = None,
    columns: Columns | None = None,
    decimal: str | None = None,
    thousands: str | None = None,
    missing: str | Sequence[str] = (),
    wrt: Names = (),
    sweep: bool = False,
    grow: int | None = None,
    strict: bool = False,
    exact: bool = False,
    digits: int | None = None,
    timeout: float | None = None,
    tidied: bool = True,
    **values: object,
) -> "CompareReport":
    """Symbolic, reverse, forward and numerical derivatives held against each other, with a verdict and its cause.

    `strict` makes a kink count as a failure, `sweep` adds the finite-difference error by step, `grow` the sizes of
    derivatives as the expression is iterated. Formulas are brought into a short form if `tidied`. With `exact` or
    `digits` formula, reverse and forward mode are in such numbers; they, values, data and `timeout` are as in `grad`.
    Raises DiffcliError.
    """
    from diffcli.analysis.comparison.judging import compare_report
    from diffcli.analysis.gradient import gradient_report
    from diffcli.analysis.precision import time_limit

    problem = posed(
        expression, at, values, wrt=wrt, data=data, columns=columns, decimal=decimal, thousands=thousands,
        missing=missing, exact=exact, digits=digits,
    )  # fmt: skip
    seconds = time_limit(timeout, SYMBOLIC_SECONDS)
    work = partial(compare_report, seconds=seconds, strict=strict, sweep=sweep, grow=grow, tidied=tidied)
    return answer(problem, work, timeout, SYMBOLIC_SECONDS, partial(gradient_report, symbolic=False))
