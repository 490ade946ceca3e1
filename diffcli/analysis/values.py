"""Values that the user gives: `x=1,2,3`, `x=pi/4`, `x=@file.csv`, or Python numbers and arrays."""

import json
import re
from collections.abc import Iterable, Iterator
from math import isfinite
from typing import Any, NamedTuple

from diffcli.analysis.evaluation import evaluation
from diffcli.autodiff.reverse import derivative
from diffcli.errors import DiffcliError, OutOfReach, fault
from diffcli.execute.arithmetic import FLOAT64, Arithmetic
from diffcli.execute.arrays import Array, shaped
from diffcli.execute.executors.cells import Cells
from diffcli.execute.executors.kept import Kept, array_of, kept
from diffcli.graph.build import build
from diffcli.messages import Argument, Message
from diffcli.source import Source, Span
from diffcli.syntax.parser import parse_values
from diffcli.syntax.resolve import resolve
from diffcli.syntax.tokens import name_meant, normalised
from diffcli.syntax.tree import Program as ProgramTree
from diffcli.syntax.tree import Statement, Tree

#: The characters of plain numbers in lists.
_LITERAL = frozenset("0123456789.+-eE, []")

_NAMED = re.compile(r"\s*([^\W\d]\w*)\s*=(?!=)")


class Stated(NamedTuple):
    """A value as it was stated, to be had in any arithmetic: constant expressions, or plain numbers.

    `source` is what the user typed, where the expressions' own source has blanks for what stands before.

    With `listed` the expressions are the elements of an array. Numbers may be literals, as texts. A double among
    them stands for the shortest decimal that means it: 0.1 for 1/10. They are an array, or nested lists.
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
            from diffcli.analysis.number_arrays import decimals

            return shaped(arithmetic.lifted(decimals(self.numbers)))
        values = [self._constant(tree, arithmetic) for tree in self.trees]
        return shaped(arithmetic.stack(values) if self.listed else values[0])

    def _constant(self, tree: Tree, arithmetic: Arithmetic) -> Any:
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
    kept: Kept
    source: Source
    span: Span
    stated: Stated

    @property
    def value(self) -> Array:
        """The value as an array."""
        return array_of(self.kept)


def read_bindings(sources: Iterable[Source]) -> tuple[Binding, ...]:
    """The values of `--at` arguments; several may stand in one, between semicolons.

    Raises DiffcliError for a value that is not constant or a file that cannot be read.
    """
    return tuple(binding for source in sources for binding in _read(source))


def constant(body: Tree, statements: tuple[Statement, ...] = (), arithmetic: Arithmetic = FLOAT64) -> Kept:
    """The value of an expression without variables. Raises DiffcliError if it has one."""
    resolved = resolve(ProgramTree(body.source, statements, body))
    for node in resolved.nodes:
        if node.kind == "name":
            message = Message("'{text}' is not a constant", text=node.text)
            hint = Message("a value holds numbers, pi, e, tau and functions of them")
            raise fault("E404", message, resolved.source, node.span, hint=hint)
    built = build(resolved, {}, derivative)
    value: Kept = kept(evaluation(built.graph, arithmetic)({}).values)[built.output]
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
        from diffcli.analysis.number_arrays import from_file  # imports that only files need

        value: Kept
        value, given = from_file(text.strip()[1:], source, Span(start, span.end))
        stated = Stated(numbers=given)
    else:
        try:
            # blanks in place of what stands before keep the spans true
            value, stated = _from_text(Source(" " * start + text, source.name), source)
        except DiffcliError as error:
            from diffcli.analysis.value_forms import advised  # imports that only a mistake needs

            head, part = source.text[span.start : start], source.text[span.start : span.end]
            raise advised(error.diagnostic._replace(source=source), head, part, _is_read) from None
    return Binding(
        name_meant(name.group(1)) if name else None,
        value,
        source,
        Span(name.start(1), name.end(1)) if name else span,
        stated,
    )


def _from_text(text: Source, source: Source) -> tuple[Kept, Stated]:
    return _literal(text.text) or _computed(text, source)


def _literal(text: str) -> tuple[Kept, Stated] | None:
    """Plain numbers between commas and in brackets, read by one pass; None where the parser must tell what it is."""
    if not _LITERAL.issuperset(text):
        return None
    body = text.rstrip()
    try:
        read = json.loads(f"[{body.removesuffix(',')}]", parse_int=str, parse_float=str)
        if len(read) == 1 and not body.endswith(","):
            [read] = read
        literals = Cells.of(read)
        numbers = [*map(float, literals.elements)]
    except (ValueError, TypeError, RecursionError):
        return None
    if not numbers or ("e" in text.lower() and not all(number and isfinite(number) for number in numbers)):
        return None  # what no double holds
    return Cells(literals.shape, numbers), Stated(numbers=read)


def _computed(text: Source, source: Source) -> tuple[Kept, Stated]:
    trees = parse_values(text)
    stated = Stated(tuple(tree for tree in trees if tree.nodes), len(trees) > 1, source=source)
    values = [constant(tree) for tree in stated.trees]
    if not stated.listed:
        return values[0], stated
    if len({value.shape for value in values}) > 1:
        whole = Span(len(text.text) - len(text.text.lstrip()), len(text.text))
        message = Message("the elements of a value need one shape")
        raise fault("E301", message, source, whole, hint=Message("a matrix has rows of one length"))
    return Cells.of([value.tolist() for value in values]), stated


def _is_read(text: str) -> bool:
    try:
        return bool(read_bindings([Source(text)]))
    except DiffcliError:
        return False
