"""Gradient descent: optimizers and schedules as tables of mathematics, the walk, and what is said about it."""

from diffcli.analysis.descent.descent_report import DescentReport, DescentRuns
from diffcli.analysis.descent.running import descent_report, descent_runs

__all__ = ["DescentReport", "DescentRuns", "descent_report", "descent_runs"]
