"""Values that the user gives: `x=1,2,3`, `x=pi/4`, `x=@file.csv`, or Python numbers and arrays."""

import io
import json
import re
import sys
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from shlex import quote
from typing import Any, NamedTuple

import numpy as np

from diffcli.analysis.delimited_text import SUFFIXES, DelimitedText
from diffcli.analysis.numerals import PLAIN, Notation, mistaken, plain_numbers
from diffcli.analysis.reading import MOST_BYTES, MOST_JSON, MOST_NUMBERS, decoded, read_file, too_many
from diffcli.autodiff.reverse import derivative
from diffcli.errors import Diagnostic, DiffcliError, OutOfReach, fault
from diffcli.execute.arithmetic import FLOAT64, Arithmetic
from diffcli.execute.arrays import Array
from diffcli.execute.program import Program
from diffcli.graph.build import build
from diffcli.messages import Argument, Message, listed
from diffcli.source import Source, Span
from diffcli.syntax.corrections import trying
from diffcli.syntax.parser import parse_values
from diffcli.syntax.resolve import resolve
from diffcli.syntax.tokens import name_meant, normalised
from diffcli.syntax.tree import Program as ProgramTree
from diffcli.syntax.tree import Statement, Tree

#: What to do about an array that says of some elements that they are not there.
MASKED_HINT = Message("fill them, as with .filled(nan), or leave them out, as with .compressed()")

_FORMATS = Message(
    "a value is one array of real numbers: .npy, .csv, .tsv, .txt or .dat (rows of numbers, no header) "
    "or .json (nested lists)"
)

#: A name, and a number or a simple constant.
_WORD, _NUMBER = r"[^\W\d]\w*", r"[-+]?(?:\d[\d.]*(?:[eE][-+]?\d+)?|\.\d+|pi|e)"

#: The characters of plain numbers in lists.
_LITERAL = frozenset("0123456789.+-eE, []")

_NAMED = re.compile(r"\s*([^\W\d]\w*)\s*=(?!=)")


_DOUBLE = np.dtype(np.float64)


class Stated(NamedTuple):
    """A value as it was stated, to be had in any arithmetic: constant expressions, or plain numbers.

    `source` is what the user typed, where the expressions' own source has blanks for what stands before.

    With `listed` the expressions are the elements of an array. Numbers may be literals, as texts. A double among
    them stands for the shortest decimal that means it: 0.1 for 1/10.
    """

    trees: tuple[Tree, ...] = ()
    listed: bool = False
    statements: tuple[Statement, ...] = ()
    numbers: Any = None
    source: Source | None = None

    def valued(self, arithmetic: Arithmetic) -> Array:
        """The value in an arithmetic other than double precision.

        Raises DiffcliError where it is out of an exact one's reach.
        """
        if not self.trees:
            return np.asarray(arithmetic.lifted(np.frompyfunc(_decimally, 1, 1)(self.numbers)), dtype=object)
        values = [self._constant(tree, arithmetic) for tree in self.trees]
        return np.asarray(arithmetic.stack(values) if self.listed else values[0], dtype=object)

    def _constant(self, tree: Tree, arithmetic: Arithmetic) -> Array:
        try:
            return constant(tree, self.statements, arithmetic)
        except OutOfReach as reason:
            start = min(node.start for node in tree.nodes)
            span = Span(start, max(node.end for node in tree.nodes))
            hint = Message("{digits} computes it in decimals", digits=Argument("digits", 50))
            raise fault("E603", reason.message, self.source or tree.source, span, hint=hint) from None


class Binding(NamedTuple):
    """A value and the variable it is for; None where the user did not say."""

    name: str | None
    value: Array
    source: Source
    span: Span
    stated: Stated


def read_bindings(sources: Iterable[Source]) -> tuple[Binding, ...]:
    """The values of `--at` arguments; several may stand in one, between semicolons.

    Raises DiffcliError for a value that is not constant or a file that cannot be read.
    """
    return tuple(binding for source in sources for binding in _read(source))


