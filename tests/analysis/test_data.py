"""Columns of files as the values of variables: every format, other names, and what can be wrong."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import diffcli
from diffcli.analysis.data.binding import given_data, read_data
from diffcli.analysis.data.quality import standardised, warnings
from diffcli.analysis.problem import Problem, pose
from diffcli.analysis.values import read_bindings
from diffcli.errors import Diagnostic, DiffcliError
from diffcli.execute.rows import spreads
from diffcli.source import Source

EXAMPLES = Path(__file__).parent.parent.parent / "examples"


def posed(expression: str, file: Path, columns: str = "", at: str = "") -> Problem:
    """The problem that the command line would state."""
    values = read_bindings([Source(at, "--at")] if at else [])
    return pose(Source(expression), values, data=read_data(Source(str(file), "--data"), [Source(columns, "--columns")] if columns else []))


def refused(*arguments: Any) -> Diagnostic:
    with pytest.raises(DiffcliError) as caught:
        posed(*arguments)
    return caught.value.diagnostic


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def _npz(path: Path) -> None:
    np.savez(path, x=np.array([1, 2, 3]), y=np.array([2.0, 4.5, 6.0]))


def _parquet(path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow", reason="the extra 'data' is not installed")
    from pyarrow import parquet

    parquet.write_table(pyarrow.table({"x": [1, 2, 3], "y": [2.0, 4.5, 6.0]}), path)


def _text(text: str) -> Callable[[Path], Any]:
    return lambda path: path.write_text(text, encoding="utf-8")


FORMATS: dict[str, tuple[str, Callable[[Path], Any]]] = {
    "csv": ("csv", _text("x,y\n1,2\n2,4.5\n3,6\n")),
    "quotes and blanks": ("CSV", _text('"x", y\n"1",2\n\n 2 , 4.5\n3,"6"\n')),
    "line ends and a mark": ("csv", _text("\ufeffx,y\r\n1,2\r\n2,4.5\r\n3,6")),
    "semicolons": ("csv", _text("x;y\n1;2\n2;4.5\n3;6\n")),
    "tabs": ("csv", _text("x\ty\n1\t2\n2\t4.5\n3\t6\n")),
    "comments above": ("csv", _text("# made by hand, it's short\n\n# in cm\nx,y\n1,2\n2,4.5\n3,6\n")),
    "other columns": ("csv", _text(",day,x,y,note\n0,2024-01-05,1,2,\n1,2024-01-06,2,4.5,late\n2,,3,6,\n")),
    "json by column": ("json", _text('{"x": [1, 2, 3], "y": [2, 4.5, 6]}')),
    "json by row": ("json", _text('[{"x": 1, "y": 2}, {"y": 4.5, "x": 2}, {"x": 3, "y": 6}]')),
    "npz": ("npz", _npz),
    "parquet": ("parquet", _parquet),
}


@pytest.mark.parametrize(("suffix", "write"), FORMATS.values(), ids=FORMATS)
def test_columns_are_constants(tmp_path: Path, suffix: str, write: Callable[[Path], Any]) -> None:
    """By their names; what is left is what is differentiated by."""
    path = tmp_path / f"points.{suffix}"
    write(path)
    problem = posed("mean((w*x - y)^2)", path, "", "w=0")
    assert {name: value.tolist() for name, value in problem.values.items()} == {"w": 0, "x": [1, 2, 3], "y": [2, 4.5, 6]}
    assert all(value.dtype == np.float64 for value in problem.values.values())
    assert problem.wrt == ("w",)
    assert sorted(problem.columns) == ["x", "y"]
    assert problem.notes == ()


def test_an_array_of_numpy_is_called_data(tmp_path: Path) -> None:
    np.save(tmp_path / "x.npy", np.arange(6.0).reshape(3, 2))
    assert posed("sum(data @ w)", tmp_path / "x.npy", "", "w=1,1").values["data"].tolist() == [[0, 1], [2, 3], [4, 5]]
    assert posed("sum(X[:, 0]*w)", tmp_path / "x.npy", "X=data", "w=1").columns == ("X",)


def test_fields_of_records_are_columns(tmp_path: Path) -> None:
    np.save(tmp_path / "r.npy", np.array([(1, 2.5), (3, 4.5)], dtype=[("x", int), ("y", float)]))
    assert posed("w*sum(y)", tmp_path / "r.npy", "", "w=1").values["y"].tolist() == [2.5, 4.5]


def test_json_may_hold_matrices(tmp_path: Path) -> None:
    path = written(tmp_path / "m.json", json.dumps({"X": [[1, 2], [3, 4]], "y": [0, 1]}))
    assert posed("sum(X @ w - y)", path, "", "w=1,1").values["X"].shape == (2, 2)


@pytest.mark.parametrize(
    ("columns", "expression", "shape"),
    [
        ("a=x", "w*sum(a)", (2,)),
        ("X=[x,y]", "w*sum(X)", (2, 2)),
        (" X = [ 'the, sum' , y ] , b=x", "w*sum(X)*sum(b)", (2, 2)),
        ("s=the (m/s)", "w*sum(s)", (2,)),
        ('λ="x"', "w*sum(λ)", (2,)),
    ],
)
def test_other_names(tmp_path: Path, columns: str, expression: str, shape: tuple[int, ...]) -> None:
    """A column that is renamed has no longer its own name; several make a matrix."""
    path = written(tmp_path / "p.csv", 'x,y,"the, sum",the (m/s)\n1,2,3,4\n5,6,7,8\n')
    problem = posed(expression, path, columns, "w=1")
    assert shape in {problem.values[name].shape for name in problem.columns}
    assert problem.wrt == ("w",)
    assert posed("param x = 0; x*sum(M)", path, "M=[x,y]").values["M"].tolist() == [[1, 2], [5, 6]]


def test_words_become_classes_in_order_of_appearance(tmp_path: Path) -> None:
    path = written(tmp_path / "c.csv", "kind,sure\nred,true\nblue,False\nred,TRUE\n")
    problem = posed("w*sum(kind)*sum(sure)", path, "", "w=1")
    assert problem.values["kind"].tolist() == [0, 1, 0]
    assert problem.values["sure"].tolist() == [1, 0, 1]
    [note] = problem.notes
    assert note == f"column 'kind' of {path} holds words, which become classes: 0 = red, 1 = blue"


def test_python_callers_give_columns_by_name() -> None:
    data = {"x": [1, 2, 3], "kind": ["b", "a", "b"], "Z": np.eye(3)}
    given = given_data(data, {"M": ["x", "kind"], "kind": "kind"})
    problem = pose(Source("w*sum(kind)*sum(Z)*sum(M)"), read_bindings([Source("w=1")]), data=given)
    assert problem.values["kind"].tolist() == [0, 1, 0]
    assert problem.values["M"].tolist() == [[1, 0], [2, 1], [3, 0]]


def test_whatever_has_names_and_columns_is_data(tmp_path: Path) -> None:
    """An open archive of NumPy, a data frame: words in arrays of objects and of bytes too."""
    np.savez(tmp_path / "a.npz", x=np.array([1, 2, 3]), kind=np.array([b"b", b"a", b"b"]))
    with np.load(tmp_path / "a.npz") as arrays:
        assert diffcli.grad("w*sum(x) + sum(kind)", w=1, data=arrays).value == 7
    words = np.array(["b", "a"], dtype=object)
    assert diffcli.grad("w*sum(kind)", w=1, data={"kind": words}).gradient["w"] == 1
    with pytest.raises(DiffcliError, match="holds a dict"):
        diffcli.grad("w*sum(kind)", w=1, data={"kind": np.array([{}, 1], dtype=object)})


@pytest.mark.parametrize("missing", ["nan", "NaN", "inf", "-Infinity", "1e400"])
def test_numbers_that_are_not_finite_are_numbers(tmp_path: Path, missing: str) -> None:
    """They are warned of."""
    problem = posed("w*sum(x)", written(tmp_path / "n.csv", f"x\n1\n{missing}\n"), "", "w=1")
    assert not np.isfinite(problem.values["x"][1])
    [warning] = warnings({"x": problem.values["x"]})
    assert "nan or infinite" in warning
    assert "row 2 of 'x'" in warning


def test_a_param_is_what_is_fitted(tmp_path: Path) -> None:
    problem = posed("param w = 1\nsum(w*x)", written(tmp_path / "n.csv", "x,unused\n1,a\n2,3\n"))
    assert (problem.wrt, problem.columns) == (("w",), ("x",))


def test_a_value_without_a_name_is_not_for_a_column(tmp_path: Path) -> None:
    assert posed("sum(w*x)", written(tmp_path / "n.csv", "x\n1\n2\n"), "", "3").values["w"] == 3


REFUSED: dict[str, tuple[str, str, str, str]] = {
    "ragged": ("csv", "x,y\n1,2\n\n3\n", "E406", "line 4 has 1 cell, the header 2"),
    "not a number": ("csv", "x,y\n1,2\n3,abc\n", "E406", "line 3, column 'y': 'abc' is not a number"),
    "below a cell of lines": ("csv", 'x,note,y\n1,"a\nb",2\n3,c,?\n', "E406", "line 4, column 'y': '?' is not a number"),
    "empty cell": ("csv", "x,y\n1,2\n,4\n", "E406", "line 3, column 'x': the cell is empty"),
    "dates": ("csv", "x,y\n2024-01-05,2\n", "E406", "'2024-01-05' is a date or a time"),
    "times": ("csv", "x,y\n12:30,2\n", "E406", "is a date or a time"),
    "decimal comma": ("csv", "x;y\n1,5;2\n", "E406", "line 2, column 'x': '1,5' is a number with a comma"),
    "thousands": ("csv", 'x,y\n"1,234.5",2\n', "E406", "'1,234.5' is a number with a comma"),
    "empty": ("csv", "", "E406", "is empty"),
    "comments only": ("csv", "# x,y\n", "E406", "is empty"),
    "header only": ("csv", "x,y\n\n", "E406", "has a header and no rows"),
    "no header": ("csv", "1,2\n3,4\n", "E406", "line 1: the first line holds numbers"),
    "two of one name": ("csv", "x, x\n1,2\n", "E406", "two columns are called 'x'"),
    "open quote": ("csv", 'x,y\n1,"2\n', "E406", "line 2: unexpected end of data"),
    "latin-1": ("csv", "x,y\n1,\udcff\n", "E101", "not valid UTF-8"),
    "another column": ("csv", "a,b\n1,2\n", "E405", "the expression uses no column of"),
    "broken json": ("json", '{"x": [1, 2}', "E406", "line 1: expecting"),
    "empty json": ("json", " ", "E406", "is empty"),
    "json list": ("json", "[1, 2]", "E406", "neither columns by name nor a list of rows"),
    "json number": ("json", '{"x": 1, "y": 2}', "E406", "neither columns by name nor a list of rows"),
    "json no rows": ("json", "[]", "E406", "is empty"),
    "json empty column": ("json", '{"x": [], "y": []}', "E406", "column 'x' is empty"),
    "json missing name": ("json", '[{"x": 1, "y": 2}, {"x": 3}]', "E406", "row 2 has no column 'y'"),
    "json more names": ("json", '[{"x": 1, "y": 2}, {"x": 3, "y": 4, "z": 5}]', "E406", "row 2 alone has a column 'z'"),
    "json null": ("json", '{"x": [1, null], "y": [1, 2]}', "E406", "row 2, column 'x': the cell is empty"),
    "json objects": ("json", '{"x": [1, {}], "y": [1, 2]}', "E406", "row 2, column 'x': the cell holds a dict"),
    "json ragged matrix": ("json", '{"x": [[1], [2, 3]], "y": [1, 2]}', "E406", "column 'x' is no array of numbers"),
    "json two of one name": ("json", '{"x": [1], "x": [2], "y": [1]}', "E406", "are called 'x'"),
    "json lengths": ("json", '{"x": [1, 2], "y": [1]}', "E406", "'y' has 1 row, 'x' has 2"),
    "json deep": ("json", "[" * 100_000, "E401", "cannot read"),
    "npz text": ("npz", "x", "E401", "cannot read"),
    "npy text": ("npy", "x", "E401", "cannot read"),
    "unknown format": ("xlsx", "x", "E401", "cannot tell the format"),
}


@pytest.mark.parametrize(("suffix", "text", "code", "message"), REFUSED.values(), ids=REFUSED)
def test_what_is_wrong_is_said_with_its_place(tmp_path: Path, suffix: str, text: str, code: str, message: str) -> None:
    path = tmp_path / f"d.{suffix}"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    found = refused("mean((w*x - y)^2)", path, "", "w=1")
    assert (found.code, message in found.message) == (code, True), found.message
    assert found.source is not None
    assert found.labels
    assert found.hint


@pytest.mark.parametrize(
    ("columns", "code", "message"),
    [
        ("a=xx", "E405", "has no column 'xx'"),
        ("a", "E402", "cannot be read here"),
        ("a=", "E402", "cannot be read here"),
        ("a=[x", "E402", "cannot be read here"),
        ("a=[]", "E402", "cannot be read here"),
        ("a=x,", "E402", "cannot be read here"),
        ("2=x", "E402", "cannot be read here"),
        ("a=x,a=y", "E208", "'a' is named twice"),
        ("", "E208", "'w' has a value and is a column"),
    ],
)
def test_names_that_cannot_be_given(tmp_path: Path, columns: str, code: str, message: str) -> None:
    found = refused("sum(w*x)", written(tmp_path / "p.csv", "x,y,w\n1,2,3\n"), columns, "w=1")
    assert (found.code, message in found.message) == (code, True), found.message


def test_a_column_is_not_what_the_program_defines(tmp_path: Path) -> None:
    path = written(tmp_path / "p.csv", "x,y\n1,2\n")
    for program in ("x = 2; sum(w*x*y)", "param x = 2; sum(w*x*y)"):
        assert refused(program, path, "", "w=1").code == "E208"
    assert posed("param x = 2; sum(x*y)", path, "old=x").columns == ("y",)


def test_a_variable_that_nearly_is_a_column(tmp_path: Path) -> None:
    path = written(tmp_path / "p.csv", "height,weight,body mass\n1,2,3\n")
    hint = refused("mean((w*heigth - weight)^2)", path, "", "w=1").hint
    assert hint is not None
    assert hint.startswith("did you mean 'height'?")
    hint = refused("mean((w*mass - weight)^2)", path, "", "w=1").hint
    assert hint is not None
    assert "'body mass'; --columns mass=COLUMN" in hint
    hint = refused("mean((w*height - weight)^2)", path, "a=height", "w=1").hint
    assert hint is not None
    assert "--columns height=height" in hint


def test_arrays_that_are_no_columns(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    np.savez(path, w=np.float64(2), z=np.array([1j]), t=np.array(["2024-01-05"], dtype="M8[D]"), x=np.ones(1), y=np.ones(2), M=np.ones((1, 2)))
    for names, message in (("w", "single number"), ("z", "no real numbers"), ("t", "dates or times"), ("x*y", "'y' has 2 rows, 'x' has 1")):
        assert message in refused(f"k*sum({names})", path, "", "k=1").message
    assert "'M' has several numbers a row" in refused("k*sum(X)", path, "X=[x,M]", "k=1").message


def test_parquet_without_its_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command that installs it."""
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    found = refused("sum(w*x)", written(tmp_path / "p.parquet", "x"), "", "w=1")
    assert (found.code, found.hint) == ("E401", 'install it: pip install "diffcli[data]"')


