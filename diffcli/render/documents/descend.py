"""The descent report as a document, several of them in one, and a document a line while a descent goes on."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from diffcli.analysis.descent.descent_report import DescentRuns
from diffcli.render.documents.entries import kink_entry
from diffcli.render.documents.json_values import Document, by_name, dtype_entry, number

if TYPE_CHECKING:
    from diffcli.analysis.descent.descent_report import DescentReport
    from diffcli.analysis.descent.evidence import Diagnosis
    from diffcli.analysis.descent.settings import Settings
    from diffcli.analysis.descent.state import Iterate
    from diffcli.analysis.problem import Problem


def descend_document(report: "DescentReport | DescentRuns") -> Document:
    """`diffcli/descend@1` or `diffcli/ascend@1`; of several runs, each as it would be alone."""
    if isinstance(report, DescentRuns):
        return {**_head(report.expression, report.runs[0].maximize), "runs": [run_document(run) for run in report.runs]}
    return {**_head(report.expression, report.maximize), **run_document(report)}


def run_document(report: "DescentReport") -> Document:
    """One run."""
    return {
        **settings_entry(report.settings),
        "start": by_name(report.start),
        "final": by_name(report.final),
        "value": number(report.value),
        "gradient_norm": number(report.gradient_norm),
        "status": report.status,
        "explanation": report.explanation,
        "diagnosis": diagnosis_entry(report.diagnosis),
        **_rows(report),
        "iterations": report.iterations,
        "history": [iterate_entry(iterate) for iterate in report.history],
        "start_kinks": [kink_entry(kink) for kink in report.start_kinks],
        "kinks": [kink_entry(kink) for kink in report.kinks],
        **dtype_entry(report.dtype),
    }


def diagnosis_entry(diagnosis: "Diagnosis") -> Document:
    """The measurements; null for those not made."""
    return {name: number(value) if isinstance(value, float) else value for name, value in asdict(diagnosis).items()}


def settings_entry(settings: "Settings") -> Document:
    """The settings of a run."""
    return {
        "optimizer": settings.optimizer.name,
        "hyperparameters": dict(settings.optimizer.values),
        "learning_rate": settings.lr,
        "automatic_rate": settings.automatic,
        "schedule": [{"name": stage.name, **stage.values} for stage in settings.schedule],
        "clip_norm": settings.clip_norm,
        "tolerance": settings.tol,
    }


def _rows(report: "DescentReport") -> Document:
    """The rows of the data, and how they were taken."""
    if report.train_rows is None:
        return {}
    settings = report.settings
    found = {
        "train_rows": report.train_rows,
        "batch_size": settings.batch_size or report.train_rows,
        "shuffle": settings.shuffle,
        "seed": settings.seed,
    }
    if not report.holdout_rows:
        return found
    first, last = (
        "nan" if each.holdout_value is None else number(each.holdout_value)
        for each in (report.history[0], report.history[-1])
    )
    return {
        **found,
        "holdout": {"rows": report.holdout_rows, "start": first, "final": last, "note": report.holdout_note},
    }


def iterate_entry(iterate: "Iterate") -> Document:
    """A point of the path."""
    return {
        "iteration": iterate.iteration,
        "at": by_name(iterate.at),
        "value": number(iterate.value),
        "gradient_norm": number(iterate.gradient_norm),
        "rate": None if iterate.rate is None else number(iterate.rate),
        **_in_the_data(iterate),
    }


def _in_the_data(iterate: "Iterate") -> Document:
    """The place in the data, and the values on all rows where they were computed."""
    if iterate.epoch is None:
        return {}
    values = {"train_value": iterate.train_value, "holdout_value": iterate.holdout_value}
    return {
        "epoch": iterate.epoch,
        "batch": iterate.batch,
        **{name: number(value) for name, value in values.items() if value is not None},
    }


def _head(expression: str, maximize: bool) -> Document:
    return {"schema": f"diffcli/{'ascend' if maximize else 'descend'}@1", "expression": expression}


def start_document(problem: "Problem", runs: "Sequence[Settings]") -> Document:
    """The first line: `diffcli/descend-lines@1` or `diffcli/ascend-lines@1`."""
    return {
        "schema": f"diffcli/{'ascend' if runs[0].maximize else 'descend'}-lines@1",
        "kind": "start",
        "expression": problem.source.text.strip(),
        "wrt": list(problem.wrt),
        "at": by_name({name: value for name, value in problem.values.items() if name not in problem.columns}),
        **dtype_entry(problem.precision.dtype),
        "runs": [
            {**settings_entry(settings), "steps": settings.steps, "max_seconds": settings.max_seconds}
            for settings in runs
        ],
    }


def iterate_document(run: int, iterate: "Iterate") -> Document:
    """A point of a run."""
    return {"kind": "iterate", "run": run, **iterate_entry(iterate)}


def end_documents(runs: "Sequence[DescentReport]") -> list[Document]:
    """The last line of each run: its document without the history."""
    return [
        {"kind": "end", "run": number, **{key: value for key, value in run_document(run).items() if key != "history"}}
        for number, run in enumerate(runs)
    ]
