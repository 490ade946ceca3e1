"""NumPy, loaded when something of it is first used: small problems are computed without it, in half the time."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
else:

    class _Later:
        """What stands for NumPy until something of it is wanted."""

        def __getattr__(self, name):
            import numpy

            found = getattr(numpy, name)
            setattr(self, name, found)
            return found

    np = _Later()

__all__ = ["np"]