def test_parquet_columns(tmp_path: Path) -> None:
    """Words are classes; dates, lists and cells without content are refused."""
    pyarrow = pytest.importorskip("pyarrow", reason="the extra 'data' is not installed")
    from datetime import date

    from pyarrow import parquet

    path = tmp_path / "p.parquet"
    words = pyarrow.array(["b", "a"])
    columns = {"x": [1, 2], "kind": words, "coded": words.dictionary_encode(), "on": [True, False], "day": [date(2024, 1, 5)] * 2, "gap": [1.5, None]}
    parquet.write_table(pyarrow.table({**columns, "deep": [[{"a": 1}], []]}), path)
    problem = posed("w*sum(x + kind + coded + on)", path, "", "w=1")
    assert {name: problem.values[name].tolist() for name in ("kind", "coded", "on")} == {"kind": [0, 1], "coded": [0, 1], "on": [1, 0]}
    assert "dates or times" in refused("w*sum(day)", path, "", "w=1").message
    assert "row 2, column 'gap': the cell is empty" in refused("w*sum(gap)", path, "", "w=1").message
    assert refused("w*sum(deep)", path, "", "w=1").code == "E406"


def test_the_flowers_are_those_of_fisher() -> None:
    """150 rows, 50 of each species, and the sums of the four columns; rows 35 and 38 are those of the paper."""
    flowers = posed("w*sum(sepal_length + sepal_width + petal_length + petal_width)*sum(species)", EXAMPLES / "iris.csv", "", "w=1").values
    names = ("sepal_length", "sepal_width", "petal_length", "petal_width")
    assert [float(flowers[name].sum()) for name in names] == pytest.approx([876.5, 458.6, 563.7, 179.9], rel=1e-12)
    assert flowers["species"].tolist() == [0] * 50 + [1] * 50 + [2] * 50
    assert [[float(flowers[name][row]) for name in names] for row in (34, 37)] == [[4.9, 3.1, 1.5, 0.2], [4.9, 3.6, 1.4, 0.1]]


