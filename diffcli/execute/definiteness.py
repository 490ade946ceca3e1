"""Signs of a symmetric matrix's eigenvalues, and the step to where a quadratic model has no slope, whatever the units
of its variables.

The matrix is scaled from both sides until the largest magnitude in every row is about 1: that changes no sign
(Sylvester's law of inertia), and what is left of an eigenvalue can be told from rounding (D. Ruiz, "A scaling algorithm
to equilibrate both rows and columns norms in matrices", 2001).
"""

import math
import operator
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np

from diffcli.execute.arrays import Array, zeros_like

#: Rounds of scaling.
_ROUNDS = 60
#: By so many powers of two a row of which nothing is known is scaled down; and below the exponent of every number of
#: many digits.
_UNKNOWN, _NOTHING = 60, -(1 << 32_768)
#: Farther apart are no two doubles, in powers of two.
_WIDEST = 2_200
#: An eigenvalue is computed again where it is less than this part of the largest, and with many digits of at most so
#: many rows.
_GRADED, MOST_DIGITAL_ROWS = 1e-6, 20
#: Digits in which eigenvalues of all sizes are computed together, and powers of two between numbers of an exact matrix.
_MOST_DIGITS, _MOST_POWERS = 2000, 100_000


class Model(NamedTuple):
    """A quadratic model of a function at a point: its coordinates, a vector of slopes and a symmetric matrix, with what
    each element may be wrong by.

    Numbers are doubles, or those of an mpmath `context`.
    """

    point: Array
    slope: Array
    matrix: Array
    slope_error: Array
    matrix_error: Array
    context: Any = None

    @property
    def unit(self) -> float:
        """The rounding error of a number near 1."""
        return 2.0**-52 if self.context is None else math.ldexp(1.0, max(-1000, 2 - self.context.prec))

    @property
    def finite(self) -> bool:
        """Whether there is a slope and a matrix."""
        return bool(np.all(np.isfinite(_doubles(self.slope))) and np.all(np.isfinite(_doubles(self.matrix))))


class Examined(NamedTuple):
    """Findings about a model: the numbers of eigenvalues above 0, below 0, and equal to 0.

    Of those, `unknown` ones are only too small to be told from 0.

    `step` leads to where there is no slope, along the eigenvectors whose eigenvalues are known, and may be wrong by
    `step_error`; `sloped` tells whether there is a slope along the others, and `level` whether it is known that there
    is none. `exponents` scale the variables, as powers of two.
    """

    positive: int
    negative: int
    zeros: int
    unknown: int
    step: Array
    step_error: Array
    sloped: bool
    level: bool
    exponents: Array

    def length(self, step: Array) -> float:
        """That of a step, each variable in its own scale, beside that of the step to where there is no slope."""
        moves = np.flatnonzero(self.step)
        if not len(moves):
            return math.inf
        with np.errstate(all="ignore"):
            own = np.max(np.floor(_logarithms(self.step[moves])) + self.exponents[moves])
            return math.hypot(*_doubles(_scaled(step, self.exponents - int(own)))) if abs(own) < math.inf else math.inf


def examined(model: Model) -> Examined:
    """The signs of the eigenvalues and the Newton step."""
    with np.errstate(all="ignore"):
        return _examined(model)


