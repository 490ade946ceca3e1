"""Differentiate expressions symbolically and automatically, see every step, run gradient descent.

>>> import diffcli
>>> report = diffcli.grad("mean(x*x)", x=[1, 2, 3])
>>> report.value
4.666666666666667
>>> report.gradient["x"].tolist()
[0.6666666666666666, 1.3333333333333333, 2.0]
"""

import sys

if sys.argv[:1] == ["-m"] or "".join(sys.argv[:1]).rpartition("/")[2] == "diffcli":
    # this is the command, no library: while it loads the rest, Ctrl-C is to end it without a traceback
    import _signal  # type: ignore[import-not-found]  # what `signal` is made of, without the milliseconds of its imports
    import os

    if _signal.getsignal(_signal.SIGINT) is _signal.default_int_handler:
        _signal.signal(_signal.SIGINT, lambda *_: os._exit(130))

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

from diffcli.analysis.presented import Kind, present_with
from diffcli.errors import Diagnostic, DiffcliError, write_tracebacks_with

if TYPE_CHECKING:
    from diffcli.analysis.comparison.compare_report import CompareReport
    from diffcli.analysis.derivation.derivation_report import DerivationReport
    from diffcli.analysis.descent import DescentReport
    from diffcli.analysis.drawing.drawing import Drawing
    from diffcli.analysis.gradient import GradReport
    from diffcli.analysis.hessian import HessianReport
    from diffcli.analysis.jacobian import JacobianReport
    from diffcli.analysis.jacobian_products import JvpReport, VjpReport
    from diffcli.analysis.problem import Problem
    from diffcli.analysis.symbolic_derivative import DiffReport

__version__ = "0.1.0"
__all__ = [
    "Diagnostic",
    "DiffcliError",
    "__version__",
    "ascend",
    "compare",
    "descend",
    "diff",
    "draw",
    "grad",
    "hessian",
    "jacobian",
    "jvp",
    "steps",
    "vjp",
]

Values = Mapping[str, Any]
Columns = Mapping[str, str | Sequence[str]]


def _presented(result: object, kind: Kind) -> str | None:
    from diffcli.render.faces import presented

    return presented(result, kind)


def _diagnostic_lines(diagnostic: Diagnostic) -> list[str]:
    from diffcli.render.diagnostic import diagnostic_text

    return diagnostic_text(diagnostic).plain.splitlines()


present_with(_presented)
write_tracebacks_with(_diagnostic_lines)


def grad(
    expression: str,
    at: Values | None = None,
    *,
    wrt: str | Sequence[str] = (),
    symbolic: bool = False,
    strict: bool = False,
    exact: bool = False,
    digits: int | None = None,
    timeout: float | None = None,
    cotangent: Any = None,
    of: str | Sequence[str] = (),
    data: Any = None,
    columns: Columns | None = None,
    decimal: str | None = None,
    thousands: str | None = None,
    missing: str | Sequence[str] = (),
    **values: Any,
) -> "GradReport":
    """The gradient of an expression at a point, with the value and gradient of every node.

    Values are numbers, nested lists or arrays, by keyword or (for any name) in `at`. With
    `symbolic` the formula is found and compared. Raises DiffcliError;
    if `strict`, also where the point sits on a kink. An expression whose result is an array needs a
    `cotangent` of its shape: the weights of its elements.

    With `exact` everything is computed in exact numbers, which equal fractions and have `float()`
    and `str()`; with `digits` in mpmath's of so many digits. Fractions, decimals and integers of
    any size are taken as they are then, a float as the decimal that Python prints for it.

    `data` is a file's name, or columns by name, which are variables; `columns` gives them other
    names: `{"a": "height", "X": ["width", "depth"]}`. `decimal` and `thousands` are the marks in its
    numbers where they are texts, "." and none by default; the words `missing` are read as nan.

    `of` names intermediates and nodes (`y`, `v1`) whose gradient is wanted too; so may `wrt`.
    """
    from diffcli.analysis.directions import given_directions
    from diffcli.analysis.gradient import gradient_report
    from diffcli.analysis.precision import in_precision, limited, time_limit

    problem = in_precision(
        _problem(
            expression, at, wrt, values, data=data, columns=columns, of=of, notation=(decimal, thousands, missing)
        ),
        exact,
        digits,
    )
    weights = () if cotangent is None else given_directions(cotangent, "cotangent")
    seconds = time_limit(timeout, 5.0)
    return limited(
        problem,
        seconds,
        partial(gradient_report, symbolic=symbolic, seconds=seconds, strict=strict, cotangent=weights),
        partial(gradient_report, symbolic=False, strict=strict, cotangent=weights) if symbolic else None,
        doubles=timeout is not None,
    )


