"""The expressions of an answer, read in the names of its question."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from diffcli.analysis.doubtful_names import check_names
from diffcli.analysis.exercise.answer_notation import (
    has_decimal_commas,
    in_words,
    is_closed,
    is_notation,
    with_decimal_points,
    with_powers_ended,
)
from diffcli.analysis.exercise.paper_notation import from_paper
from diffcli.analysis.exercise.question import Question
from diffcli.autodiff.reverse import derivative
from diffcli.errors import Diagnostic, DiffcliError, did_you_mean, fault
from diffcli.graph.build import build
from diffcli.messages import Joined, Message, listed
from diffcli.primitives.shape import Shape
from diffcli.source import Source, Span
from diffcli.syntax.corrections import corrected, trying
from diffcli.syntax.parser import parse, parse_values
from diffcli.syntax.printer import print_program
from diffcli.syntax.resolve import resolve
from diffcli.syntax.resolved import Resolved, needed
from diffcli.syntax.tokens import normalised
from diffcli.syntax.tree import Node, Nodes, Program, Statement, Tree

#: The most signs of multiplication that are put in.
_MOST_PRODUCTS = 40
#: The most numbers of a value that a hint shows.
_MOST_SHOWN = 6
#: What is wrong with a text beside the missing signs: it is told of the text that has them.
_TOLD = frozenset({"E105", "E106", "E203", "E214", "E701"})
#: What may stand for a product that everybody sees: nothing before a bracket, a blank.
_BEFORE_BRACKET, _BETWEEN = re.compile(r"\s*\*?\s*(?=\()"), re.compile(r"\s*\*\s*|\s+")
#: Functions of arrays in whose presence a product without a sign may be one of matrices.
_OF_MATRICES = frozenset({"matmul", "dot", "inner", "outer"})


class PartText(NamedTuple):
    """One part of an answer: the expression that stands for it, and where it stands in the answer's text.

    `read_as` is that expression in the language's words, where the answer has others.
    """

    resolved: Resolved
    span: Span
    read_as: str | None = None


def wanted(question: Question) -> Message:
    """What an answer is to look like."""
    if len(question.parts) == 1:
        return Message("{what}, {how}, is asked for", what=question.sentence, how=question.how)
    written = Joined((f"{part}=..." for part in question.parts), "; ")
    return Message("write {readings}", readings=written)


class Reader:
    """Expressions of an answer, in the question's names; `text` is the answer in the signs of the language."""

    def __init__(
        self,
        question: Question,
        shapes: Sequence[Mapping[str, Shape]],
        source: Source,
        text: str,
        of_variables: bool,
    ) -> None:
        self.question, self.shapes, self.source, self.text = question, shapes, source, text
        resolved = question.problem.resolved
        self.bound = frozenset(resolved.variables) | shapes[0].keys()
        self.allowed = self.bound if of_variables else frozenset()
        self.statements = {
            statement.name: statement for statement in resolved.program.statements if statement.kind != "param"
        }
        self.of_numbers = of_numbers(question)
        self.of_matrices = not _OF_MATRICES.isdisjoint(_names(resolved.program))

    def whole(self, span: Span) -> dict[str, PartText]:
        """The only part, or parts that are listed in their order."""
        parts = self.question.parts
        if len(parts) == 1:
            return {parts[0]: self.part(span)}
        program, told = self._programs(span)
        root = program.expression.nodes[-1]
        if root.kind != "array" or len(root.children) != len(parts) or not self.of_numbers:
            message = Message("the answer does not say which part is which")
            raise fault("E701", message, self.source, span, hint=wanted(self.question))
        elements = [_rooted(program, place) for place in root.children]
        return {part: self._part(element, span, told) for part, element in zip(parts, elements, strict=True)}

    def part(self, span: Span) -> PartText:
        """The expression that stands at a place of the text."""
        program, told = self._programs(span, single=self.of_numbers)
        return self._part(program, span, told)

    def _part(self, program: Program, span: Span, told: bool) -> PartText:
        read_as = print_program(program).replace("\n", "; ") if told else ""
        known = "".join(read_as.split()) in "".join(self.text.split())
        return PartText(self._resolved(program), span, None if known else read_as)

    def _programs(self, span: Span, single: bool = False) -> tuple[Program, bool]:
        """The program at a place of the text, and whether it is to be told how that was read.

        Of a `single` number, commas belong to decimals.
        """
        # blanks in place of what stands before keep the spans true
        text = Source(" " * span.start + self.text[span.start : span.end], self.source.name)
        if not text.text.strip():
            behind = Span(max(span.start - 1, 0), span.start)
            message = Message("nothing stands behind the equals sign")
            raise fault("E701", message, self.source, behind, hint=wanted(self.question))
        if single and _has_commas(text.text) and has_decimal_commas(text.text):
            readings = with_decimal_points(text.text)
            if len(readings) > 1:
                message = Message("a comma may stand before decimals, or part thousands")
                hint = Message("write {readings}", readings=Joined(map(str.strip, readings), " or "))
                raise fault("E701", message, self.source, span, hint=hint)
            text = text._replace(text=readings[0])
        with pointing_into(self.source):
            program, read = self._understood(text)
        typed = normalised(self.source.text)[span.start : span.end]
        return program, _without_products(read) != _without_products(typed)

    def _understood(self, text: Source) -> tuple[Program, str]:
        """The program that a text stands for, and the text that was read: the same, or one with more signs."""
        on_paper, unsigned = self._on_paper(text)
        if len(on_paper) == 1 and unsigned:
            return self._read(on_paper[0]), on_paper[0].text
        signed, program = self._signed(text)
        if program is not None and len(on_paper) > 1:
            message = Message("a product without a sign may be one of matrices, or by elements")
            readings = tuple(each.text for each in on_paper)
            hint = Message("write {readings}", readings=Joined(readings, " or "))
            found = fault("E701", message, self.source, Span(0, len(self.source.text)), hint=hint)
            raise DiffcliError(found.diagnostic._replace(readings=readings))
        if program is not None:
            return program, signed.text
        if len(on_paper) == 1:
            return self._read(on_paper[0]), on_paper[0].text
        if not is_closed(text.text):
            signed, _ = self._signed(Source(with_powers_ended(text.text, self.bound), text.name))
            raise self._refused(text, signed, ())
        plain, program = self._signed(Source(with_powers_ended(in_words(text.text, self.bound), self.bound), text.name))
        if program is not None:
            return program, plain.text
        readings = self._readings(plain)
        if len(readings) == 1 and is_notation(text.text, readings[0], self.of_matrices):
            return self._read(Source(readings[0], text.name)), readings[0]
        raise self._refused(text, signed, readings)

    def _on_paper(self, text: Source) -> tuple[list[Source], bool]:
        """What a text means on paper, and by elements where that has the same shape; and whether signs are missing."""
        found = from_paper(in_words(text.text, self.bound), {name: len(at) for name, at in self.shapes[0].items()})
        if found is None:
            return [], False
        meant, *others = (Source(each, text.name) for each in found.readings)
        shapes = self._shapes_of(meant)
        same = [other for other in others if self._shapes_of(other) == shapes]
        return ([] if shapes is None else [meant, *same]), found.unsigned

    def _shapes_of(self, text: Source) -> list[Shape] | None:
        """The shapes of what a text stands for, by those of the variables; None where it stands for nothing."""
        try:
            resolved = self._resolved(self._read(text))
            known = dict.fromkeys(resolved.variables, ())
            built = [build(resolved, {**known, **shapes}, derivative) for shapes in self.shapes]
        except DiffcliError:
            return None
        return [each.graph.shapes[each.output] for each in built]

    def _signed(self, text: Source) -> tuple[Source, Program | None]:
        """The text with a sign of multiplication in place of blanks between factors, `2x sin(x)`, and its program."""
        for _ in range(_MOST_PRODUCTS):
            try:
                with trying():
                    return text, self._read(text)
            except DiffcliError as error:
                product = self._multiplied(text, error.diagnostic)
                if product is None:
                    break
                text = product
        return text, None

    def _multiplied(self, text: Source, diagnostic: Diagnostic) -> Source | None:
        """The text with a sign of multiplication where a diagnostic misses one; None where that would say too much.

        What stands before must be no function and no divisor, and what stands behind no number: `1/2 x` and `2 1/2` may
        mean something else. Beside products of matrices only a number may stand before.
        """
        if not diagnostic.labels:
            return None
        written, (start, end) = text.text, diagnostic.labels[0].span
        if diagnostic.code == "E205" and written[end:].lstrip().startswith("("):
            place = end
        elif diagnostic.code == "E108":
            place = start - 1
        else:
            return None
        operand = written[:place].rstrip()
        name = re.search(r"(?<![\w.])[^\W\d]\w*$", operand)
        is_function = diagnostic.code == "E108" and not (diagnostic.advice and diagnostic.advice.edits)
        if is_function and (name is None or name[0] not in self.bound):
            return None
        if self.of_matrices and not re.search(r"(?<![\w.])[\d.]+$", operand):
            return None
        term = re.split(r"[-+,;=([]", written[:place])[-1]
        if "/" in term or not re.match(r"\s*(?:[^\W\d]|[(√])", written[place:]):
            return None
        return Source(f"{written[:place]}*{written[place:].removeprefix(' ')}", text.name)

    def _is_read(self, text: str) -> bool:
        try:
            self._understood(Source(text))
        except DiffcliError:
            return False
        return True

    def _readings(self, text: Source) -> tuple[str, ...]:
        """What a text that cannot be read may stand for."""
        try:
            with corrected(text, self._read):
                self._read(text)
        except DiffcliError as error:
            return error.diagnostic.readings
        return ()

    def _refused(self, text: Source, signed: Source, readings: tuple[str, ...]) -> DiffcliError:
        """The error about a text that may stand for nothing, or for several things: they are its hint."""
        try:
            with trying():
                self._read(signed)
        except DiffcliError as error:
            told = error.diagnostic.code in _TOLD and len(signed.text) == len(text.text)
            blamed = signed if told else text
        try:
            with corrected(blamed, self._read):
                self._read(blamed)
        except DiffcliError as error:
            last = text.text.rpartition("=")[2].strip()
            if error.diagnostic.code == "E113":
                message = Message("the answer is more than one expression")
                refused = error.diagnostic._replace(code="E701", message=message, hint=wanted(self.question))
                return DiffcliError(refused)
            if error.diagnostic.code == "E110" and "," not in text.text and self._is_read(last):
                hint = Message("write the result alone: {result}", result=last)
                return DiffcliError(error.diagnostic._replace(hint=hint, readings=(last,)))
            if len(readings) < 2:
                return error
            hint = Message("write {readings}", readings=Joined(readings, " or "))
            return DiffcliError(error.diagnostic._replace(hint=hint, readings=readings))
        raise AssertionError("it was read, though it cannot be")

    def _read(self, text: Source) -> Program:
        """The program that a text stands for, whose names are those of the question."""
        if _has_commas(normalised(text.text)):
            program = Program(text, (), _listed(text, parse_values(text)))
        else:
            program = parse(text)
        self._resolved(program)
        return program

    def _resolved(self, program: Program) -> Resolved:
        """The program with the question's definitions, of which it may use the names."""
        own = {statement.name for statement in program.statements}
        used = _names(program)
        kept: list[Statement] = []
        for name, statement in reversed(self.statements.items()):
            if name in used and name not in own:
                kept.append(statement)
                used |= {node.text for node in statement.body.nodes}
        resolved = resolve(program._replace(statements=(*reversed(kept), *program.statements)), self.bound)
        try:
            check_names(resolved, self.bound, False)
        except DiffcliError as error:
            advice = error.diagnostic.advice
            known = None if advice is None else advice._replace(after="", otherwise=self._variables)
            raise DiffcliError(error.diagnostic._replace(advice=known, hint=self._variables)) from None
        for name in resolved.variables:
            if name not in self.allowed:
                raise self._unknown(resolved, name)
        return resolved

    @property
    def _variables(self) -> Message:
        """The names that there are, in words."""
        variables = self.question.problem.resolved.variables
        if not variables:
            return Message("it has no variables")
        if len(variables) == 1:
            return Message("its variable is {name}", name=variables[0])
        return Message("its variables are {names}", names=listed(variables, "and"))

    def _unknown(self, resolved: Resolved, name: str) -> DiffcliError:
        """The error about a name that stands for nothing in the question."""
        span = next(node.span for node in resolved.nodes if node.kind == "name" and node.text == name)
        variables = self.question.problem.resolved.variables
        if self.question.numeric and name in variables:
            value = self.question.problem.values[name]
            stated = f"{name} = {_plain(value.tolist())}" if value.size <= _MOST_SHOWN else name
            message = Message("numbers are asked for, and '{name}' is none", name=name)
            hint: str = Message("put in its value: {value}", value=stated)
        else:
            message = Message("the question knows no '{name}'", name=name)
            hint = did_you_mean(name, [*sorted(self.allowed), *self.statements]) or self._variables
        return fault("E701", message, self.source, span, hint=hint)


