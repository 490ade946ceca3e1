"""Python made of Python text: the one place where text is executed, which is the executors' own.

What they write are numbers of nodes and forms of ours; what anybody typed does not occur in it.
"""

from typing import Any


def defined(text: str, name: str, names: dict[str, Any]) -> Any:
    """What a text defines under a name; `names` are functions and values that it uses, and are left as they are."""
    scope = dict(names)
    exec(compile(text, "<compiled graph>", "exec"), scope)
    return scope[name]