def _examined(model: Model) -> Examined:
    known = np.flatnonzero(np.any((model.matrix != 0) | (model.matrix_error != 0), axis=1))
    count, unit = len(known), model.unit
    exponents = np.zeros(len(model.slope), dtype=int if model.context is None else object)
    step, step_error = zeros_like(model.slope), zeros_like(model.slope_error)
    still = np.ones(len(model.slope), dtype=bool)
    still[known] = False
    sloped = bool(np.any(np.abs(model.slope[still]) > model.slope_error[still]))
    level = not np.any(model.slope_error[still])
    if not count:
        return Examined(0, 0, len(still), 0, step, step_error, sloped, level, exponents)
    matrix, error = model.matrix[np.ix_(known, known)], model.matrix_error[np.ix_(known, known)]
    powers = exponents[known] = _balance(matrix, error)
    square = powers[:, np.newaxis] + powers
    scaled = _scaled(matrix, -square)
    values, vectors = _eigen(scaled, model.context, vectors=model.context is not None)
    bound = _norm(_scaled(error, -square)) + 8 * count * unit * np.max(np.abs(values))
    bent = np.abs(values) > bound
    positive, negative = int(np.sum(bent & (values > 0))), int(np.sum(bent & (values < 0)))
    unknown = count - positive - negative
    if unknown and model.context is not None and not np.any(model.matrix_error) and _spread(scaled) < _MOST_POWERS:
        exact = inertia([[_fraction(element) for element in row] for row in scaled])
        if exact[2] == unknown:  # else more digits tell the others from 0
            unknown = 0
    slope, slope_error = _scaled(model.slope[known], -powers), _scaled(model.slope_error[known], -powers)
    if np.all(bent) and vectors is None:
        inverse = np.linalg.inv(scaled)
        along, along_error = inverse @ slope, np.abs(inverse) @ slope_error
    else:
        if vectors is None:
            vectors = _eigen(scaled, None)[1]
        across, flat = vectors[:, bent], vectors[:, ~bent]
        weakest = min(np.abs(values[bent]), default=np.inf)
        rounding = (8 * count * unit + bound / weakest) * _norm(slope)
        sloped |= bool(np.any(~(np.abs(flat.T @ slope) <= np.abs(flat.T) @ slope_error + rounding)))
        level &= not flat.size or not np.any(slope_error)
        along, along_error = (
            across @ ((across.T @ slope) / values[bent]),
            np.abs(across) @ ((np.abs(across.T) @ slope_error) / np.abs(values[bent])),
        )
    step[known], step_error[known] = -_scaled(along, -powers), 2 * _scaled(along_error, -powers)
    return Examined(
        positive, negative, len(still) - positive - negative, unknown, step, step_error, sloped, level, exponents
    )


def asymmetry(model: Model, raw: Array) -> float:
    """The largest difference of mirror images in a matrix beyond their errors, relative to their rows."""
    with np.errstate(all="ignore"):
        powers = _balance(model.matrix, model.matrix_error)
        beyond = _scaled(np.abs(raw - raw.T) - 2 * model.matrix_error, -(powers[:, np.newaxis] + powers))
        return float(np.max(_doubles(beyond), initial=0.0))


def eigenvalues(model: Model, found: Examined) -> tuple[float, ...]:
    """Those of the matrix itself in ascending order, small ones beside large ones too; those that count as 0 are 0."""
    values = _doubles(_accurate(model, found))
    order = np.argsort(values)
    values = values[order]
    zeros = np.argsort(np.abs(values), kind="stable")[: found.zeros]
    values[zeros] = 0.0
    return tuple((np.sort(values) + 0.0).tolist())


def _accurate(model: Model, found: Examined) -> Array:
    """The eigenvalues with digits of their own, where the matrix has them."""
    matrix = model.matrix
    spread = 2 * min(max(found.exponents) - min(found.exponents), _MOST_POWERS) * math.log10(2)
    if model.context is None:
        values = _of_doubles(matrix)
        magnitudes = np.sort(np.abs(values))[found.zeros :]
        if len(magnitudes) < 2 or (magnitudes[0] > _GRADED * magnitudes[-1] and found.positive == np.sum(values > 0)):
            return values
    if len(matrix) <= MOST_DIGITAL_ROWS:
        from diffcli.execute.many_digits import of_digits

        digits = 30 + (0 if model.context is None else model.context.dps)
        if spread > _MOST_DIGITS:
            numbers = of_digits(digits)
            return np.array(_by_size(numbers.lifted(matrix), found.exponents, numbers.context))
        numbers = of_digits(digits + int(spread))
        return _eigen(numbers.lifted(matrix), numbers.context, vectors=False)[0]
    if model.context is not None:
        return _of_doubles(_doubles(matrix))
    if found.zeros:
        return values
    square = found.exponents[:, np.newaxis] + found.exponents
    inverse = 1 / np.linalg.eigvalsh(_scaled(np.linalg.inv(_scaled(matrix, -square)), -square))
    middle = math.sqrt(magnitudes[-1]) * math.sqrt(np.min(np.abs(inverse)))
    small = np.sort(inverse[np.argsort(np.abs(inverse))][: int(np.sum(np.abs(inverse) < middle))])
    large = values[np.argsort(np.abs(values))][len(small) :]
    return np.concatenate([small, large])


