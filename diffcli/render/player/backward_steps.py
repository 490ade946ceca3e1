"""The steps of a story from the output back to the gradients of the variables."""

from collections.abc import Iterator
from typing import NamedTuple

from diffcli.analysis.drawing.arrivals import Arrival
from diffcli.analysis.drawing.drawing import DrawnNode
from diffcli.render.messages import Texts
from diffcli.render.player.ledger import Ledger
from diffcli.render.player.phrase import Phrase, joined, phrase, sentences
from diffcli.render.player.remarks import Rule, remarks, repeated, rule
from diffcli.render.player.story import Step, Term
from diffcli.render.player.story_names import arrow, box, called, derivative, differentiated
from diffcli.render.player.words import Words, code, shown_number, spans


def tell_start(words: Words, ledger: Ledger) -> None:
    """The step at the output: its derivative by itself, or the cotangent."""
    drawing, texts = words.drawing, words.texts
    output = drawing.output
    seed = ledger.node(drawing.trace.gradient.adjoints[output.id])
    if drawing.cotangent is None:
        statement = phrase(texts.backward_start, output=called(output), gradient=seed)
    else:
        statement = phrase(texts.backward_start_cotangent, output=called(output), cotangent=seed)
    symbols = words.derivative_by(output.row.label)
    ledger.see(box(output), "gradient", seed)
    ledger.remember(output, statement)
    term = Term("", texts.gradient, symbols, seed, "gradient")
    row = (code(symbols), (), (), (), shown_number(seed, "gradient"), ())
    ledger.tell(Step("backward", statement, ((term,),), (box(output),), (), spans(output), (row,)))


def tell_end(words: Words, ledger: Ledger, gradients: dict[str, int]) -> None:
    """The last step: the gradients of all variables."""
    drawing, texts = words.drawing, words.texts
    said = [phrase("d/d{node} = {gradient}", node=name, gradient=number) for name, number in gradients.items()]
    terms = tuple(
        Term("", f"d/d{name}", words.derivative_by(name), number, "gradient") for name, number in gradients.items()
    )
    done = texts.backward_done if drawing.cotangent is None else texts.backward_done_cotangent
    statement = sentences(phrase(done, output=differentiated(drawing)), joined(texts.clauses, *said))
    inputs = [drawing.built.inputs[name] for name in drawing.wrt]
    boxes = tuple(box(words.nodes[node]) for node in inputs if node in words.nodes)
    ledger.tell(Step("backward", statement, (terms,) if terms else (), boxes))


class _Numbers(NamedTuple):
    """The numbers of a step back: those of the edge, and its target's gradient before and after it."""

    local: int | None
    upstream: int
    contribution: int
    before: int | None
    total: int


class _Back(NamedTuple):
    """A step back along an edge."""

    arrival: Arrival
    source: DrawnNode
    target: DrawnNode
    by: Rule
    numbers: _Numbers


def tell_back(words: Words, ledger: Ledger, arrival: Arrival) -> None:
    """A step back along an edge: how the contribution comes about, and what it is to its target."""
    source, target = words.nodes[arrival.edge.source], words.nodes[arrival.edge.target]
    numbers = _numbers(words, ledger, arrival, target)
    back = _Back(arrival, source, target, rule(words.drawing, arrival), numbers)
    if numbers.local is not None:
        ledger.see(arrow(arrival.edge), "local", numbers.local)
    ledger.see(arrow(arrival.edge), "contribution", numbers.contribution)
    ledger.see(box(target), "gradient", numbers.total, arrival.complete)
    came = phrase(words.texts.came_from, source=called(source))
    ledger.remember(target, sentences(came, _product(back, words.texts)))
    if arrival.of > 1:
        ledger.remember(target, _balance(back, words.texts))
    ledger.tell(
        Step(
            "backward",
            sentences(_along(back, words), _outcome(back, words.texts)),
            tuple(_equations(back, words)),
            (box(target),),
            (arrow(arrival.edge),),
            spans(source),
            (_row(back, words),),
            tuple(remarks(words.drawing, arrival, source, target, words.texts)),
        )
    )


def _numbers(words: Words, ledger: Ledger, arrival: Arrival, target: DrawnNode) -> _Numbers:
    upstream, contribution = ledger.node(arrival.upstream), ledger.contribution(arrival)
    before = ledger.arrived(target)
    total = contribution if before is None else ledger.sum(before, contribution, arrival.total)
    if arrival.complete:
        total = ledger.node(words.drawing.trace.gradient.adjoints[target.id])
    local = None if arrival.local is None else ledger.node(arrival.local)
    return _Numbers(local, upstream, contribution, before, total)


def _row(back: _Back, words: Words) -> tuple[Phrase, ...]:
    """The step in the table of all steps."""
    numbers, edge = back.numbers, back.arrival.edge
    operand = f" #{edge.operand + 1}" if repeated(words.drawing, back.arrival) > 1 else ""
    return (
        code(f"{back.source.row.label} → {back.target.row.label}{operand}"),
        phrase(back.by.text) if back.by.prose else code(back.by.text),
        shown_number(numbers.local, "local"),
        shown_number(numbers.upstream, "upstream"),
        shown_number(numbers.contribution, "contribution"),
        shown_number(numbers.total if back.arrival.of > 1 else None, "gradient"),
    )


