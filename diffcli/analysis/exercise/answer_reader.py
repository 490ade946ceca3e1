"""The expressions of an answer, read in the names of its question."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from diffcli.analysis.doubtful_names import check_names
from diffcli.analysis.exercise.question import Question
from diffcli.errors import Diagnostic, DiffcliError, did_you_mean, fault
from diffcli.messages import Joined, Message, listed
from diffcli.source import Source, Span
from diffcli.syntax.corrections import corrected, trying
from diffcli.syntax.parser import parse, parse_values
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
#: A power that ends at a blank.
_POWER = re.compile(r"\^\s*[-+]?(?:[\w.]+|\([^()]*\))(?=\s)")


class PartText(NamedTuple):
    """One part of an answer: the expression that stands for it, and where it stands in the answer's text."""

    resolved: Resolved
    span: Span


def wanted(question: Question) -> Message:
    """What an answer is to look like."""
    if len(question.parts) == 1:
        return Message("{what}, {how}, is asked for", what=question.sentence, how=question.how)
    written = Joined((f"{part}=..." for part in question.parts), "; ")
    return Message("write {readings}", readings=written)


class Reader:
    """Expressions of an answer, in the question's names."""

    def __init__(self, question: Question, sizes: frozenset[str], source: Source, of_variables: bool) -> None:
        self.question, self.source = question, source
        resolved = question.problem.resolved
        self.bound = frozenset(resolved.variables) | sizes
        self.allowed = self.bound if of_variables else frozenset()
        self.statements = {
            statement.name: statement for statement in resolved.program.statements if statement.kind != "param"
        }

    def whole(self, span: Span) -> dict[str, PartText]:
        """The only part, or parts that are listed in their order."""
        parts = self.question.parts
        if len(parts) == 1:
            return {parts[0]: self.part(span)}
        program = self._programs(span)
        root = program.expression.nodes[-1]
        if root.kind != "array" or len(root.children) != len(parts) or not self._of_numbers():
            message = Message("the answer does not say which part is which")
            raise fault("E701", message, self.source, span, hint=wanted(self.question))
        return {
            part: PartText(self._resolved(_rooted(program, place)), span)
            for part, place in zip(parts, root.children, strict=True)
        }

    def part(self, span: Span) -> PartText:
        """The expression that stands at a place of the text."""
        return PartText(self._resolved(self._programs(span)), span)

    def _of_numbers(self) -> bool:
        """Whether all parts are numbers, as far as values tell."""
        problem = self.question.problem
        return all(problem.shapes.get(name, ()) == () for part in self.question.parts for name in part.split(","))

    def _programs(self, span: Span) -> Program:
        """The program at a place of the text; factors may stand side by side with a blank between them."""
        # blanks in place of what stands before keep the spans true
        text = Source(" " * span.start + self.source.text[span.start : span.end], self.source.name)
        if not text.text.strip():
            behind = Span(max(span.start - 1, 0), span.start)
            message = Message("nothing stands behind the equals sign")
            raise fault("E701", message, self.source, behind, hint=wanted(self.question))
        with pointing_into(self.source):
            return self._read_with_products(text)

    def _read_with_products(self, text: Source) -> Program:
        """The program, with a sign of multiplication in place of blanks between factors: `2x sin(x)`."""
        signed, blamed = text, text
        for _ in range(_MOST_PRODUCTS):
            try:
                with trying():
                    return self._read(signed)
            except DiffcliError as error:
                product = _multiplied(signed, error.diagnostic)
                if product is None:
                    told = error.diagnostic.code in _TOLD and len(signed.text) == len(text.text)
                    blamed = signed if told else text
                    break
                signed = product
        with corrected(blamed, self._read):
            return self._read(blamed)

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


def _multiplied(text: Source, diagnostic: Diagnostic) -> Source | None:
    """The text with a sign of multiplication where a diagnostic misses one; None where that would say too much.

    What stands before must be no divisor, and what stands behind no number: `1/2 x` and `2 1/2` may mean something
    else. A power ends at a blank: `x^2 cos(x)`.
    """
    if not diagnostic.labels:
        return None
    written, (start, end) = text.text, diagnostic.labels[0].span
    if diagnostic.code == "E205" and written[end:].lstrip().startswith("("):
        place = end
    elif diagnostic.code == "E108":
        place = start - 1
    elif diagnostic.code == "E109" and (power := _POWER.search(normalised(written), start, end)):
        place = power.end()
    else:
        return None
    term = re.split(r"[-+,;=([]", written[:place])[-1]
    if "/" in term or not re.match(r"\s*(?:[^\W\d]|[(√])", written[place:]):
        return None
    return Source(f"{written[:place]}*{written[place:].removeprefix(' ')}", text.name)


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
