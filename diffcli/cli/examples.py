"""`diffcli examples`."""

from typing import Annotated

from diffcli.cli.declaration import Argument, command
from diffcli.cli.output import Listing, emit


@command
def examples(
    *, name: Annotated[str | None, Argument("COMMAND", "Only the examples of this command.")] = None, output: Listing
) -> int:
    """What to type, by what you want."""
    from diffcli.cli.pages import examples_page

    return emit(examples_page(name), output)