def bindings(given: object, what: str) -> tuple[Binding, ...]:
    """The values that a caller gives: by name in a mapping, as texts like those of `--at`, or one without a name.

    `what` says what they are, `at` or `tangent`. Raises DiffcliError as `read_bindings` and `given_bindings` do.
    """
    if given is None or (isinstance(given, tuple) and not given):
        return ()
    if isinstance(given, Mapping):
        return given_bindings(given)
    texts = (given,) if isinstance(given, (str, Source)) else given
    if isinstance(texts, (list, tuple)) and texts and all(isinstance(text, (str, Source)) for text in texts):
        return read_bindings(text if isinstance(text, Source) else Source(text, what) for text in texts)
    [binding] = given_bindings({what: given})
    return (binding._replace(name=None),)


def given_bindings(values: Mapping[str, Any]) -> tuple[Binding, ...]:
    """The values of a Python caller, by name."""
    found = []
    for name, value in values.items():
        source = Source(f"{name}=...", Message("values"))
        number, stated = _numeric(value, source, Message("the value of '{name}'", name=name))
        found.append(Binding(name, number, source, source.whole, stated))
    return tuple(found)


def numbers_given(values: Mapping[str, Any]) -> dict[str, Array]:
    """The values of a Python caller as doubles, by name: what already is an array of them is taken as it is."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        kind = type(value)
        if kind is float or kind is int:
            found[name] = np.float64(value)
        elif kind is np.float64 or (kind is np.ndarray and value.dtype == _DOUBLE and value.size):
            found[name] = value if value.shape else value[()]
        else:
            [binding] = given_bindings({name: value})
            found[name] = binding.value
    return found


def constant(body: Tree, statements: tuple[Statement, ...] = (), arithmetic: Arithmetic = FLOAT64) -> Array:
    """The value of an expression without variables. Raises DiffcliError if it has one."""
    resolved = resolve(ProgramTree(body.source, statements, body))
    for node in resolved.nodes:
        if node.kind == "name":
            message = Message("'{text}' is not a constant", text=node.text)
            hint = Message("a value holds numbers, pi, e, tau and functions of them")
            raise fault("E404", message, resolved.source, node.span, hint=hint)
    built = build(resolved, {}, derivative)
    value: Array = Program(built.graph, [built.output], arithmetic).run({})[0]
    return value


def _read(source: Source) -> Iterator[Binding]:
    start = 0
    for end in _ends(normalised(source.text)):
        if source.text[start:end].strip() or not source.text.strip():
            yield _binding(source, Span(start, end))
        start = end + 1


def _ends(text: str) -> Iterator[int]:
    """Where each value ends: at a semicolon outside brackets, or with the text."""
    depth = 0
    for found in re.finditer(r"[;()\[\]{}]", text):
        depth += (found[0] in "([{") - (found[0] in ")]}")
        if found[0] == ";" and depth <= 0:
            yield found.start()
    yield len(text)


def _binding(source: Source, span: Span) -> Binding:
    name = _NAMED.match(normalised(source.text), span.start, span.end)
    start = name.end() if name else span.start
    text = source.text[start : span.end]
    if text.lstrip().startswith("@"):
        value, stated = _from_file(text.strip()[1:], source, Span(start, span.end))
    else:
        try:
            # blanks in place of what stands before keep the spans true
            value, stated = _from_text(Source(" " * start + text, source.name), source)
        except DiffcliError as error:
            raise _advised(
                error.diagnostic._replace(source=source),
                source.text[span.start : start],
                source.text[span.start : span.end],
            ) from None
    return Binding(
        name_meant(name.group(1)) if name else None,
        value,
        source,
        Span(name.start(1), name.end(1)) if name else span,
        stated,
    )


def _from_text(text: Source, source: Source) -> tuple[Array, Stated]:
    return _literal(text.text) or _computed(text, source)


def _literal(text: str) -> tuple[Array, Stated] | None:
    """Plain numbers between commas and in brackets, read by one pass; None where the parser must tell what it is."""
    if not _LITERAL.issuperset(text):
        return None
    body = text.rstrip()
    try:
        read = json.loads(f"[{body.removesuffix(',')}]", parse_int=str, parse_float=str)
        given = np.array(read, dtype=object)
        found = given.astype(np.float64)
    except (ValueError, TypeError, RecursionError):
        return None
    if not found.size or not (np.isfinite(found) & (found != 0) | ("e" not in text.lower())).all():
        return None  # what no double holds
    if len(found) == 1 and not body.endswith(","):
        given, found = given[0], found[0]
    return found, Stated(numbers=given)


def _computed(text: Source, source: Source) -> tuple[Array, Stated]:
    trees = parse_values(text)
    stated = Stated(tuple(tree for tree in trees if tree.nodes), len(trees) > 1, source=source)
    values = [constant(tree) for tree in stated.trees]
    if not stated.listed:
        return values[0], stated
    if len({np.shape(value) for value in values}) > 1:
        whole = Span(len(text.text) - len(text.text.lstrip()), len(text.text))
        message = Message("the elements of a value need one shape")
        raise fault("E301", message, source, whole, hint=Message("a matrix has rows of one length"))
    return np.array(values), stated


def _advised(diagnostic: Diagnostic, name: str, part: str) -> DiffcliError:
    """The error about a value with another way to write it, if that can be read."""
    with trying() as already:
        own = (
            () if already or diagnostic.code == "E110" else tuple(f"{name}{reading}" for reading in diagnostic.readings)
        )
        forms = () if already else (tuple(_other_forms(normalised(part))), own)
        texts = next((read for some in forms if (read := tuple(text for text in some if _is_read(text)))), ())
    option = (
        f"{diagnostic.source.name} "
        if diagnostic.source is not None and diagnostic.source.name.startswith("--")
        else ""
    )
    hint = diagnostic.hint
    if texts:
        readings = listed([f"{option}{quote(text)}" if option else text for text in texts], "or")
        hint = Message("write {readings}", readings=readings)
    elif diagnostic.code == "E110":
        hint = Message(
            "give each variable its own {name}: {at}", name=Argument("at"), at=Argument("at", {"x": 1, "w": 0})
        )
    elif diagnostic.readings:
        hint = (
            diagnostic.advice.otherwise
            if diagnostic.advice and diagnostic.advice.otherwise
            else Message("a value holds numbers, pi, e, tau and functions of them")
        )
    return DiffcliError(diagnostic._replace(hint=hint, readings=texts))


def _other_forms(text: str) -> Iterator[str]:
    """How a value is written here that elsewhere is `1 2 3`, `(1, 2)`, `x: 3`, `x -> 3`, `x=1, y=2`, `x, y = 1, 2`,
    `{x: 1, y: 2}`, `ln2`.
    """
    listed = re.fullmatch(
        rf"(\s*(?:{_WORD}\s*=)?)\s*[\[({{<]*\s*({_NUMBER}(?:\s*[,;\s]\s*{_NUMBER})*)\s*[\])}}>]*\s*", text
    )
    if listed and (
        ";" not in text or all(len(row.split()) == 1 for row in listed[2].split(";"))
    ):  # [1 2; 3 4] is a matrix
        yield listed[1].strip() + ",".join(re.split(r"\s*[,;\s]\s*", listed[2].strip()))
    tupled = re.fullmatch(
        rf"\s*[\[(]?\s*({_WORD}(?:\s*,\s*{_WORD})+)\s*[\])]?\s*=\s*[\[(]?\s*({_NUMBER}(?:\s*,\s*{_NUMBER})+)\s*[\])]?\s*",
        text,
    )
    if tupled:  # x, y = 3, 4
        names, numbers = (re.split(r"\s*,\s*", part) for part in tupled.groups())
        if len(names) == len(numbers):
            yield "; ".join(f"{name}={number}" for name, number in zip(names, numbers, strict=True))
        return
    name, equals, value = text.rpartition("=")
    yield name + equals + re.sub(r"(?<!\w)([^\W\d_]+)(\d+(?:\.\d+)?)(?!\w|\()", r"\1(\2)", value)  # ln2
    pairs = re.findall(
        rf"""["']?({_WORD})["']?\s*(?::=|==|=|:|->|→|\s)\s*(.+?)\s*(?:,|;|&|\band\b|\s|$)\s*(?=["']?{_WORD}["']?\s*(?::|=|->|→|\s)|$)""",
        text.strip().strip("{}()"),
    )
    if pairs and text.isprintable():
        yield "; ".join(f"{name}={value.strip()}" for name, value in pairs)


