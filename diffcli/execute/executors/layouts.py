"""Whether short rows are better stored as columns: NumPy is fast along what is next to each other, and long.

A matrix of many rows and ten columns is added up along its rows ten times faster where the numbers of a column are next
to each other, and a row is added to it three times faster. To store it so costs as much as three additions.
"""

from collections.abc import Mapping

from diffcli.execute.executors.elementary import Operation
from diffcli.execute.executors.placements import Placement
from diffcli.execute.executors.stages import Stage, Staged
from diffcli.primitives.shape import Shape, size

#: Elements of a row that is short, and what is saved or spent for each, in additions.
_SHORT, _REDUCED, _BROADCAST, _MOVED = 64, 8, 2, 3
#: Forms that show their operand's elements where they are.
SHOWING = frozenset(["broadcast_to", "index", "transpose", "swapaxes"])


def are_columns_better(plan: Staged, stage: Stage, shapes: Mapping[int, Shape]) -> bool:
    """Whether a stage's loop saves time with blocks whose columns are next to each other."""
    saved = 0
    moved: dict[int, int] = {node: _row(shapes[node]) for node in stage.kept}
    inside = {operation.node for operation in stage.blocked}
    for operation in stage.blocked:
        placement = plan.placed[operation.node]
        for operand, axis in zip(operation.operands, placement.operands, strict=True):
            if axis == 0 and operand not in inside and operation.form in ("elementwise", "reduce"):
                moved[operand] = _row(shapes[operand])
        if operation.form not in (*SHOWING, "elementwise", "reduce") and placement.result == 0:
            moved[operation.node] = _row(operation.shape)
        saved += _saved(operation, placement, shapes)
    rows = [_row(operation.shape) for operation in stage.blocked if plan.placed[operation.node].result == 0]
    spent = _MOVED * sum(count for count in moved.values() if count > 1)
    return saved > spent and max(rows, default=0) <= _SHORT


def _saved(operation: Operation, placement: Placement, shapes: Mapping[int, Shape]) -> int:
    own = shapes[operation.operands[0]]
    if operation.form == "reduce" and placement.operands == (0,) and len(operation.parameters["axes"]) < len(own):
        return _REDUCED * _row(own)
    if operation.form == "elementwise" and placement.result == 0:
        others = [shapes[operand] for operand in operation.operands]
        if any(shape not in ((), operation.shape) for shape in others):
            return _BROADCAST * _row(operation.shape)
    return 0


def _row(shape: Shape) -> int:
    return size(shape[1:])
