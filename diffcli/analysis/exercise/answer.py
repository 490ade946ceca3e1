"""Answers: texts as people write them, read by the language's own parser, and never run by Python."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from diffcli.analysis.doubtful_names import check_names
from diffcli.analysis.exercise.question import ONLY, NextPoint, Question
from diffcli.errors import Diagnostic, DiffcliError, did_you_mean, fault
from diffcli.messages import Joined, Message, listed
from diffcli.source import LINE_ENDS, Source, Span
from diffcli.syntax.corrections import corrected, trying
from diffcli.syntax.differentials import quotients
from diffcli.syntax.parser import parse, parse_values
from diffcli.syntax.resolve import resolve
from diffcli.syntax.resolved import Resolved
from diffcli.syntax.tokens import name_meant, normalised
from diffcli.syntax.tree import Node, Program, Statement, Tree

#: The most characters of an answer.
LONGEST = 50_000
#: The most signs of multiplication that are put in.
_MOST_PRODUCTS = 40
#: The most numbers of a value that a hint shows.
_MOST_SHOWN = 6
#: What is wrong with a text beside the missing signs: it is told of the text that has them.
_TOLD = frozenset({"E105", "E106", "E203", "E214", "E701"})
#: An equals sign that defines, and does not compare.
_EQUALS = re.compile(r"(?<![<>=!])=(?!=)")
_NAME = r"[^\W\d]\w*"
_PRIMED = re.compile(rf"(?:{_NAME})?\s*(?P<primes>['\u2019\u2032\u2033\u2034]+)\s*(?:\((?P<names>[^()]*)\))?")
_GRADIENT = re.compile(rf"(?:grad(?:ient)?|∇)\s*_?\s*(?P<name>{_NAME})?\s*(?:\([^()]*\))?", re.IGNORECASE)
_PART = re.compile(rf"{_NAME}(?:\s*,\s*{_NAME})*")
_SUBSCRIPT = re.compile(r"[^\W\d_]\w*?_(\w+)")
#: A power that ends at a blank.
_POWER = re.compile(r"\^\s*[-+]?(?:[\w.]+|\([^()]*\))(?=\s)")
#: How many primes each sign stands for.
_PRIMES = {"\u2033": 2, "\u2034": 3}


class PartText(NamedTuple):
    """One part of an answer: the expression that stands for it, and where it stands in the answer's text."""

    resolved: Resolved
    span: Span


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that has been read: a text with its parts, or a function of the question's variables."""

    source: Source
    parts: Mapping[str, PartText]
    function: Callable[..., object] | None = None

    @property
    def text(self) -> str:
        """What was answered, on one line."""
        return " ".join(self.source.text.split())


class _Piece(NamedTuple):
    """A stretch of the text, where its expression begins, and the head before that, if it has one."""

    span: Span
    start: int
    head: "_Head | None"


class _Head(NamedTuple):
    """What stands before the equals sign: variables, none where it is only called a derivative; `order` of primes."""

    names: tuple[str, ...]
    order: int | None
    span: Span


def read(question: Question, sizes: Sequence[str], source: Source, of_variables: bool = False) -> Answer:
    """The answer that a text gives to a question; `sizes` are names that it may use beside the variables.

    With `of_variables` numbers may be computed from those of the variables.
    Raises DiffcliError, pointing into the text, for what cannot be graded: another variable, a missing bracket, an
    unknown name.
    """
    if len(source.text) > LONGEST:
        raise too_long(source)
    if not source.text.strip():
        raise fault("E701", Message("the answer is empty"), source, hint=_wanted(question))
    pieces = list(_pieces(question, source))
    headed = [piece for piece in pieces if piece.head is not None]
    reader = _Reader(question, frozenset(sizes), source, of_variables or not question.numeric)
    if headed and len(headed) == len(pieces):
        return Answer(source, _by_head(reader, headed))
    if (
        headed
        and len(pieces) > 1
        and question.parts != (ONLY,)
        and any(len(each.head.names) for each in headed if each.head)
    ):
        lone = next(piece for piece in pieces if piece.head is None)
        message = Message("this part of the answer does not say what it is")
        raise fault("E701", message, source, lone.span, hint=_wanted(question))
    return Answer(source, reader.whole(Span(0, len(source.text))))


def too_long(source: Source) -> DiffcliError:
    """The error about an answer that nobody has written by hand."""
    message = Message("the answer has {count:,} characters", count=len(source.text))
    hint = Message("at most {most:,} are read", most=LONGEST)
    return fault("E701", message, Source(f"{source.text[:60]}...", source.name), hint=hint)


def _by_head(reader: "_Reader", pieces: Sequence[_Piece]) -> dict[str, PartText]:
    """Parts by what stands before their equals signs."""
    question, found = reader.question, dict[str, PartText]()
    for piece in pieces:
        head = piece.head
        assert head is not None
        part = _part(question, reader.source, head)
        span = Span(piece.start, piece.span.end)
        if part is None:
            if len(pieces) > 1 and len(question.parts) > 1:
                message = Message("this part of the answer does not say what it is")
                raise fault("E701", message, reader.source, head.span, hint=_wanted(question))
            found |= reader.whole(span)
        elif part in found:
            message = Message("{part} is answered twice", part=question.label(part))
            raise fault("E701", message, reader.source, head.span, hint=Message("leave one of them out"))
        else:
            found[part] = reader.part(span)
    return found


