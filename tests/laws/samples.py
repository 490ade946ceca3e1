"""Operand shapes, options and ways to make values with which every primitive is tried."""

from collections.abc import Callable
from random import Random
from typing import Any, NamedTuple

import numpy as np

from diffcli.primitives.primitive import Primitive
from diffcli.primitives.shape import Shape
from diffcli.primitives.subscripts import Key, Slice, computed_axes, indexed_shape

Interval = tuple[float, float]
Draw = Callable[[Random, Shape], np.ndarray]

_ALL = Slice(None, None, None)


class Sample(NamedTuple):
    """Operands' shapes, options, and how values are made where an interval does not describe them."""

    shapes: tuple[Shape, ...]
    parameters: dict[str, Any]
    drawn: tuple[Draw | None, ...]


def _of(*shapes: Shape, drawn: tuple[Draw | None, ...] = (), **parameters: Any) -> Sample:
    return Sample(shapes, parameters, drawn)


class Labels(NamedTuple):
    """Whole numbers below the number of classes."""

    classes: int

    def __call__(self, random: Random, shape: Shape) -> np.ndarray:
        return np.array([float(random.randrange(self.classes)) for _ in range(int(np.prod(shape)))]).reshape(shape)


class Places(Labels):
    """The same, some of them counted from the end."""

    def __call__(self, random: Random, shape: Shape) -> np.ndarray:
        return np.array(
            [float(random.randrange(-self.classes, self.classes)) for _ in range(int(np.prod(shape)))]
        ).reshape(shape)


def regular(random: Random, shape: Shape) -> np.ndarray:
    """Matrices near the identity: their determinants are positive, their condition numbers below 10."""
    noise = np.array([random.uniform(-0.4, 0.4) for _ in range(int(np.prod(shape)))]).reshape(shape)
    return 1.3 * np.eye(shape[-1]) + noise


def turned_round(random: Random, shape: Shape) -> np.ndarray:
    """The same with rows in reverse order: a pivot is never on the diagonal, and a determinant may be negative."""
    return regular(random, shape)[..., ::-1, :].copy()


_ELEMENTWISE: dict[int, tuple[Sample, ...]] = {
    1: (_of(()), _of((1,)), _of((3,)), _of((2, 3)), _of((2, 1, 3))),
    2: (
        _of((), ()), _of((3,), ()), _of((), (3,)), _of((3,), (3,)), _of((1,), (3,)), _of((2, 3), (3,)),
        _of((3,), (2, 3)),
        _of((2, 1), (1, 3)), _of((2, 2, 3), (2, 1)), _of((1, 1), ()), _of((), (2, 1, 2)),
    ),
    3: (
        _of((), (), ()), _of((3,), (3,), (3,)), _of((3,), (), (3,)), _of((), (3,), ()), _of((2, 1), (3,), ()),
        _of((1,), (2, 3), (2, 1)),
        _of((2, 1, 2), (2, 2), (1,)),
    ),
}  # fmt: skip

#: Options of elementwise primitives.
_OPTIONS: dict[str, tuple[dict[str, Any], ...]] = {
    "polygamma": ({"n": 0}, {"n": 1}, {"n": 3}),
    "polygamma_difference": ({"n": 0}, {"n": 2}),
}

#: Boxes that no mirror image of the interior reaches: other branches of the same function.
ALSO_INSIDE: dict[str, tuple[tuple[Interval, ...], ...]] = {
    **dict.fromkeys(("gamma", "lgamma", "digamma", "polygamma"), (((-0.8, -0.2),), ((-1.8, -1.2),))),
    **dict.fromkeys(
        ("clip", "hardtanh"), (((2.5, 3.0), (-2.0, -1.0), (1.0, 2.0)), ((-3.0, -2.5), (-2.0, -1.0), (1.0, 2.0)))
    ),
    **dict.fromkeys(("leaky_relu", "elu"), (((-2.0, -0.2), (0.05, 1.5)),)),
    **dict.fromkeys(("erf", "erfc"), (((2.0, 5.0),), ((-5.0, -2.0),))),
    **dict.fromkeys(("log_sigmoid", "softplus", "sigmoid", "silu", "gelu"), (((3.0, 9.0),), ((-9.0, -3.0),))),
    "beta": (((3.0, 9.0), (0.1, 1.0)),),
    "xlogy": (((-2.0, -0.2), (0.2, 3.0)),),
    "xlog1py": (((-2.0, -0.2), (-0.8, 2.0)),),
}


