"""The topics of `diffcli help`: each a page of a screen or so. Pages of the documentation have the same rows."""

from collections.abc import Callable
from typing import NamedTuple

from diffcli.analysis.manual import mathematics, use
from diffcli.analysis.manual.page import ManualPage, Parts
from diffcli.messages import Message


class Topic(NamedTuple):
    """A topic: its parts, made when they are asked for by what has its title as docstring; other words that mean it."""

    parts: Callable[[], Parts]
    aliases: tuple[str, ...] = ()

    @property
    def title(self) -> Message:
        """What it is about."""
        return Message((self.parts.__doc__ or "").rstrip("."))


#: In the order in which they are listed.
TOPICS: dict[str, Topic] = {
    "language": Topic(mathematics.language, ("expression", "syntax", "expressions", "grammar")),
    "values": Topic(mathematics.values, ("at", "value", "variables", "point")),
    "shapes": Topic(mathematics.shapes, ("shape", "arrays", "broadcasting", "matrices")),
    "kinks": Topic(mathematics.kinks, ("kink", "conventions", "corner")),
    "not-finite": Topic(mathematics.not_finite, ("nan", "inf", "infinity", "overflow", "domain")),
    "exact": Topic(mathematics.exact, ("digits", "precision", "exact-numbers")),
    "descent": Topic(use.descent, ("optimizers", "schedules", "gradient-descent", "learning-rate")),
    "data": Topic(use.data, ("csv", "columns", "fit", "fitting")),
    "slips": Topic(use.slips, ("slip", "mistakes", "feedback")),
    "exit-codes": Topic(use.exit_codes, ("exit-code", "exit", "codes", "status")),
    "json": Topic(use.json, ("jsonl", "terse", "scripts", "schema", "output")),
    "environment": Topic(use.environment, ("env", "environment-variables")),
    "python": Topic(use.python, ("api", "library")),
    "notebook": Topic(use.notebook, ("notebooks", "jupyter", "ipython", "magic", "magics")),
    "completion": Topic(use.completion, ("tab", "shell", "bash", "zsh", "fish")),
}


def topic_page(name: str) -> ManualPage | None:
    """The page of a topic, by its name or a word that means it; None where there is none."""
    word = name.casefold().replace("_", "-").replace(" ", "-")
    found = word if word in TOPICS else next((each for each, topic in TOPICS.items() if word in topic.aliases), None)
    return None if found is None else ManualPage(found, TOPICS[found].title, TOPICS[found].parts())
