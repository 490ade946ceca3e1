"""The data of the page's script: the story with its numbers as texts, and the program that computes others."""

from diffcli.execute.arrays import Array
from diffcli.execute.recording import Recording
from diffcli.render.documents.json_values import Json
from diffcli.render.drawing.diagram import Diagram
from diffcli.render.drawing.layout.box_sizes import MOST_COLUMNS
from diffcli.render.player.content import Content
from diffcli.render.player.placeholders import TO_COME
from diffcli.render.player.speaker_notes import speaker_notes
from diffcli.render.player.story import Step
from diffcli.render.player.story_names import box as box_of
from diffcli.render.player.story_names import called
from diffcli.render.value_text import block
from diffcli.source import Span

#: The messages that the script speaks.
_SPOKEN = (
    "step", "step_of", "direction_forward", "direction_backward", "play", "pause", "graph", "value", "gradient",
    "not_yet", "no_gradient", "history", "choose_a_node", "output", "more", "went_down", "went_up", "stayed",
    "values_so_far", "steps_taken", "another_path", "not_finite_there", "at_the_start", "now", "then",
    "rate_above_zero", "difference", "apart", "not_here", "differences_differ", "differences_agree", "link_copied",
    "link_to_copy",
)  # fmt: skip


def script_data(content: Content, drawn: Diagram, slides: bool) -> dict[str, Json]:
    """The document for the page's script on a picture as it is `drawn`; that of slides has notes to each."""
    steps = range(len(content.story.steps))
    return {
        **({"notes": [list(speaker_notes(content, step)) for step in steps]} if slides else {}),
        "texts": {name: content.texts.named(name) for name in _SPOKEN},
        "precision": content.precision,
        "most_columns": MOST_COLUMNS,
        "to_come": TO_COME,
        "numbers": [_number(content, number) for number in range(len(content.story.quantities))],
        "steps": [_step(content.drawing.trace.source.text, step) for step in content.story.steps],
        "placeholders": [
            [place.id, place.role, place.prefix, int(place.fixed), place.seen] for place in content.placeholders
        ],
        "nodes": _nodes(content, drawn),
        "descent": _descent(content),
    }


def _number(content: Content, number: int) -> dict[str, Json]:
    """A quantity's texts, in a sentence and (where that differs) in a box, and what it is made of."""
    quantity = content.story.quantities[number]
    said, lines = content.shown(number), block(quantity.value, content.precision)
    made = {name: value for name, value in (("node", quantity.node), ("terms", quantity.terms)) if value is not None}
    return {"shown": said, **({} if lines == [said] else {"block": lines}), "shape": quantity.value.shape, **made}


def _step(source: str, step: Step) -> dict[str, Json]:
    return {
        "direction": step.direction, "statement": step.statement, "equations": step.equations,
        "boxes": step.boxes, "arrows": step.arrows, "spans": [_units(source, span) for span in step.spans],
        "remarks": step.remarks,
    }  # fmt: skip


def _units(text: str, span: Span) -> list[int]:
    """A span in the units in which a script counts, of which characters beyond U+FFFF take two."""
    return [end + sum(character > "\uffff" for character in text[:end]) for end in span]


def _nodes(content: Content, drawn: Diagram) -> dict[str, Json]:
    """By box: what a node is, and what happens to it at which step."""
    with_gradient = {place.id for place in content.placeholders if place.role == "gradient"}
    titles = {box_of(node): called(node) for node in content.drawing.nodes}
    nodes: dict[str, Json] = {}
    for box in drawn.boxes:
        words = [line.text for line in box.lines if line.role in ("title", "kind")]
        nodes[box.id] = {
            "title": titles[box.id], "about": ", ".join(words), "output": box.output,
            "gradient": box.id in with_gradient, "events": content.story.histories[box.id],
        }  # fmt: skip
    return nodes


def _descent(content: Content) -> dict[str, Json] | None:
    """The data of a step of descent: the recording, the point, and the parts of the command for another place."""
    if not isinstance(content.program, Recording):
        return None
    drawing, inputs, gradients = content.drawing, content.drawing.built.inputs, content.story.gradients
    return {
        "recording": content.program.document(),
        "inputs": {str(node): _elements(value) for node, value in drawing.inputs.items()},
        "variables": [{"name": name, "node": inputs[name], "gradient": gradients[name]} for name in drawing.wrt],
        "point": [{"name": name, "node": inputs[name], "shape": value.shape} for name, value in drawing.at.items()],
        "loss": content.place(drawing.output.id),
        "expression": drawing.expression,
        "wrt": [] if set(drawing.wrt) == set(drawing.at) else drawing.wrt,
    }


def _elements(value: Array) -> list[Json]:
    """The elements in C order; JSON has no infinities and no NaN."""
    return [element if abs(element) < float("inf") else str(element) for element in value.ravel().tolist()]
