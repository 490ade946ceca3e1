"""What tests of comparisons share."""

import pytest
from amount import PATIENCE


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in many digits takes as long as `compare` may: verdicts are not this machine's of the moment."""
    monkeypatch.setattr("diffcli.analysis.comparison.explainer._MOST_SECONDS", PATIENCE)
