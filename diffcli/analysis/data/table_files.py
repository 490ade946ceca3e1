"""Files of columns: which format a name means, and the formats that are no text."""

import io
import json
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from diffcli.analysis.data.cells import EMPTY_HINT, column_of
from diffcli.analysis.data.delimited import read_delimited
from diffcli.analysis.data.table import FORMATS, Column, Place, Table, by_column
from diffcli.analysis.delimited_text import SUFFIXES
from diffcli.analysis.number_arrays import MASKED_HINT, has_masked, plain_array
from diffcli.analysis.numerals import DATE_HINT, PLAIN, Notation
from diffcli.analysis.reading import (
    MOST_BYTES,
    MOST_JSON,
    MOST_NUMBERS,
    decoded,
    read_file,
    too_large,
    too_many,
    unreadable,
)
from diffcli.errors import DiffcliError, fault
from diffcli.messages import Argument, Message
from diffcli.source import Source, Span

Read = TypeVar("Read")
#: The column that a file of one array is.
_ARRAY = "data"


def read_table(asked: Source, notation: Notation = PLAIN) -> Table:
    """The table in the file that the source names. Raises DiffcliError if it cannot be read or is none."""
    readers = {
        **dict.fromkeys(SUFFIXES, read_delimited),
        ".npy": _read_npy,
        ".npz": _read_npz,
        ".json": _read_json,
        ".parquet": _read_parquet,
    }
    reader = readers.get(Path(asked.text).suffix.lower())
    if reader is None:
        raise fault("E401", Message("cannot tell the format of '{file}'", file=asked.text), asked, hint=FORMATS)
    table: Table = _readably(asked, partial(reader, asked, notation))
    if not table.columns:
        raise fault("E406", Message("'{file}' is empty", file=asked.text), asked, hint=FORMATS)
    return table._replace(read=lambda names: _readably(asked, partial(table.read, names)))


def given_table(columns: Mapping[str, object], notation: Notation = PLAIN) -> Table:
    """The table that a Python caller gives: arrays or lists by name."""
    asked = Source("data", Message("data"))
    return by_column(
        asked, {name: partial(_listed_column, values, name, asked, notation) for name, values in columns.items()}
    )


def _readably(asked: Source, read: Callable[[], Read]) -> Read:
    """The result of reading; failures of any kind as diagnostics."""
    try:
        return read()
    except DiffcliError:
        raise
    except Exception as error:  # a broken file can break its reader in any way
        if isinstance(error, OSError) and error.strerror:
            raise unreadable(asked.text, error, asked) from None
        reason = (str(error) or type(error).__name__).splitlines()[0]
        reason = Message("it does not hold a plain array") if "pickle" in reason else reason
        message = Message("cannot read '{file}' as data: {reason}", file=asked.text, reason=reason)
        raise fault("E401", message, asked, hint=FORMATS) from None


def _place(asked: Source, name: str, row: int) -> Place:
    words = Message("{file}, row {row}, column '{name}'", file=asked.text, row=row + 1, name=name)
    return Place(words, asked, asked.whole)


def _refused(asked: Source, name: str, what: str, hint: str) -> DiffcliError:
    return fault(
        "E406", Message("{file}, column '{name}' {what}", file=asked.text, name=name, what=what), asked, hint=hint
    )


def _array_column(values: Any, name: str, asked: Source, notation: Notation = PLAIN) -> Column:
    """A column from an array of any rank with rows along its first axis."""
    if has_masked(values):
        raise _refused(asked, name, Message("has masked elements"), MASKED_HINT)
    array = np.asarray(plain_array(values))
    if array.size > MOST_NUMBERS:
        raise too_many(asked.text, array.size, asked)
    if array.dtype.kind in "mM":
        raise _refused(asked, name, Message("holds dates or times"), DATE_HINT)
    if array.dtype.kind in "USO" and array.ndim == 1:
        cells = array.astype(str) if array.dtype.kind == "S" else array
        return column_of(cells.tolist(), partial(_place, asked, name), notation)
    if array.dtype.kind not in "biuf":
        raise _refused(asked, name, Message("does not hold real numbers ({dtype})", dtype=array.dtype), FORMATS)
    if array.ndim == 0:
        what = Message("is a single number, without rows")
        raise _refused(asked, name, what, Message("give a value that is not in the data with {at}", at=Argument("at")))
    if array.size == 0:
        raise _refused(asked, name, Message("is empty"), FORMATS)
    return Column(array.astype(np.float64, copy=False))


def _listed_column(values: Any, name: str, asked: Source, notation: Notation = PLAIN) -> Column:
    """A column from a list of cells, or of rows of numbers."""
    if not isinstance(values, (list, tuple)) or has_masked(values):
        return _array_column(values, name, asked, notation)
    if not values:
        raise _refused(asked, name, Message("is empty"), FORMATS)
    if not isinstance(values[0], (list, tuple)):
        return column_of(values, partial(_place, asked, name), notation)
    try:
        return _array_column(np.array(values, dtype=np.float64), name, asked)
    except (TypeError, ValueError):
        what = Message("is not an array of numbers")
        raise _refused(asked, name, what, Message("its rows are lists of numbers, all of one length")) from None


