"""The story told: from the values that are given, forward to the output, and back to the gradients."""

from collections.abc import Iterator

from diffcli.analysis.drawing.arrivals import Arrival, arrivals
from diffcli.analysis.drawing.drawing import Drawing, DrawnEdge, DrawnNode
from diffcli.analysis.values import Array
from diffcli.execute.arrays import arrayed, zeros_like
from diffcli.render.messages import Texts
from diffcli.render.player.phrase import Phrase, Piece, joined, phrase
from diffcli.render.player.story import Quantity, Sighting, Step, Story, Term


def story(drawing: Drawing, texts: Texts) -> Story:
    """What there is to tell of a drawing."""
    return _Telling(drawing, texts).story()


class _Telling:
    """A story in the making."""

    def __init__(self, drawing: Drawing, texts: Texts) -> None:
        self.drawing = drawing
        self.texts = texts
        self.nodes = {node.id: node for node in drawing.nodes}
        self.operands = drawing.operands()
        self.steps: list[Step] = []
        self.quantities: list[Quantity] = []
        self.places: dict[int, int] = {}
        self.sightings: dict[tuple[str, str], list[Sighting]] = {}
        self.histories: dict[str, list[tuple[int, Phrase]]] = {_box(node): [] for node in drawing.nodes}

    def story(self) -> Story:
        texts = self.texts
        backward = [texts.how_backward] if self.drawing.output.row.gradient is not None else []
        opening = (texts.before_the_first_step, texts.how_forward, *backward, texts.how_to_begin)
        self.steps.append(Step("", joined(" ", *map(phrase, opening))))
        self._given()
        for node in self.drawing.nodes:
            if node.row.operands:
                self._forward(node)
        gradients = {name: self._gradient(name) for name in self.drawing.wrt}
        if self.drawing.output.row.gradient is not None:
            self._start_back()
            for arrival in arrivals(self.drawing):
                self._backward(arrival)
            self._end(gradients)
        return Story(tuple(self.steps), tuple(self.quantities), self.sightings, self.histories, gradients)

    # quantities

    def _node(self, index: int) -> int:
        """The quantity of a node of the trace's graph."""
        if index not in self.places:
            self.places[index] = len(self.quantities)
            self.quantities.append(Quantity(self.drawing.trace.values[index], index))
        return self.places[index]

    def _sum(self, first: int, second: int, value: Array) -> int:
        self.quantities.append(Quantity(value, terms=(first, second)))
        return len(self.quantities) - 1

    def _gradient(self, name: str) -> int:
        """The gradient by a variable; of one that has no influence it is 0 whatever the numbers."""
        adjoint = self.drawing.trace.gradient.adjoints.get(self.drawing.built.inputs[name])
        if adjoint is not None:
            return self._node(adjoint)
        self.quantities.append(Quantity(zeros_like(self.drawing.at[name])))
        return len(self.quantities) - 1

    def _contribution(self, arrival: Arrival) -> int:
        total = self._node(arrival.contributions[0])
        for index in arrival.contributions[1:]:
            value = arrayed(self.quantities[total].value + self.drawing.trace.values[index])
            total = self._sum(total, self._node(index), value)
        return total

    # steps

    def _see(self, thing: str, role: str, number: int, complete: bool = True) -> None:
        """From the step that is told next, a thing shows a quantity."""
        self.sightings.setdefault((thing, role), []).append(Sighting(len(self.steps), number, complete))

    def _remember(self, node: int, event: Phrase) -> None:
        self.histories[_box(self.nodes[node])].append((len(self.steps), event))

    def _given(self) -> None:
        """One step for all that is not computed."""
        given = [node for node in self.drawing.nodes if not node.row.operands]
        terms, rows, said = [], [], []
        for node in given:
            value = self._node(node.id)
            self._see(_box(node), "value", value)
            self._remember(node.id, phrase(self.texts.forward_input, node=node.title, value=value))
            rows.append((_code(node.title), phrase(self._kind(node)), _number(value)))
            if node.kind != "constant" or node.title in self.drawing.trace.graph.names.values():
                terms.append(Term("", self._kind(node), node.title, value, "value"))
                said.append(phrase("{node} = {value}", node=node.title, value=value))
        if given:
            statement = joined(" ", phrase(self.texts.given_first), *([joined(self.texts.clauses, *said)] if said else []))
            self.steps.append(Step("forward", statement, ((*terms,),) if terms else (), tuple(map(_box, given)), rows=tuple(rows)))

    def _forward(self, node: DrawnNode) -> None:
        value = self._node(node.id)
        computes = node.title if node.kind == "folded" else node.row.computes
        self._see(_box(node), "value", value)
        same = computes == node.title
        statement = phrase("{node} = {value}" if same else self.texts.forward_step, node=node.title, computes=computes, value=value)
        self._remember(node.id, statement)
        terms = [
            Term("", self._called(operand), operand.title, self._node(operand.id), "value")
            for operand in {edge.target: self.nodes[edge.target] for edge in self.operands[node.id]}.values()
        ]
        terms.append(Term("→", self._called(node), computes, value, "value"))
        row = (_code(node.title), _code("" if same else computes), _number(value))
        arrows = tuple(map(_arrow, self.operands[node.id]))
        self.steps.append(Step("forward", statement, (tuple(terms),), (_box(node),), arrows, node.row.span, (row,)))

    def _start_back(self) -> None:
        output, texts = self.drawing.output, self.texts
        seed = self._node(self.drawing.trace.gradient.adjoints[output.id])
        if self.drawing.cotangent is None:
            statement = phrase(texts.backward_start, output=output.title, gradient=seed)
        else:
            statement = phrase(texts.backward_start_cotangent, output=output.title, cotangent=seed)
        symbols = self._derivative_by(output.row.label)
        self._see(_box(output), "gradient", seed)
        self._remember(output.id, statement)
        term = Term("", texts.gradient, symbols, seed, "gradient")
        row = (_code(symbols or output.title), (), (), (), _number(seed, "gradient"), ())
        self.steps.append(Step("backward", statement, ((term,),), (_box(output),), (), output.row.span, (row,)))

    def _backward(self, arrival: Arrival) -> None:
        edge, texts = arrival.edge, self.texts
        source, target = self.nodes[edge.source], self.nodes[edge.target]
        upstream, contribution = self._node(arrival.upstream), self._contribution(arrival)
        before = self._last(_box(target))
        total = contribution if before is None else self._sum(before, contribution, arrival.total)
        if arrival.complete:
            total = self._node(self.drawing.trace.gradient.adjoints[target.id])
        local = None if arrival.local is None else self._node(arrival.local)
        arrow = _arrow(edge)
        if local is not None:
            self._see(arrow, "local", local)
        self._see(arrow, "contribution", contribution)
        self._see(_box(target), "gradient", total, arrival.complete)
        rule = source.title if edge.flow is None else edge.flow.formula
        product = (
            phrase(texts.backward_step, local=local, upstream=upstream, contribution=contribution)
            if local is not None
            else phrase(texts.backward_step_by_rule, rule=rule, upstream=upstream, contribution=contribution)
        )
        if edge.flow is not None and edge.flow.summed > 1:
            product = joined(" ", product, phrase(texts.broadcast, node=target.title, count=f"{edge.flow.summed:,}"))
        where = texts.back_along if len(self.operands[source.id]) == 1 else texts.back_along_operand
        along = phrase(where, source=source.title, target=target.title, operand=str(edge.operand + 1))
        balance = self._balance(arrival, target, total)
        self._remember(target.id, joined(" ", phrase(texts.came_from, source=source.title), product))
        if arrival.of > 1:
            self._remember(target.id, balance)
        numbers = {"local": local, "upstream": upstream, "contribution": contribution, "gradient": total if arrival.of > 1 else None}
        row = (_code(f"{source.title} → {target.title}"), _code(rule), *(_number(number, role) for role, number in numbers.items()))
        self.steps.append(
            Step(
                "backward",
                joined(" ", along, joined(texts.clauses, product, balance)),
                tuple(self._equations(arrival, local, upstream, contribution, before, total)),
                (_box(target),),
                (arrow,),
                source.row.span,
                (row,),
            )
        )

    def _balance(self, arrival: Arrival, target: DrawnNode, total: int) -> Phrase:
        """What the target has now, and whether more is to come."""
        texts = self.texts
        if arrival.complete:
            summed = () if arrival.of == 1 else phrase(texts.all_arrived, count=str(arrival.of))
            return joined(" ", *([summed] if summed else []), phrase(texts.gradient_complete, node=target.title, gradient=total))
        return phrase(texts.more_to_come, node=target.title, sum=total, count=str(arrival.number), of=str(arrival.of))

    def _equations(self, arrival: Arrival, local: int | None, upstream: int, contribution: int, before: int | None, total: int) -> Iterator[tuple[Term, ...]]:
        """`local x upstream = contribution`, and the sum where several contributions meet."""
        edge, texts = arrival.edge, self.texts
        source, target = self.nodes[edge.source].row.label, self.nodes[edge.target].row.label
        rule = self.nodes[edge.source].title if edge.flow is None else edge.flow.formula
        count = edge.flow.summed if edge.flow is not None else 1
        caption = texts.contribution if count == 1 else texts.sum_of.format(contribution=texts.contribution, count=f"{count:,}")
        above = Term("×" if local is not None else "", texts.upstream, self._derivative_by(source), upstream, "upstream")
        result = Term("=", caption, "", contribution, "contribution")
        if local is None:
            yield above, Term("→", texts.rule, rule), result
        else:
            yield Term("", texts.local_derivative, f"{_derivative(source, target)} = {rule}", local, "local"), above, result
        if arrival.of > 1:
            heading = Term("", texts.running_sum, self._derivative_by(target))
            parts = [] if before is None else [Term("=", texts.so_far, "", before, "gradient")]
            parts.append(Term("+" if parts else "=", texts.contribution, "", contribution, "contribution"))
            parts.append(Term("=", texts.gradient, "", total, "gradient") if arrival.complete else Term("+", texts.still_to_come, "…"))
            if before is not None and not arrival.complete:
                parts.insert(-1, Term("=", texts.running_sum, "", total, "gradient"))
            yield heading, *parts

    def _end(self, gradients: dict[str, int]) -> None:
        texts = self.texts
        said = [phrase("d/d{node} = {gradient}", node=name, gradient=number) for name, number in gradients.items()]
        terms = tuple(Term("", f"d/d{name}", self._derivative_by(name), number, "gradient") for name, number in gradients.items())
        statement = joined(" ", phrase(texts.backward_done), *([joined(texts.clauses, *said)] if said else []))
        inputs = self.drawing.built.inputs
        boxes = tuple(_box(self.nodes[inputs[name]]) for name in self.drawing.wrt if inputs[name] in self.nodes)
        self.steps.append(Step("backward", statement, (terms,) if terms else (), boxes))

    # words

    def _derivative_by(self, label: str) -> str:
        """The output's derivative in symbols; what a cotangent is pulled back to is none."""
        return _derivative(self.drawing.output.row.label, label) if self.drawing.cotangent is None else ""

    def _last(self, box: str) -> int | None:
        """What has arrived at a box so far."""
        seen = self.sightings.get((box, "gradient"))
        return seen[-1].number if seen else None

    def _kind(self, node: DrawnNode) -> str:
        """The kind of a node that is not computed."""
        return self.texts.named(node.kind if node.kind in ("variable", "parameter") else "constant")

    def _called(self, node: DrawnNode) -> str:
        """What formulas call a node, where that is not its title."""
        return self._kind(node) if not node.row.operands else node.row.label


def _box(node: DrawnNode) -> str:
    return f"n{node.id}"


def _arrow(edge: DrawnEdge) -> str:
    return f"e{edge.source}x{edge.operand}"


def _derivative(of: str, by: str) -> str:
    return f"d({of})/d({by})"


def _code(text: str) -> Phrase:
    return phrase("{node}", node=text)


def _number(place: int | None, role: str = "value") -> Phrase:
    return () if place is None else (Piece(role, number=place),)
