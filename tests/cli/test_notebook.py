"""Magics of notebooks, in IPython itself."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import pytest
from golden.pages import DOCS

import diffcli
from diffcli.analysis.gradient import GradReport

pytest.importorskip("IPython")
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")


class Cell(NamedTuple):
    """What a cell left: its value, and what it printed."""

    value: Any
    out: str
    err: str


class Notebook:
    """IPython with the magics."""

    def __init__(self, shell: Any) -> None:
        self.shell = shell
        assert self.run("%load_ext diffcli") == (None, "", "")

    def run(self, text: str, **names: object) -> Cell:
        """A cell, with these names defined before. Raises what the cell raises."""
        from IPython.utils.capture import capture_output

        self.shell.push(names)
        with capture_output(display=False) as shown:
            done = self.shell.run_cell(text)
        assert done.error_in_exec is None
        assert done.error_before_exec is None
        value = done.result
        return Cell(value, "" if value is not None else shown.stdout, shown.stderr)


@pytest.fixture(scope="module")
def notebook() -> Iterator[Notebook]:
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    settings = Config()
    settings.HistoryManager.enabled = False
    shell: Any = InteractiveShell.instance(config=settings)
    yield Notebook(shell)
    InteractiveShell.clear_instance()


def test_the_value_of_a_line_is_the_report(notebook: Notebook) -> None:
    cell = notebook.run('%diffcli grad "mean(x*x)" --at 1,2,3')
    assert isinstance(cell.value, GradReport)
    assert (cell.out, cell.err) == ("", "")
    assert notebook.run('r = %diffcli grad "x^2" --at 3\nr.gradient["x"]').value == 6.0
    assert "<table>" in cell.value._repr_html_()


def test_the_lines_of_a_cell_are_the_expression(notebook: Notebook) -> None:
    report = notebook.run("%%diffcli descend --lr 0.5\nparam w = 4\n(w - 1)^2  # a program\n").value
    assert report.final["w"] == pytest.approx(1)
    assert notebook.run("%%diffcli check --answer 2x\nx^2\n").value.verdict == "correct"
    assert notebook.run("%%diffcli check x^2 --answer -\n2x\n").value.verdict == "correct"
    assert "score: 0 of 1" in notebook.run("%%diffcli quiz --topic chain --count 1 -\n0\n").out


@pytest.mark.parametrize(
    ("value", "gradient"),
    [
        (3, 6.0),
        (True, 2.0),
        (0.1 + 0.2, 2 * (0.1 + 0.2)),
        ([1, 2.5], [2, 5]),
        ((-1,), [-2]),
        (np.float32(0.5), 1.0),
        (np.array([[1.0, 2], [3, 4e-300]]), [[2, 4], [6, 8e-300]]),
        (np.arange(3), [0, 2, 4]),
    ],
    ids=repr,
)
def test_values_of_pythons_stand_for_their_names(notebook: Notebook, value: object, gradient: Any) -> None:
    report = notebook.run('%diffcli grad "sum(x^2)" --at x={x}', x=value).value
    assert np.array_equal(report.gradient["x"], gradient)


def test_any_expression_of_pythons_may_stand_there(notebook: Notebook) -> None:
    report = notebook.run(
        '%diffcli grad "x^2*y" --at x={len(names) + 1} --at "y={[n for n in names]}" --cotangent 1,0', names=[5, 7]
    )
    assert report.value.gradient["x"] == 30.0


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('grad "sine(x)"', "error[E203]: unknown function 'sine'"),
        ("gard x", "did you mean 'grad'?"),
        ("grad x^2 --at {nowhere}", "error[E402]: 'nowhere' has no value in Python: name 'nowhere' is not defined"),
        ("grad x^2 --at {1/0}", "division by zero"),
        ('grad "x^2', "error[E402]: a quote is not closed"),
        ("grad x^2", "error[E201]: variable 'x' has no value"),
        ("grad - --at 3", "error[E104]: the expression is empty"),
    ],
)
def test_a_mistake_is_a_diagnostic(notebook: Notebook, line: str, said: str) -> None:
    value, out, err = notebook.run(f"%diffcli {line}")
    assert (value, out) == (None, "")
    assert said in err
    assert "Traceback" not in err


def test_what_is_text_is_printed(notebook: Notebook) -> None:
    assert notebook.run("%diffcli grad x^2 --at 3 --terse") == (None, "6.0\n", "")
    assert notebook.run("%diffcli grad x^2 --at 3 --json").out.startswith('{"schema": "diffcli/grad@1"')
    assert "Usage: diffcli grad" in notebook.run("%diffcli grad --help").out
    assert notebook.run("%diffcli help kinks").value.name == "kinks"


def test_another_language_is_shown_as_it_is_in_a_terminal(notebook: Notebook) -> None:
    value = notebook.run("%diffcli grad x^2 --at 3 --lang zh").value
    forms = value._repr_mimebundle_()
    assert value.gradient["x"] == 6.0
    for form in ("text/plain", "text/html"):
        assert "梯度" in forms[form]
        assert "upstream" not in forms[form]


def test_python_is_as_it_was_before(notebook: Notebook) -> None:
    """No language, no standard input, no taker of results is left behind."""
    notebook.run("%diffcli grad x^2 --at 3 --lang zh")
    with pytest.raises(diffcli.DiffcliError, match="has no value"):
        diffcli.grad("x^2")
    assert "Gradient" in str(diffcli.grad("x^2", x=3))


def test_the_page_about_notebooks_runs(notebook: Notebook) -> None:
    """Its cells in order, in one notebook; each that is a command has a report."""
    page = (DOCS / "reference/notebooks.md").read_text(encoding="utf-8")
    cells = re.findall(r"```text\n(.*?)```", page, re.DOTALL)
    assert len(cells) >= 5
    for text in cells:
        cell = notebook.run(text.replace("%load_ext", "%reload_ext"))
        assert cell.err == ""
        assert cell.value is not None or "load_ext" in text