def diff(
    expression: str,
    at: Values | None = None,
    *,
    wrt: str | Sequence[str] = (),
    order: int = 1,
    form: str | None = None,
    indices: bool = False,
    timeout: float | None = None,
    **values: Any,
) -> "DiffReport":
    """The symbolic derivative; values are optional and tell the variables' shapes.

    `form` is that of `--as`: plain, unicode, latex, or numpy, torch, jax, python, c, whose source
    is the report's `code`. `indices` writes formulas by indices. Raises DiffcliError.
    """
    from diffcli.analysis.precision import in_time, time_limit
    from diffcli.analysis.symbolic_derivative import derivative_report

    seconds = time_limit(timeout, 10.0)
    work = partial(derivative_report, seconds=seconds, form=form, by_index=indices, order=order)
    problem = _problem(expression, at, wrt, values, complete=False)
    return work(problem) if timeout is None else in_time(problem, seconds, work)


def steps(
    expression: str,
    at: Values | None = None,
    *,
    wrt: str | Sequence[str] = (),
    blank: bool = False,
    timeout: float | None = None,
    **values: Any,
) -> "DerivationReport":
    """The symbolic derivative rule by rule, as in a textbook; `blank` leaves the right-hand sides open. Raises DiffcliError."""
    from diffcli.analysis.derivation.derivation_report import derivation_report
    from diffcli.analysis.precision import in_time, time_limit

    seconds = time_limit(timeout, 10.0)
    work = partial(derivation_report, seconds=seconds, blank=blank)
    problem = _problem(expression, at, wrt, values, complete=False)
    return work(problem) if timeout is None else in_time(problem, seconds, work)


def compare(
    expression: str,
    at: Values | None = None,
    *,
    wrt: str | Sequence[str] = (),
    timeout: float | None = None,
    strict: bool = False,
    sweep: bool = False,
    grow: int | None = None,
    exact: bool = False,
    digits: int | None = None,
    **values: Any,
) -> "CompareReport":
    """Symbolic, reverse, forward and numerical derivatives held against each other, with a verdict and its cause.

    `strict` makes a kink count as a failure,
    `sweep` adds the finite-difference error by step, `grow` the sizes of derivatives as the
    expression is iterated. With `exact` or `digits` formula, reverse and forward mode are in such
    numbers, as in `grad`. Raises DiffcliError.
    """
    from diffcli.analysis.comparison.judging import compare_report
    from diffcli.analysis.gradient import gradient_report
    from diffcli.analysis.precision import in_precision, limited, time_limit

    problem = in_precision(_problem(expression, at, wrt, values), exact, digits)
    seconds = time_limit(timeout, 10.0)
    return limited(
        problem,
        seconds,
        partial(compare_report, seconds=seconds, strict=strict, sweep=sweep, grow=grow),
        partial(gradient_report, symbolic=False),
        doubles=timeout is not None,
    )


