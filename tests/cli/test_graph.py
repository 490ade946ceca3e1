"""`diffcli graph`: what it writes where, and what it refuses before it writes anything."""

import json
from pathlib import Path

import pytest
from command import answer, run

from diffcli.render.picture_formats import FORMATS, MOST_BOXES

SEED = ["graph", "mean(x*x)", "--at", "1,2,3"]
NEED_NOTHING = [name for name, form in FORMATS.items() if form.library is None]
CHAIN = "+".join(["x"] * (MOST_BOXES + 1))


def test_the_installed_command_draws_the_seed_problem() -> None:
    """Every node with its value and gradient; nothing on standard error."""
    done = run(SEED)
    assert (done.code, done.err) == (0, "")
    for text in ("mean(x*x)", "4.667", "[1, 4, 9]", "[0.3333, 0.3333, 0.3333]", "[0.6667, 1.333, 2]"):
        assert text in done.out


def test_the_document_says_what_grad_says() -> None:
    """The same numbers on the same nodes and flows."""
    graph = json.loads(answer([*SEED, "--json"]).out)
    grad = json.loads(answer(["grad", *SEED[1:], "--json"]).out)
    assert graph["schema"] == "diffcli/graph@1"
    assert [(node["id"], node["value"], node["gradient"]) for node in graph["nodes"]] == [
        (node["id"], node["value"], node["gradient"]) for node in grad["nodes"]
    ]
    keys = ("from", "to", "operand", "local", "upstream", "contribution")
    flows = sorted([flow[key] for key in keys] for flow in grad["flows"])
    assert sorted([edge[key] for key in keys] for edge in graph["edges"]) == flows


@pytest.mark.parametrize("extension", FORMATS)
def test_a_picture_is_written_without_a_word(extension: str, tmp_path: Path) -> None:
    """And is the same when it is written again."""
    path = tmp_path / f"graph.{extension}"
    contents = []
    for _ in range(2):
        done = answer([*SEED, "-o", str(path)])
        assert (done.code, done.out, done.err) == (0, "", "")
        contents.append(path.read_bytes())
    assert contents[0] == contents[1]
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("style", ["forward", "backward", "torch"])
@pytest.mark.parametrize("extension", [name for name, form in FORMATS.items() if form.still])
def test_every_style_in_every_format(style: str, extension: str, tmp_path: Path) -> None:
    """Each differs from the picture of both sweeps."""
    one, both = tmp_path / f"one.{extension}", tmp_path / f"both.{extension}"
    assert answer([*SEED, "--style", style, "-o", str(one)]).code == 0
    assert answer([*SEED, "-o", str(both)]).code == 0
    assert (one.read_bytes() != both.read_bytes()) or (extension == "json" and style == "backward")


def test_the_forward_sweep_of_an_array() -> None:
    """There is no gradient to ask for a single number; with a cotangent there is one."""
    assert answer(["graph", "x*x", "--at", "1,2", "--style", "forward"]).code == 0
    assert answer(["graph", "x*x", "--at", "1,2"]).code == 2
    document = json.loads(answer(["graph", "x*x", "--at", "1,2", "--cotangent", "1,10", "--json"]).out)
    assert document["nodes"][0]["gradient"] == [2, 40]


@pytest.mark.parametrize("extension", [name for name, form in FORMATS.items() if form.boxes is not None])
def test_more_nodes_than_fit(extension: str, tmp_path: Path) -> None:
    """The limit is said, and what to use instead; there is no file."""
    path = tmp_path / f"graph.{extension}"
    done = answer(["graph", CHAIN, "--at", "1", "-o", str(path)])
    assert (done.code, done.out) == (2, "")
    assert "error[E409]" in done.err
    assert f"{FORMATS[extension].boxes:,}" in done.err
    assert "without -o the terminal shows it" in done.err
    assert "--collapse" not in done.err, "there is nothing to fold"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("extension", NEED_NOTHING)
