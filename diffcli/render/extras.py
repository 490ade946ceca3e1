"""The libraries that a plain installation has not: whether they are there, and how they are installed."""

from importlib import import_module

from diffcli.messages import Message


def installed(*libraries: str) -> bool:
    """Whether these can be imported. Tries it: an installation can be there and broken."""
    try:
        for library in libraries:
            import_module(library)
    except ImportError:
        return False
    return True


def how_to_install(extra: str) -> str:
    """The commands that install an extra, from the package index and in a checkout."""
    return Message('pip install "diffcli[{extra}]", or in a checkout pip install ".[{extra}]"', extra=extra)
