"""Double precision in which an operand may have a tiny imaginary part: the derivative by a complex step.

For a real-analytic function, Im f(x + ih)/h is the derivative to all digits, for nothing is
subtracted (W. Squire and G. Trapp, SIAM Review 40 (1998), 110-112). Functions made of analytic
pieces take the piece on which the real part lies, and where that is a boundary, the sign of the
imaginary part decides: all pieces of one formula decide alike.
"""

from collections.abc import Sequence
from typing import Any, cast

import numpy as np

from diffcli.execute.arithmetic import Float64
from diffcli.execute.arrays import Array
from diffcli.execute.gathering import Gathering
from diffcli.execute.linear_algebra import each_minor
from diffcli.messages import Message
from diffcli.primitives.shape import Axes, Shape
from diffcli.primitives.subscripts import Key

#: So small that its square vanishes beside 1, so large that quotients by it stay ordinary numbers.
STEP = 1e-30


class NotAnalytic(Exception):
    """A function that has no complex step; the message names it."""


class ComplexStep(Float64):
    """NumPy's functions on complex operands, continued from the real line."""

    def __getattr__(self, name: str) -> Any:
        """A function that may be one of real operands only."""
        function = super().__getattr__(name)
        if not isinstance(function, np.ufunc) or any("D" in types for types in function.types):
            return function

        def real_only(*operands: Array) -> Array:
            if any(map(np.iscomplexobj, operands)):
                raise NotAnalytic(name)
            return cast("Array", function(*operands))

        setattr(self, name, real_only)
        return real_only

    @staticmethod
    def abs(x: Array) -> Array:
        """x or -x."""
        return np.where(_negative(x), -x, x)[()] if np.iscomplexobj(x) else np.abs(x)

    @staticmethod
    def sign(x: Array) -> Array:
        """The real part's sign."""
        return np.sign(np.real(x))

    @staticmethod
    def floor(x: Array) -> Array:
        """The real part's."""
        return np.floor(np.real(x))

    @staticmethod
    def ceil(x: Array) -> Array:
        """The real part's."""
        return np.ceil(np.real(x))

    @staticmethod
    def pow(a: Array, b: Array) -> Array:
        """A whole power of a negative base by its positive one: by logarithms it would have an imaginary part."""
        if not np.iscomplexobj(a) or np.iscomplexobj(b):
            return a**b
        odd = np.where(np.asarray(b) % 2 == 1, -1.0, 1.0)
        negative = (np.real(a) < 0) & (np.asarray(b) % 1 == 0)
        return np.where(negative, odd * np.where(negative, -a, 1.0) ** b, np.where(negative, 1.0, a) ** b)[()]

    @staticmethod
    def cbrt(x: Array) -> Array:
        """The real root's continuation."""
        sign = np.where(_negative(x), -1.0, 1.0)
        return (sign * (sign * x) ** (1 / 3))[()] if np.iscomplexobj(x) else np.cbrt(x)

    @staticmethod
    def hypot(x: Array, y: Array) -> Array:
        """The root of the sum of squares."""
        return np.sqrt(x * x + y * y) if np.iscomplexobj(x) or np.iscomplexobj(y) else np.hypot(x, y)

    @staticmethod
    def atan2(y: Array, x: Array) -> Array:
        """The angle of the real parts, turned by that of the quotient to them."""
        real_y, real_x = np.real(y), np.real(x)
        turned = (y * real_x - x * real_y) / (x * real_x + y * real_y)
        return np.arctan2(real_y, real_x) + np.arctan(turned)

    @staticmethod
    def norm(x: Array, axis: Axes = None, keepdims: bool = False) -> Array:
        """The root of the sum of squares."""
        return np.sqrt(np.sum(x * x, axis=axis, keepdims=keepdims))

    @staticmethod
    def zeros(shape: Shape) -> Array:
        """Zeros that take complex numbers in."""
        return np.zeros(shape, dtype=np.complex128)

    @staticmethod
    def cofactors(a: Array) -> Array:
        """Determinants of the minors: of any matrix, without conjugates."""
        return each_minor(a, np.linalg.det)

    @staticmethod
    def logdet(a: Array) -> Array:
        """Logarithms of determinants."""
        return np.log(np.linalg.det(a))

    def lgamma(self, x: Array) -> Array:
        """loggamma, right of 0, where it is the same."""
        from scipy import special

        if np.iscomplexobj(x) and np.any(np.real(x) <= 0):
            raise NotAnalytic(Message("lgamma left of 0"))
        return special.loggamma(x)

    @staticmethod
    def gamma(x: Array) -> Array:
        """Left of 1/2 by reflection at it, for SciPy's has the rounding error of a logarithm in its imaginary part."""
        from scipy import special

        left = np.real(x) < 0.5
        right = special.gamma(np.where(left, 1 - x, x))
        return np.where(left, np.pi / (np.sin(np.pi * x) * right), right)[()]

    def beta(self, a: Array, b: Array) -> Array:
        """By gamma functions."""
        return self.gamma(a) * self.gamma(b) / self.gamma(a + b)

    @staticmethod
    def digamma(x: Array) -> Array:
        """SciPy's, of complex operands too."""
        from scipy import special

        return special.digamma(x)

    def polygamma(self, x: Array, n: int) -> Array:
        """Real operands only."""
        if np.iscomplexobj(x):
            raise NotAnalytic("polygamma")
        return super().polygamma(x, n)

    def polygamma_difference(self, a: Array, b: Array, n: int) -> Array:
        """Real operands only."""
        if np.iscomplexobj(a) or np.iscomplexobj(b):
            raise NotAnalytic("polygamma")
        return super().polygamma_difference(a, b, n)

    @staticmethod
    def at_target(x: Array, target: Array) -> Array:
        """Labels have no neighbours."""
        if np.iscomplexobj(target) and np.shape(x) != np.shape(target):
            raise NotAnalytic("a class label")
        return Float64.at_target(x, target)

    def gather(self, x: Array, key: Key, places: Sequence[Array]) -> Array:
        """Places have no neighbours."""
        if any(map(np.iscomplexobj, places)):
            raise NotAnalytic(Message("an index"))
        return super().gather(x, key, places)

    def scatter_add(self, x: Array, key: Key, places: Sequence[Array], shape: Shape) -> Array:  # type: ignore[override]
        """Complex numbers too; places have no neighbours."""
        if any(map(np.iscomplexobj, places)):
            raise NotAnalytic(Message("an index"))
        return Gathering.scatter_add(self, x, key, places, shape)


def _negative(x: Array) -> Array:
    return (np.real(x) < 0) | ((np.real(x) == 0) & (np.imag(x) < 0))


COMPLEX_STEP = ComplexStep()
