"""The steps of a story from the values that are given to the output."""

from diffcli.analysis.drawing.drawing import DrawnNode
from diffcli.render.player.ledger import Ledger
from diffcli.render.player.phrase import joined, phrase, sentences
from diffcli.render.player.remarks import kinks
from diffcli.render.player.story import Step, Term
from diffcli.render.player.story_names import arrow, box, called
from diffcli.render.player.words import Words, code, entry, shown_number, spans


def tell_given(words: Words, ledger: Ledger) -> None:
    """One step for all that is not computed."""
    texts, names = words.texts, words.drawing.trace.graph.names.values()
    given = [node for node in words.drawing.nodes if not node.row.operands]
    terms, rows, said = [], [], []
    for node in given:
        value = ledger.node(node.id)
        ledger.see(box(node), "value", value)
        ledger.remember(node, phrase(texts.forward_input, node=node.title, value=value))
        rows.append((code(node.title), phrase(words.kind(node)), shown_number(value)))
        if node.kind != "constant" or node.title in names:
            terms.append(Term("", words.kind(node), node.title, value, "value"))
            said.append(phrase("{node} = {value}", node=node.title, value=value))
    if given:
        statement = sentences(phrase(texts.given_first), joined(texts.clauses, *said))
        equations = ((*terms,),) if terms else ()
        ledger.tell(Step("forward", statement, equations, tuple(map(box, given)), rows=tuple(rows)))


def tell_computed(words: Words, ledger: Ledger, node: DrawnNode) -> None:
    """A step for a node that is computed: its operands, and what becomes of them."""
    value, name = ledger.node(node.id), called(node)
    computes = name if node.kind == "folded" else node.row.computes
    same, edges = computes == name, words.operands[node.id]
    ledger.see(box(node), "value", value)
    template = "{node} = {value}" if same else words.texts.forward_step
    statement = phrase(template, node=name, computes=computes, value=value)
    ledger.remember(node, statement)
    terms = [_operand(words, ledger, words.nodes[target]) for target in dict.fromkeys(edge.target for edge in edges)]
    terms.append(Term("→", words.label(node), computes, value, "value"))
    row = (entry(node), code("" if same else computes), shown_number(value))
    arrows, remarks = tuple(map(arrow, edges)), tuple(kinks(words.drawing, node))
    ledger.tell(Step("forward", statement, (tuple(terms),), (box(node),), arrows, spans(node), (row,), remarks))


def _operand(words: Words, ledger: Ledger, node: DrawnNode) -> Term:
    symbols = node.title if called(node) == node.title else ""
    return Term("", words.label(node), symbols, ledger.node(node.id), "value")
