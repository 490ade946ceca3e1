"""The gradient report for people."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from diffcli.render.text.opening import opening

if TYPE_CHECKING:
    from rich.console import RenderableType

    from diffcli.analysis.gradient import GradReport
    from diffcli.render.view import View


def grad_text(report: "GradReport", view: "View") -> "Iterator[RenderableType]":
    """Expression, point, tables, verdict."""
    yield from opening(report.expression, report.at, view)
    from diffcli.render.text.grad_tables import grad_tables  # which loads Rich, while the first lines are read

    yield from grad_tables(report, view)
