"""A descent while it goes on, a document a line: what is run, each point, and how each run ended."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from diffcli.render.documents.descend import iterate_entry, run_document, settings_entry
from diffcli.render.documents.json_values import Document, by_name

if TYPE_CHECKING:
    from diffcli.analysis.descent.descent_report import DescentReport
    from diffcli.analysis.descent.settings import Settings
    from diffcli.analysis.descent.state import Iterate
    from diffcli.analysis.problem import Problem


def start_document(problem: "Problem", runs: "Sequence[Settings]") -> Document:
    """The first line: `diffcli/descend-lines@1` or `diffcli/ascend-lines@1`."""
    return {
        "schema": f"diffcli/{'ascend' if runs[0].maximize else 'descend'}-lines@1",
        "kind": "start",
        "expression": problem.source.text.strip(),
        "wrt": list(problem.wrt),
        "at": by_name({name: value for name, value in problem.values.items() if name not in problem.columns}),
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
