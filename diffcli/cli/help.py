"""`diffcli help`."""

from typing import Annotated

from diffcli.cli.declaration import Argument, Option, command
from diffcli.cli.output import Listing, emit


@command
def help(
    *,
    name: Annotated[
        str | None, Argument("TOPIC", "A topic; or a command, a function, an optimizer, a schedule, a slip to explain.")
    ] = None,
    man: Annotated[bool, Option(help="Print all of it as a page for man(1).")] = False,
    output: Listing,
) -> int:
    """Topics: the language, values, kinks, exit codes and more."""
    if man:
        from diffcli.cli.man_page import man_page
        from diffcli.messages import speech
        from diffcli.render.writing import say

        say(man_page(speech().language), end="")
        return 0
    from diffcli.cli.pages import explained

    return emit(explained(name), output)
