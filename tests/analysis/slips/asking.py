"""Questions and answers as they are typed, and what is said of them."""

from collections.abc import Iterator, Mapping
from random import Random
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np

from diffcli.analysis.slips.gradient_slips import gradient_slips
from diffcli.analysis.slips.naming import Naming, named
from diffcli.analysis.slips.slip import Sighting, Slip
from diffcli.autodiff.reverse import derivative, gradient
from diffcli.execute.many_digits import of_digits
from diffcli.execute.numbers import recomputed
from diffcli.graph.build import Built, build
from diffcli.graph.graph import Graph
from diffcli.primitives.shape import Shape
from diffcli.source import Source
from diffcli.syntax.parser import parse
from diffcli.syntax.resolve import resolve

#: Points at which a formula is held against the truth, and where they lie.
POINTS, LOW, HIGH = 8, 0.3, 1.7

Shapes = Mapping[str, Shape]
#: Of variables that are all single numbers.
NO_SHAPES: Shapes = MappingProxyType({})
Point = Mapping[str, Any]


class Asked(NamedTuple):
    """A question, its graph, and its answers at points."""

    source: Source
    built: Built
    seen: tuple[Sighting, ...]
    given: Mapping[str, Built]

    @property
    def wrt(self) -> dict[str, int]:
        """The variables that were answered."""
        return {name: self.built.inputs[name] for name in self.given}

    def fitting(self) -> list[Slip]:
        """The slips that fit as far as doubles tell."""
        built = self.built
        return list(gradient_slips(built.graph, built.output, self.wrt, self.source, self.seen, self.given))

    def naming(self) -> Naming | None:
        """What is said of the answers."""
        return named(self.fitting(), self.seen)


def graph_of(text: str, shapes: Shapes) -> Built:
    """The graph of a typed expression; a variable without a shape is a number."""
    resolved = resolve(parse(Source(text)), frozenset(shapes))
    return build(resolved, {**dict.fromkeys(resolved.variables, ()), **shapes}, derivative)


def asked(
    question: str, answers: str | Mapping[str, str], shapes: Shapes = NO_SHAPES, at: Point | None = None
) -> Asked:
    """Answers as they are typed, a single one for x: formulas, or numbers where the point is given."""
    texts = {"x": answers} if isinstance(answers, str) else answers
    if at is not None:
        shapes = {name: np.shape(value) for name, value in at.items()}
    built = graph_of(question, shapes)
    shapes = {name: built.graph.shapes[node] for name, node in built.inputs.items()}
    given = {name: graph_of(text, shapes) for name, text in texts.items()}
    points = [at] if at is not None else list(drawn(shapes, question))
    graph = built.graph.copied()
    right = gradient(graph, built.output, built.inputs.values())
    truth = {name: right.adjoints[built.inputs[name]] for name in given}
    sightings = [
        Sighting(
            {
                name: np.float64(value) if np.ndim(value) == 0 else np.array(value, float)
                for name, value in point.items()
            },
            computed(graph, truth, built.inputs, point),
            {name: computed(each.graph, {name: each.output}, each.inputs, point)[name] for name, each in given.items()},
        )
        for point in points
    ]
    return Asked(Source(question), built, tuple(sightings), given)


def drawn(shapes: Shapes, seed: str, count: int = POINTS) -> Iterator[dict[str, Any]]:
    """Points that are the same each time."""
    random = Random(seed)
    for _ in range(count):
        yield {
            name: np.array([random.uniform(LOW, HIGH) for _ in range(int(np.prod(shape)))]).reshape(shape)[()]
            for name, shape in shapes.items()
        }


def computed(graph: Graph, nodes: Mapping[str, int], inputs: Mapping[str, int], point: Point) -> dict[str, Any]:
    """The values of some nodes at a point, in many digits."""
    known = {inputs[name]: np.asarray(value, float)[()] for name, value in point.items() if name in inputs}
    return dict(zip(nodes, recomputed(graph, list(nodes.values()), known, of_digits(34)), strict=True))
