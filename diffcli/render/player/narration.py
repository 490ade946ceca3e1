"""The story told: from the values that are given, forward to the output, and back to the gradients."""

from diffcli.analysis.drawing.arrivals import arrivals
from diffcli.analysis.drawing.drawing import Drawing
from diffcli.render.messages import Texts
from diffcli.render.player.backward_steps import tell_back, tell_end, tell_start
from diffcli.render.player.forward_steps import tell_computed, tell_given
from diffcli.render.player.ledger import Ledger
from diffcli.render.player.phrase import phrase, sentences
from diffcli.render.player.story import Step, Story
from diffcli.render.player.words import Words


def story(drawing: Drawing, texts: Texts) -> Story:
    """The story of a drawing."""
    words, ledger = Words(drawing, texts), Ledger(drawing)
    goes_back = drawing.output.row.gradient is not None
    backward = [texts.how_backward] if goes_back else []
    opening = (texts.before_the_first_step, texts.how_forward, *backward, texts.how_to_begin)
    ledger.tell(Step("", sentences(*map(phrase, opening))))
    tell_given(words, ledger)
    for node in drawing.nodes:
        if node.row.operands:
            tell_computed(words, ledger, node)
    gradients = {name: ledger.gradient(name) for name in drawing.wrt}
    if goes_back:
        tell_start(words, ledger)
        for arrival in arrivals(drawing):
            tell_back(words, ledger, arrival)
        tell_end(words, ledger, gradients)
    return ledger.story(gradients)
