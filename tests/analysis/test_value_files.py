"""Values from files: NumPy, CSV and JSON, and what can be wrong with them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from diffcli.analysis import reading
from diffcli.analysis.values import read_bindings
from diffcli.errors import Diagnostic, DiffcliError
from diffcli.source import Source


def read(path: Path | str) -> Any:
    """The value in a file."""
    [binding] = read_bindings([Source(f"x=@{path}", "--at")])
    assert binding.name == "x"
    return binding.value


def refused(path: Path | str) -> Diagnostic:
    """The diagnostic that reading ends with, which underlines the file."""
    with pytest.raises(DiffcliError) as caught:
        read(path)
    diagnostic = caught.value.diagnostic
    assert diagnostic.source is not None
    [label] = diagnostic.labels
    assert diagnostic.source.text[label.span.start : label.span.end] == f"@{path}"
    return diagnostic


@pytest.mark.parametrize(
    "array",
    [np.float64(3.0), np.arange(3), np.eye(2, dtype=np.float32), np.array([True, False]), np.ones((2, 1, 2))],
    ids=str,
)
def test_a_numpy_file(tmp_path: Path, array: np.ndarray) -> None:
    """Any shape, any real type."""
    np.save(tmp_path / "x.npy", array)
    found = read(tmp_path / "x.npy")
    assert found.dtype == np.float64
    assert np.shape(found) == np.shape(array)
    assert np.array_equal(found, array)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,2,3", [1.0, 2.0, 3.0]),
        ("1\n2\n3\n", [1.0, 2.0, 3.0]),
        ("1,2\n3,4\n", [[1.0, 2.0], [3.0, 4.0]]),
        (" 1 , -2e3 \r\n\r\n 3,4\r\n", [[1.0, -2000.0], [3.0, 4.0]]),
        ("5", [5.0]),
        ("1;2\n3;4,5\n", [[1.0, 2.0], [3.0, 4.5]]),
        ("1\t2\n3\t4\n", [[1.0, 2.0], [3.0, 4.0]]),
        ("1|2", [1.0, 2.0]),
        ('"1", "2"', [1.0, 2.0]),
        ("\ufeff1,2", [1.0, 2.0]),
        ("# two numbers\n1,2\n", [1.0, 2.0]),
        ("sep=;\n1;2\n", [1.0, 2.0]),
    ],
)
def test_a_csv_file(tmp_path: Path, text: str, value: list[Any]) -> None:
    """Rows of a matrix; one row or one column is a vector. Empty lines are nothing."""
    (tmp_path / "x.csv").write_bytes(text.encode())
    assert read(tmp_path / "x.csv").tolist() == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3", 3.0),
        ("[1, 2.5]", [1.0, 2.5]),
        ("[[1], [2]]", [[1.0], [2.0]]),
        ("[123456789012345678901234567890]", [123456789012345678901234567890.0]),
        ("1e400", np.inf),
    ],
)
def test_a_json_file(tmp_path: Path, text: str, value: Any) -> None:
    """A number or nested lists of numbers, however large."""
    (tmp_path / "x.JSON").write_text(text)
    assert read(tmp_path / "x.JSON").tolist() == value


def _object_array(path: Path) -> None:
    with path.open("wb") as file:
        np.save(file, np.array([{}], dtype=object), allow_pickle=True)


def _complex_array(path: Path) -> None:
    with path.open("wb") as file:
        np.save(file, np.array([1j]))


def _truncated(path: Path) -> None:
    with path.open("wb") as file:
        np.save(file, np.arange(100.0))
    path.write_bytes(path.read_bytes()[:-8])


def _bytes(content: bytes) -> Callable[[Path], Any]:
    return lambda path: path.write_bytes(content)


MALFORMED: dict[str, tuple[str, Callable[[Path], Any]]] = {
    "npy empty": ("npy", _bytes(b"")),
    "npy text": ("npy", _bytes(b"1,2,3")),
    "npy header only": ("npy", _bytes(b"\x93NUMPY")),
    "npy broken archive": ("npy", _bytes(b"PK\x03\x04broken")),
    "npy truncated": ("npy", _truncated),
    "npy objects": ("npy", _object_array),
    "npy complex": ("npy", _complex_array),
    "csv empty": ("csv", _bytes(b"\n\n")),
    "csv header": ("csv", _bytes(b"a,b\n1,2\n")),
    "csv ragged": ("csv", _bytes(b"1,2\n3\n")),
    "csv empty cell": ("csv", _bytes(b"1,,2\n")),
    "csv underscores": ("csv", _bytes(b"1_0,2\n")),
    "csv percentages": ("csv", _bytes(b"10%,2\n")),
    "csv points and commas": ("csv", _bytes(b"1,5;2.5\n")),
    "csv open quote": ("csv", _bytes(b'1,"2\n')),
    "csv latin-1": ("csv", _bytes(b"\xff1\n")),
    "csv binary": ("csv", _bytes(bytes(range(256)))),
    "json empty": ("json", _bytes(b"")),
    "json unfinished": ("json", _bytes(b"[1, 2")),
    "json object": ("json", _bytes(b'{"x": 1}')),
    "json text": ("json", _bytes(b'"1"')),
    "json null": ("json", _bytes(b"[1, null]")),
    "json ragged": ("json", _bytes(b"[[1], [2, 3]]")),
    "json empty list": ("json", _bytes(b"[]")),
    "json deep": ("json", _bytes(b"[" * 100_000)),
    "json not utf-8": ("json", _bytes(b"\xff")),
}


@pytest.mark.parametrize(("suffix", "write"), MALFORMED.values(), ids=MALFORMED)
def test_a_malformed_file_is_a_diagnostic(tmp_path: Path, suffix: str, write: Callable[[Path], Any]) -> None:
    """The file's name, what is wrong, and what a file of values looks like."""
    path = tmp_path / f"x.{suffix}"
    write(path)
    diagnostic = refused(path)
    assert diagnostic.code == "E401"
    assert str(path) in diagnostic.message
    assert "\n" not in diagnostic.message
    assert diagnostic.hint


