"""The colours of a theme under the names that the styles of pages use."""

from diffcli.render.drawing.theme import DARK, LIGHT, Palette


def properties(colours: Palette) -> str:
    """A palette as custom properties."""
    named = {
        "ground": colours.ground, "ink": colours.ink, "faint": colours.faint, "panel": colours.frame.fill,
        "line": colours.frame.stroke, "value": colours.lines["value"], "gradient": colours.lines["gradient"],
        "local": colours.lines["local"], "back": colours.back, "accent": colours.boxes["variable"].stroke,
        "tint": colours.boxes["variable"].fill, "warm": colours.boxes["parameter"].fill,
    }  # fmt: skip
    return " ".join(f"--{name}: {colour};" for name, colour in named.items())


def themes() -> str:
    """The properties of both themes: paper is light, and a page without a theme of its own has the reader's."""
    light, dark = properties(LIGHT), f"{{ color-scheme: dark; {properties(DARK)} }}"
    return (
        f":root {{ color-scheme: light; {light} }}\n"
        f'@media screen {{ :root[data-theme="dark"] {dark} }}\n'
        f"@media screen and (prefers-color-scheme: dark) {{ :root:not([data-theme]) {dark} }}\n"
    )
