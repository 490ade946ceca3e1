"""The Jacobian and the Hessian, and their products with a vector."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Literal

from diffcli.api.posing import Columns, Expression, Names, Work, of_problem
from diffcli.errors import fault
from diffcli.execute.executors.executor import ExecutorName
from diffcli.messages import Argument, Faced, Message
from diffcli.source import Source

if TYPE_CHECKING:
    from diffcli.analysis.hessian import HessianReport
    from diffcli.analysis.jacobian import JacobianReport
    from diffcli.analysis.jacobian_products import JvpReport, VjpReport

#: How a Jacobian is found: forward, a sweep for each input; reverse, one for each output; auto, with fewer sweeps.
Mode = Literal["auto", "forward", "reverse"]


@of_problem
def jacobian(
    expression: Expression, at: object = None, *, data: object = None, columns: Columns | None = None,
    decimal: str | None = None, thousands: str | None = None, missing: str | Sequence[str] = (), wrt: Names = (),
    mode: Mode = "auto", pattern: bool = False, exact: bool = False, digits: int | None = None,
    executor: ExecutorName | None = None, device: str | None = None, timeout: float | None = None, **values: object,
) -> "Work[JacobianReport]":  # fmt: skip
    """The Jacobian: for each variable an array of the output's shape followed by the variable's.

    `mode` is forward, reverse, or auto for the one with fewer sweeps. With `pattern` the report has the structure too:
    which entries can differ from 0, whatever the values. Values, data, `exact`, `digits`, `executor`, `device` and
    `timeout` are as in `grad`. Raises DiffcliError.
    """
    from diffcli.analysis.jacobian import jacobian_report

    return Work(partial(jacobian_report, mode=mode, pattern=pattern))


@of_problem
def hessian(
    expression: Expression, at: object = None, *, data: object = None, columns: Columns | None = None,
    decimal: str | None = None, thousands: str | None = None, missing: str | Sequence[str] = (), wrt: Names = (),
    hvp: object = None, pattern: bool = False, exact: bool = False, digits: int | None = None,
    executor: ExecutorName | None = None, device: str | None = None, timeout: float | None = None, **values: object,
) -> "Work[HessianReport]":  # fmt: skip
    """The second derivatives of a single number, their eigenvalues, and what kind of point it is.

    With `hvp`, a direction by name or for the only variable, just the product with it. `pattern` is as in `jacobian`,
    values, data, `exact`, `digits`, `executor`, `device` and `timeout` are as in `grad`. Raises DiffcliError.
    """
    from diffcli.analysis.given_values import bindings
    from diffcli.analysis.hessian import hessian_report

    return Work(partial(hessian_report, direction=bindings(hvp, "hvp"), pattern=pattern))


@of_problem
def jvp(
    expression: Expression, at: object = None, *, data: object = None, columns: Columns | None = None,
    decimal: str | None = None, thousands: str | None = None, missing: str | Sequence[str] = (), wrt: Names = (),
    tangent: object = None, exact: bool = False, digits: int | None = None, executor: ExecutorName | None = None,
    device: str | None = None, timeout: float | None = None, **values: object,
) -> "Work[JvpReport]":  # fmt: skip
    """The derivative along a direction, by forward mode.

    `tangent` is by name, or for the only variable; variables without one stay where they are. Values, data, `exact`,
    `digits`, `executor`, `device` and `timeout` are as in `grad`. Raises DiffcliError.
    """
    from diffcli.analysis.given_values import bindings
    from diffcli.analysis.jacobian_products import jvp_report

    direction = bindings(tangent, "tangent")
    if not direction:
        only, named = Argument("tangent", [1, 0]), Argument("tangent", {"x": [1, 0]})
        hint = Message("{only}, or {named} for one of several variables", only=only, named=named)
        raise fault("E402", Message("jvp needs a direction"), _call("jvp"), hint=hint)
    return Work(partial(jvp_report, direction=direction))


@of_problem
def vjp(
    expression: Expression, at: object = None, *, data: object = None, columns: Columns | None = None,
    decimal: str | None = None, thousands: str | None = None, missing: str | Sequence[str] = (), wrt: Names = (),
    cotangent: object = None, exact: bool = False, digits: int | None = None, executor: ExecutorName | None = None,
    device: str | None = None, timeout: float | None = None, **values: object,
) -> "Work[VjpReport]":  # fmt: skip
    """A cotangent of the output's shape brought back to the variables, by reverse mode.

    Values, data, `exact`, `digits`, `executor`, `device` and `timeout` are as in `grad`. Raises DiffcliError.
    """
    from diffcli.analysis.given_values import bindings
    from diffcli.analysis.jacobian_products import vjp_report

    weights = bindings(cotangent, "cotangent")
    if not weights:
        hint = Message("{cotangent}, with as many numbers as the result has", cotangent=Argument("cotangent", [1, 2]))
        raise fault("E402", Message("vjp needs a cotangent"), _call("vjp"), hint=hint)
    return Work(partial(vjp_report, cotangent=weights))


def _call(name: str) -> Source:
    """A call of a function, as far as all of its kind are the same."""
    return Source(Faced(f"diffcli {name}", f"{name}(...)"), Faced(Message("command line"), Message("call")))
