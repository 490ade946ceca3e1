"""A graph's run as a straight line of operations on single numbers, to be run again elsewhere.

The same program that double precision runs is run on numbers that record what happens to them
(`recorded_number.py`), so nothing is defined a second time but the operations themselves.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np

from diffcli.execute.arrays import Array
from diffcli.execute.program import Program, quietly
from diffcli.execute.recorded_arithmetic import RecordingArithmetic
from diffcli.execute.recorded_number import Tape, TooLong, Unsupported
from diffcli.graph.graph import Graph

__all__ = ["Operation", "Recording", "TooLong", "Unsupported", "recorded"]


class Operation(NamedTuple):
    """An operation by its name, and the places of its operands."""

    name: str
    operands: tuple[int, ...]


class Recording(NamedTuple):
    """A run of a graph's targets as scalar operations, one after the other.

    Scalars are counted from 0: first the inputs, then the constants, then the results of the
    operations. Arrays are their elements in C order. A guard is a condition's place and whether it
    held: where it turns out otherwise, the numbers are not those of the graph.
    """

    inputs: Mapping[int, tuple[int, ...]]
    constants: tuple[float, ...]
    operations: tuple[Operation, ...]
    places: Mapping[int, tuple[int, ...]]
    guards: tuple[tuple[int, bool], ...]

    def document(self) -> dict[str, Any]:
        """The recording for JSON, as `render/player/arithmetic.js` runs it.

        `inputs` has the first scalar and the number of scalars of each input node, `code` for each
        operation its place in `names` and its operands, one after the other.
        """
        names = {name: place for place, name in enumerate(sorted({operation.name for operation in self.operations}))}
        return {
            "inputs": {str(node): [min(places, default=0), len(places)] for node, places in self.inputs.items()},
            "constants": [value if np.isfinite(value) else str(value) for value in self.constants],
            "names": list(names),
            "code": [
                number for operation in self.operations for number in (names[operation.name], *operation.operands)
            ],
            "places": {str(node): list(places) for node, places in self.places.items()},
            "guards": [[place, int(outcome)] for place, outcome in self.guards],
        }


def recorded(graph: Graph, targets: Iterable[int], inputs: Mapping[int, Array], most: int) -> Recording:
    """Run the targets at the inputs' values and record it.

    Raises TooLong beyond `most` operations, inputs, or elements of a target, and Unsupported for
    a function that is no operation.
    """
    wanted = tuple(targets)
    values = {node: np.asarray(value, dtype=np.float64) for node, value in inputs.items()}
    if sum(value.size for value in values.values()) > most or any(_size(graph, node) > most for node in wanted):
        raise TooLong(f"more than {most} elements")
    tape = Tape(most)
    arithmetic = RecordingArithmetic(tape)
    with quietly():
        numbers = {node: np.frompyfunc(tape.input, 1, 1)(value) for node, value in values.items()}
        found = Program(graph, wanted, arithmetic).run(numbers)
        results = {node: _places(value) for node, value in zip(wanted, found, strict=True)}
    return _without_the_dead(tape, {node: _places(value) for node, value in numbers.items()}, results)


def _size(graph: Graph, node: int) -> int:
    return int(np.prod(graph.shapes[node], dtype=object))


def _places(numbers: Any) -> tuple[int, ...]:
    return tuple(number.place for number in np.asarray(numbers, dtype=object).ravel())


def _without_the_dead(
    tape: Tape, inputs: Mapping[int, tuple[int, ...]], results: Mapping[int, tuple[int, ...]]
) -> Recording:
    """The tape's scalars that results and guards need, counted anew."""
    needed = bytearray(len(tape.scalars))
    for place in (*tape.guards, *(place for places in results.values() for place in places)):
        needed[place] = 1
    for place in range(len(tape.scalars) - 1, -1, -1):
        scalar = tape.scalars[place]
        if needed[place] and isinstance(scalar, tuple):
            for operand in scalar[1]:
                needed[operand] = 1
    order = [place for places in inputs.values() for place in places]
    given = set(order)
    live = [place for place in range(len(tape.scalars)) if needed[place] and place not in given]
    constants = [place for place in live if not isinstance(tape.scalars[place], tuple)]
    order += constants
    order += [place for place in live if isinstance(tape.scalars[place], tuple)]
    new = {place: count for count, place in enumerate(order)}
    operations = []
    for place in order:
        scalar = tape.scalars[place]
        if isinstance(scalar, tuple):
            operations.append(Operation(scalar[0], tuple(new[operand] for operand in scalar[1])))
    return Recording(
        {node: tuple(new[place] for place in places) for node, places in inputs.items()},
        tuple(float(tape.scalars[place]) for place in constants),  # type: ignore[arg-type]  # a constant is its value
        tuple(operations),
        {node: tuple(new[place] for place in places) for node, places in results.items()},
        tuple((new[place], outcome) for place, outcome in tape.guards.items()),
    )
