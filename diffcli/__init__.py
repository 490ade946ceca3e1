"""Differentiate expressions symbolically and automatically, see every step, run gradient descent.

>>> import diffcli
>>> report = diffcli.grad("mean(x*x)", x=[1, 2, 3])
>>> report.value
4.666666666666667
>>> report.gradient["x"].tolist()
[0.6666666666666666, 1.3333333333333333, 2.0]
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from diffcli.errors import Diagnostic, DiffcliError

if TYPE_CHECKING:
    from diffcli.analysis.derivative import DiffReport
    from diffcli.analysis.descent import DescentReport
    from diffcli.analysis.gradient import GradReport
    from diffcli.analysis.problem import Problem

__version__ = "0.1.0"
__all__ = ["Diagnostic", "DiffcliError", "__version__", "ascend", "descend", "diff", "grad"]

Values = Mapping[str, Any]


def grad(
    expression: str, at: Values | None = None, *, wrt: str | Sequence[str] = (), symbolic: bool = False, timeout: float = 5.0, **values: Any
) -> "GradReport":
    """The gradient of an expression at a point, with the value and gradient of every node.

    Values are numbers, nested lists or arrays, by keyword or (for any name) in `at`. With
    `symbolic` the formula is found, within `timeout` seconds, and compared. Raises DiffcliError.
    """
    from diffcli.analysis.gradient import gradient_report

    return gradient_report(_problem(expression, at, wrt, values), symbolic, timeout)


def diff(
    expression: str,
    at: Values | None = None,
    *,
    wrt: str | Sequence[str] = (),
    order: int = 1,
    form: str | None = None,
    indices: bool = False,
    timeout: float = 10.0,
    **values: Any,
) -> "DiffReport":
    """The symbolic derivative; values are optional and tell the variables' shapes.

    `form` is that of `--as`: plain, unicode, latex, or numpy, torch, jax, python, c, whose source
    is the report's `code`. `indices` writes formulas by indices. Raises DiffcliError.
    """
    from diffcli.analysis.derivative import derivative_report

    return derivative_report(_problem(expression, at, wrt, values, complete=False), timeout, form, indices, order)


def descend(
    expression: str,
    at: Values | None = None,
    *,
    lr: float = 0.1,
    steps: int = 1000,
    tol: float = 1e-6,
    maximize: bool = False,
    wrt: str | Sequence[str] = (),
    timeout: float | None = None,
    stopped: Callable[[], bool] = lambda: False,
    **values: Any,
) -> "DescentReport":
    """Gradient descent from a point: `x <- x - lr * gradient`, until the gradient's norm is at most `tol`.

    `maximize` climbs instead; `stopped` is asked after each step whether to end the run. Raises
    DiffcliError.
    """
    from diffcli.analysis.descent import descent_report

    return descent_report(_problem(expression, at, wrt, values), lr, steps, tol, maximize, timeout, stopped)


def ascend(expression: str, at: Values | None = None, **options: Any) -> "DescentReport":
    """Gradient ascent from a point: `x <- x + lr * gradient`; options and values as in `descend`."""
    return descend(expression, at, maximize=True, **options)


def _problem(expression: str, at: Values | None, wrt: str | Sequence[str], values: Values, complete: bool = True) -> "Problem":
    from diffcli.analysis.problem import pose
    from diffcli.analysis.values import given_bindings
    from diffcli.source import Source

    if not isinstance(expression, str):
        raise TypeError(f"the expression is a string, not {type(expression).__name__}")
    names = tuple(name.strip() for name in wrt.split(",")) if isinstance(wrt, str) and wrt else tuple(wrt)
    return pose(Source(expression), given_bindings({**(at or {}), **values}), names, complete)