def _of_doubles(matrix: Array) -> Array:
    """The eigenvalues in a unit in which nothing overflows; LAPACK does not converge otherwise."""
    largest = float(np.max(np.abs(matrix), initial=0.0))
    if not 0 < largest < math.inf:
        return np.full(len(matrix), 0.0 if largest == 0 else math.nan)
    exponent = math.frexp(largest)[1]
    with np.errstate(over="ignore"):
        return np.ldexp(np.linalg.eigvalsh(np.ldexp(matrix, -exponent)), exponent)


def _by_size(matrix: Array, exponents: Array, context: Any) -> list[Any]:
    """Eigenvalues, where those of some variables are beyond comparison larger than those of the others: first theirs,
    then those of the Schur complement.
    """
    order = np.argsort(-exponents, kind="stable")
    gaps = -np.diff(exponents[order])
    if not len(gaps) or 2 * np.max(gaps) <= context.dps / math.log10(2):
        return list(_eigen(matrix, context, vectors=False)[0])
    large, small = np.split(order, [int(np.argmax(gaps)) + 1])
    block, beside = matrix[np.ix_(large, large)], matrix[np.ix_(large, small)]
    scale = exponents[large]
    try:
        inverse = context.inverse(context.matrix(_scaled(block, -scale[:, np.newaxis] - scale).tolist()))
    except ZeroDivisionError:  # nothing bends along one of the large ones
        return list(_eigen(matrix, context, vectors=False)[0])
    beside = _scaled(beside, -scale[:, np.newaxis])
    rest = matrix[np.ix_(small, small)] - beside.T @ np.array(inverse.tolist(), dtype=object) @ beside
    return [*_by_size(block, scale, context), *_by_size((rest + rest.T) / 2, exponents[small], context)]


def modes(model: Model) -> list[tuple[float, float]]:
    """The eigenvalues of the matrix itself, in double precision, each with the slope's part along its eigenvector."""
    values, vectors = np.linalg.eigh(_doubles(model.matrix))
    return list(zip(values.tolist(), np.abs(vectors.T @ _doubles(model.slope)).tolist(), strict=True))


def inertia(matrix: list[list[Fraction]]) -> tuple[int, int, int]:
    """Numbers of a symmetric matrix's eigenvalues above 0, below 0, and equal to 0, by exact elimination."""
    counts, rows = [0, 0], [list(row) for row in matrix]
    while rows:
        size = len(rows)
        pivot = next((k for k in range(size) if rows[k][k]), None)
        if pivot is None:
            pair = next(((i, j) for i in range(size) for j in range(i) if rows[i][j]), None)
            if pair is None:
                break
            i, j = pair  # x_i x_j is a difference of two squares
            rows = _eliminated(rows, [i, j])
            counts = [counts[0] + 1, counts[1] + 1]
        else:
            counts[rows[pivot][pivot] < 0] += 1
            rows = _eliminated(rows, [pivot])
    return counts[0], counts[1], len(rows)


def _eliminated(rows: list[list[Fraction]], pivots: list[int]) -> list[list[Fraction]]:
    """The rest of a symmetric matrix: its rows and columns but for a pivot, or for two whose diagonal is 0."""
    rest = [k for k in range(len(rows)) if k not in pivots]
    if len(pivots) == 1:
        [p] = pivots
        return [[rows[a][b] - rows[a][p] * rows[p][b] / rows[p][p] for b in rest] for a in rest]
    p, q = pivots
    return [[rows[a][b] - (rows[a][p] * rows[q][b] + rows[a][q] * rows[p][b]) / rows[p][q] for b in rest] for a in rest]


