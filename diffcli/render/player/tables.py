"""The parts of a page that stand there without a script: the point, the gradient, and every step in a table."""

from collections.abc import Iterator

from diffcli.messages import told
from diffcli.render.player.content import Content
from diffcli.render.player.markup import html
from diffcli.render.player.phrase import Phrase, Piece
from diffcli.render.player.story_names import differentiated


def given(content: Content) -> str:
    """The values of the variables, and the kinks that they sit on: of those the page knows at the start alone."""
    then = f'<span class="then">{html(content.texts.then)}</span>'
    inputs = content.drawing.built.inputs
    places = {name: content.place(inputs.get(name)) for name in content.drawing.at}
    values = (
        (Piece("node", name), Piece("", " = "), Piece("value", number=place))
        for name, place in places.items()
        if place is not None
    )
    notes = (f'<p class="note">{then} {html(told(kink.sentence))}</p>' for kink in content.drawing.kinks)
    said = "".join([*(f'<p class="given">{_phrase(content, value)}</p>' for value in values), *notes])
    heading = (
        f'<h2 id="given-heading">{html(content.texts.given_values)}</h2><div id="sliders" class="rates player"></div>'
    )
    return f'<section aria-labelledby="given-heading">{heading}{said}</section>' if said else ""


def gradients(content: Content) -> str:
    """The answer: the gradient by variable."""
    of = "" if content.drawing.cotangent is None else f"({differentiated(content.drawing)})"
    rows = "".join(
        f'<tr><th scope="row"><code>d{html(of)}/d{html(name)}</code></th>'
        f"<td>{_phrase(content, (Piece('gradient', number=number),))}</td></tr>"
        for name, number in content.story.gradients.items()
    )
    heading = html(content.texts.gradient_heading)
    return f'<table class="gradients"><caption>{heading}</caption><tbody>{rows}</tbody></table>' if rows else ""


def steps(content: Content) -> Iterator[str]:
    """A table for each direction."""
    texts = content.texts
    heads = {
        "forward": (texts.node, texts.computes, texts.value),
        "backward": (
            texts.edge,
            texts.formula,
            texts.local_derivative,
            f"× {texts.upstream}",
            f"= {texts.contribution}",
            texts.running_sum,
        ),
    }
    for direction, names in heads.items():
        rows = "".join(_rows(content, direction))
        if rows:
            columns = "".join(f'<th scope="col">{html(name)}</th>' for name in (texts.step, *names))
            caption = html(texts.named(f"direction_{direction}"))
            yield (
                f'<div class="wide" role="region" aria-label="{caption}" tabindex="0">'
                f"<table><caption>{caption}</caption><thead><tr>{columns}</tr></thead><tbody>{rows}</tbody></table></div>"
            )


def _rows(content: Content, direction: str) -> Iterator[str]:
    for number, step in enumerate(content.story.steps):
        if step.direction == direction:
            for row in step.rows:
                cells = "".join(f"<td>{_phrase(content, cell)}</td>" for cell in row)
                yield f'<tr data-step="{number}"><td>{number}</td>{cells}</tr>'


def _phrase(content: Content, phrase: Phrase) -> str:
    """A phrase as the script makes it too: numbers say which they are, so that they can be renewed."""
    return "".join(_piece(content, piece) for piece in phrase)


def _piece(content: Content, piece: Piece) -> str:
    if piece.number is not None:
        return f'<span class="{piece.role}" data-number="{piece.number}">{html(content.shown(piece.number))}</span>'
    return f'<span class="{piece.role}">{html(piece.text)}</span>' if piece.role else html(piece.text)
