"""Columns of files as the values of variables: every format, other names, and what can be wrong."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import diffcli
from diffcli.analysis.data.binding import given_data
from diffcli.analysis.data.quality import standardised, warnings
from diffcli.analysis.numerals import read_notation
from diffcli.analysis.problem import Problem, pose
from diffcli.analysis.values import read_bindings
from diffcli.errors import Diagnostic, DiffcliError
from diffcli.execute.rows import spreads
from diffcli.source import Source

pytestmark = pytest.mark.fast

EXAMPLES = Path(__file__).parents[3] / "examples"


def posed(expression: str, file: Path, columns: str = "", at: str = "") -> Problem:
    """The problem that the command line would state."""
    values = read_bindings([Source(at, "--at")] if at else [])
    return pose(
        Source(expression),
        values,
        data=given_data(Source(str(file), "--data"), [Source(columns, "--columns")] if columns else []),
    )


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
    "decimal commas": ("csv", _text("x;y\n1;2\n2;4,5\n3;6\n")),
    "upright bars": ("csv", _text("x|y\n1|2\n2|4.5\n3|6\n")),
    "a mark that is stated": ("csv", _text("sep=;\nx;y\n1;2\n2;4.5\n3;6\n")),
    "names over two lines": ("csv", _text('x,y,"in\ncm, or so"\n1,2,3\n2,4.5,3\n\n3,6,"3\n\n"\n')),
    "quotes after blanks": ("csv", _text('x, y, "a, b"\n1, "2", 3\n2, "4.5", 3\n3, 6, 3\n')),
    "utf-16": ("csv", lambda path: path.write_text("x,y\n1,2\n2,4.5\n3,6\n", encoding="utf-16")),
    "utf-16 without a mark": ("csv", lambda path: path.write_text("x,y\n1,2\n2,4.5\n3,6\n", encoding="utf-16-be")),
    "utf-32": ("csv", lambda path: path.write_text("x;y\r\n1;2\r\n2;4,5\r\n3;6\r\n", encoding="utf-32")),
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
    assert {name: value.tolist() for name, value in problem.values.items()} == {
        "w": 0,
        "x": [1, 2, 3],
        "y": [2, 4.5, 6],
    }
    assert all(value.dtype == np.float64 for value in problem.values.values())
    assert problem.wrt == ("w",)
    assert sorted(problem.columns) == ["x", "y"]
    assert problem.notes == () or "are read as decimal marks" in problem.notes[0]


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".tab", ".txt", ".dat", ".TXT"])
@pytest.mark.parametrize(
    "text", ["a\tb\n1\t2\n3\t4\n", "a;b\n1;2\n3;4", "a|b\n1|2\n3|4\n", "a,b\n1,2\n3,4\n", "# a,b\n1,2\n3,4\n"]
)
def test_a_table_is_read_whatever_its_file_is_called(tmp_path: Path, suffix: str, text: str) -> None:
    (tmp_path / f"t{suffix}").write_text(text)
    report = diffcli.grad("sum(w*a*b)", w=1.0, data=tmp_path / f"t{suffix}", wrt="w")
    assert report.value == 14.0


@pytest.mark.parametrize(
    "text", ["a b\n1 2\n3 4\n", "# a b\n 1.0   2.0 \n3e0 4\n", "  a   b\n1  2\n\n3  4", "a b\n1 2\n3 4 # c\n"]
)
def test_blanks_part_cells_where_nothing_else_does(tmp_path: Path, text: str) -> None:
    """As NumPy writes tables; in a .csv they are a part of the name."""
    for suffix in (".txt", ".dat"):
        (tmp_path / f"t{suffix}").write_text(text)
        if "# c" in text:
            with pytest.raises(DiffcliError, match="line 3 has 4 cells, the header 2"):
                diffcli.grad("sum(w*a*b)", w=1.0, data=tmp_path / f"t{suffix}", wrt="w")
        else:
            assert diffcli.grad("sum(w*a*b)", w=1.0, data=tmp_path / f"t{suffix}", wrt="w").value == 14.0
    (tmp_path / "t.csv").write_text(text)
    with pytest.raises(DiffcliError):
        diffcli.grad("sum(w*a*b)", w=1.0, data=tmp_path / "t.csv", wrt="w")


def test_a_number_with_blanks_is_not_two(tmp_path: Path) -> None:
    for text in ("a\n1 000\n2 000\n", "a b\n1 000 2\n1 2\n"):
        (tmp_path / "t.txt").write_text(text)
        with pytest.raises(DiffcliError):
            diffcli.grad("sum(w*a)", w=1.0, data=tmp_path / "t.txt", wrt="w")


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
    "below a cell of lines": (
        "csv",
        'x,note,y\n1,"a\nb",2\n3,c,?\n',
        "E406",
        "line 4, column 'y': '?' is not a number",
    ),
    "empty cell": ("csv", "x,y\n1,2\n,4\n", "E406", "line 3, column 'x': the cell is empty"),
    "dates": ("csv", "x,y\n2024-01-05,2\n", "E406", "'2024-01-05' is a date or a time"),
    "times": ("csv", "x,y\n12:30,2\n", "E406", "is a date or a time"),
    "decimal comma": ("csv", "x;y\n1,5;2.5\n", "E406", "line 2, column 'x': '1,5' is a number with a comma"),
    "commas before three digits": ("csv", "x;y\n1,500;2,250\n", "E406", "'1,500' is a number with a comma"),
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
    "json ragged matrix": (
        "json",
        '{"x": [[1], [2, 3]], "y": [1, 2]}',
        "E406",
        "column 'x' is not an array of numbers",
    ),
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


#: Numbers as other programs and other countries write them, and what is said of each.
OTHERS = {
    "10%": "percentage", "10 %": "percentage", "$1": "money", "1 €": "money", "US$5": "money", "EUR 5": "money",
    "-$3.50": "money",
    "\u22121": "minus sign other", "\u20131.5": "minus sign other", "1 000": "blanks", "1\u202f000,5": "blanks",
    "1'000": "apostrophes",
    "(1.5)": "brackets", "1/2": "fraction", "5 cm": "unit", "5kg": "unit", "0x1F": "unit", "1d3": "another letter",
    "1D-3": "another letter",
    "1_0": "underscores", "1_000": "underscores", "½": "looks like", "１２": "looks like", "٣": "looks like",
    "<0.1": "looks like", "1.2.3": "looks like",
    "3 × 10^4": "looks like", "~5": "looks like", "--1": "looks like", "∞": "infinity", "1,5": "comma",
    "1,234": "comma", "1.234,5": "comma",
    "12:30": "date or a time", "1.2.2024": "date or a time",
}  # fmt: skip


@pytest.mark.parametrize("text", OTHERS)
@pytest.mark.parametrize("beside", ["", "1", "word"])
def test_a_number_in_another_notation_is_no_class(tmp_path: Path, text: str, beside: str) -> None:
    """Alone in its column, or below a number or a word: the line is named."""
    path = written(tmp_path / "o.csv", f'x,y\n"{beside or text}",1\n"{text}",2\n')
    found = refused("w*sum(x)", path, "", "w=1")
    line = 3 if beside else 2
    assert found.message.startswith(f"{path}, line {line}, column 'x': '{text}' "), found.message
    assert OTHERS[text] in found.message
    data = {"x": [beside or text, text]}
    with pytest.raises(DiffcliError, match=OTHERS[text]):
        diffcli.grad("w*sum(x)", w=1, data=data)


@pytest.mark.parametrize("word", ["n/a", "NA", "N/A", "null", "-", "?", "#N/A", "#DIV/0!", "None", "<NA>", "."])
def test_a_word_for_what_is_missing_is_no_class(tmp_path: Path, word: str) -> None:
    """Nor a number; `missing` makes it one that is none, in numbers and in words."""
    path = written(tmp_path / "m.csv", f"x,kind\n1,red\n{word},{word}\n3,blue\n")
    for column in ("x", "kind"):
        found = refused(f"w*sum({column})", path, "", "w=1")
        assert f"line 3, column '{column}': '{word}' " in found.message
        assert "--missing " in (found.hint or "")
    read = pose(
        Source("w*sum(x*kind)"),
        read_bindings([Source("w=1")]),
        data=given_data(str(path), notation=read_notation(None, None, [word])),
    )
    assert repr(read.values["x"].tolist()) == "[1.0, nan, 3.0]"
    assert repr(read.values["kind"].tolist()) == "[0.0, nan, 1.0]"


@pytest.mark.parametrize(
    ("text", "notation", "values"),
    [
        ("1,5;-2;,5;3,;1,5e3", {"decimal": ","}, [1.5, -2, 0.5, 3, 1500]),
        ("1.234,5;12.345.678;7", {"decimal": ",", "thousands": "."}, [1234.5, 12345678, 7]),
        ("1.234,5;12.345.678;7", {"thousands": "."}, [1234.5, 12345678, 7]),
        ("1,234.5;12,345,678;7;1,23,456", {"thousands": ","}, [1234.5, 12345678, 7, 123456]),
        ("1 234,5;1\u202f000;1\u00a0000", {"decimal": ",", "thousands": " "}, [1234.5, 1000, 1000]),
        ("1'234.5;1\u2019000", {"thousands": "'"}, [1234.5, 1000]),
        ("1_000;1", {"thousands": "_"}, [1000, 1]),
        ("-999;1;x", {"missing": ["-999", "x"]}, [np.nan, 1, np.nan]),
        ("1; ;3", {"missing": ""}, [1, np.nan, 3]),
        ("1;2", {"decimal": "."}, [1, 2]),
    ],
)
def test_the_notation_is_the_one_that_is_stated(
    tmp_path: Path, text: str, notation: dict[str, Any], values: list[float]
) -> None:
    """In a file, and in the texts of a Python caller."""
    path = written(tmp_path / "n.csv", "x;y\n" + "".join(f"{cell};0\n" for cell in text.split(";")))
    for data in (str(path), {"x": text.split(";")}):
        gradient = diffcli.descend(
            "mean((w - where(x == x, x, 7))^2)", w=0, steps=1, lr=0.5, data=data, **notation
        ).final["w"]
        assert gradient == pytest.approx(np.mean(np.nan_to_num(values, nan=7)), rel=1e-15)


@pytest.mark.parametrize(
    "notation",
    [
        {"decimal": ";"},
        {"decimal": ""},
        {"thousands": "x"},
        {"thousands": "1"},
        {"decimal": ",", "thousands": ","},
        {"decimal": ".", "thousands": "."},
    ],
)
def test_marks_that_are_none(notation: dict[str, str]) -> None:
    with pytest.raises(DiffcliError) as caught:
        diffcli.grad("w*sum(x)", w=1, data={"x": [1]}, **notation)
    assert caught.value.diagnostic.code == "E402"


@pytest.mark.parametrize(
    ("beside", "read"),
    [("2;0,25", True), ("2;Paris, France", True), ("2;2.5", False), ("2;1.234,5", False), ("2;1,234,567", False)],
)
def test_decimal_commas_are_read_where_the_whole_file_has_them(tmp_path: Path, beside: str, read: bool) -> None:
    """Also in columns that are not used."""
    path = written(tmp_path / "g.csv", f"x;y;z\n1,5;{beside}\n")
    if not read:
        assert "'1,5' is a number with a comma" in refused("sum(w*x)", path, "", "w=1").message
        return
    problem = posed("sum(w*x)", path, "", "w=1")
    assert problem.values["x"].tolist() == [1.5]
    assert "are read as decimal marks" in problem.notes[0]


def test_a_point_that_is_stated_is_not_taken_for_a_comma(tmp_path: Path) -> None:
    """And a single column may have commas in its numbers, where that is stated."""
    path = written(tmp_path / "g.csv", "x;y\n1,5;2\n")
    with pytest.raises(DiffcliError, match="number with a comma"):
        diffcli.grad("w*sum(x)", w=1, data=str(path), decimal=".")
    assert diffcli.grad("w*sum(x)", w=1, data=str(written(path, "x\n1,5\n2,25\n")), decimal=",").value == 3.75
    assert diffcli.grad("w*sum(x)", w=1, data=str(written(path, "x\n1,500\n2\n")), thousands=",").value == 1502
    assert diffcli.grad("w*sum(x)", w=1, data=str(written(path, 'x,y\n"1,5",2\n"2,25",3\n')), decimal=",").value == 3.75


def test_a_large_table_of_numbers_is_read_alike_with_its_library_and_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To the last bit; and what is not a number is refused at the same place."""
    from diffcli.analysis.data import delimited

    random = np.random.default_rng(1).integers(0, 2**64, (500, 2), dtype=np.uint64).view(np.float64)
    random[~np.isfinite(random)] = 0.1
    path = written(
        tmp_path / "l.csv", "# above\nx,y,λ\n\n" + "".join(f'{x!r}, "{y!r}",é\n' for x, y in random.tolist())
    )
    slow = posed("w*sum(x + y)", path, "", "w=1").values
    monkeypatch.setattr(delimited, "WORTHWHILE", 0)
    assert slow["x"].tobytes() == random[:, 0].tobytes()
    fast = posed("w*sum(x + y)", path, "", "w=1").values
    assert all(np.array_equal(fast[name], slow[name]) for name in "xy")
    assert "line 4, column 'λ': 'é'" not in posed("w*sum(λ)", path, "", "w=1").notes
    assert (
        "line 3, column 'x': '1_0' is not a number"
        in refused("w*sum(x)", written(path, "x,y\n1,2\n1_0,2\n"), "", "w=1").message
    )
    assert "line 3 has 1 cell" in refused("w*sum(x)", written(path, "x,y\n1,2\n1\n"), "", "w=1").message