def _read_npy(asked: Source, notation: Notation) -> Table:
    array = np.load(io.BytesIO(read_file(asked.text, asked)), allow_pickle=False)
    columns = {name: array[name] for name in array.dtype.names} if array.dtype.names else {_ARRAY: array}
    return by_column(
        asked, {name: partial(_array_column, values, name, asked, notation) for name, values in columns.items()}
    )


def _read_npz(asked: Source, notation: Notation) -> Table:
    content = io.BytesIO(read_file(asked.text, asked))
    arrays = np.load(content, allow_pickle=False)
    sizes = {member.filename.removesuffix(".npy"): member.file_size for member in arrays.zip.infolist()}

    def column(name: str) -> Column:
        if sizes[name] > MOST_BYTES:  # what it unpacks to
            message = Message("{name} in {file}", name=name, file=asked.text)
            raise too_large(message, MOST_BYTES, asked, size=sizes[name])
        return _array_column(arrays[name], name, asked, notation)

    return by_column(asked, {name: partial(column, name) for name in arrays.files})


def _read_json(asked: Source, notation: Notation) -> Table:
    text = decoded(read_file(asked.text, asked, most=MOST_JSON), asked.text).text
    if not text.strip():
        raise fault("E406", Message("'{file}' is empty", file=asked.text), asked, hint=FORMATS)
    try:
        content = json.loads(text, object_pairs_hook=partial(_named_once, asked))
    except json.JSONDecodeError as error:
        what = Message(
            "{file}, line {line}: {reason}",
            file=asked.text,
            line=error.lineno,
            reason=error.msg[:1].lower() + error.msg[1:],
        )
        hint = Message("the file must be JSON")
        raise fault("E406", what, Source(text, asked.text), Span(error.pos, error.pos + 1), hint=hint) from None
    columns = (
        _from_rows(content, asked)
        if isinstance(content, list) and all(isinstance(row, dict) for row in content)
        else content
    )
    if not isinstance(columns, dict) or not all(isinstance(values, list) for values in columns.values()):
        hint = Message('write {"x": [1, 2], "y": [3, 4]} or [{"x": 1, "y": 3}, {"x": 2, "y": 4}]')
        message = Message("'{file}' holds neither columns by name nor a list of rows", file=asked.text)
        raise fault("E406", message, asked, hint=hint)
    return by_column(
        asked, {name: partial(_listed_column, values, name, asked, notation) for name, values in columns.items()}
    )


def _named_once(asked: Source, pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    """An object of JSON, in which the last of two values of one name would go unnoticed."""
    _check_apart(asked, [name for name, _ in pairs])
    return dict(pairs)


def _check_apart(asked: Source, names: Sequence[str]) -> None:
    """Raise DiffcliError for two columns of one name."""
    if len({*names}) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        message = Message("two columns of {file} are called '{name}'", file=asked.text, name=twice)
        raise fault("E406", message, asked, hint=Message("give one of them another name"))


def _from_rows(rows: Sequence[Mapping[str, object]], asked: Source) -> dict[str, list[object]]:
    """The columns of a list of rows, all of which have the first one's names."""
    names = list(rows[0]) if rows else []
    for number, row in enumerate(rows, 1):
        for name in [*(name for name in names if name not in row), *(name for name in row if name not in names)]:
            message = (
                Message("{file}, row {row} has no column '{name}'", file=asked.text, row=number, name=name)
                if name in names
                else Message("{file}, row {row} alone has a column '{name}'", file=asked.text, row=number, name=name)
            )
            raise fault("E406", message, asked, hint=Message("each row has the names of the first"))
    return {name: [row[name] for row in rows] for name in names}


def _read_parquet(asked: Source, notation: Notation) -> Table:
    try:
        from pyarrow import parquet
    except ImportError:
        hint = Message('install it: pip install "diffcli[data]"')
        raise fault(
            "E401", Message("cannot read '{file}': pyarrow is not installed", file=asked.text), asked, hint=hint
        ) from None

    def column(name: str) -> Column:
        from pyarrow import types

        values = parquet.read_table(io.BytesIO(content), columns=[name]).column(name)
        if types.is_dictionary(values.type):
            values = values.cast(values.type.value_type)
        if types.is_temporal(values.type):
            raise _refused(asked, name, Message("holds dates or times"), DATE_HINT)
        if values.null_count and "" not in notation.missing:
            place = _place(asked, name, values.is_null().index(True).as_py())
            raise fault("E406", Message("{place}: the cell is empty", place=place.words), asked, hint=EMPTY_HINT)
        plain = types.is_primitive(values.type) and not values.null_count
        if plain:
            return _array_column(values.to_numpy(), name, asked)
        return _listed_column(values.to_pylist(), name, asked, notation)

    content = read_file(asked.text, asked)
    file = parquet.ParquetFile(io.BytesIO(content))
    names = file.schema_arrow.names
    if file.metadata.num_rows > MOST_NUMBERS:  # which may be few bytes
        raise too_many(asked.text, file.metadata.num_rows, asked)
    _check_apart(asked, names)
    return by_column(asked, {name: partial(column, name) for name in names})
