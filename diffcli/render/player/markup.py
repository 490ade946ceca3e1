"""Text in a page: never markup, never code, in HTML as in the JSON that the script reads."""

import json
import re
from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from html import escape
from importlib.resources import files
from string import Template

from diffcli.render.documents.json_values import Json
from diffcli.source import visible

_FOLDER = "diffcli.render.player"
_LINES = re.compile(r"[^\n\t]+")
#: Comments on lines of their own.
_COMMENTS = re.compile(r"^[ ]*(/\*.*?\*/|//[^\n]*)$", re.DOTALL | re.MULTILINE)


def html(text: str) -> str:
    """Text as HTML holds it, between tags or in quotes."""
    return escape(_clean(text))


def data(document: Json) -> str:
    """JSON that nothing in an HTML document mistakes for markup. Raises ValueError for a number that is not finite."""
    text = json.dumps(_printable(document), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for character in "<>&":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def digest(text: str) -> str:
    """The name of a style or a script in a security policy, made of its text."""
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def policy(style: str, script: str) -> str:
    """The security policy of a page that loads nothing and admits its own style and script alone."""
    own = f"img-src data:; style-src {digest(style)}; script-src {digest(script)}"
    return f"default-src 'none'; {own}; base-uri 'none'; form-action 'none'"


def resource(name: str, folder: str = _FOLDER) -> str:
    """A file of the player's folder, or of another one."""
    return files(folder).joinpath(name).read_text(encoding="utf-8")


def packed(name: str, folder: str = _FOLDER) -> str:
    """A script or a style without comments and indents, which take a fifth of a page."""
    return "\n".join(filter(None, map(str.strip, _COMMENTS.sub("", resource(name, folder)).split("\n"))))


def filled(name: str, words: Mapping[str, str], markup: Mapping[str, str] | None = None, folder: str = _FOLDER) -> str:
    """A template with its places filled: by words, and by what is markup already."""
    places = {place: html(word) for place, word in words.items()}
    return Template(resource(name, folder)).substitute(markup or {}, **places)


def whole_page(
    name: str, words: Mapping[str, str], markup: Mapping[str, str], style: str, script: str, folder: str = _FOLDER
) -> str:
    """A document that loads nothing and admits its own style and script alone, made of the template of its body."""
    parts = {"look": "", **markup, "policy": policy(style, script), "style": style, "script": script}
    return filled("head.html", words, parts) + filled(name, words, parts, folder)


def _clean(text: str) -> str:
    """Printable text, line breaks and tabs left alone."""
    return _LINES.sub(lambda line: visible(line.group()), text)


def _printable(document: Json) -> Json:
    if isinstance(document, str):
        return _clean(document)
    if isinstance(document, Mapping):
        return {name: _printable(value) for name, value in document.items()}
    return [_printable(value) for value in document] if isinstance(document, (list, tuple)) else document