def test_masked_arrays_are_refused() -> None:
    """Their mask would be lost; one that masks nothing has nothing to lose."""
    masked = np.ma.masked_array([1.0, 2.0], mask=[False, True])
    for data in ({"x": masked}, {"x": [1.0, np.ma.masked]}):
        with pytest.raises(DiffcliError, match="masked elements"):
            diffcli.grad("w*sum(x)", w=1, data=data)
    for value in (masked, [masked, masked], [1.0, np.ma.masked], np.ma.masked):
        with pytest.raises(DiffcliError, match="masked elements"):
            diffcli.grad("sum(x)", x=value)
    assert diffcli.grad("sum(x)", x=np.ma.masked_array([1.0, 2.0])).value == 3


def test_what_another_library_calls_missing_is_no_number() -> None:
    """As pandas has it in its own arrays: an object that is not a number."""

    class Missing:
        def __float__(self) -> float:
            raise TypeError("float() argument must be a string or a real number, not 'NAType'")

    cells = np.array([1.0, Missing()], dtype=object)
    with pytest.raises(DiffcliError, match="holds a Missing"):
        diffcli.grad("w*sum(x)", w=1, data={"x": cells})
    with pytest.raises(DiffcliError, match="not real numbers"):
        diffcli.grad("sum(x)", x=cells)