def _balance(matrix: Array, error: Array) -> Array:
    """The exponents of two that the variables are scaled by: those that make the largest magnitude of each row
    about 1.

    Of numbers of many digits they are whole numbers of any size.
    """
    sizes, errors, whole = _logarithms(matrix), _logarithms(error), matrix.dtype == object
    nothing, half, near = (_NOTHING, operator.floordiv, 2) if whole else (-np.inf, operator.truediv, 0.5)
    sizes = np.where(sizes > errors, sizes, nothing)
    powers = np.zeros(len(sizes), dtype=sizes.dtype)
    rows = np.flatnonzero(np.any((sizes > nothing) & (sizes < np.inf), axis=1))
    for _ in range(_ROUNDS):
        largest = np.max(sizes[rows] - powers[rows, np.newaxis] - powers, axis=1, initial=nothing)
        powers[rows] += half(largest, 2)
        if np.max(np.abs(largest), initial=0) < near:
            break
    powers = powers if whole else np.round(powers)
    for row in set(range(len(sizes))) - set(rows.tolist()):
        reaches = [half(errors[row, row], 2)] if error[row, row] else []
        reaches += [errors[row, other] - powers[other] for other in rows if error[row, other]]
        powers[row] = math.ceil(max(reaches)) + _UNKNOWN if reaches and max(reaches) < math.inf else 0
    return powers if whole else powers.astype(int)


def _logarithms(numbers: Array) -> Array:
    """Of magnitudes, to base 2; of numbers of many digits the exponents, whole numbers of any size."""
    return np.log2(np.abs(numbers)) if numbers.dtype != object else np.frompyfunc(_exponent, 1, 1)(numbers)


def _spread(numbers: Array) -> int:
    """The powers of two between the largest and the last bit of the smallest of numbers of many digits."""
    parts = [number._mpf_ for number in numbers.ravel() if number]
    return max((exponent + bits for _, _, exponent, bits in parts), default=0) - min(
        (exponent for _, _, exponent, _ in parts), default=0
    )


def _exponent(number: Any) -> int | float:
    if number == 0:
        return _NOTHING
    _, mantissa, exponent, bits = number._mpf_
    return int(exponent + bits) if mantissa else math.inf


def _scaled(numbers: Array, exponents: Array) -> Array:
    if numbers.dtype != object:
        return np.ldexp(numbers, np.clip(exponents, -_WIDEST, _WIDEST).astype(int))
    return np.frompyfunc(
        lambda number, exponent: number.context.ldexp(number, int(exponent)) if number else number, 2, 1
    )(numbers, exponents)


def _eigen(matrix: Array, context: Any, vectors: bool = True) -> tuple[Array, Any]:
    """Eigenvalues in ascending order, and eigenvectors as columns if they are wanted."""
    if context is None:
        if not np.all(np.isfinite(matrix)):  # nothing is known
            return np.zeros(len(matrix)), np.eye(len(matrix))
        return np.linalg.eigh(matrix) if vectors else (np.linalg.eigvalsh(matrix), None)
    solved = context.eigsy(context.matrix(matrix.tolist()), eigvals_only=not vectors)
    values, found = (solved, None) if not vectors else solved
    listed = np.array([values[k] for k in range(len(matrix))], dtype=object)
    return listed, None if found is None else np.array(found.tolist(), dtype=object).reshape(matrix.shape)


def _norm(numbers: Array) -> Any:
    return np.sum(numbers * numbers) ** 0.5


def _doubles(numbers: Array) -> Array:
    return np.asarray(numbers).astype(np.float64)


def _fraction(number: Any) -> Fraction:
    """A number of many digits as it is."""
    sign, mantissa, exponent, _ = number._mpf_
    magnitude = Fraction(int(mantissa) << max(0, exponent), 1 << max(0, -exponent))
    return -magnitude if sign else magnitude