def test_formats_that_need_no_extra(extension: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are written where pygraphviz and matplotlib cannot be imported; the others say how to install them."""
    for name in ("pygraphviz", "matplotlib", "matplotlib.figure"):
        monkeypatch.setitem(__import__("sys").modules, name, None)
    path = tmp_path / f"graph.{extension}"
    assert answer([*SEED, "-o", str(path)]).code == 0
    assert path.stat().st_size > 0
    done = answer([*SEED, "-o", str(tmp_path / "graph.png")])
    assert done.code == 2
    assert 'pip install "diffcli[graph]"' in done.err
    assert 'pip install ".[graph]"' in done.err
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


def test_an_unwritable_place_leaves_what_was_there(tmp_path: Path) -> None:
    """Also a folder of the picture's name."""
    (tmp_path / "taken.dot").mkdir()
    for name in ("taken.dot", "nowhere/graph.dot"):
        done = answer([*SEED, "-o", str(tmp_path / name)])
        assert (done.code, "error[E407]" in done.err) == (2, True)
    assert [entry.name for entry in tmp_path.iterdir()] == ["taken.dot"]


def test_a_kink_is_noted_beside_a_picture(tmp_path: Path) -> None:
    """Pictures have no place for it; the terminal's drawing says it below."""
    path = tmp_path / "graph.dot"
    assert "kink" in answer(["graph", "abs(x)", "--at", "0", "-o", str(path)]).err
    assert "kink" in answer(["graph", "abs(x)", "--at", "0"]).out


@pytest.mark.parametrize("extension", [name for name, form in FORMATS.items() if form.able])
def test_a_picture_goes_to_the_right(extension: str, tmp_path: Path) -> None:
    """In every format that is a picture; letters and size as far as the format has them."""
    options = {"layout": "horizontal", "font_scale": "1.5", "size": "16:9"}
    able = [part for name, value in options.items() if name in FORMATS[extension].able
            for part in (f"--{name.replace('_', '-')}", value)]  # fmt: skip
    one, other = tmp_path / f"one.{extension}", tmp_path / f"other.{extension}"
    assert answer([*SEED, "-o", str(one)]).code == 0
    assert answer([*SEED, *able, "-o", str(other)]).code == 0
    assert one.read_bytes() != other.read_bytes()


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--layout", "horizontal"], "E402", "--layout is for a picture in a file"),
        (["--size", "16:9"], "E402", "--size is for a picture in a file"),
        (["--size", "big", "-o", "graph.svg"], "E402", "'big' is no size of a picture"),
        (["--size", "99:1", "-o", "graph.svg"], "E403", "one side is more than 20 times as long as the other"),
        (["--size", "16:9", "-o", "graph.dot"], "E402", "a .dot cannot do --size 16:9"),
        (["--layout", "horizontal", "-o", "graph.json"], "E402", "a .json cannot do --layout horizontal"),
        (["--font-scale", "0", "-o", "graph.svg"], "E403", "letters are 0.25 to 8 times as large"),
        (["--font-scale", "nan", "-o", "graph.svg"], "E403", "letters are 0.25 to 8 times as large"),
    ],
)
def test_what_no_picture_can_be_is_refused(
    words: list[str], code: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before anything is computed or written."""
    monkeypatch.chdir(tmp_path)
    done = answer([*SEED, *words])
    assert (done.code, done.out) == (2, "")
    assert f"error[{code}]: {said}" in done.err
    assert list(tmp_path.iterdir()) == []


def test_without_values_the_structure_is_drawn(tmp_path: Path) -> None:
    """Operations and the rules along their edges; nothing that depends on shapes, no number, and no page that plays."""
    done = answer(["graph", "sum(tanh(W@x + b)^2)"])
    assert (done.code, done.err) == (0, "")
    assert "1/cosh(v4)^2" in done.out
    assert "value" not in done.out
    document = json.loads(answer(["graph", "mean(x*x)", "--json"]).out)
    assert {(node["shape"], node["value"], node["gradient"]) for node in document["nodes"]} == {(None, None, None)}
    assert [edge["formula"] for edge in document["edges"]] == ["x", "x", "1/n"]
    path = tmp_path / "graph.svg"
    assert answer(["graph", "mean(x*x)", "-o", str(path)]).code == 0
    assert "local 1/n" in path.read_text()
    done = answer(["graph", "mean(x*x)", "-o", str(tmp_path / "graph.html")])
    assert (done.code, "the page plays numbers" in done.err) == (2, True)


@pytest.mark.parametrize(
    "text", ["x[3] + A[0, 1]*sin(z)", "X@w + b", "det(A)", "f(u) = u^2; f(x) + f(y)", "softmax(x)[0]"]
)
def test_shapes_are_found_that_fit(text: str) -> None:
    assert answer(["graph", text]).code == 0


def test_a_variable_that_was_forgotten_is_missed() -> None:
    """Where another one has a value, or where PyTorch's graph is asked for."""
    for words in (["--at", "x=1,2"], ["--style", "torch"], ["--cotangent", "1"]):
        done = answer(["graph", "mean(x*x) + b", *words])
        assert (done.code, "error[E201]" in done.err) == (2, True)
