"""The shared part of all runs on one problem, made when it is first needed."""

from functools import cached_property

from diffcli.analysis.descent.batches import Batches
from diffcli.analysis.descent.data_split import split
from diffcli.analysis.descent.objective import Objective
from diffcli.analysis.descent.settings import Settings
from diffcli.analysis.problem import Problem
from diffcli.execute.executors.executor import Choice

#: Seconds that a node of the graph takes to be built on a slow machine; so many are no time.
_BUILT, _MOST = 2e-5, 0.05


class Preparation:
    """The objective on all rows that are trained on, and the data in batches.

    `settings` say how the rows are divided.
    """

    def __init__(self, problem: Problem, settings: Settings) -> None:
        self.problem = problem
        self.settings = settings

    @cached_property
    def batches(self) -> Batches | None:
        """The batches of a problem with data. Raises DiffcliError where the expression cannot take one."""
        return Batches(split(self.problem, self.settings), self.settings) if self.problem.columns else None

    @cached_property
    def objective(self) -> Objective:
        """The graph with its sweep. Raises DiffcliError unless the result is a single number."""
        return Objective(self.problem) if self.batches is None else self.batches.whole

    @property
    def choice(self) -> Choice:
        """The executor of a step, and why that one was taken."""
        batches = self.batches
        data = () if batches is None or not batches.in_batches else self.problem.columns
        return self.objective.plan(data).choice

    @cached_property
    def longest(self) -> float:
        """The seconds that a point takes at most, by an estimate: the first one, for which a long graph is built, or
        each.
        """
        building = _BUILT * len(self.problem.resolved.nodes)
        if building > _MOST:
            return building
        return self.objective.longest if self.batches is None else self.batches.longest
