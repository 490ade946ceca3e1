"""The symbolic derivative: a formula for each variable."""

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from diffcli.analysis.formula_values import SymbolicRow, evaluated
from diffcli.analysis.presented import Presented
from diffcli.analysis.problem import Problem
from diffcli.analysis.sweep import built_scalar
from diffcli.autodiff.reverse import derivative
from diffcli.deadline.limit import TimeLimit, within
from diffcli.errors import DiffcliError, ExitCode, fault, out_of_range
from diffcli.execute.arrays import Array, all_finite
from diffcli.graph.build import build
from diffcli.messages import Argument, Blank, Message
from diffcli.symbolic import Formula, NoFormula, derivatives
from diffcli.symbolic.forms.form_names import PROGRAMS
from diffcli.syntax.call_options import check_constants
from diffcli.syntax.printer import print_program

_HIGHEST_ORDER = 4


@dataclass(frozen=True, slots=True)
class DiffReport(Presented):
    """The answer of `diff`: for each variable a formula and, at the given point, its value.

    `code` is the source of a program that computes value and gradients, where `form` is one of
    `PROGRAMS`. Of a higher `order` the derivatives are by several variables each: `x,y`.
    """

    expression: str
    at: Mapping[str, Array]
    derivatives: Mapping[str, SymbolicRow]
    form: str = "plain"
    code: str | None = None
    order: int = 1

    @property
    def exit_code(self) -> ExitCode:
        """Done: at least one variable has a formula; not finite where a formula's value at the point is not."""
        values = [row.value for row in self.derivatives.values() if row.value is not None]
        return ExitCode.DONE if all(map(all_finite, values)) else ExitCode.NOT_FINITE


def derivative_report(
    problem: Problem,
    seconds: float = 10.0,
    form: str | None = None,
    by_index: bool = False,
    order: int = 1,
    formulas: bool = True,
) -> DiffReport:
    """Differentiate symbolically; values need not be given.

    `form` is plain, unicode, latex or one of `PROGRAMS`; without one the text is that for people,
    and plain is text that parses back where the language has words for it. With `by_index` formulas
    are written by indices rather than in matrix notation. Raises DiffcliError if no variable gets a formula, or
    there is no such program. `order` is that of the derivatives. `seconds` limits the search. A program alone is
    found sooner without `formulas`.
    """
    _check_order(order)
    complete = all(name in problem.values for name in problem.resolved.variables)
    if complete:
        built_scalar(problem)
    else:
        check_constants(problem.resolved)
    alone = form in PROGRAMS and not formulas
    whole_arrays = form == "plain" or form in PROGRAMS
    search = partial(derivatives, problem.resolved, problem.wrt, problem.shapes, seconds, order=order)
    found = search(for_program=True) if alone else search(by_index=by_index, whole=whole_arrays)
    failed = [formula for formula in found.values() if isinstance(formula, NoFormula)]
    if failed and len(failed) == len(found):
        whole = problem.resolved.nodes[-1].span
        timed_out = any(formula.limit for formula in failed)
        raise fault(
            "E601" if timed_out else "E602", failed[0].reason, problem.source, whole,
            hint=_without_formula(problem),
            exit_code=ExitCode.TIME_LIMIT if timed_out else ExitCode.CANNOT_START,
        )  # fmt: skip
    rows = evaluated(found, problem.values if complete else None, seconds)
    code = None
    if form in PROGRAMS:
        _check_all_found(problem, found)
        code = _program(problem, found if alone else search(for_program=True), form, seconds)
        if alone:
            rows = {name: SymbolicRow(None, row.value, row.reason, ()) for name, row in rows.items()}
    elif form not in (None, "plain"):
        rows = {name: row.in_form(str(form)) for name, row in rows.items()}
    return DiffReport(problem.source.text.strip(), problem.values, rows, form or "plain", code, order)


def _without_formula(problem: Problem) -> str:
    """The command that computes the derivative at a point, by the shape of the result, with any shapes that fit."""
    for shape in ((), (3,), (3, 3)):
        shapes = dict.fromkeys(problem.resolved.variables, shape) | problem.shapes
        with contextlib.suppress(DiffcliError):
            built = build(problem.resolved, shapes, derivative)
            if built.graph.shapes[built.output] != ():
                return Message("jacobian computes every derivative of an array at a point, without a formula")
            break
    return Message("grad computes the derivative at a point without a formula")


def _check_order(order: int) -> None:
    if not 1 <= order <= _HIGHEST_ORDER:
        message = Message("the order must be 1 to {most}", most=_HIGHEST_ORDER)
        raise out_of_range("order", order, message, Message("d(f, x) in the expression differentiates once more"))


def _check_all_found(problem: Problem, formulas: Mapping[str, Formula | NoFormula]) -> None:
    """Raise DiffcliError where a variable has no formula, so that there is no program."""
    missing = next((formula for formula in formulas.values() if isinstance(formula, NoFormula)), None)
    whole = problem.resolved.nodes[-1].span
    if not formulas:
        hint: str = Message("a program computes the derivatives by the variables of an expression, as of x^2")
        raise fault("E207", Message("there are no variables to differentiate by"), problem.source, whole, hint=hint)
    if missing is not None:
        names = ",".join(name for name, formula in formulas.items() if not isinstance(formula, NoFormula))
        message = Message(
            "there is no formula for d/d{variable}: {reason}", variable=missing.variable, reason=missing.reason
        )
        hint = Message("leave it out: {wrt}", wrt=Argument("wrt", names))
        raise fault("E602", message, problem.source, whole, hint=hint)


def _program(problem: Problem, formulas: Mapping[str, Formula | NoFormula], form: str, seconds: float) -> str:
    """The source text. Raises DiffcliError where the form lacks a function."""
    from diffcli.symbolic import Refusal, program

    whole = problem.resolved.nodes[-1].span
    found = {name: formula for name, formula in formulas.items() if isinstance(formula, Formula)}
    text = print_program(problem.resolved.program)
    try:
        return within(seconds, program, text, found, form)
    except Refusal as refusal:
        message = Message("there is no {form} program: {refusal}", form=form, refusal=refusal.message)
        others = _forms_of(text, found, seconds)
        another = Message("another form does: {form}", form=Argument("form", Blank(", ".join(others))))
        instead = another if others else _without_formula(problem)
        raise fault("E602", message, problem.source, whole, hint=instead) from None
    except TimeLimit:
        message = Message("no program within {seconds:g} s", seconds=seconds)
        hint = Message("{timeout} gives it more time", timeout=Argument("timeout", Blank("SECONDS")))
        raise fault("E601", message, problem.source, whole, hint=hint, exit_code=ExitCode.TIME_LIMIT) from None


def _forms_of(text: str, formulas: Mapping[str, Formula], seconds: float) -> list[str]:
    """The forms that have every function of the formulas, as far as there is time to try them."""
    from diffcli.symbolic import Refusal, program

    found: list[str] = []
    with contextlib.suppress(TimeLimit):
        for form in PROGRAMS:
            with contextlib.suppress(Refusal):
                within(seconds, program, text, formulas, form)
                found.append(form)
    return found