def _reduced(*shapes: Shape, **options: Any) -> tuple[Sample, ...]:
    """The shapes whole, and along axes: one, several, from the end, of extent 1, kept."""
    along = (
        _of((3,), axis=0), _of((1,), axis=-1), _of((2, 3), axis=0), _of((2, 3), axis=1, keepdims=True),
        _of((2, 3), axis=(0, 1)),
        _of((2, 1, 3), axis=(0, 2)), _of((2, 1, 3), axis=(-1, 1), keepdims=True), _of((2, 2, 2), axis=1),
        _of((2, 3), keepdims=True),
    )  # fmt: skip
    return tuple(
        Sample(shapes_, {**parameters, **options}, ()) for shapes_, parameters, _ in (*map(_of, shapes), *along)
    )


#: For those that have a corner where all elements are equal: never an axis along which there is but one.
_SEVERAL = (
    _of((4,)), _of((2, 3)), _of((2, 1, 2)), _of((3,), axis=0), _of((2, 3), axis=0), _of((2, 3), axis=-1, keepdims=True),
    _of((2, 2, 3), axis=(0, 2)),
    _of((2, 2, 2), axis=1), _of((3,), keepdims=True), _of((2, 3), ddof=1), _of((3, 2), axis=0, ddof=2),
    _of((2, 3), axis=1, ddof=1, keepdims=True),
)  # fmt: skip
_REDUCED = _reduced((), (1,), (3,), (4,), (2, 3), (2, 1, 2))
_ALONG_ONE = (_of((1,)), _of((4,)), _of((2, 3)), _of((2, 3), axis=0), _of((2, 1, 3), axis=1), _of((2, 2, 2), axis=-2))
_SQUARE = tuple(
    _of(shape, drawn=(draw,))
    for draw in (regular, turned_round)
    for shape in ((1, 1), (2, 2), (3, 3), (4, 4), (2, 2, 2), (1, 2, 3, 3))
)

#: An array's shape, a key, and the shapes of the places that it leaves open.
_SELECTIONS: tuple[tuple[Shape, Key, tuple[Shape, ...]], ...] = (
    ((4,), (...,), ((),)), ((4,), (...,), ((3,),)), ((3, 2), (...,), ((4,),)), ((3, 2), (...,), ((2, 2),)),
    ((3,), (...,), ((1, 2),)), ((2, 3), (_ALL, ...), ((4,),)),
    ((2, 3), (..., ...), ((4,), (4,))), ((2, 3), (..., ...), ((2, 1), (3,))), ((2, 3), (..., ...), ((), (2,))),
    ((3, 2), (..., 1), ((4,),)), ((3, 2), (-1, ...), ((),)),
    ((2, 3), ((0, 1), ...), ((2,),)), ((2, 3), (..., (2, 0)), ((2, 1),)), ((2, 2, 3), (..., _ALL, ...), ((2,), (2,))),
    ((2, 2, 3), (0, _ALL, ...), ((2,),)),
    ((3, 2), (None, ..., Slice(1, None, None)), ((3,),)), ((1, 3), (..., _ALL), ((2,),)),
)  # fmt: skip


def _places(shape: Shape, key: Key) -> tuple[Draw, ...]:
    return tuple(Places(shape[axis]) for axis in computed_axes(key))