def _plain(value: Any) -> str:
    """Numbers as people write them."""
    return f"[{', '.join(map(_plain, value))}]" if isinstance(value, list) else f"{value:g}"


@contextmanager
def pointing_into(source: Source) -> Iterator[None]:
    """Have diagnostics point into the answer as it was typed."""
    try:
        yield
    except DiffcliError as error:
        raise DiffcliError(error.diagnostic._replace(source=source)) from None


def _without_products(text: str) -> str:
    """The text with blanks in place of signs of multiplication that it can do without."""
    return _BETWEEN.sub(" ", _BEFORE_BRACKET.sub("", text.strip()))


def of_numbers(question: Question) -> bool:
    """Whether all parts are numbers, as far as values tell."""
    shapes = question.problem.shapes
    return all(shapes.get(name, ()) == () for part in question.parts for name in part.split(","))


def _has_commas(text: str) -> bool:
    """Whether a comma stands outside all brackets."""
    depth = 0
    for sign in re.findall(r"[,()\[\]{}]", text):
        depth += (sign in "([{") - (sign in ")]}")
        if sign == "," and depth <= 0:
            return True
    return False


def _listed(source: Source, trees: Sequence[Tree]) -> Tree:
    """The expressions as the elements of an array."""
    nodes: list[Node] = []
    roots = []
    for tree in trees:
        if not tree.nodes:  # a comma at the end
            continue
        shift = len(nodes)
        nodes += [node._replace(children=tuple([child + shift for child in node.children])) for node in tree.nodes]
        roots.append(len(nodes) - 1)
    nodes.append(Node("array", "", tuple(roots), nodes[roots[0]].start, nodes[roots[-1]].end))
    return Tree(source, nodes)


def _rooted(program: Program, root: int) -> Program:
    """The program whose result is a node of its expression; what that does not need stands before it, unused."""
    kept, _ = needed(Nodes.of(program.expression.nodes), root)
    return program._replace(expression=Tree(program.source, kept))


def _names(program: Program) -> set[str]:
    """All names in a program, of functions too."""
    trees = [program.expression, *(statement.body for statement in program.statements)]
    return {node.text for tree in trees for node in tree.nodes if node.kind in ("name", "call")}
