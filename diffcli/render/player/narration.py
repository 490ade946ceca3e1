"""The story told: from the values that are given, forward to the output, and back to the gradients."""

from collections.abc import Iterator

from diffcli.analysis.drawing.arrivals import Arrival, arrivals
from diffcli.analysis.drawing.drawing import Drawing, DrawnNode
from diffcli.execute.arrays import Array, arrayed, zeros_like
from diffcli.render.messages import Texts
from diffcli.render.player.phrase import Phrase, Piece, joined, phrase, sentences
from diffcli.render.player.remarks import Rule, kinks, remarks, repeated, rule
from diffcli.render.player.story import Quantity, Sighting, Step, Story, Term
from diffcli.render.player.story_names import arrow, box, called, derivative, differentiated
from diffcli.source import Span


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
        self.histories: dict[str, list[tuple[int, Phrase]]] = {box(node): [] for node in drawing.nodes}

    def story(self) -> Story:
        texts = self.texts
        backward = [texts.how_backward] if self.drawing.output.row.gradient is not None else []
        opening = (texts.before_the_first_step, texts.how_forward, *backward, texts.how_to_begin)
        self.steps.append(Step("", sentences(*map(phrase, opening))))
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
        self.histories[box(self.nodes[node])].append((len(self.steps), event))

    def _given(self) -> None:
        """One step for all that is not computed."""
        given = [node for node in self.drawing.nodes if not node.row.operands]
        terms, rows, said = [], [], []
        for node in given:
            value = self._node(node.id)
            self._see(box(node), "value", value)
            self._remember(node.id, phrase(self.texts.forward_input, node=node.title, value=value))
            rows.append((_code(node.title), phrase(self._kind(node)), _number(value)))
            if node.kind != "constant" or node.title in self.drawing.trace.graph.names.values():
                terms.append(Term("", self._kind(node), node.title, value, "value"))
                said.append(phrase("{node} = {value}", node=node.title, value=value))
        if given:
            statement = sentences(phrase(self.texts.given_first), joined(self.texts.clauses, *said))
            self.steps.append(
                Step("forward", statement, ((*terms,),) if terms else (), tuple(map(box, given)), rows=tuple(rows))
            )

    def _forward(self, node: DrawnNode) -> None:
        value, name = self._node(node.id), called(node)
        computes = name if node.kind == "folded" else node.row.computes
        self._see(box(node), "value", value)
        same = computes == name
        statement = phrase(
            "{node} = {value}" if same else self.texts.forward_step, node=name, computes=computes, value=value
        )
        self._remember(node.id, statement)
        terms = [
            Term(
                "",
                self._label(operand),
                operand.title if called(operand) == operand.title else "",
                self._node(operand.id),
                "value",
            )
            for operand in {edge.target: self.nodes[edge.target] for edge in self.operands[node.id]}.values()
        ]
        terms.append(Term("→", self._label(node), computes, value, "value"))
        row = (self._entry(node), _code("" if same else computes), _number(value))
        arrows = tuple(map(arrow, self.operands[node.id]))
        self.steps.append(
            Step(
                "forward",
                statement,
                (tuple(terms),),
                (box(node),),
                arrows,
                _spans(node),
                (row,),
                tuple(kinks(self.drawing, node)),
            )
        )

    def _start_back(self) -> None:
        output, texts = self.drawing.output, self.texts
        seed = self._node(self.drawing.trace.gradient.adjoints[output.id])
        if self.drawing.cotangent is None:
            statement = phrase(texts.backward_start, output=called(output), gradient=seed)
        else:
            statement = phrase(texts.backward_start_cotangent, output=called(output), cotangent=seed)
        symbols = self._derivative_by(output.row.label)
        self._see(box(output), "gradient", seed)
        self._remember(output.id, statement)
        term = Term("", texts.gradient, symbols, seed, "gradient")
        row = (_code(symbols), (), (), (), _number(seed, "gradient"), ())
        self.steps.append(Step("backward", statement, ((term,),), (box(output),), (), _spans(output), (row,)))

    def _backward(self, arrival: Arrival) -> None:
        edge, texts = arrival.edge, self.texts
        source, target = self.nodes[edge.source], self.nodes[edge.target]
        upstream, contribution = self._node(arrival.upstream), self._contribution(arrival)
        before = self._last(box(target))
        total = contribution if before is None else self._sum(before, contribution, arrival.total)
        if arrival.complete:
            total = self._node(self.drawing.trace.gradient.adjoints[target.id])
        local = None if arrival.local is None else self._node(arrival.local)
        if local is not None:
            self._see(arrow(edge), "local", local)
        self._see(arrow(edge), "contribution", contribution)
        self._see(box(target), "gradient", total, arrival.complete)
        by = rule(self.drawing, arrival)
        product = self._product(source, by, {"local": local, "upstream": upstream, "contribution": contribution})
        if edge.flow is not None and edge.flow.summed > 1:
            product = sentences(product, phrase(texts.broadcast, node=called(target), count=f"{edge.flow.summed:,}"))
        self._remember(target.id, sentences(phrase(texts.came_from, source=called(source)), product))
        if arrival.of > 1:
            self._remember(target.id, self._balance(arrival, target, total))
        where = texts.back_along if len(self.operands[source.id]) == 1 else texts.back_along_operand
        along = phrase(where, source=called(source), target=called(target), operand=str(edge.operand + 1))
        numbers = {
            "local": local,
            "upstream": upstream,
            "contribution": contribution,
            "gradient": total if arrival.of > 1 else None,
        }
        number = f" #{edge.operand + 1}" if repeated(self.drawing, arrival) > 1 else ""
        cells = (
            _code(f"{source.row.label} → {target.row.label}{number}"),
            _code(by.text) if not by.prose else phrase(by.text),
        )
        self.steps.append(
            Step(
                "backward",
                sentences(along, self._outcome(arrival, target)),
                tuple(self._equations(arrival, by, local, upstream, contribution, before, total)),
                (box(target),),
                (arrow(edge),),
                _spans(source),
                ((*cells, *(_number(place, role) for role, place in numbers.items())),),
                tuple(remarks(self.drawing, arrival, source, target, texts)),
            )
        )

    def _product(self, source: DrawnNode, by: Rule, numbers: dict[str, int | None]) -> Phrase:
        """How the contribution comes about, with its numbers."""
        texts = self.texts
        given = {role: number for role, number in numbers.items() if number is not None}
        if "local" in given:
            return phrase(texts.backward_step, **given)
        if not by.text:
            return phrase(texts.backward_step_folded, count=f"{len(source.folded):,}", **given)
        if by.prose:
            return phrase(texts.backward_step_in_words, words=by.text, **given)
        return phrase(texts.backward_step_by_rule, rule=by.text, **given)

    def _balance(self, arrival: Arrival, target: DrawnNode, total: int) -> Phrase:
        """What a target of several contributions has now, and whether more is to come."""
        texts = self.texts
        if arrival.complete:
            complete = phrase(texts.gradient_complete, node=called(target), gradient=total)
            return sentences(phrase(texts.all_arrived, count=str(arrival.of)), complete)
        return phrase(texts.more_to_come, node=called(target), sum=total, count=str(arrival.number), of=str(arrival.of))

    def _outcome(self, arrival: Arrival, target: DrawnNode) -> Phrase:
        """What the contribution is to its target; the numbers stand in the equations."""
        texts = self.texts
        if arrival.of == 1:
            return phrase(texts.whole_gradient, node=called(target))
        if arrival.complete:
            return phrase(texts.last_contribution, node=called(target), count=str(arrival.of))
        return phrase(texts.contribution_of, node=called(target), count=str(arrival.number), of=str(arrival.of))

    def _equations(
        self,
        arrival: Arrival,
        by: Rule,
        local: int | None,
        upstream: int,
        contribution: int,
        before: int | None,
        total: int,
    ) -> Iterator[tuple[Term, ...]]:
        """`local x upstream = contribution`, and the sum where several contributions meet."""
        edge, texts = arrival.edge, self.texts
        source, target = self.nodes[edge.source].row.label, self.nodes[edge.target].row.label
        count = edge.flow.summed if edge.flow is not None else 1
        caption = (
            texts.contribution
            if count == 1
            else texts.sum_of.format(contribution=texts.contribution, count=f"{count:,}")
        )
        above = Term(
            "×" if local is not None else "", texts.upstream, self._derivative_by(source), upstream, "upstream"
        )
        result = Term("=", caption, "", contribution, "contribution")
        if local is None:
            yield above, self._way(self.nodes[edge.source], by), result
        elif repeated(self.drawing, arrival) > 1:
            place = str(edge.operand + 1)
            symbols = f"{derivative(source, f'#{place}')} = {by.text}"
            yield Term("", texts.local_by_operand.format(operand=place), symbols, local, "local"), above, result
        else:
            yield (
                Term("", texts.local_derivative, f"{derivative(source, target)} = {by.text}", local, "local"),
                above,
                result,
            )
        if arrival.of > 1:
            heading = Term("", texts.running_sum, self._derivative_by(target))
            parts = [] if before is None else [Term("=", texts.so_far, "", before, "gradient")]
            parts.append(Term("+" if parts else "=", texts.contribution, "", contribution, "contribution"))
            parts.append(
                Term("=", texts.gradient, "", total, "gradient")
                if arrival.complete
                else Term("+", texts.still_to_come, "…")
            )
            if before is not None and not arrival.complete:
                parts.insert(-1, Term("=", texts.running_sum, "", total, "gradient"))
            yield heading, *parts

    def _way(self, source: DrawnNode, by: Rule) -> Term:
        """What becomes of upstream where it is not multiplied by a local derivative."""
        if not by.text:
            return Term("→", self.texts.through_folded.format(count=f"{len(source.folded):,}"))
        return Term("→", by.text) if by.prose else Term("→", self.texts.rule, by.text)

    def _end(self, gradients: dict[str, int]) -> None:
        texts = self.texts
        said = [phrase("d/d{node} = {gradient}", node=name, gradient=number) for name, number in gradients.items()]
        terms = tuple(
            Term("", f"d/d{name}", self._derivative_by(name), number, "gradient") for name, number in gradients.items()
        )
        done = phrase(
            texts.backward_done if self.drawing.cotangent is None else texts.backward_done_cotangent,
            output=differentiated(self.drawing),
        )
        statement = sentences(done, joined(texts.clauses, *said))
        inputs = self.drawing.built.inputs
        boxes = tuple(box(self.nodes[inputs[name]]) for name in self.drawing.wrt if inputs[name] in self.nodes)
        self.steps.append(Step("backward", statement, (terms,) if terms else (), boxes))

    # words

    def _derivative_by(self, label: str) -> str:
        """The derivative of what is differentiated, in symbols."""
        return derivative(differentiated(self.drawing), label)

    def _last(self, box: str) -> int | None:
        """What has arrived at a box so far."""
        seen = self.sightings.get((box, "gradient"))
        return seen[-1].number if seen else None

    def _kind(self, node: DrawnNode) -> str:
        """The kind of a node that is not computed."""
        return self.texts.named(node.kind if node.kind in ("variable", "parameter") else "constant")

    def _entry(self, node: DrawnNode) -> Phrase:
        """A computed node in the table: its label, and its title where that is another."""
        same = node.row.label == node.title
        return _code(node.title) if same else phrase("{node}: {computes}", node=node.row.label, computes=node.title)

    def _label(self, node: DrawnNode) -> str:
        """What formulas call a node, where that is not its title."""
        return self._kind(node) if not node.row.operands else node.row.label


def _spans(node: DrawnNode) -> tuple[Span, ...]:
    """A node's piece of the source, and the calls from whose functions' bodies it comes."""
    own = node.span or node.row.span
    return (own, *(call for call in node.calls if call != own))


def _code(text: str) -> Phrase:
    return phrase("{node}", node=text)


def _number(place: int | None, role: str = "value") -> Phrase:
    return () if place is None else (Piece(role, number=place),)
