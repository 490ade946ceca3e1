"""The program with which a page computes a drawing's numbers anew, or why it cannot."""

from collections.abc import Iterable
from typing import Literal, NamedTuple

from diffcli.analysis.drawing.drawing import Drawing
from diffcli.execute.recording import Recording, TooLong, Unsupported, recorded

#: Operations on single numbers that a page carries: what it computes between two frames, in some 200 kB.
MOST_OPERATIONS = 10_000


class NoProgram(NamedTuple):
    """The reason why a page cannot compute: there is nothing to descend, something has no counterpart there
    (`primitive`), or it is too much.
    """

    reason: Literal["nothing to descend", "primitive", "too long"]
    primitive: str = ""


def page_program(drawing: Drawing, targets: Iterable[int]) -> Recording | NoProgram:
    """The recording of `targets`, nodes of the trace's graph, at the drawing's point.

    There is none without a loss: a single number with variables to differentiate by.
    """
    if not drawing.wrt or drawing.cotangent is not None or drawing.output.row.shape != ():
        return NoProgram("nothing to descend")
    try:
        return recorded(drawing.trace.graph, targets, drawing.inputs, MOST_OPERATIONS)
    except Unsupported as unsupported:
        return NoProgram("primitive", str(unsupported))
    except TooLong:
        return NoProgram("too long")
