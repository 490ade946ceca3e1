"""A program compiled for use inside of other programs."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from diffcli.api.posing import Columns, Expression, Names, Work, of_problem
from diffcli.execute.dtype import Dtype
from diffcli.execute.executors.executor import ExecutorName

if TYPE_CHECKING:
    from diffcli.analysis.compiled import CompiledFunction


@of_problem
def compile(
    expression: Expression, at: object = None, *, data: object = None, columns: Columns | None = None,
    decimal: str | None = None, thousands: str | None = None, missing: str | Sequence[str] = (), wrt: Names = (),
    dtype: Dtype | None = None, executor: ExecutorName | None = None, device: str | None = None, **values: object,
) -> "Work[CompiledFunction]":  # fmt: skip
    """An expression as a function that is called with new values as often as wanted, and parsed and built once.

    `f = compile("mean(x*x)", x=[1, 2, 3])`, then `value, gradient = f(x=[4, 5, 6])`; also `f.value`, `f.gradient`,
    `f.jvp`, `f.vjp`, `f.hvp`, `f.jacobian`. Values are optional: variables have them where a call gives no other, and
    what depends on no variable of `wrt` is computed once. Other shapes are compiled when they are first met. Results
    are NumPy's: what is undefined is nan, without an error; with `dtype="float32"` they are those of single precision.
    `executor` computes it, a library's on `device`; without one the fastest for the sizes is chosen, as
    `f.plan().reason` says. Values and data are as in `grad`. Raises DiffcliError.
    """
    from diffcli.analysis.compiled import CompiledFunction

    return Work(CompiledFunction, complete=False, untimed=True)
