"""The player assembled: one HTML file that loads nothing and admits its own style and script alone."""

from diffcli.analysis.drawing.drawing import Drawing
from diffcli.analysis.drawing.page_program import NoProgram
from diffcli.analysis.drawing.style import Theme
from diffcli.render.drawing.painting.svg import stylesheet
from diffcli.render.drawing.theme import ARROW_SHAPES, BOX_SHAPES, DARK, LIGHT, Palette
from diffcli.render.excerpt import one_line
from diffcli.render.messages import Texts
from diffcli.render.picture_manner import Manner
from diffcli.render.player.content import Content, content
from diffcli.render.player.legend_list import legend
from diffcli.render.player.markup import data, filled, html, packed, whole_page
from diffcli.render.player.page_colours import properties
from diffcli.render.player.picture import PLAYER, SLIDE, pictured
from diffcli.render.player.script_data import script_data
from diffcli.render.player.tables import given, gradients, steps
from diffcli.render.round_trip import exact
from diffcli.render.value_text import shown

_SCRIPTS = (
    "arithmetic.js", "numbers.js", "frame.js", "source.js", "player.js", "descent.js", "values.js", "differences.js",
    "link.js",
)  # fmt: skip
#: Characters of a program that the window's title shows.
_LONGEST_TITLE = 60
#: Characters of a value that a command shows.
_LONGEST_VALUE = 200
_PLAIN = Manner()


def page(drawing: Drawing, manner: Manner = _PLAIN) -> str:
    """The player of a drawing, or slides of its steps with notes for who speaks: a whole HTML document."""
    texts, slides = Texts(manner.language), manner.slides
    made = content(drawing, texts, manner.precision)
    drawn = pictured(made, manner.layout, manner.font_scale, SLIDE if slides else PLAYER)
    theme = "" if manner.theme == "auto" else f' data-theme="{manner.theme}"'
    markup = {
        "look": theme + ' class="slides"' * slides,
        "graph": drawn.svg(),
        "form": ' class="above"' if drawn.wide and not slides else "",
        "notes": filled("notes.html", {"notes_word": texts.notes}) if slides else "",
        "legend": legend(made.diagram),
        "given": given(made),
        "descent": _descent(made),
        "gradients": gradients(made),
        "tables": "".join(steps(made)),
        "keys": "".join(
            f"<li>{html(key)}</li>"
            for key in (texts.key_arrows, texts.key_ends, texts.key_space, texts.key_tab, *[texts.key_notes] * slides)
        ),
        "story": data(script_data(made, drawn.diagram, slides)),
    }
    words = {
        "language": texts.html_language, "title": texts.page_title.format(expression=_title(drawing.expression)),
        "heading": texts.page_heading, "source": drawing.trace.source.text, "last": str(len(made.story.steps) - 1),
        "skip_to_controls": texts.skip_to_controls, "theme_word": texts.theme, "automatic": texts.automatic,
        "light": texts.light, "dark": texts.dark, "graph_word": texts.graph, "size": texts.size,
        "smaller": texts.smaller, "larger": texts.larger, "fit": texts.fit, "source_word": texts.source,
        "legend_word": texts.legend, "choose_a_node": texts.choose_a_node, "all_steps": texts.all_steps,
        "keyboard": texts.keyboard, "needs_script": texts.needs_script, "controls": texts.controls,
        "first_step": texts.first_step, "previous_step": texts.previous_step, "play": texts.play,
        "next_step": texts.next_step, "last_step": texts.last_step, "step_word": texts.step,
        "letters": f"{drawn.diagram.setting.font_scale:g}", "link_word": texts.link,
    }  # fmt: skip
    return whole_page("player.html", words, markup, _style(made), "\n".join(map(packed, _SCRIPTS)))


def _title(expression: str) -> str:
    """The program for a window's title: of a long one the last line, which is the result."""
    whole = one_line(expression, True)
    text = whole if len(whole) <= _LONGEST_TITLE else whole.split("; ")[-1]
    return text if len(text) <= _LONGEST_TITLE else f"{text[: _LONGEST_TITLE - 1]}…"


def _style(made: Content) -> str:
    """Paper is light in every theme; without a theme of its own the page has the reader's."""
    dark, unasked = (
        _theme(made, "dark", DARK, f":where(:root{condition})")
        for condition in ('[data-theme="dark"]', ":not([data-theme])")
    )
    themes = f"@media screen {{\n{dark}}}\n@media screen and (prefers-color-scheme: dark) {{\n{unasked}}}\n"
    return _theme(made, "light", LIGHT, ":where(:root)") + themes + packed("player.css")


def _theme(made: Content, theme: Theme, colours: Palette, root: str) -> str:
    """A theme's rules for what is in the picture, and its colours under the names that the page's style uses."""
    used = {box.look for box in made.diagram.boxes} | {arrow.look for arrow in made.diagram.arrows} | {"operation"}
    unused = [f" .{look} ." for look in (*BOX_SHAPES, *ARROW_SHAPES) if look not in used]
    rules = [
        rule for rule in stylesheet(theme, f"{root} .diagram").splitlines() if not any(look in rule for look in unused)
    ]
    return "\n".join([*rules, f"{root} {{ {properties(colours)} }}", ""])


def _descent(made: Content) -> str:
    """The control of gradient descent; where the page cannot compute, a sentence that says why and what can."""
    texts, program = made.texts, made.program
    if not isinstance(program, NoProgram):
        words = {
            "descent_word": texts.descent, "learning_rate": texts.learning_rate, "take_a_step": texts.take_a_step,
            "reset": texts.reset, "losses": texts.values_so_far, "rule": texts.descent_rule, "step": texts.descent_step,
            "differences_word": texts.differences, "differences_rule": texts.differences_rule,
        }  # fmt: skip
        return filled("descent.html", words)
    heading = f'<h2 id="descent-heading">{html(texts.descent)}</h2>'
    if program.reason == "nothing to descend":
        seed = made.drawing.cotangent
        said = (
            ""
            if seed is None
            else f"<p>{html(texts.one_number_only.format(cotangent=shown(seed, made.precision, more=texts.more)))}</p>"
        )
        return f'<section aria-labelledby="descent-heading">{heading}{said}</section>' if said else ""
    named = texts.cannot_recompute.format(primitive=program.primitive, command="{command}")
    before, after = (named if program.reason == "primitive" else texts.too_long_to_recompute).split("{command}")
    said = f"<p>{html(before)}<code>{html(_command(made.drawing))}</code>{html(after)}</p>"
    return f'<section aria-labelledby="descent-heading">{heading}{said}</section>'


def _command(drawing: Drawing) -> str:
    """The command that takes a step of descent; long values are left to the reader."""
    values = {name: exact(value) if value.size <= _LONGEST_VALUE else "..." for name, value in drawing.at.items()}
    at = "".join(f" --at {_quoted(f'{name}={value}')}" for name, value in values.items())
    return f"diffcli descend {_quoted(drawing.expression)}{at} --lr 0.1 --steps 1"


def _quoted(text: str) -> str:
    """A text as a word of a POSIX shell."""
    return "'" + text.replace("'", "'\\''") + "'"
