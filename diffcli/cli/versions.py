"""What runs: the versions of the program, of Python, and of the libraries that the package names."""

import platform
import re
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires, version

from diffcli import __version__


def versions() -> Iterator[str]:
    """A line each; of the libraries that are not always needed those that are installed."""
    yield f"diffcli {__version__}"
    yield f"{platform.python_implementation()} {platform.python_version()} ({sys.platform} {platform.machine()})"
    for name, always in libraries().items():
        try:
            yield f"{name} {version(name)}"
        except PackageNotFoundError:
            if always:
                yield f"{name} -"


def libraries() -> dict[str, bool]:
    """The libraries that the program may load, and whether it needs them; those for its tests are none of them."""
    found: dict[str, bool] = {}
    try:
        required = requires("diffcli") or ()
    except PackageNotFoundError:  # it runs without being installed
        return found
    for line in required:
        name, extra = re.split(r"[^\w.-]", line, maxsplit=1)[0], re.search(r"extra == ['\"](\w+)", line)
        if name != "diffcli" and (extra is None or extra[1] in _LOADED):
            found[name] = found.get(name, False) or extra is None
    return found


#: The extras whose libraries the program loads.
_LOADED = ("graph", "plot", "data", "torch", "jax", "distributed", "notebook")