@pytest.mark.parametrize("name", ["missing.csv", "missing.npy", "folder/missing.json"])
def test_a_missing_file_is_a_diagnostic(tmp_path: Path, name: str) -> None:
    """With the system's words."""
    diagnostic = refused(tmp_path / name)
    assert diagnostic.code == "E401"
    assert "no such file" in diagnostic.message


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    """Whatever its name ends in."""
    (tmp_path / "x.csv").mkdir()
    assert refused(tmp_path / "x.csv").code == "E401"


@pytest.mark.parametrize("name", ["x.log", "x", "x.npz", ""])
def test_an_unknown_format_is_a_diagnostic(name: str) -> None:
    """The ending tells the format, so the file is not even opened."""
    assert "cannot tell the format" in refused(name).message


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_text_in_every_encoding_of_unicode(tmp_path: Path, encoding: str) -> None:
    for suffix, text in (("csv", "1,2\r\n3,4\r\n"), ("json", "[[1, 2], [3, 4]]")):
        (tmp_path / f"x.{suffix}").write_bytes(text.encode(encoding))
        assert read(tmp_path / f"x.{suffix}").tolist() == [[1.0, 2.0], [3.0, 4.0]]


def test_what_has_no_end_is_not_read_to_its_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A device under any name; a file without content but of a size is not even begun."""
    monkeypatch.setattr(reading, "MOST_TEXT", 100_000)
    for suffix in ("csv", "npy", "json"):
        (tmp_path / f"endless.{suffix}").symlink_to("/dev/zero")
        assert refused(tmp_path / f"endless.{suffix}").code == "E410"
        with (tmp_path / f"holes.{suffix}").open("wb") as file:
            file.truncate(2**40)
        found = refused(tmp_path / f"holes.{suffix}")
        assert (found.code, "it has 1,024 GiB, more than the" in found.message) == ("E410", True)