def descend(
    expression: str,
    at: Values | None = None,
    *,
    lr: float | Literal["auto"] | None = None,
    optimizer: str = "gd",
    schedule: str = "constant",
    hyperparameters: Mapping[str, Any] | None = None,
    clip_norm: float | None = None,
    steps: int | None = None,
    tol: float = 1e-6,
    maximize: bool = False,
    strict: bool = False,
    wrt: str | Sequence[str] = (),
    timeout: float | None = None,
    stopped: Callable[[], bool] = lambda: False,
    data: Any = None,
    columns: Columns | None = None,
    decimal: str | None = None,
    thousands: str | None = None,
    missing: str | Sequence[str] = (),
    batch_size: int | None = None,
    epochs: int | None = None,
    shuffle: bool = False,
    seed: int = 0,
    holdout: float = 0.0,
    **values: Any,
) -> "DescentReport":
    """Gradient descent from a point, until the gradient's norm is at most `tol`.

    `optimizer` and `schedule` are those of the command, `hyperparameters` their values by name; the
    rate is `lr`, else the optimizer's own: plain descent's is 0.1, and "auto" is one that fits the
    curvature at the start. `maximize` climbs instead;
    `strict` ends the run at the first point on a kink; `stopped` is asked after each step whether
    to end it; `timeout` is in seconds. At most `steps` are taken, 1000 if neither they nor `epochs`
    are given. Raises DiffcliError.

    `data`, `columns`, `decimal`, `thousands` and `missing` are as in `grad`; no step changes them. Of their rows, a step sees
    `batch_size`, and the part `holdout` is not trained on.
    """
    from diffcli.analysis.descent.data_split import limited
    from diffcli.analysis.descent.descent_report import descent_report
    from diffcli.analysis.descent.planning import plan
    from diffcli.analysis.descent.preparation import Preparation
    from diffcli.analysis.descent.settings import Settings

    problem = _problem(expression, at, wrt, values, data=data, columns=columns, notation=(decimal, thousands, missing))
    settings = Settings(
        clip_norm=clip_norm, tol=tol, maximize=maximize, strict=strict, max_seconds=timeout,
        batch_size=batch_size, epochs=epochs, shuffle=shuffle, seed=seed, holdout=holdout,
    )  # fmt: skip
    settings = limited(problem, settings, steps)
    prepared = Preparation(problem, settings)
    run = plan(problem, settings, optimizer, lr, schedule, hyperparameters or {}, prepared)
    return descent_report(problem, run, stopped=stopped, prepared=prepared)


def ascend(expression: str, at: Values | None = None, **options: Any) -> "DescentReport":
    """Gradient ascent from a point, as `descend` on the negative; options and values as in `descend`."""
    return descend(expression, at, maximize=True, **options)


def jacobian(
    expression: str,
    at: Values | None = None,
    *,
    wrt: str | Sequence[str] = (),
    mode: Literal["auto", "forward", "reverse"] = "auto",
    pattern: bool = False,
    exact: bool = False,
    digits: int | None = None,
    timeout: float | None = None,
    **values: Any,
) -> "JacobianReport":
    """The Jacobian: for each variable an array of the output's shape followed by the variable's.

    `auto` takes the mode with fewer sweeps. With `pattern` the report has the structure too: which
    entries can differ from 0, whatever the values. Raises DiffcliError.
    """
    from diffcli.analysis.jacobian import jacobian_report
    from diffcli.analysis.precision import in_precision, limited, time_limit

    problem = in_precision(_problem(expression, at, wrt, values), exact, digits)
    return limited(
        problem,
        time_limit(timeout, 5.0),
        partial(jacobian_report, mode=mode, pattern=pattern),
        doubles=timeout is not None,
    )


def hessian(
    expression: str,
    at: Values | None = None,
    *,
    wrt: str | Sequence[str] = (),
    hvp: Any = None,
    pattern: bool = False,
    exact: bool = False,
    digits: int | None = None,
    timeout: float | None = None,
    **values: Any,
) -> "HessianReport":
    """The second derivatives of a single number, their eigenvalues, and what kind of point it is.

    With `hvp`, a direction by name or for the only variable, just the product with it. Raises
    DiffcliError.
    """
    from diffcli.analysis.directions import given_directions
    from diffcli.analysis.hessian import hessian_report
    from diffcli.analysis.precision import in_precision, limited, time_limit

    problem = in_precision(_problem(expression, at, wrt, values), exact, digits)
    direction = () if hvp is None else given_directions(hvp, "hvp")
    return limited(
        problem,
        time_limit(timeout, 5.0),
        partial(hessian_report, direction=direction, pattern=pattern),
        doubles=timeout is not None,
    )


