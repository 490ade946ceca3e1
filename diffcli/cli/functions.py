"""`diffcli functions`."""

from typing import Annotated

from diffcli.cli.declaration import Argument, command
from diffcli.cli.output import Listing, emit


@command
def functions(
    *,
    name: Annotated[
        str | None, Argument("NAME", "A function, operator, optimizer or schedule to show in detail.")
    ] = None,
    output: Listing,
) -> int:
    """The language's functions and their derivatives."""
    from diffcli.api.graphs import functions

    return emit(functions(name), output)
