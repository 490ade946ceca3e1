"""The numbers of a story in the making, what is seen of them where and when, and what happened to each node."""

from diffcli.analysis.drawing.arrivals import Arrival
from diffcli.analysis.drawing.drawing import Drawing, DrawnNode
from diffcli.execute.arrays import Array, arrayed, zeros_like
from diffcli.render.player.phrase import Phrase
from diffcli.render.player.story import Quantity, Sighting, Step, Story
from diffcli.render.player.story_names import box


class Ledger:
    """Steps, and what they are about, in the order in which they are told. Numbers are known by their places."""

    def __init__(self, drawing: Drawing) -> None:
        self._drawing = drawing
        self._steps: list[Step] = []
        self._quantities: list[Quantity] = []
        self._places: dict[int, int] = {}
        self._sightings: dict[tuple[str, str], list[Sighting]] = {}
        self._histories: dict[str, list[tuple[int, Phrase]]] = {box(node): [] for node in drawing.nodes}

    def story(self, gradients: dict[str, int]) -> Story:
        """The story of all steps, with the gradients that it ends with."""
        return Story(tuple(self._steps), tuple(self._quantities), self._sightings, self._histories, gradients)

    def tell(self, step: Step) -> None:
        """Add a step."""
        self._steps.append(step)

    def see(self, thing: str, role: str, number: int, complete: bool = True) -> None:
        """From the step that is told next, a thing shows a number."""
        self._sightings.setdefault((thing, role), []).append(Sighting(len(self._steps), number, complete))

    def remember(self, node: DrawnNode, event: Phrase) -> None:
        """Something happens to a node in the step that is told next."""
        self._histories[box(node)].append((len(self._steps), event))

    def arrived(self, node: DrawnNode) -> int | None:
        """The part of a node's gradient that has arrived so far."""
        seen = self._sightings.get((box(node), "gradient"))
        return seen[-1].number if seen else None

    def node(self, index: int) -> int:
        """The value of a node of the trace's graph."""
        if index not in self._places:
            self._places[index] = self._added(Quantity(self._drawing.trace.values[index], index))
        return self._places[index]

    def sum(self, first: int, second: int, value: Array) -> int:
        """The sum of two numbers."""
        return self._added(Quantity(value, terms=(first, second)))

    def gradient(self, name: str) -> int:
        """The gradient by a variable; of one that has no influence it is 0 whatever the numbers."""
        adjoint = self._drawing.trace.gradient.adjoints.get(self._drawing.built.inputs[name])
        if adjoint is not None:
            return self.node(adjoint)
        return self._added(Quantity(zeros_like(self._drawing.at[name])))

    def contribution(self, arrival: Arrival) -> int:
        """The contribution along an edge; into a folded group the sum of several."""
        total = self.node(arrival.contributions[0])
        for index in arrival.contributions[1:]:
            value = arrayed(self._quantities[total].value + self._drawing.trace.values[index])
            total = self.sum(total, self.node(index), value)
        return total

    def _added(self, quantity: Quantity) -> int:
        self._quantities.append(quantity)
        return len(self._quantities) - 1
