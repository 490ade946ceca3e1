"""The page's arithmetic, run by Node: every operation, and whole recordings, against double precision."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import numpy as np
import pytest
from execute.recorded_programs import EVERYWHERE, INF, MOST, NAN, PROGRAMS, Ready, distance, ready

import diffcli.render.player as player
from diffcli.analysis.given_values import given_bindings
from diffcli.analysis.problem import pose
from diffcli.analysis.sweep import built_scalar
from diffcli.execute.program import quietly
from diffcli.execute.recorded_number import OPERATIONS, computed
from diffcli.execute.recording import recorded
from diffcli.source import Source

SCRIPT = Path(player.__file__).with_name("arithmetic.js")

#: One process for everything: operations on rows of operands, recordings at points.
#: Numbers come back as text, of all digits.
DRIVER = """
const arithmetic = require(process.argv[1]);
const { operations, recordings, wrong } = JSON.parse(require("fs").readFileSync(0, "utf8"));
const number = value => ({ inf: Infinity, "-inf": -Infinity, nan: NaN })[value] ?? value;
const attempt = ([recording, inputs]) => {
  try { arithmetic.run(recording, inputs); return "no error"; } catch (error) { return error.message; }
};
console.log(JSON.stringify({
  known: Object.fromEntries(Object.entries(arithmetic.operations).map(([name, compute]) => [name, compute.length])),
  operations: operations.map(([name, rows]) => rows.map(
    row => String(arithmetic.operations[name](...row.map(number))))),
  recordings: recordings.map(([recording, points]) => points.map(point => {
    const { scalars, failed } = arithmetic.run(recording, point);
    const elements = ([node, places]) => [node, places.map(place => String(scalars[place]))];
    return { failed, values: Object.fromEntries(Object.entries(recording.places).map(elements)) };
  })),
  wrong: wrong.map(attempt),
}));
"""

SPECIAL = (
    0.0,
    -0.0,
    1.0,
    -1.0,
    2.0,
    -2.0,
    0.5,
    -0.5,
    3.0,
    INF,
    -INF,
    NAN,
    1e-300,
    1e300,
    -1e300,
    700.0,
    -20.5,
    1e-9,
    171.5,
)

#: How far an operation may be from NumPy's or SciPy's; and, for functions with zeros that are no round
#: numbers, a size below which their error is absolute.
FAR: dict[str, float] = {"lgamma": 2e-13, "digamma": 2e-13, "beta": 2e-12}
FLOOR: dict[str, float] = {"lgamma": 1e-2, "digamma": 1e-2, "polygamma": 1e-2, "erfc": 1e-300}


def rows_of(name: str) -> list[tuple[float, ...]]:
    """Operands at the ends of the doubles and in between; of beta, finite ones that are not far apart."""
    random, count = Random(name), OPERATIONS[name]
    if name == "polygamma":
        return [(x, float(n)) for x in (*SPECIAL, *(random.uniform(-5, 30) for _ in range(60))) for n in range(5)]
    if name == "polygamma_difference":
        pairs = [
            (size * random.uniform(0.1, 1), size * random.choice((1, -1)) * 10 ** random.uniform(-20, 1))
            for size in (1, -1, 30, -30, 1e9, 1e17)
            for _ in range(20)
        ]
        return [(a, b, float(n)) for a, b in pairs for n in range(3 if a > 0 else 1)]
    if name == "select":
        return list(product(SPECIAL[:12], (1.0, NAN), (2.0, INF)))
    special = [x for x in SPECIAL if name != "beta" or abs(x) < 700]
    return [
        *product(special, repeat=count),
        *(tuple(random.uniform(-size, size) for _ in range(count)) for size in (1, 3, 30, 150) for _ in range(60)),
    ]


def encoded(values: Sequence[float]) -> list[Any]:
    """Numbers as JSON documents have them."""
    return [float(x) if np.isfinite(x) else str(float(x)) for x in values]


def elements(inputs: Mapping[int, Sequence[float]]) -> dict[str, list[Any]]:
    """The inputs' elements as the page gives them."""
    return {str(node): encoded(values) for node, values in inputs.items()}


def decoded(values: Sequence[str]) -> list[float]:
    """Numbers as JavaScript writes them."""
    return [float(x.replace("Infinity", "inf")) for x in values]


class Answers(NamedTuple):
    """What Node found, in the order in which it was asked."""

    known: dict[str, int]
    operations: dict[str, list[float]]
    recordings: dict[str, tuple[Ready, list[dict[str, Any]]]]
    wrong: list[str]