def _is_read(text: str) -> bool:
    try:
        return bool(read_bindings([Source(text)]))
    except DiffcliError:
        return False


def _from_file(path: str, source: Source, span: Span) -> tuple[Array, Stated]:
    rows: Callable[[bytes], Any] = partial(_read_rows, path)
    readers = {".npy": _read_npy, **dict.fromkeys(SUFFIXES, rows), ".json": _read_json}
    reader = readers.get(Path(path).suffix.lower())
    if reader is None:
        raise fault("E401", Message("cannot tell the format of '{file}'", file=path), source, span, hint=_FORMATS)
    content = read_file(path, source, span, MOST_JSON if reader is _read_json else MOST_BYTES)
    try:
        value = reader(content)
    except DiffcliError as error:
        message = Message("cannot read '{file}' as numbers: {reason}", file=path, reason=error.diagnostic.message)
        raise fault("E401", message, source, span, hint=_FORMATS) from None
    except Exception as error:  # a broken file can break its reader in any way
        message = Message("cannot read '{file}' as numbers: {reason}", file=path, reason=_first_line(error))
        raise fault("E401", message, source, span, hint=_FORMATS) from None
    if getattr(value, "size", 0) > MOST_NUMBERS:
        raise too_many(path, value.size, source, span)
    return _numeric(value, source, Message("the content of '{file}'", file=path), span)


