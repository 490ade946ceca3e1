"""The ends of the spectrum of a symmetric operator that is known by its products."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np

from diffcli.execute.arrays import Array, joined, parted
from diffcli.execute.program import quietly

Point = Mapping[str, Array]
Product = Callable[[Point], Point]

#: The most products for both ends, and after how many it is looked at what they have come to.
MOST_PRODUCTS = 50
_LOOKED = 10
#: An end has settled when it is known to this part of the spectrum's width, and is of use up to the looser one.
_SETTLED, _LOOSE = 1e-8, 1e-2


class End(NamedTuple):
    """An end of the spectrum as far as an iteration came.

    An eigenvalue lies within the error of it, the end itself may lie a little farther out.
    """

    eigenvalue: float
    error: float


def ends(product: Product, like: Point) -> tuple[End | None, End | None]:
    """The least and the largest eigenvalue, by Lanczos iteration.

    None for one that has not settled after `MOST_PRODUCTS`.

    C. Lanczos (1950), with full reorthogonalization. ARPACK, by way of SciPy, takes twice the products, for it looks
    for one end at a time, and a quarter of a second to be imported.
    """
    count = sum(np.size(value) for value in like.values())
    steps = min(count, MOST_PRODUCTS)
    basis, diagonal, beside = np.zeros((steps + 1, count)), np.zeros(steps), np.zeros(steps)
    basis[0] = np.random.default_rng(0).standard_normal(count)
    basis[0] /= np.linalg.norm(basis[0])
    found: tuple[End, End] | None = None
    for step in range(steps):
        with quietly():
            image = joined(product(parted(basis[step], like)))
        if not np.all(np.isfinite(image)):
            return None, None
        diagonal[step] = image @ basis[step]
        for _ in range(2):  # once leaves what rounding brought back
            image = image - basis[: step + 1].T @ (basis[: step + 1] @ image)
        beside[step] = np.linalg.norm(image)
        exhausted = beside[step] <= 1e-14 * np.max(np.abs(diagonal[: step + 1]) + beside[: step + 1])
        if exhausted or step == steps - 1 or step % _LOOKED == _LOOKED - 1:
            found = _ritz(diagonal[: step + 1], beside[: step + 1])
            if exhausted or max(end.error for end in found) <= _SETTLED * max(abs(end.eigenvalue) for end in found):
                break
        basis[step + 1] = image / beside[step]
    assert found is not None
    width = max(abs(end.eigenvalue) for end in found)
    least, most = (end if end.error <= _LOOSE * width else None for end in found)
    return least, most


def _ritz(diagonal: Array, beside: Array) -> tuple[End, End]:
    """The ends of a tridiagonal matrix's spectrum, and how far an eigenvalue of the whole matrix is from them."""
    values, vectors = np.linalg.eigh(np.diag(diagonal) + np.diag(beside[:-1], 1) + np.diag(beside[:-1], -1))
    least, most = (End(float(values[place]), float(beside[-1] * abs(vectors[-1, place]))) for place in (0, -1))
    return least, most