def asked() -> Iterator[tuple[str, Ready]]:
    """The programs, and one whose order is guarded."""
    for program, *points in (*PROGRAMS, *EVERYWHERE):
        yield f"{program} at {points[0]}", ready(program, *points)
    long = np.array([7.0 * k % 41 for k in range(41)])
    yield "guarded", ready("median(x)", {"x": long}, {"x": 3 * long - 1}, {"x": -long})


@pytest.fixture(scope="module")
def answers() -> Answers:
    """Node's answers to all questions of this file. Without Node its tests are skipped,
    or fail where DIFFCLI_REQUIRE_BROWSER is set.
    """
    node = shutil.which("node")
    if not node:
        if os.environ.get("DIFFCLI_REQUIRE_BROWSER"):
            pytest.fail("not installed: node (Debian: nodejs)", pytrace=False)
        pytest.skip("not installed: node (Debian: nodejs)")
    programs = dict(asked())
    document = recorded_product()
    request = {
        "operations": [[name, [encoded(row) for row in rows_of(name)]] for name in OPERATIONS],
        "recordings": [
            [each.recording.document(), [elements(inputs) for inputs, _ in each.points]] for each in programs.values()
        ],
        "wrong": [
            [document, {"0": [1, 2]}],
            [document, {}],
            [{**document, "names": ["toString"]}, {"0": [1, 2, 3]}],
            [document, {"0": [1, 2, 3]}],
        ],
    }
    finished = subprocess.run(
        [node, "-e", DRIVER, str(SCRIPT)],
        input=json.dumps(request, allow_nan=False),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert finished.stderr == ""
    found = json.loads(finished.stdout)
    return Answers(
        found["known"],
        {name: decoded(values) for name, values in zip(OPERATIONS, found["operations"], strict=True)},
        {name: (each, points) for (name, each), points in zip(programs.items(), found["recordings"], strict=True)},
        found["wrong"],
    )


def recorded_product() -> dict[str, Any]:
    """The document of the product of three numbers."""
    problem = pose(Source("prod(x)"), given_bindings({"x": [1, 2, 3]}))
    built = built_scalar(problem)
    return recorded(built.graph, [built.output], {built.inputs["x"]: problem.values["x"]}, MOST).document()


def test_the_page_knows_every_operation(answers: Answers) -> None:
    """Each one that can be recorded, with its number of operands, and no other."""
    assert answers.known == dict(OPERATIONS)


@pytest.mark.parametrize("name", OPERATIONS)
def test_operations_are_double_precisions(answers: Answers, name: str) -> None:
    """At ordinary numbers to the last digits, and the same infinities and nan."""
    with quietly():
        expected = [float(computed(name, *map(np.float64, row))) for row in rows_of(name)]
    for row, found, value in zip(rows_of(name), answers.operations[name], expected, strict=True):
        floor = FLOOR.get(name, 0.0)
        error = 0.0 if distance([found], [value]) == 0 else abs(found - value) / max(abs(value), floor)
        assert error <= FAR.get(name, 5e-15), (row, found, value)


@pytest.mark.parametrize("program", [f"{program} at {at}" for program, at, _ in (*PROGRAMS, *EVERYWHERE)])
def test_recordings_run_in_the_page(answers: Answers, program: str) -> None:
    """Every node of the graph at the recorded point and at another, across kinks and beyond domains;
    nothing is guarded.
    """
    each, found = answers.recordings[program]
    for (_, expected), answer in zip(each.points, found, strict=True):
        assert answer["failed"] == []
        assert max(distance(decoded(answer["values"][str(node)]), values) for node, values in expected.items()) <= 1e-12


def test_a_failed_guard_is_reported(answers: Answers) -> None:
    """At the point and while the order is the same nothing fails; in another order the guards say so."""
    each, found = answers.recordings["guarded"]
    assert [len(answer["failed"]) > 0 for answer in found] == [False, False, True]
    for (_, expected), answer in zip(each.points[:2], found[:2], strict=True):
        assert {node: decoded(values) for node, values in answer["values"].items()} == {
            str(node): values for node, values in expected.items()
        }


def test_what_cannot_be_run_is_an_error(answers: Answers) -> None:
    """Too few numbers, none at all, an unknown operation."""
    assert answers.wrong == [
        "input 0 needs 3 numbers",
        "input 0 needs 3 numbers",
        "unknown operation: toString",
        "no error",
    ]
