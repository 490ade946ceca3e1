"""Subscripts: on arrays of any shape they select what NumPy's do, and the rule knows the shape beforehand."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diffcli.autodiff.reverse import derivative, gradient
from diffcli.execute.program import Program
from diffcli.graph.build import build
from diffcli.graph.node_formula import subscripts
from diffcli.primitives.shape import Shape, ShapeFault
from diffcli.primitives.subscripts import Key, Slice, indexed_shape, native
from diffcli.source import Source
from diffcli.syntax.parser import parse
from diffcli.syntax.resolve import resolve


def _places(extent: int) -> st.SearchStrategy[int]:
    return st.integers(-extent, extent - 1)


_bound = st.one_of(st.none(), st.integers(-5, 5))
_slices = st.builds(Slice, _bound, _bound, st.one_of(st.none(), st.sampled_from((1, 2, 3, -1, -2))))


@st.composite
def keys(draw: st.DrawFn) -> tuple[Shape, Key]:
    """A shape and a key for it: places, slices, lists of one length or of one element, new axes in between."""
    shape = draw(st.lists(st.integers(1, 4), min_size=0, max_size=4).map(tuple))
    length = draw(st.integers(1, 3))
    key: list[Any] = []
    for extent in shape[: draw(st.integers(0, len(shape)))]:
        lists = st.lists(_places(extent), min_size=length, max_size=length).map(tuple)
        key.append(draw(st.one_of(_places(extent), _slices, _slices, lists, lists, st.tuples(_places(extent)))))
    for place in draw(st.lists(st.integers(0, len(key)), max_size=2)):
        key.insert(place, None)
    return shape, tuple(key) or (None,)


def selected(shape: Shape, key: Key) -> np.ndarray:
    """What NumPy selects from the numbers 0, 1, 2, ..."""
    return np.asarray(np.arange(float(np.prod(shape))).reshape(shape)[native(key)])


@settings(max_examples=400, deadline=None, derandomize=True, database=None)
@given(keys())
def test_the_shape_is_numpys(case: tuple[Shape, Key]) -> None:
    """An empty selection is refused instead."""
    shape, key = case
    expected = selected(shape, key)
    if expected.size == 0:
        with pytest.raises(ShapeFault, match="empty"):
            indexed_shape(shape, key)
    else:
        assert indexed_shape(shape, key) == expected.shape


@settings(max_examples=200, deadline=None, derandomize=True, database=None)
@given(keys())
def test_a_key_as_it_is_written_selects_what_numpy_selects(case: tuple[Shape, Key]) -> None:
    """Printed, parsed, built and run; the gradient counts how often each element is selected."""
    shape, key = case
    expected = selected(shape, key)
    if expected.size == 0:
        return
    found = build(resolve(parse(Source(f"sum(x[{subscripts(key)}]*w)"))), {"x": shape, "w": expected.shape}, derivative)
    x, w = np.arange(float(np.prod(shape))).reshape(shape), np.arange(1.0, 1 + expected.size).reshape(expected.shape)
    inputs = {found.inputs["x"]: x[()], found.inputs["w"]: w[()]}
    sweep = gradient(found.graph, found.output, [found.inputs["x"]])
    value, counts = Program(found.graph, [found.output, sweep.adjoints[found.inputs["x"]]]).run(inputs)
    assert value == np.sum(expected * w)
    wanted = np.zeros(shape)
    np.add.at(wanted, native(key), w)
    assert np.array_equal(counts, wanted)


@st.composite
def computed(draw: st.DrawFn) -> tuple[Shape, Key, list[np.ndarray]]:
    """A shape, a key that leaves some places open, and those: arrays that broadcast."""
    shape, key = draw(keys())
    whole = draw(st.lists(st.integers(1, 3), max_size=2).map(tuple))
    opened: list[Any] = []
    places = []
    extents = iter(shape)
    for entry in key:
        extent = None if entry is None else next(extents)
        if extent is None or isinstance(entry, (Slice, tuple)) or draw(st.booleans()):
            opened.append(
                entry if isinstance(entry, Slice) or not isinstance(entry, tuple) else Slice(None, None, None)
            )
            continue
        own = tuple(draw(st.sampled_from((1, each))) for each in whole[draw(st.integers(0, len(whole))) :])
        opened.append(...)
        places.append(
            np.array(draw(st.lists(_places(extent), min_size=int(np.prod(own)), max_size=int(np.prod(own)))))
            .reshape(own)
            .astype(float)
        )
    return shape, tuple(opened), places


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(computed())
def test_computed_places_select_what_numpy_selects(case: tuple[Shape, Key, list[np.ndarray]]) -> None:
    """Printed with names for the places, parsed, built and run; the gradient counts how often each is selected."""
    shape, key, places = case
    whole = native(key, [place.astype(int) for place in places])
    expected = np.asarray(np.arange(float(np.prod(shape))).reshape(shape)[whole])
    if expected.size == 0:
        return
    names = [f"k{number}" for number in range(len(places))]
    shapes = {"x": shape, "w": expected.shape, **dict(zip(names, map(np.shape, places), strict=True))}
    assert indexed_shape(shape, key, [np.shape(place) for place in places]) == expected.shape
    found = build(resolve(parse(Source(f"sum(x[{subscripts(key, names)}]*w)"))), shapes, derivative)
    x, w = np.arange(float(np.prod(shape))).reshape(shape), np.arange(1.0, 1 + expected.size).reshape(expected.shape)
    given = {"x": x, "w": w, **dict(zip(names, places, strict=True))}
    inputs = {found.inputs[name]: value[()] for name, value in given.items()}
    sweep = gradient(found.graph, found.output, [found.inputs["x"]])
    value, counts = Program(found.graph, [found.output, sweep.adjoints[found.inputs["x"]]]).run(inputs)
    assert value == np.sum(expected * w)
    wanted = np.zeros(shape)
    np.add.at(wanted, whole, w)
    assert np.array_equal(counts, wanted)


@settings(max_examples=200, deadline=None, derandomize=True, database=None)
@given(keys(), st.integers(0, 3), st.integers(4, 9))
def test_what_is_out_of_range_is_refused_where_numpy_refuses(
    case: tuple[Shape, Key], place: int, too_large: int
) -> None:
    """One place of the key is moved beyond the end of its axis."""
    shape, key = case
    if place >= len(key) or not isinstance(key[place], int):
        return
    moved = (*key[:place], too_large, *key[place + 1 :])
    with pytest.raises(IndexError):
        selected(shape, moved)
    with pytest.raises(ShapeFault, match=r"out of range|empty"):
        indexed_shape(shape, moved)


@pytest.mark.parametrize(
    ("key", "message"),
    [
        (((0, 1), (0, 1, 0)), "different lengths"),
        ((0, 0, 0), "3 indices"),
        ((None, 0, Slice(None, None, None), 0), "3 indices"),
        ((Slice(2, 1, None),), "empty"),
        (((0, 7),), "index 7 is out of range"),
        ((-3,), "index -3 is out of range"),
    ],
)
def test_a_key_that_does_not_fit_is_named(key: Key, message: str) -> None:
    """An array of two rows and three columns."""
    with pytest.raises(ShapeFault, match=message):
        indexed_shape((2, 3), key)
