"""Costs of the methods: runs, operations, seconds, and the size of its derivatives."""

from collections.abc import Iterator

from diffcli.analysis.comparison.compare_report import CostRow
from diffcli.analysis.comparison.costs import Size, graph_size
from diffcli.analysis.comparison.groundwork import Groundwork
from diffcli.analysis.comparison.methods import Tried
from diffcli.analysis.comparison.verdict import FORWARD, REVERSE
from diffcli.messages import Message


def cost_rows(ground: Groundwork, tried: Tried) -> Iterator[CostRow]:
    """A row for each method that ran."""
    if ground.symbolic.formulas:
        from diffcli.symbolic import Formula, formula_size

        known = [formula for formula in ground.symbolic.formulas.values() if isinstance(formula, Formula)]
        sizes = [formula_size(formula) for formula in known]
        size = Size(sum(tree for tree, _ in sizes), sum(shared for _, shared in sizes))
        yield CostRow(Message("formulas"), None, None, size, ground.symbolic.seconds)
    if ground.sweep is not None and not ground.reverse.failure:
        sweeps, operations, seconds = ground.reverse.cost
        yield CostRow(REVERSE, sweeps, operations, graph_size(ground.built.graph, ground.sweep.adjoints), seconds)
    for method, (sweeps, operations, seconds) in (
        (FORWARD, tried.forward.cost),
        (Message("complex step"), tried.complex_step.cost),
        (Message("differences"), tried.differences.cost),
    ):
        if sweeps:
            yield CostRow(method, sweeps, operations, None, seconds)