def test_archives_and_tables_that_unpack_to_more_than_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What they come to is known before they are unpacked."""
    from diffcli.analysis.data import table_files as files

    np.savez_compressed(tmp_path / "z.npz", x=np.zeros(100_000), y=np.zeros(3))
    monkeypatch.setattr(files, "MOST_BYTES", 200_000)
    found = refused("w*sum(x)", tmp_path / "z.npz", "", "w=1")
    assert (found.code, "x in " in found.message) == ("E410", True)
    assert posed("w*sum(y)", tmp_path / "z.npz", "", "w=1").values["y"].tolist() == [0, 0, 0]
    monkeypatch.setattr(files, "MOST_NUMBERS", 2)
    assert refused("w*sum(y)", tmp_path / "z.npz", "", "w=1").code == "E410"
    pyarrow = pytest.importorskip("pyarrow", reason="the extra 'data' is not installed")
    from pyarrow import parquet

    parquet.write_table(pyarrow.table({"x": [1.0, 1.0, 1.0]}), tmp_path / "z.parquet")
    assert refused("w*sum(x)", tmp_path / "z.parquet", "", "w=1").code == "E410"


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
    np.savez(
        path,
        w=np.float64(2),
        z=np.array([1j]),
        t=np.array(["2024-01-05"], dtype="M8[D]"),
        x=np.ones(1),
        y=np.ones(2),
        M=np.ones((1, 2)),
    )
    for names, message in (
        ("w", "single number"),
        ("z", "not hold real numbers"),
        ("t", "dates or times"),
        ("x*y", "'y' has 2 rows, 'x' has 1"),
    ):
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
    columns = {
        "x": [1, 2],
        "kind": words,
        "coded": words.dictionary_encode(),
        "on": [True, False],
        "day": [date(2024, 1, 5)] * 2,
        "gap": [1.5, None],
    }
    parquet.write_table(pyarrow.table({**columns, "deep": [[{"a": 1}], []]}), path)
    problem = posed("w*sum(x + kind + coded + on)", path, "", "w=1")
    assert {name: problem.values[name].tolist() for name in ("kind", "coded", "on")} == {
        "kind": [0, 1],
        "coded": [0, 1],
        "on": [1, 0],
    }
    assert "dates or times" in refused("w*sum(day)", path, "", "w=1").message
    assert "row 2, column 'gap': the cell is empty" in refused("w*sum(gap)", path, "", "w=1").message
    assert refused("w*sum(deep)", path, "", "w=1").code == "E406"


def test_the_flowers_are_those_of_fisher() -> None:
    """150 rows, 50 of each species, and the sums of the four columns; rows 35 and 38 are those of the paper."""
    flowers = posed(
        "w*sum(sepal_length + sepal_width + petal_length + petal_width)*sum(species)", EXAMPLES / "iris.csv", "", "w=1"
    ).values
    names = ("sepal_length", "sepal_width", "petal_length", "petal_width")
    assert [float(flowers[name].sum()) for name in names] == pytest.approx([876.5, 458.6, 563.7, 179.9], rel=1e-12)
    assert flowers["species"].tolist() == [0] * 50 + [1] * 50 + [2] * 50
    assert [[float(flowers[name][row]) for name in names] for row in (34, 37)] == [
        [4.9, 3.1, 1.5, 0.2],
        [4.9, 3.6, 1.4, 0.1],
    ]


def test_clean_data_has_no_warnings() -> None:
    assert warnings({"x": np.array([1.0, 2.0, 3.0]), "y": np.array([100.0, 300.0, 200.0])}) == ()


def test_scales_far_apart_are_warned_of_with_what_to_write() -> None:
    """What is written has mean 0 and standard deviation 1, to the digits shown."""
    columns = {
        "x": np.array([0.001, 0.002, 0.003]),
        "y": np.array([1.0, -2.0, 5.0]),
        "M": np.array([[-1.0, 2e6], [-2.0, 4e6], [-4.0, -1e6]]),
    }
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
    [warning] = warnings(
        {"x": np.array([1.0, 2.0]), "y": np.array([0.1, 0.1]), "M": np.array([[5.0, 1.0], [5.0, 2.0]])}
    )
    assert "'y' (always 0.1), 'M[:, 0]' (always 5)" in warning
