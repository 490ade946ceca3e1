"""Results for shell scripts: the numbers alone, one variable a line, to all their digits."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from diffcli.execute.executors.kept import kept
from diffcli.render.round_trip import exact, pieces

#: Lines by what they are of, whole or in pieces.
Labelled = Mapping[str, Iterable[str]]

if TYPE_CHECKING:
    from diffcli.analysis.catalogue import Catalogue
    from diffcli.analysis.comparison.compare_report import CompareReport
    from diffcli.analysis.derivation.derivation_report import DerivationReport
    from diffcli.analysis.descent.descent_report import DescentReport, DescentRuns
    from diffcli.analysis.drawing.drawing import Drawing
    from diffcli.analysis.drawing.torch_graph import TorchGraph
    from diffcli.analysis.exercise.check_report import CheckReport
    from diffcli.analysis.gradient import GradReport
    from diffcli.analysis.hessian import HessianReport
    from diffcli.analysis.jacobian import JacobianReport
    from diffcli.analysis.jacobian_products import JvpReport, VjpReport
    from diffcli.analysis.manual.page import ManualPage
    from diffcli.analysis.quiz.exercise import QuizReport
    from diffcli.analysis.sheets.sheet_report import SheetReport
    from diffcli.analysis.symbolic_derivative import DiffReport


def lines(answer: str | Labelled, labels: bool) -> Iterator[str]:
    """The answer line by line, each after its label and a blank where labels are wanted; in pieces."""
    if isinstance(answer, str):
        yield answer
        return
    for place, (label, text) in enumerate(answer.items()):
        yield "\n" * (place > 0) + f"{label} " * labels
        yield from [text] if isinstance(text, str) else text


def grad_lines(report: "GradReport") -> Labelled:
    """The gradient of each variable."""
    return {name: pieces(gradient) for name, gradient in kept(report.gradient).items()}


def diff_lines(report: "DiffReport") -> str | Labelled:
    """The program, or the formula for each variable in the form asked for; an empty line where there is none."""
    if report.code is not None:
        return report.code.rstrip("\n")
    return {name: row.shown or "" for name, row in report.derivatives.items()}


def compare_lines(report: "CompareReport") -> str:
    """Each variable's verdict."""
    return "\n".join(f"{partial.variable} {partial.judgement.cause}" for partial in report.partials)


def check_lines(report: "CheckReport") -> Labelled:
    """The verdict on each part; one on the whole where it cannot be graded."""
    if report.diagnostic is not None:
        return {"answer": report.verdict}
    return {part.label: part.verdict for part in report.parts}


def quiz_lines(report: "QuizReport") -> str:
    """A line for each exercise: number, topic, level, expression, values, right answer, with tabs between."""
    return "\n".join(
        "\t".join([each.id, each.topic_name, str(each.level), each.family.expression, each.family.at, each.right])
        for each in report.exercises
    )


def sheet_lines(report: "SheetReport") -> str:
    """A line for each answer: student, exercise, what came of it, points, points that can be had, with tabs between."""
    from diffcli.render.points import points_number  # imports that other answers do without

    return "\n".join(
        "\t".join([
            student.name.replace("\t", " "), mark.exercise.id, mark.outcome,
            str(points_number(mark.points)), str(points_number(mark.exercise.points)),
        ])
        for student in report.students for mark in student.marks
    )  # fmt: skip


def derivation_lines(report: "DerivationReport") -> str:
    """The lines of each derivation: variable, number, rule, general rule, statement, result, with tabs between."""
    return "\n".join(
        "\t".join([name, str(line.number), line.rule, line.general, line.statement, line.result or ""])
        for name, derivation in report.derivations.items() for line in derivation.lines
    )  # fmt: skip


def descend_lines(report: "DescentReport") -> Labelled:
    """The point where the run ended."""
    return {name: pieces(value) for name, value in report.final.items()}


def descend_runs_lines(report: "DescentRuns") -> str:
    """A line for each run: optimizer, rate, steps, value, gradient norm, status, with tabs between."""
    return "\n".join("\t".join(_run_cells(run)) for run in report.runs)


def _run_cells(run: "DescentReport") -> Iterator[str]:
    yield run.settings.optimizer.name
    yield "-" if run.learning_rate is None else repr(run.learning_rate)
    yield str(run.iterations)
    yield repr(run.value)
    yield repr(run.gradient_norm)
    yield run.status


def descend_options(report: "DescentReport") -> str:
    """The end of the run, and the variables that stayed, as options of another command; no word has a blank."""
    return " ".join(f"--at {name}={exact(value)}" for name, value in {**report.constants, **report.final}.items())


def jacobian_lines(report: "JacobianReport") -> Labelled:
    """The derivative by each variable: the output's axes, then the variable's."""
    return {name: pieces(block) for name, block in report.jacobian.items()}


def hessian_lines(report: "HessianReport") -> Labelled:
    """The second derivatives by each pair of variables, the first changing slowest; or the product by each variable."""
    blocks = {
        f"{first},{second}": block for first, row in (report.hessian or {}).items() for second, block in row.items()
    }
    return {label: exact(block) for label, block in {**blocks, **(report.hvp or {})}.items()}


def jvp_lines(report: "JvpReport") -> str:
    """The output's tangent."""
    return exact(report.tangent)


def vjp_lines(report: "VjpReport") -> Labelled:
    """The cotangent of each variable."""
    return {name: pieces(value) for name, value in report.vjp.items()}


def graph_lines(drawing: "Drawing") -> str:
    """The edges, an operand and its user by their names in `grad`; a node alone twice, as tsort(1) reads it."""
    labels = {node.id: node.row.label for node in drawing.nodes}
    pairs = [(labels[edge.target], labels[edge.source]) for edge in drawing.edges] or [
        (label, label) for label in labels.values()
    ]
    return "\n".join(map(" ".join, pairs))


def torch_graph_lines(graph: "TorchGraph") -> str:
    """The edges by the places of their nodes in the document, in the direction in which they are drawn."""
    return "\n".join(f"{edge.tail} {edge.head}" for edge in graph.edges)


def functions_lines(report: "Catalogue") -> str:
    """The functions' names; where there is none, the formula of the rule."""
    return "\n".join(row.name for row in report.functions) or "\n".join(
        line for rule in report.rules for line in rule.formula
    )


def manual_lines(page: "ManualPage") -> str:
    """The page without titles: a name and its meaning, or a command and what it shows, with a tab between them."""
    lines = ([part] if isinstance(part, str) else map("\t".join, part.pairs) for part in page.parts)
    return "\n".join(line for some in lines for line in some)
