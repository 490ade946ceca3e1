"""A value or gradient that is not finite, as a diagnostic: its origin, and an expression that stays finite there."""

from collections.abc import Mapping

from diffcli.analysis.problem import Problem
from diffcli.analysis.trace import Trace
from diffcli.errors import ExitCode, Label, fault
from diffcli.execute.arrays import Array
from diffcli.execute.executors.kept import are_finite_cells, kept


def check_finite(trace: Trace, gradients: Mapping[str, Array], problem: Problem | None = None) -> None:
    """Raise DiffcliError, pointing at the origin, where the value or a gradient is not to be had (see `origin`).

    With the problem, which the trace must be that of, an expression that does the same and is
    finite there is looked for.
    """
    if trace.arithmetic.encloses or are_finite_cells(kept(trace.values)):
        return
    from diffcli.analysis.origin import origin

    found = origin(trace, gradients)
    if found is None:
        return
    hint, suggestion = found.hint, None
    if problem is not None and found.cause != "data":
        from diffcli.analysis.rewriting import remedy

        better = remedy(problem, trace, found)
        if better is not None:
            hint, suggestion = better.hint, better.suggestion
    code = "E502" if found.cause == "product" else "E501"
    raise fault(
        code,
        found.message,
        trace.source,
        Label(found.span, found.label),
        hint=hint,
        exit_code=ExitCode.NOT_FINITE,
        suggestion=suggestion,
    )
