"""The slips that an exercise invites, and whether one of them would be right."""

from collections.abc import Iterator, Mapping

from diffcli.analysis.exercise.evaluation import inputs_of
from diffcli.analysis.exercise.slip_naming import slips_of
from diffcli.analysis.exercise.truth import AnswerKey
from diffcli.analysis.slips.slip import Slip
from diffcli.execute.arrays import Array, all_finite, doubles, first_apart
from diffcli.execute.program import Program

#: Numbers are equal within this part of the larger one, or of 1/1000.
_EQUAL, _FLOOR = 1e-9, 1e-3


def known_slips(key: AnswerKey) -> Iterator[Slip]:
    """The slips whose answers can be told from the right ones, the most likely ones first."""
    yield from slips_of(key, key.targets[key.samples[0].target])


def wrong_values(key: AnswerKey, slip: Slip) -> tuple[Mapping[str, Array], Mapping[str, Array]]:
    """The slip's answers at the first point, and the right ones."""
    point = {name: doubles(value) for name, value in key.samples[0].point.items()}
    inputs = {node: point[name] for name, node in inputs_of(slip.graph).items() if name in point}
    nodes = [*slip.answers.values(), *(slip.right[name] for name in slip.answers)]
    found = list(map(doubles, Program(slip.graph, nodes).run(inputs)))
    return dict(zip(slip.answers, found, strict=False)), dict(
        zip(slip.answers, found[len(slip.answers) :], strict=True)
    )


def seen_in(key: AnswerKey, slip: Slip) -> tuple[str, ...]:
    """The names by which a slip's answers differ from the right ones at the first point."""
    wrong, right = wrong_values(key, slip)
    return tuple(
        name
        for name, value in wrong.items()
        if value.shape != right[name].shape
        or not all_finite(value)
        or first_apart(value, right[name], _EQUAL, _FLOOR) is not None
    )


def coincides(key: AnswerKey) -> bool:
    """Whether a slip leads to the right numbers at the point that is asked about; a formula shows all of them."""
    return key.question.numeric and not all(seen_in(key, slip) for slip in known_slips(key))
