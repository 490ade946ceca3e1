"""Results for shell scripts: the numbers alone, one variable a line, to all their digits."""

from typing import TYPE_CHECKING

from diffcli.render.numbers import exact

if TYPE_CHECKING:
    from diffcli.analysis.catalogue import Catalogue
    from diffcli.analysis.derivative import DiffReport
    from diffcli.analysis.descent import DescentReport
    from diffcli.analysis.gradient import GradReport


def grad_lines(report: "GradReport") -> str:
    """The gradient of each variable."""
    return "\n".join(exact(gradient) for gradient in report.gradient.values())


def diff_lines(report: "DiffReport") -> str:
    """The formula for each variable, in the form asked for; an empty line where there is none."""
    return "\n".join(row.shown or "" for row in report.derivatives.values())


def descend_lines(report: "DescentReport") -> str:
    """The point where the run ended."""
    return "\n".join(exact(value) for value in report.final.values())


def functions_lines(report: "Catalogue") -> str:
    """The functions' names."""
    return "\n".join(row.name for row in report.functions)
