"""Whether a checkpoint is one that a run of this problem could have left: the types of all its parts, their shapes, and
what must fit together.
"""

import types
from collections.abc import Mapping
from typing import Any, Union, get_args, get_origin, get_type_hints

from diffcli.analysis.descent.data_split import batches_per_epoch
from diffcli.analysis.descent.diagnosis import Memory
from diffcli.analysis.descent.epochs import EpochMemory
from diffcli.analysis.descent.optimizers import OPTIMIZERS
from diffcli.analysis.descent.settings import Settings
from diffcli.analysis.descent.state import Iterate, State
from diffcli.analysis.problem import Problem
from diffcli.execute.arrays import Array, zeros_like
from diffcli.execute.program import quietly

#: Steps that a double still counts one by one.
_MOST_STEPS = 2**53


def sound(state: State, judged: Mapping[str, Any], problem: Problem, settings: Settings) -> bool:
    """Whether a run can go on from there.

    Raises TypeError or KeyError where parts are missing, or are none of a checkpoint.
    """
    batches = batches_per_epoch(problem, settings)
    memory = Memory(**judged) if batches == 1 else EpochMemory(**judged)
    if not (_is(state, State) and _is(memory, type(memory))):
        return False
    iterates = [part for part in memory if isinstance(part, Iterate)]
    points = [state.point, *(iterate.at for iterate in iterates)]
    if isinstance(memory, Memory) and memory.last is not None:
        points.append(memory.direction)
    numbers = [state.iteration, *(iterate.iteration for iterate in iterates)]
    return (
        all(_shapes(point) == {name: problem.values[name].shape for name in problem.wrt} for point in points)
        and {name: _shapes(kept) for name, kept in state.slots.items()} == _remembered(state, settings)
        and all(0 <= number <= _MOST_STEPS for number in numbers)
        and state.position.epoch >= 0
        and 0 <= state.position.batch < batches
        and (_marked(memory) if isinstance(memory, Memory) else memory.points >= 0)
    )


def _marked(memory: Memory) -> bool:
    """Whether the record of the gradient's norms is one."""
    steps = [step for step, *_ in memory.marks]
    return (
        memory.stride >= 1
        and memory.turns >= 0
        and steps == sorted(set(steps))
        and all(0 <= step <= _MOST_STEPS for step in steps)
    )


def _remembered(state: State, settings: Settings) -> dict[str, dict[str, tuple[int, ...]]]:
    """The shapes of what the optimizer remembers by then: the rule itself says, in a step without a gradient."""
    name, values = settings.optimizer
    optimizer = OPTIMIZERS[name]
    if optimizer.method:
        return {variable: {"start": value.shape} for variable, value in state.point.items()}
    if not state.iteration:
        return {}
    with quietly():
        kept = {
            variable: optimizer.rule(value, zeros_like(value), {}, 1, settings.lr or 0.0, **values)[1]
            for variable, value in state.point.items()
        }
    return {variable: _shapes(slots) for variable, slots in kept.items()}


def _shapes(values: Mapping[str, Any]) -> dict[str, tuple[int, ...]]:
    return {name: value.shape for name, value in values.items()}


def _is(value: Any, kind: Any) -> bool:
    """Whether a value has an annotated type, all its parts included; an array's says nothing of its elements."""
    origin, parts = get_origin(kind), get_args(kind)
    if kind == Array:
        return hasattr(value, "dtype")
    if origin in (Union, types.UnionType):
        return any(_is(value, part) for part in parts)
    if origin is tuple:
        kinds = parts[:1] * len(value) if isinstance(value, tuple) and parts[-1] is ... else parts
        return isinstance(value, tuple) and len(value) == len(kinds) and all(map(_is, value, kinds))
    if origin is not None:  # a mapping by name
        return isinstance(value, Mapping) and all(
            isinstance(name, str) and _is(part, parts[1]) for name, part in value.items()
        )
    if hasattr(kind, "_fields"):
        return isinstance(value, kind) and all(
            _is(getattr(value, name), part) for name, part in get_type_hints(kind).items()
        )
    return isinstance(value, float) if kind is float else type(value) is kind