def _along(back: _Back, words: Words) -> Phrase:
    """The ends of the step."""
    texts, operands = words.texts, words.operands[back.source.id]
    where = texts.back_along if len(operands) == 1 else texts.back_along_operand
    operand = str(back.arrival.edge.operand + 1)
    return phrase(where, source=called(back.source), target=called(back.target), operand=operand)


def _product(back: _Back, texts: Texts) -> Phrase:
    """The origin of the contribution, with its numbers."""
    by, edge = back.by, back.arrival.edge
    given = {"upstream": back.numbers.upstream, "contribution": back.numbers.contribution}
    if back.numbers.local is not None:
        said = phrase(texts.backward_step, local=back.numbers.local, **given)
    elif not by.text:
        said = phrase(texts.backward_step_folded, count=f"{len(back.source.folded):,}", **given)
    elif by.prose:
        said = phrase(texts.backward_step_in_words, words=by.text, **given)
    else:
        said = phrase(texts.backward_step_by_rule, rule=by.text, **given)
    if edge.flow is None or edge.flow.summed == 1:
        return said
    return sentences(said, phrase(texts.broadcast, node=called(back.target), count=f"{edge.flow.summed:,}"))


def _balance(back: _Back, texts: Texts) -> Phrase:
    """The sum that has arrived at a target of several contributions, and whether more is to come."""
    arrival, node, total = back.arrival, called(back.target), back.numbers.total
    if arrival.complete:
        complete = phrase(texts.gradient_complete, node=node, gradient=total)
        return sentences(phrase(texts.all_arrived, count=str(arrival.of)), complete)
    return phrase(texts.more_to_come, node=node, sum=total, count=str(arrival.number), of=str(arrival.of))


def _outcome(back: _Back, texts: Texts) -> Phrase:
    """The part of the contribution in its target's gradient; the numbers stand in the equations."""
    arrival, node = back.arrival, called(back.target)
    if arrival.of == 1:
        return phrase(texts.whole_gradient, node=node)
    if arrival.complete:
        return phrase(texts.last_contribution, node=node, count=str(arrival.of))
    return phrase(texts.contribution_of, node=node, count=str(arrival.number), of=str(arrival.of))


def _equations(back: _Back, words: Words) -> Iterator[tuple[Term, ...]]:
    """`local x upstream = contribution`, and the sum where several contributions meet."""
    texts, numbers = words.texts, back.numbers
    flow = back.arrival.edge.flow
    caption = texts.contribution
    if flow is not None and flow.summed > 1:
        caption = texts.sum_of.format(contribution=caption, count=f"{flow.summed:,}")
    symbols = words.derivative_by(back.source.row.label)
    above = Term("" if numbers.local is None else "×", texts.upstream, symbols, numbers.upstream, "upstream")
    result = Term("=", caption, "", numbers.contribution, "contribution")
    if numbers.local is None:
        yield above, _way(back, texts), result
    else:
        yield _local(back, words, numbers.local), above, result
    if back.arrival.of > 1:
        yield _running(back, words)


def _local(back: _Back, words: Words, number: int) -> Term:
    """The local derivative; by the operand's position where the target is an operand several times."""
    source, place = back.source.row.label, str(back.arrival.edge.operand + 1)
    if repeated(words.drawing, back.arrival) > 1:
        caption, by = words.texts.local_by_operand.format(operand=place), f"#{place}"
    else:
        caption, by = words.texts.local_derivative, back.target.row.label
    return Term("", caption, f"{derivative(source, by)} = {back.by.text}", number, "local")


def _way(back: _Back, texts: Texts) -> Term:
    """The way of upstream where it is not multiplied by a local derivative."""
    if not back.by.text:
        return Term("→", texts.through_folded.format(count=f"{len(back.source.folded):,}"))
    return Term("→", back.by.text) if back.by.prose else Term("→", texts.rule, back.by.text)


def _running(back: _Back, words: Words) -> tuple[Term, ...]:
    """The sum of the contributions so far, and whether it is the whole gradient."""
    texts, numbers = words.texts, back.numbers
    terms = [Term("", texts.running_sum, words.derivative_by(back.target.row.label))]
    if numbers.before is not None:
        terms.append(Term("=", texts.so_far, "", numbers.before, "gradient"))
    sign = "=" if numbers.before is None else "+"
    terms.append(Term(sign, texts.contribution, "", numbers.contribution, "contribution"))
    if back.arrival.complete:
        return (*terms, Term("=", texts.gradient, "", numbers.total, "gradient"))
    if numbers.before is not None:
        terms.append(Term("=", texts.running_sum, "", numbers.total, "gradient"))
    return (*terms, Term("+", texts.still_to_come, "…"))
