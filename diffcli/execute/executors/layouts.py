"""Short rows that are better stored as columns: NumPy is fast along what is next to each other, and long.

A matrix of many rows and ten columns is added up along its rows ten times faster where the numbers of a column are next
to each other, and a row is added to it three times faster. To store it so costs as much as three additions.
"""

from collections.abc import Iterator, Mapping

import numpy as np

from diffcli.execute.arrays import Array
from diffcli.execute.executors.elementary import Operation
from diffcli.execute.executors.lowering import Lowered
from diffcli.execute.executors.placements import Placement
from diffcli.execute.executors.stages import PRODUCTS, Stage, Staged
from diffcli.primitives.shape import Shape, size

#: Elements of a row that is short, and what is saved or spent for each, in additions.
_SHORT, _REDUCED, _BROADCAST, _MOVED = 64, 8, 2, 3
#: Bytes of the matrices that are stored anew, and how many rows of one at a time.
_STORED, _AT_A_TIME = 1 << 28, 4096
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


def stored_in_columns(program: Lowered, plan: Staged) -> dict[int, Array]:
    """The constant matrices of which loops multiply nothing but short rows by a vector, stored in columns.

    A transposed matrix shares its elements with the one that it is of. It is twice as fast, and pays after some ten
    runs; of all together there are no more than 256 MiB.
    """
    axes: dict[int, set[int | None]] = {}
    for operand, axis in _uses(program, plan):
        axes.setdefault(operand, set()).add(axis)
    found: dict[int, Array] = {}
    columns: dict[tuple[int, ...], Array] = {}  # by where the elements of rows are
    left = _STORED
    for node, (axis, *more) in axes.items():
        matrix = program.constants.get(node)
        if axis is None or more or matrix is None or matrix.strides[axis] == matrix.itemsize:
            continue
        rows = np.moveaxis(matrix, axis, 0)
        key = rows.ctypes.data, *rows.shape, *rows.strides
        if key not in columns and rows.nbytes <= left:
            columns[key] = _columns(rows)
            left -= rows.nbytes
        if key in columns:
            found[node] = columns[key] if axis == 1 else columns[key].T
    return found


def _uses(program: Lowered, plan: Staged) -> Iterator[tuple[int, int | None]]:
    """The operands, each with the long axis along which it is cut where a vector is multiplied by what is left."""
    for operation in program.operations:
        shapes = [program.shapes[operand] for operand in operation.operands]
        by_vector = operation.form in PRODUCTS and sorted(map(len, shapes)) == [1, 2]
        cut = plan.placed[operation.node].operands if by_vector and operation.node in plan.placed else None
        for place, (operand, shape) in enumerate(zip(operation.operands, shapes, strict=True)):
            axis = cut[place] if cut and len(shape) == 2 else None
            yield operand, axis if axis is not None and shape[1 - axis] <= _SHORT else None
    yield from ((target, None) for target in program.targets)


def _columns(rows: Array) -> Array:
    """The transposed matrix, its rows one after the other; made by parts that fit into a processor's cache."""
    columns = np.empty(rows.shape[::-1], rows.dtype)
    for start in range(0, len(rows), _AT_A_TIME):
        part = slice(start, start + _AT_A_TIME)
        for place, column in enumerate(columns):
            column[part] = rows[part, place]
    return columns
