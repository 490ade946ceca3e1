"""Results as equations in LaTeX: formulas, and numbers and matrices between parentheses."""

import re
from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Protocol, TypeVar, runtime_checkable

from diffcli.execute.arrays import Array
from diffcli.primitives.shape import size
from diffcli.render.drawing.notation.latex_text import latex_text
from diffcli.render.text.matrix_table import rows_of
from diffcli.render.value_text import number
from diffcli.symbolic.forms.variable_names import latex_name

if TYPE_CHECKING:
    from diffcli.analysis.gradient import GradReport
    from diffcli.analysis.hessian import HessianReport
    from diffcli.analysis.jacobian import JacobianReport
    from diffcli.analysis.symbolic_derivative import DiffReport

Item = TypeVar("Item")

#: Rows and columns at each end of a matrix that is larger.
_ENDS = 4
_NUMBER = re.compile(r"(?P<digits>-?\d+(?:\.\d+)?)(?:e(?P<sign>[-+])0*(?P<power>\d+))?")


@runtime_checkable
class _Latex(Protocol):
    """A number that is written in LaTeX otherwise than in text, as an exact one."""

    def latex(self) -> str: ...


def gradient(report: "GradReport") -> str | None:
    """For each variable its derivative: the formula, where one was asked for, and the value."""
    found = []
    for name, value in report.gradient.items():
        symbolic = None if report.symbolic is None else report.symbolic.get(name)
        row = None if symbolic is None else symbolic.in_form("latex")
        sides = [side for side in (row.form if row else None, array(value)) if side]
        found += [f"{partial(name)} &= {' = '.join(sides)}"] if sides else []
    return _display(found)


def derivative(report: "DiffReport") -> str | None:
    """For each variable its formula."""
    rows = {name: row.in_form("latex").form for name, row in report.derivatives.items()}
    return _display([f"{partial(name)} &= {form}" for name, form in rows.items() if form])


def jacobian(report: "JacobianReport") -> str | None:
    """For each variable the matrix with a row for each element of the output and a column for each of the variable."""
    rows, blocks = size(report.value.shape), report.jacobian.items()
    return _display([f"{partial(name)} &= {matrix(rows_of({name: block}, rows))}" for name, block in blocks])


def hessian(report: "HessianReport") -> str | None:
    """The matrix over all variables, or the product that was asked for."""
    if report.hessian:
        blocks = report.hessian.items()
        rows = [row for name, beside in blocks for row in rows_of(beside, size(report.at[name].shape))]
        return _display([f"H &= {matrix(rows)}"])
    products = {latex_name(name): array(value) for name, value in (report.hvp or {}).items()}
    return _display([rf"\left(H v\right)_{{{name}}} &= {form}" for name, form in products.items() if form])


def _display(lines: list[str]) -> str | None:
    """Lines in one display; None without any."""
    return f"$${environment('aligned', lines)}$$" if lines else None


def partial(names: str) -> str:
    r"""The sign of a derivative by one variable, or by several: `x,x,y`."""
    each = names.split(",")
    above = rf"\partial^{{{len(each)}}} f" if len(each) > 1 else r"\partial f"
    below = r" \, ".join(rf"\partial {_raised(latex_name(name), len(list(group)))}" for name, group in groupby(each))
    return rf"\frac{{{above}}}{{{below}}}"


def _raised(name: str, power: int) -> str:
    return name if power == 1 else f"{{{name}}}^{{{power}}}"


def array(value: Array) -> str | None:
    """A number, a row, or a matrix; None of more axes."""
    if len(value.shape) > 2:
        return None
    listed = value.tolist()
    return scalar(listed) if not value.shape else matrix([listed] if len(value.shape) == 1 else listed)


def matrix(rows: list[list[object]]) -> str:
    """Rows of numbers; a large matrix by its corners."""
    cells = [[scalar(entry) for entry in _ends(row)] for row in _ends(rows)]
    if len(rows) > 2 * _ENDS + 1:
        cells.insert(_ENDS, [r"\vdots"] * len(cells[0]))
    if rows and len(rows[0]) > 2 * _ENDS + 1:
        for row in cells:
            row.insert(_ENDS, r"\ddots" if row[0] == r"\vdots" else r"\cdots")
    return environment("pmatrix", [" & ".join(row) for row in cells])


def environment(name: str, lines: Sequence[str]) -> str:
    """Lines below each other."""
    return rf"\begin{{{name}}}" + r" \\ ".join(lines) + rf"\end{{{name}}}"


def _ends(items: list[Item]) -> list[Item]:
    return items if len(items) <= 2 * _ENDS + 1 else items[:_ENDS] + items[-_ENDS:]


def scalar(value: object) -> str:
    """A number to six digits; an exact one as it is written."""
    text = number(value)
    found = _NUMBER.fullmatch(text)
    if found is None:
        words = {"inf": r"\infty", "-inf": r"-\infty", "nan": r"\mathrm{nan}"}
        return words.get(text) or (value.latex() if isinstance(value, _Latex) else rf"\text{{{latex_text(text)}}}")
    if found["power"] is None:
        return text
    return rf"{found['digits']} \times 10^{{{found['sign'].replace('+', '')}{found['power']}}}"
