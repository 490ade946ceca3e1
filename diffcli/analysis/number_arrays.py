"""Arrays of real numbers, as Python callers give them and as files hold them."""

import io
import json
import sys
from array import array
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from diffcli.analysis.delimited_text import SUFFIXES, DelimitedText
from diffcli.analysis.numerals import PLAIN, Notation, mistaken, plain_numbers
from diffcli.analysis.reading import MOST_BYTES, MOST_JSON, MOST_NUMBERS, decoded, read_file, too_many
from diffcli.errors import DiffcliError, fault
from diffcli.execute.arrays import Array
from diffcli.messages import Message
from diffcli.source import Source, Span

#: What to do about an array that says of some elements that they are not there.
MASKED_HINT = Message("fill them, as with .filled(nan), or leave them out, as with .compressed()")

_FORMATS = Message(
    "a value is one array of real numbers: .npy, .csv, .tsv, .txt or .dat (rows of numbers, no header) "
    "or .json (nested lists)"
)


def from_file(path: str, source: Source, span: Span) -> tuple[Array, Array]:
    """The array in a file, in double precision and as it stands there. Raises DiffcliError."""
    rows: Callable[[bytes], object] = partial(_read_rows, path)
    readers = {".npy": _read_npy, **dict.fromkeys(SUFFIXES, rows), ".json": _read_json}
    reader = readers.get(Path(path).suffix.lower())
    if reader is None:
        raise fault("E401", Message("cannot tell the format of '{file}'", file=path), source, span, hint=_FORMATS)
    content = read_file(path, source, span, MOST_JSON if reader is _read_json else MOST_BYTES)
    try:
        value = reader(content)
    except Exception as error:  # a broken file can break its reader in any way
        reason = error.diagnostic.message if isinstance(error, DiffcliError) else _first_line(error)
        message = Message("cannot read '{file}' as numbers: {reason}", file=path, reason=reason)
        raise fault("E401", message, source, span, hint=_FORMATS) from None
    count = getattr(value, "size", 0)
    if count > MOST_NUMBERS:
        raise too_many(path, count, source, span)
    return numeric(value, source, Message("the content of '{file}'", file=path), span, own=True)


def _read_npy(content: bytes) -> object:
    return np.load(io.BytesIO(content), allow_pickle=False)


def _read_rows(path: str, content: bytes) -> Array:
    """Rows of numbers."""
    try:
        text = DelimitedText(decoded(content, path), PLAIN, Message("the first row"))
    except EOFError:
        return np.zeros(0)
    notation = Notation(decimal=",") if text.has_decimal_commas(PLAIN) else PLAIN
    numbers = array("d")
    for line, row in text.rows():
        found = plain_numbers(row) if notation == PLAIN else None
        numbers.extend(found or [_cell(cell, line, notation) for cell in row])
    table = np.frombuffer(numbers).reshape(-1, len(text.top))
    return table.ravel() if 1 in table.shape else table


def _cell(cell: str, line: int, notation: Notation) -> float:
    number = notation.number(cell)
    if number is None:
        found = mistaken(cell)
        reason = Message("is not a number") if found is None else found.reason
        raise ValueError(
            Message("line {line}: '{cell}' {reason}", line=line + 1, cell=cell.strip()[:40], reason=reason)
        )
    return number


def _read_json(content: bytes) -> object:
    return json.loads(decoded(content, "").text)


def has_masked(value: object) -> bool:
    """Whether some elements of what a Python caller gives are masked, which no number of ours can be."""
    if "numpy.ma" not in sys.modules:
        return False
    if isinstance(value, (list, tuple)):
        return any(map(has_masked, value))
    return isinstance(value, np.ma.MaskedArray) and bool(np.ma.getmaskarray(value).any())


def numeric(
    value: object, source: Source, what: str, span: Span | None = None, own: bool = False
) -> tuple[Array, Array]:
    """An array of real numbers in double precision, and as it was given. Raises DiffcliError where it is none.

    One that nobody else has, of our `own`, is not copied.
    """
    if has_masked(value):
        raise fault(
            "E401", Message("{what} has masked elements", what=what), source, span or source.whole, hint=MASKED_HINT
        )
    try:
        given = found = np.asarray(plain_array(value))
        if found.dtype.kind == "V" and np.can_cast(found.dtype, np.float64):
            given = found = found.astype(np.float64)  # JAX's bfloat16
        if found.dtype.kind == "O" and all(_is_number(element) for element in found.ravel()):
            found = found.astype(np.float64)  # fractions, and integers too large for NumPy's, are numbers all the same
        if found.dtype.kind not in "biuf":
            raise ValueError(Message("its elements are not real numbers"))
    except (ValueError, TypeError, OverflowError) as error:
        reason = Message("its rows differ in length") if "inhomogeneous" in str(error) else _first_line(error)
        message = Message("{what} is not an array of numbers: {reason}", what=what, reason=reason)
        raise fault("E401", message, source, span or source.whole, hint=_FORMATS) from None
    if found.size == 0:
        raise fault("E401", Message("{what} is empty", what=what), source, span or source.whole, hint=_FORMATS)
    return found.astype(np.float64, copy=not own)[()], given


def plain_array(value: Any) -> Any:
    """A value that NumPy can take: a PyTorch tensor without its history and its device, in lists too."""
    if "torch" not in sys.modules:
        return value
    if isinstance(value, (list, tuple)) and not isinstance(value, Source):
        return [plain_array(element) for element in value]
    if not hasattr(value, "detach"):
        return value
    try:
        return value.numpy(force=True)
    except TypeError:  # of a type that NumPy lacks, as bfloat16
        return value.detach().cpu().double().numpy()


def _is_number(element: object) -> bool:
    from decimal import Decimal
    from fractions import Fraction

    return isinstance(element, (int, float, Fraction, Decimal))


def _first_line(error: BaseException) -> str:
    if error.args and isinstance(error.args[0], Message):
        return error.args[0]
    text = (str(error) or type(error).__name__).splitlines()[0]
    return Message("it does not hold a plain array") if "pickle" in text else text


def decimals(numbers: Any) -> Array:
    """The elements of a given array, or of nested lists, as what they say."""
    texts = None if isinstance(numbers, np.ndarray) else object
    found: Array = np.frompyfunc(_decimally, 1, 1)(np.asarray(numbers, dtype=texts))
    return found


def _decimally(number: object) -> object:
    """An element of a given array; a literal as what it says, a double as the shortest decimal that means it."""
    from fractions import Fraction

    if isinstance(number, str):
        return Fraction(number)
    return Fraction(repr(float(number))) if isinstance(number, (float, np.floating)) and np.isfinite(number) else number