def test_clean_data_has_no_warnings() -> None:
    assert warnings({"x": np.array([1.0, 2.0, 3.0]), "y": np.array([100.0, 300.0, 200.0])}) == ()


def test_scales_far_apart_are_warned_of_with_what_to_write() -> None:
    """What is written has mean 0 and standard deviation 1, to the digits shown."""
    columns = {"x": np.array([0.001, 0.002, 0.003]), "y": np.array([1.0, -2.0, 5.0]), "M": np.array([[-1.0, 2e6], [-2.0, 4e6], [-4.0, -1e6]])}
    [warning] = warnings(columns)
    assert "the standard deviation of 'M[:, 1]' is 2.05e+06, 2.5e+09 times that of 'x'" in warning
    for name in ("x", "M"):
        expression = standardised(name, columns[name], spreads(columns[name]))
        assert f"{expression} for {name}" in warning
        value = np.asarray(diffcli.jacobian(expression, {name: columns[name]}).value)
        assert value.mean(axis=0) == pytest.approx(0, abs=1e-5)
        assert value.std(axis=0) == pytest.approx(1, abs=1e-5)
    wide = np.arange(60.0).reshape(3, 20)
    assert standardised("Z", wide, spreads(wide)) == "(Z - mean(Z, axis=0))/std(Z, axis=0)"


def test_constant_columns_are_warned_of() -> None:
    [warning] = warnings({"x": np.array([1.0, 2.0]), "y": np.array([0.1, 0.1]), "M": np.array([[5.0, 1.0], [5.0, 2.0]])})
    assert "'y' (always 0.1), 'M[:, 0]' (always 5)" in warning