#: The primitives that do not act on each element.
_OTHERS: dict[str, tuple[Sample, ...]] = {
    "sum": _REDUCED,
    "mean": _REDUCED,
    "prod": _reduced((), (1,), (3,), (4,), (2, 3), (2, 1, 2)),
    "max": _REDUCED,
    "min": _REDUCED,
    "norm": (
        *_REDUCED, _of((2, 3), ord=2, axis=(1,)),
        *(_of(shape, ord=ord, **over) for ord in (1, float("inf")) for shape, over in (
            ((), {}), ((4,), {}), ((2, 3), {}), ((3, 1), {}), ((2, 3), {"axis": 0}),
            ((2, 3), {"axis": -1, "keepdims": True}), ((2, 2, 3), {"axis": (0, 2)}),
            ((2, 3), {"axis": (1, 0), "keepdims": True}), ((2, 3), {"keepdims": True}),
        )), _of((2, 3), ord="fro"), _of((2, 2, 3), ord="fro", axis=(0, 2)),
        _of((2, 2, 3), ord="fro", axis=(1, 2), keepdims=True),
    ),
    "var": (*_reduced((), (1,), (3,), (2, 3)), *_SEVERAL),
    "std": _SEVERAL,
    "median": _REDUCED,
    "kth_smallest": (_of((), k=0), _of((3,), k=1), _of((4,), k=2), _of((2, 3), k=4), _of((2, 3), k=0, axis=0),
        _of((2, 2, 2), k=3, axis=(0, 2), keepdims=True)),
    "logsumexp": _REDUCED,
    "softmax": _ALONG_ONE,
    "log_softmax": _ALONG_ONE,
    **dict.fromkeys(("softmax_deviation", "softmax_balance"), (
        _of((1,), (1,)), _of((4,), (4,)), _of((3, 2), (3, 2)), _of((2, 3), (2, 3), axis=0),
        _of((2, 1, 3), (2, 1, 3), axis=1),
        _of((2, 2, 2), (2, 2, 2), axis=(0, 2)),
    )),
    "index": tuple(_of(shape, key=key) for shape, key in (
        ((3,), (1,)), ((3,), (-1,)), ((4,), (Slice(1, None, 2),)), ((4,), (Slice(None, None, -1),)), ((2, 3), (1,)),
        ((2, 3), (_ALL, 0)), ((2, 3), (1, 2)),
        ((2, 1, 3), (_ALL, 0, Slice(0, 2, None))), ((4,), ((0, 2),)), ((4,), ((1, 1, -1),)), ((3, 2), ((2, 0), _ALL)),
        ((2, 3), (_ALL, (2, 2, 0))),
        ((2, 3), ((0, 1, 1), (2, 0, 2))), ((2, 3), (1, (0, 2))), ((2, 3), ((1,), (0, 2))),
        ((2, 2, 3), ((0, 1), _ALL, (2, 0))), ((2, 2, 3), (0, _ALL, (2, 0))),
        ((2, 2, 3), (_ALL, (1, 0), (2, 2))), ((3,), (None,)), ((3,), (None, _ALL, None)), ((), (None,)),
        ((2, 3), (None, (0, 1), None, Slice(1, None, None))),
        ((2, 3), ((0, 1), None, (1, 2))),
    )),
    "scatter": tuple(_of(given, key=key, shape=shape) for given, key, shape in (
        ((), (1,), (3,)), ((2,), (Slice(0, 2, None),), (4,)), ((3,), (1,), (2, 3)), ((2,), (_ALL, 0), (2, 3)),
        ((3,), ((1, 1, 0),), (4,)),
        ((2, 3), ((0, 2),), (4, 3)), ((2,), ((0, 0), (1, 1)), (2, 3)), ((2, 2), ((0, 1), _ALL, (2, 0)), (2, 2, 3)),
        ((1, 3), (None,), (3,)),
        ((1, 2, 1), (None, (0, 0), None), (3,)),
    )),
    "gather": tuple(_of(shape, *places, key=key, drawn=(None, *_places(shape, key))) for shape, key,
        places in _SELECTIONS),
    "scatter_add": tuple(
        _of(indexed_shape(shape, key, places), *places, key=key, shape=shape,
            drawn=(None, *_places(shape, key))) for shape, key, places in _SELECTIONS
    ),
    "stack": (
        _of(()), _of((), (), ()), _of((3,), (3,)), _of((2, 3), (2, 3)), _of((2, 1, 2)), _of((3,), (3,), axis=1),
        _of((2, 3), (2, 3), (2, 3), axis=-1),
        _of((2, 3), (2, 3), axis=1),
    ),
    "concat": (
        _of((3,)), _of((3,), (1,), (2,)), _of((2, 3), (1, 3)), _of((2, 3), (2, 1), axis=1),
        _of((2, 1), (2, 3), axis=-1), _of((1, 2, 2), (1, 1, 2), axis=1),
    ),
    "reshape": (
        _of((), shape=(1,)), _of((6,), shape=(2, 3)), _of((2, 3), shape=(6,)), _of((2, 1, 3), shape=(3, 2)),
        _of((1, 1), shape=()), _of((2, 3), shape=(-1,)),
        _of((2, 3), shape=(3, -1, 1)),
    ),
    "broadcast_to": (_of((), shape=(3,)), _of((3,), shape=(2, 3)), _of((2, 1), shape=(2, 3)),
        _of((1, 3), shape=(2, 2, 3)), _of((1, 1), shape=(1, 1))),
    "sum_to": (_of((3,), shape=()), _of((2, 3), shape=(3,)), _of((2, 3), shape=(2, 1)), _of((2, 2, 3), shape=(1, 3)),
        _of((2, 2, 3), shape=(1, 2, 1))),
    "accumulate": (_of((), (), ()), _of((3,), (3,), (3,), (3,)), _of((2, 3), (2, 3), (2, 3))),
    "transpose": (_of(()), _of((3,)), _of((2, 3)), _of((1, 2, 3)), _of((1, 2, 3), axes=(2, 0, 1)),
        _of((2, 1, 3), axes=(0, -1, 1)), _of((2, 3), axes=(1, 0))),
    "ravel": (_of(()), _of((3,)), _of((2, 3)), _of((2, 1, 2))),
    "expand_dims": (_of((), axis=0), _of((3,), axis=0), _of((3,), axis=-1), _of((2, 3), axis=1),
        _of((2, 3), axis=(0, -1)), _of((), axis=(0, 1))),
    "squeeze": (_of(()), _of((1,)), _of((2, 1, 3)), _of((1, 2, 1)), _of((1, 2, 1), axis=0),
        _of((1, 2, 1), axis=(-1, 0)), _of((1, 1), axis=1)),
    "swapaxes": (_of((2, 3), axis1=0, axis2=1), _of((2, 1, 3), axis1=0, axis2=-1), _of((2, 3), axis1=1, axis2=1)),
    "tile": (
        _of((), reps=(3,)), _of((2,), reps=(3,)), _of((3,), reps=(2, 2)), _of((2, 1), reps=(3,)),
        _of((2, 3), reps=(1, 2)), _of((1, 2, 1), reps=(2, 1, 3)),
    ),
    "repeat": (
        _of((), repeats=2), _of((3,), repeats=2), _of((2, 3), repeats=2), _of((2, 3), repeats=3, axis=0),
        _of((2, 1), repeats=2, axis=-1),
        _of((2, 1, 2), repeats=1, axis=1),
    ),
    "flip": (_of(()), _of((3,)), _of((2, 3)), _of((2, 3), axis=1), _of((2, 1, 3), axis=(0, -1))),
    "roll": (_of((3,), shift=1), _of((2, 3), shift=-2), _of((2, 3), shift=1, axis=1), _of((2, 1, 3), shift=5, axis=-1),
        _of((), shift=1)),
    "cumsum": (_of(()), _of((4,)), _of((2, 3)), _of((2, 3), axis=0), _of((2, 3), axis=-1), _of((2, 1, 2), axis=1)),
    "place_diagonal": (_of((2,), k=0, shape=(2, 2)), _of((2,), k=1, shape=(3, 3)), _of((2,), k=-1, shape=(3, 2)),
        _of((1,), k=2, shape=(2, 3))),
    "diag": (_of((3,)), _of((2,), k=1), _of((2,), k=-2), _of((3, 3)), _of((2, 3)), _of((2, 3), k=1), _of((3, 2), k=-2),
        _of((1, 1))),
    "triu": (_of((3, 3)), _of((2, 3), k=1), _of((3, 2), k=-1), _of((2, 2, 2)), _of((1, 3), k=5)),
    "tril": (_of((3, 3)), _of((2, 3), k=1), _of((3, 2), k=-1), _of((2, 2, 2)), _of((3, 1), k=-5)),
    "matmul": tuple(_of(*pair) for pair in (
        ((3,), (3,)), ((1,), (1,)), ((2, 3), (3,)), ((3,), (3, 2)), ((2, 3), (3, 2)), ((1, 1), (1, 1)),
        ((2, 1), (1, 3)), ((2, 2, 3), (3,)), ((3,), (2, 3, 2)),
        ((2, 2, 3), (3, 2)), ((2, 3), (2, 3, 1)), ((2, 2, 2), (2, 2, 2)), ((2, 1, 1, 3), (2, 3, 1)),
        ((1, 2, 2), (3, 2, 1)), ((2,), (2, 1, 2, 1)),
    )),
    "dot": tuple(_of(*pair) for pair in (
        ((3,), (3,)), ((1,), (1,)), ((2, 3), (3,)), ((3,), (3, 2)), ((2, 3), (3, 2)), ((), ()), ((), (3,)),
        ((2, 3), ()), ((), (2, 1, 2)),
    )),
    "outer": tuple(_of(*pair) for pair in (((2,), (3,)), ((1,), (3,)), ((), (2,)), ((), ()), ((2, 2), (3,)),
        ((2,), (1, 2, 1)))),
    "inner": tuple(_of(*pair) for pair in (
        ((3,), (3,)), ((2, 3), (3,)), ((3,), (2, 3)), ((2, 3), (1, 3)), ((2, 2, 3), (3,)), ((2, 1, 2), (2, 2, 2)),
        ((3,), (1, 2, 3)), ((), (3,)), ((2, 1), ()),
        ((), ()),
    )),
    "cross": tuple(_of(*pair) for pair in (((3,), (3,)), ((2, 3), (3,)), ((3,), (2, 1, 3)), ((1, 3), (2, 3)),
        ((2, 1, 3), (2, 3)))),
    "trace": (_of((1, 1)), _of((2, 2)), _of((2, 3)), _of((3, 2))),
    "det": _SQUARE,
    "cofactors": _SQUARE,
    "inv": _SQUARE,
    "logdet": tuple(sample for sample in _SQUARE if sample.drawn == (regular,)),
    "solve": tuple(_of(first, second, drawn=(draw, None)) for draw, first, second in (
        (regular, (1, 1), (1,)), (regular, (3, 3), (3,)), (turned_round, (2, 2), (2, 3)), (regular, (2, 2), (2, 1)),
        (regular, (2, 2, 2), (2,)),
        (regular, (2, 2, 2), (2, 1)), (turned_round, (2, 2), (3, 2, 1)), (regular, (2, 1, 2, 2), (3, 2, 1)),
        (regular, (1, 2, 2), (2, 2, 2)),
    )),
    "one_hot": tuple(_of(shape, drawn=(Labels(3),), classes=3) for shape in ((), (2,), (2, 1))),
    "at_target": (
        *(_of((*shape, 3), shape, drawn=(None, Labels(3))) for shape in ((), (1,), (4,), (2, 2))),
        *(_of(shape, shape) for shape in ((3,), (1,), (2, 3), (2, 1, 2))),
    ),
}  # fmt: skip


def samples_of(primitive: Primitive) -> tuple[Sample, ...]:
    """The samples of a primitive; none if it has been forgotten."""
    if primitive.kind != "elementwise":
        return _OTHERS.get(primitive.name, ())
    shapes = _ELEMENTWISE.get(len(primitive.operands), ())
    return tuple(
        sample._replace(parameters=options) for sample in shapes for options in _OPTIONS.get(primitive.name, ({},))
    )
