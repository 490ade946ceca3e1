"""A place where a rule of differentiation is used, and with it can be misused."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from diffcli.analysis.slips.solution import Solution
from diffcli.autodiff.pullback import pulled_back
from diffcli.graph.graph import Graph, Value
from diffcli.graph.node_formula import formula
from diffcli.primitives.primitive import Primitive, Rule
from diffcli.primitives.shape import Shape

#: Names of operands in rules, where those of the question are long.
_LETTERS = ("u", "v", "w")


class Site(NamedTuple):
    """A node of the solution. Its operands that vary are at the positions `varying`."""

    solution: Solution
    node: int
    varying: tuple[int, ...]

    @property
    def primitive(self) -> Primitive:
        """The primitive whose rule is used."""
        return self.solution.graph.primitives[self.node]

    @property
    def nodes(self) -> tuple[int, ...]:
        """The operands' nodes."""
        return self.solution.graph.operands[self.node]

    @property
    def operands(self) -> list[Value]:
        """Handles on the operands."""
        return [self.solution.handle(node) for node in self.nodes]

    @property
    def out(self) -> Value:
        """A handle on the node itself."""
        return self.solution.handle(self.node)

    @property
    def parameters(self) -> dict[str, Any]:
        """The node's parameters."""
        return dict(self.solution.graph.parameters[self.node])

    @property
    def upstream(self) -> Value:
        """The node's adjoint in the right derivation."""
        return self.solution.handle(self.solution.right.adjoints[self.node])

    def shape(self, position: int) -> Shape:
        """An operand's shape."""
        return self.solution.graph.shapes[self.nodes[position]]

    def spreads(self, position: int) -> bool:
        """Whether an operand is broadcast."""
        return self.primitive.kind == "elementwise" and self.shape(position) != self.out.shape

    def number(self, position: int) -> float | None:
        """The number that an operand is, where it is a constant."""
        return self.solution.graph.number(self.nodes[position])

    def is_inner(self, position: int) -> bool:
        """Whether an operand is a function of the variables, not one of them."""
        return self.solution.is_inner(self.nodes[position])

    def pulled(self, position: int, upstream: Value) -> Value:
        """What flows back to an operand by the right rule."""
        return self.solution.handle(pulled_back(self.solution.graph, self.node, position, upstream.index)[1])

    def texts(self, partials: Sequence[Rule | None]) -> dict[str, str]:
        """How the site is written in sentences.

        `function` is the node in letters, `right` its partial derivatives, and `wrong` those of a slip, one after
        the other; an operand that varies and is no variable has a letter.
        """
        graph = Graph()
        names = set(self.solution.graph.names.values())
        letters = iter(letter for letter in (*_LETTERS, *(f"{each}1" for each in _LETTERS)) if letter not in names)
        operands = []
        for position, node in enumerate(self.nodes):
            number = self.number(position)
            if position not in self.varying and number is not None:
                name = self.solution.graph.names.get(node)
                operands.append(graph.value(graph.append_constant(number, (), name=name)))
                continue
            text = self.solution.text(node)
            name = text if text.isidentifier() and not self.is_inner(position) else next(letters)
            operands.append(graph.value(graph.append_input(name, (), None)))
        parameters = self.solution.graph.parameters[self.node]
        out = graph.value(graph.append(self.primitive, tuple(each.index for each in operands), parameters, (), None))
        found = {"function": formula(graph, out.index, out.index - 1)}

        def written(rules: Sequence[Rule | None]) -> str:
            texts = []
            for position in self.varying:
                rule = rules[position] or self.primitive.partials[position]
                local = rule(*operands, out, **dict(parameters))
                texts.append(formula(graph, local.index, out.index - 1) if isinstance(local, Value) else f"{local:g}")
            return ", ".join(texts)

        if self.primitive.partials:
            found["right"] = written([None] * len(operands))
            if partials:
                found["wrong"] = written(partials)
        return found


def sites(solution: Solution) -> list[Site]:
    """The places of a solution where rules are used, from the output on."""
    varying = solution.varying
    found = []
    for node in solution.active:
        operands = solution.graph.operands[node]
        positions = tuple(position for position, operand in enumerate(operands) if operand in varying)
        if positions and node not in solution.variables:
            found.append(Site(solution, node, positions))
    return found