def _part(question: Question, source: Source, head: _Head) -> str | None:
    """The part that a head names; None where it only says that this is the answer. Raises DiffcliError for another."""
    order = getattr(question.asked, "order", 1)
    if head.order is not None and head.order != order:
        message = Message("this is a derivative of order {given}, not {asked}", given=head.order, asked=order)
        raise fault("E701", message, source, head.span, hint=_wanted(question))
    if not head.names:
        return None
    names = head.names * order if len(head.names) == 1 and head.order == order else head.names
    for part in question.parts:
        if sorted(part.split(",")) == sorted(names):
            return part
    if question.parts == (ONLY,):
        return None
    message = Message("{name} is not asked for", name=Joined(names, ","))
    raise fault("E701", message, source, head.span, hint=_wanted(question))


def _wanted(question: Question) -> Message:
    """What an answer is to look like."""
    if len(question.parts) == 1:
        return Message("{what}, {how}, is asked for", what=question.sentence, how=question.how)
    written = Joined((f"{part}=..." for part in question.parts), "; ")
    return Message("write {readings}", readings=written)


def _pieces(question: Question, source: Source) -> Iterator[_Piece]:
    """The stretches between semicolons and ends of lines outside brackets, with their heads."""
    text = normalised(source.text)
    start = depth = 0
    for found in [*re.finditer(rf"[;()\[\]{{}}{LINE_ENDS}]", text), None]:
        end = len(text) if found is None else found.start()
        sign = "" if found is None else found[0]
        depth += (sign in tuple("([{")) - (sign in tuple(")]}"))
        if found is not None and (sign in tuple("()[]{}") or depth > 0):
            continue
        if text[start:end].strip():
            left = start + len(text[start:end]) - len(text[start:end].lstrip())
            head = _head(question, text, left, end)
            yield _Piece(Span(left, end), left if head is None else head[1], None if head is None else head[0])
        start = end + 1


def _head(question: Question, text: str, start: int, end: int) -> tuple[_Head, int] | None:
    """The head of a piece, and where its expression begins; None where nothing of the kind stands there."""
    equals = _EQUALS.search(text, start, end)
    if equals is None:
        return None
    written = text[start : equals.start()].rstrip()
    span = Span(start, start + len(written))
    if found := _PRIMED.fullmatch(written):
        names = tuple(re.findall(_NAME, found["names"] or ""))
        primes = sum(_PRIMES.get(sign, 1) for sign in found["primes"])
        if isinstance(question.asked, NextPoint):
            names, primes_ = (tuple(re.findall(_NAME, written))[:1], None)
            return _Head(names, primes_, span), equals.end()
        return _Head(names if len(names) == 1 else (), primes, span), equals.end()
    for quotient in quotients(written):
        if quotient.span.end - quotient.span.start >= len(written.strip()):
            return _Head((name_meant(quotient.variable),), quotient.order, span), equals.end()
    if found := _GRADIENT.fullmatch(written):
        return _Head((found["name"],) if found["name"] in question.parts else (), None, span), equals.end()
    names = tuple(name_meant(name) for name in re.findall(_NAME, written))
    if _PART.fullmatch(written) and (_is_part(question, names) or _is_other(question, names)):
        return _Head(names, None, span), equals.end()
    if subscript := _SUBSCRIPT.fullmatch(written):
        for names in ((subscript[1],), tuple(subscript[1])):
            if _is_part(question, names):
                return _Head(names, None, span), equals.end()
    return None


def _is_part(question: Question, names: Sequence[str]) -> bool:
    return any(sorted(part.split(",")) == sorted(names) for part in question.parts)


def _is_other(question: Question, names: Sequence[str]) -> bool:
    """Whether the head names a variable of the question, for which nothing is asked."""
    return question.parts != (ONLY,) and all(name in question.problem.resolved.variables for name in names)


class _Reader:
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
            raise fault("E701", message, self.source, span, hint=_wanted(self.question))
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
            raise fault("E701", message, self.source, behind, hint=_wanted(self.question))
        with self._pointing():
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

    def _pointing(self) -> "_Pointing":
        return _Pointing(self.source)

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


class _Pointing:
    """Has diagnostics point into the answer as it was typed."""

    def __init__(self, source: Source) -> None:
        self.source = source

    def __enter__(self) -> None:
        """Nothing needs to be done before."""

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        """Raise the error anew where it is a diagnostic."""
        if isinstance(error, DiffcliError):
            raise DiffcliError(error.diagnostic._replace(source=self.source)) from None


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
    from diffcli.syntax.resolved import needed
    from diffcli.syntax.tree import Nodes

    kept, _ = needed(Nodes.of(program.expression.nodes), root)
    return program._replace(expression=Tree(program.source, kept))


def _names(program: Program) -> set[str]:
    """All names in a program, of functions too."""
    trees = [program.expression, *(statement.body for statement in program.statements)]
    return {node.text for tree in trees for node in tree.nodes if node.kind in ("name", "call")}
