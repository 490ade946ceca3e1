"""Whether the libraries that pictures need are there."""


def installed() -> bool:
    """Try them: an installation can be there and broken."""
    try:
        import matplotlib.figure  # noqa: F401
        import PIL.Image  # noqa: F401
    except ImportError:
        return False
    return True
