"""What a release says of itself, in each place the same."""

import re
import tomllib
from pathlib import Path

import diffcli

HERE = Path(__file__).parent.parent


def test_every_place_has_the_same_version() -> None:
    """The package, the newest entry of the changelog, and the citation."""
    changelog = re.search(r"^## (\S+) \((unreleased|\d{4}-\d\d-\d\d)\)$", (HERE / "CHANGELOG.md").read_text(), re.M)
    citation = re.search(r"^version: (\S+)$", (HERE / "CITATION.cff").read_text(), re.M)
    assert changelog
    assert citation
    assert changelog[1] == citation[1] == diffcli.__version__


def test_every_python_that_is_named_is_tried() -> None:
    """The classifiers are the versions that the package is installed with, from the oldest that it accepts."""
    project = tomllib.loads((HERE / "pyproject.toml").read_text())["project"]
    named = re.findall(r"Python :: (3\.\d+)", "\n".join(project["classifiers"]))
    workflow = (HERE / ".github/workflows/package.yml").read_text()
    assert project["requires-python"] == f">={named[0]}"
    tried = re.findall(r"python: \[(.+)\]", workflow)
    assert tried == [", ".join(f'"{version}"' for version in named)] * 2
