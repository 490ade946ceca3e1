"""All that a page is made of: what there is to tell, the picture's words, and the program for other points."""

from dataclasses import dataclass

from diffcli.analysis.drawing.drawing import Drawing
from diffcli.analysis.drawing.page_program import NoProgram, page_program
from diffcli.execute.recording import Recording
from diffcli.render.drawing.boxes import diagram
from diffcli.render.drawing.diagram import Diagram
from diffcli.render.messages import Texts
from diffcli.render.player.narration import story
from diffcli.render.player.placeholders import Placeholder, placeholders
from diffcli.render.player.story import Story
from diffcli.render.value_text import shown


@dataclass(frozen=True, slots=True)
class Content:
    """A drawing, its story in a language, and its numbers with so many digits."""

    drawing: Drawing
    texts: Texts
    precision: int
    story: Story
    diagram: Diagram
    placeholders: tuple[Placeholder, ...]
    program: Recording | NoProgram

    def shown(self, number: int) -> str:
        """A quantity of the story as text."""
        return shown(self.story.quantities[number].value, self.precision, more=self.texts.more)

    def varies(self, number: int) -> bool:
        """Whether a quantity can be another one after a step of descent."""
        node = self.story.quantities[number].node
        return not isinstance(self.program, NoProgram) and (
            node is None or self.drawing.trace.graph.primitives[node].name != "constant"
        )

    def place(self, node: int | None) -> int | None:
        """The quantity of a node of the graph, if the story has it."""
        return next(
            (
                number
                for number, quantity in enumerate(self.story.quantities)
                if node is not None and quantity.node == node
            ),
            None,
        )


def content(drawing: Drawing, texts: Texts, precision: int) -> Content:
    """The contents of a drawing's page."""
    told = story(drawing, texts)
    drawn = diagram(drawing, "both", precision, texts.language)
    targets = {quantity.node for quantity in told.quantities if quantity.node is not None}
    return Content(
        drawing,
        texts,
        precision,
        told,
        drawn,
        tuple(placeholders(drawn, told, precision)),
        page_program(drawing, targets),
    )
