"""SciPy's minimizers as iterators: each point is computed when it is asked for."""

from collections.abc import Callable, Iterator, Mapping
from queue import SimpleQueue
from threading import Semaphore, Thread
from typing import Any

import numpy as np

from diffcli.execute.arrays import Array, joined, parted
from diffcli.execute.program import quietly

Point = Mapping[str, Array]

#: More than any run takes: the caller decides when to stop.
_ENDLESS = 2**31 - 1
#: Steps in a row that SciPy takes back before the search has ended: the trust region has shrunk by 4 with each.
_REJECTED = 200


class _Abandoned(Exception):
    """Nobody asks for further points."""


def minimized(
    method: str,
    height: Callable[[Point], tuple[float, Point]],
    bend: Callable[[Point, Point], Point],
    start: Point,
    hyperparameters: Mapping[str, Any],
) -> Iterator[dict[str, Array]]:
    """The starting point and each better one that the method finds; ends where it finds no more.

    `height` gives value and gradient at a point, `bend` the Hessian there times a direction. SciPy
    calls back rather than yields, so it runs in a thread of its own; only one of the two threads
    runs at a time, and the points are the same in every run.
    """
    found: SimpleQueue[Any] = SimpleQueue()
    wanted, abandoned = Semaphore(0), False

    def ask() -> None:
        wanted.acquire()
        heed()

    def heed() -> None:
        if abandoned:
            raise _Abandoned

    def visit(flat: Array) -> None:
        found.put(flat.copy())
        ask()

    def work() -> None:
        try:
            ask()
            with quietly():
                _minimize(method, height, bend, start, hyperparameters, visit, heed)
            found.put(None)
        except BaseException as error:  # it belongs to whoever asked for the point
            found.put(error)

    yield dict(start)
    last, rejected = joined(start), 0
    worker = Thread(target=work, daemon=True)
    worker.start()
    try:
        while True:
            wanted.release()
            flat = found.get()
            if flat is None:
                return
            if isinstance(flat, BaseException):
                raise flat
            if not np.array_equal(flat, last):  # a rejected step is none
                last, rejected = flat, 0
                yield parted(flat, start)
            elif (rejected := rejected + 1) > _REJECTED:
                return
    finally:
        abandoned = True
        wanted.release()
        worker.join()


def _minimize(
    method: str,
    height: Callable[[Point], tuple[float, Point]],
    bend: Callable[[Point, Point], Point],
    start: Point,
    hyperparameters: Mapping[str, Any],
    visit: Callable[[Any], None],
    heed: Callable[[], None],
) -> None:
    from scipy.optimize import minimize  # a fifth of a second that only these methods need

    recent = base = (joined(start), 0.0, joined(start))

    def value_and_gradient(flat: Array) -> tuple[float, Any]:
        nonlocal recent, base
        heed()
        value, gradient = height(parted(flat, start))
        slopes = joined(gradient)
        if method == "L-BFGS-B" and not (value < np.inf and np.all(np.isfinite(slopes))) and value != -np.inf:
            return _wall(flat, *base)
        first = np.array_equal(flat, recent[0])
        recent = flat.copy(), value, slopes
        base = recent if first else base
        return value, slopes

    def visited(flat: Array) -> None:
        nonlocal base
        base = recent
        visit(flat)

    def product(flat: Array, direction: Array) -> Array:
        heed()
        found = joined(bend(parted(flat, start), parted(direction, start)))
        # without a finite second derivative the model is a plane; SciPy's conjugate gradients would never end
        return found if np.all(np.isfinite(found)) else np.zeros_like(found)

    if method == "L-BFGS-B":
        options = {
            "maxcor": hyperparameters["history_size"],
            "ftol": 0.0,
            "gtol": 0.0,
            "maxiter": _ENDLESS,
            "maxfun": _ENDLESS,
        }
        minimize(value_and_gradient, joined(start), jac=True, method=method, callback=visited, options=options)
    else:
        options = {"gtol": 0.0, "maxiter": _ENDLESS}
        minimize(
            value_and_gradient, joined(start), jac=True, hessp=product, method=method, callback=visit, options=options
        )


def _wall(flat: Array, before: Array, value: float, gradient: Array) -> tuple[float, Any]:
    """In place of a point without a value: as far above the last point as the slope there would have gone down.

    A line search interpolates between two points; an infinite value would end it.
    """
    step = flat - before
    length, slope = float(np.linalg.norm(step)), float(np.linalg.norm(gradient))
    return value + slope * length, slope * step / length
