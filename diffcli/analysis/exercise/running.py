"""An answer's expression as a graph that is run at the points of its question."""

from collections.abc import Mapping, Sequence
from typing import Any

from diffcli.analysis.exercise.answer_reader import pointing_into
from diffcli.analysis.exercise.evaluation import Evaluator, lifted
from diffcli.analysis.exercise.truth import AnswerKey, Sample
from diffcli.analysis.precise_gradient import is_affordable
from diffcli.analysis.trace import Trace
from diffcli.autodiff.reverse import Gradient, derivative
from diffcli.errors import fault
from diffcli.execute.arithmetic import Arithmetic
from diffcli.execute.arrays import Array, doubles
from diffcli.execute.program import Program
from diffcli.graph.build import Built, build
from diffcli.messages import Message
from diffcli.primitives.shape import Shape, size
from diffcli.source import Source
from diffcli.syntax.resolved import Resolved

#: What is run without a process of its own: nodes, and elements of all nodes together.
_FEW, _SMALL = 1_000, 20_000
#: More elements are not computed for an answer.
_MOST = 2_000_000
#: Functions whose many digits may take long.
_DEAR = frozenset({"gamma", "lgamma", "digamma", "polygamma", "polygamma_difference", "beta", "erfinv"})
#: The most characters of an answer that a diagnostic shows.
_MOST_SHOWN = 200


class Heavy(Exception):
    """What is not to be computed without a time limit."""


class Running:
    """An answer's expression at points: its graph for each set of shapes is made once."""

    def __init__(self, key: AnswerKey, resolved: Resolved, source: Source, light: bool) -> None:
        self.key, self.resolved, self.source, self.light = key, resolved, source, light
        self._built: dict[int, Built] = {}
        self._evaluators: dict[tuple[int, int], Evaluator] = {}

    def at(self, sample: Sample, arithmetic: Arithmetic, numbers: Sequence[Any]) -> Array:
        """The value at a point, with numbers in place of the decimals."""
        target = self.key.targets[sample.target]
        evaluator = self._evaluator(sample.target, arithmetic)
        point = {name: lifted(value, arithmetic) for name, value in sample.point.items()} if (
            arithmetic is not self.key.arithmetic
        ) else dict(sample.point)  # fmt: skip
        point |= {name: lifted(extent, arithmetic) for name, extent in target.sizes.items()}
        point |= {f"decimal {place}": lifted(number, arithmetic) for place, number in enumerate(numbers)}
        if self.light and not self._is_cheap(sample.target, point):
            raise Heavy
        value: Array = evaluator.at(point)["answer"]
        return value

    def _is_cheap(self, place: int, point: Mapping[str, Array]) -> bool:
        """Whether many digits of all nodes cost little more than few at a point."""
        built = self._built[place]
        inputs = {node: doubles(point[name]) for name, node in built.inputs.items()}
        values = Program(built.graph, range(len(built.graph))).values(inputs)
        return is_affordable(Trace(self.source, built.graph, built.output, Gradient({}, ()), values))

    def _evaluator(self, place: int, arithmetic: Arithmetic) -> Evaluator:
        found = self._evaluators.get((place, id(arithmetic)))
        if found is None:
            built = self.built(place)
            found = Evaluator(built.graph, {"answer": built.output}, arithmetic)
            self._evaluators[place, id(arithmetic)] = found
        return found

    def build(self) -> None:
        """Make the graphs for all shapes. Raises DiffcliError as making one does."""
        for place in range(len(self.key.targets)):
            self.built(place)

    def built(self, place: int) -> Built:
        """The graph for a set of shapes. Raises DiffcliError where they do not fit, and for one too large."""
        if place not in self._built:
            target = self.key.targets[place]
            shapes: dict[str, Shape] = {**dict.fromkeys(self.resolved.variables, ()), **target.shapes}
            with pointing_into(self.source):
                built = build(self.resolved, shapes, derivative)
            self._check_cost(built)
            self._built[place] = built
        return self._built[place]

    def _check_cost(self, built: Built) -> None:
        elements = sum(map(size, built.graph.shapes))
        if elements > _MOST:
            message = Message("the answer takes {count:,} numbers on the way", count=elements)
            hint = Message("at most {most:,} are computed", most=_MOST)
            raise fault("E701", message, begun(self.source), hint=hint)
        names = {primitive.name for primitive in {*built.graph.primitives}}
        if self.light and (elements > _SMALL or len(built.graph) > _FEW or not names.isdisjoint(_DEAR)):
            raise Heavy


def begun(source: Source) -> Source:
    """A text as far as a diagnostic shows it."""
    return source if len(source.text) <= _MOST_SHOWN else Source(f"{source.text[:_MOST_SHOWN]}...", source.name)