def jvp(
    expression: str,
    at: Values | None = None,
    *,
    tangent: Any,
    wrt: str | Sequence[str] = (),
    exact: bool = False,
    digits: int | None = None,
    timeout: float | None = None,
    **values: Any,
) -> "JvpReport":
    """The derivative along a direction, by forward mode; `tangent` is by name, or for the only variable. Raises DiffcliError."""
    from diffcli.analysis.directions import given_directions
    from diffcli.analysis.jacobian_products import jvp_report
    from diffcli.analysis.precision import in_precision, limited, time_limit

    problem = in_precision(_problem(expression, at, wrt, values), exact, digits)
    return limited(
        problem,
        time_limit(timeout, 5.0),
        partial(jvp_report, direction=given_directions(tangent, "tangent")),
        doubles=timeout is not None,
    )


def vjp(
    expression: str,
    at: Values | None = None,
    *,
    cotangent: Any,
    wrt: str | Sequence[str] = (),
    exact: bool = False,
    digits: int | None = None,
    timeout: float | None = None,
    **values: Any,
) -> "VjpReport":
    """A cotangent of the output's shape brought back to the variables, by reverse mode. Raises DiffcliError."""
    from diffcli.analysis.directions import given_directions
    from diffcli.analysis.jacobian_products import vjp_report
    from diffcli.analysis.precision import in_precision, limited, time_limit

    problem = in_precision(_problem(expression, at, wrt, values), exact, digits)
    return limited(
        problem,
        time_limit(timeout, 5.0),
        partial(vjp_report, cotangent=given_directions(cotangent, "cotangent")),
        doubles=timeout is not None,
    )


def draw(
    expression: str,
    at: Values | None = None,
    *,
    wrt: str | Sequence[str] = (),
    cotangent: Any = None,
    backward: bool = True,
    depth: int | None = None,
    data: Any = None,
    columns: Columns | None = None,
    decimal: str | None = None,
    thousands: str | None = None,
    missing: str | Sequence[str] = (),
    **values: Any,
) -> "Drawing":
    """The computation graph with every value and gradient, ready to be drawn; a notebook shows it as a picture.

    Groups of named intermediates and calls that are nested more than `depth` deep are folded: with
    0 all of them, which makes a large graph small enough for a picture.
    Without `backward` it has no gradients, and the result may have any shape. `cotangent`, `data`,
    `columns`, `decimal`, `thousands` and `missing` are as in `grad`. Raises DiffcliError.
    """
    from diffcli.analysis.directions import given_directions
    from diffcli.analysis.drawing.graph_report import checked_depth, graph_report

    nesting = None if depth is None else checked_depth(depth, "depth", "depth=0 folds every group")
    weights = () if cotangent is None else given_directions(cotangent, "cotangent")
    return graph_report(
        _problem(expression, at, wrt, values, data=data, columns=columns, notation=(decimal, thousands, missing)),
        weights,
        backward,
        nesting,
    )


def _problem(
    expression: str,
    at: Values | None,
    wrt: str | Sequence[str],
    values: Values,
    complete: bool = True,
    data: Any = None,
    columns: Columns | None = None,
    of: str | Sequence[str] | None = None,
    notation: tuple[str | None, str | None, str | Sequence[str]] = (None, None, ()),
) -> "Problem":
    from diffcli.analysis.problem import pose
    from diffcli.analysis.values import given_bindings
    from diffcli.source import Source

    if not isinstance(expression, str):
        raise TypeError(f"the expression is a string, not {type(expression).__name__}")
    if at is not None and not isinstance(at, Mapping):
        raise TypeError(f"values have names, as in x=3 or at={{'x': 3}}; this is a value of type {type(at).__name__}")
    table = None
    if data is not None:
        from diffcli.analysis.data.binding import given_data
        from diffcli.analysis.numerals import read_notation

        decimal, thousands, missing = notation
        table = given_data(
            data, columns, read_notation(decimal, thousands, (missing,) if isinstance(missing, str) else missing)
        )
    return pose(
        Source(expression),
        given_bindings({**(at or {}), **values}),
        _names(wrt),
        complete,
        table,
        None if of is None else _names(of),
    )


def _names(listed: str | Sequence[str]) -> tuple[str, ...]:
    """Names in a sequence, or between commas."""
    return tuple(name.strip() for name in listed.split(",")) if isinstance(listed, str) and listed else tuple(listed)