def _read_npy(content: bytes) -> Any:
    return np.load(io.BytesIO(content), allow_pickle=False)


def _read_rows(path: str, content: bytes) -> Any:
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


def _read_json(content: bytes) -> Any:
    return json.loads(decoded(content, "").text)


def has_masked(value: Any) -> bool:
    """Whether some elements of what a Python caller gives are masked, which no number of ours can be."""
    if "numpy.ma" not in sys.modules:
        return False
    if isinstance(value, (list, tuple)):
        return any(map(has_masked, value))
    return isinstance(value, np.ma.MaskedArray) and bool(np.ma.getmaskarray(value).any())


def _numeric(value: Any, source: Source, what: str, span: Span | None = None) -> tuple[Array, Stated]:
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
    return found.astype(np.float64)[()], Stated(numbers=given)


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


def _is_number(element: Any) -> bool:
    from decimal import Decimal
    from fractions import Fraction

    return isinstance(element, (int, float, Fraction, Decimal))


def _decimally(number: Any) -> Any:
    """An element of a given array; a literal as what it says, a double as the shortest decimal that means it."""
    from fractions import Fraction

    if isinstance(number, str):
        return Fraction(number)
    return Fraction(repr(float(number))) if isinstance(number, (float, np.floating)) and np.isfinite(number) else number


def _first_line(error: BaseException) -> str:
    if error.args and isinstance(error.args[0], Message):
        return error.args[0]
    text = (str(error) or type(error).__name__).splitlines()[0]
    return Message("it does not hold a plain array") if "pickle" in text else text
