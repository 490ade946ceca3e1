"""Names: what each stands for. Definitions are put in their places, calls of functions inlined."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Literal, NamedTuple

from diffcli.errors import Advice, DiffcliError, Edit, ExitCode, Label, closest, fault
from diffcli.primitives.declaration import Primitive
from diffcli.primitives.definition import Definition
from diffcli.primitives.options import REQUIRED
from diffcli.primitives.table import CONSTANTS, DEFINITIONS, FUNCTION_NAMES, LETTERS, WORDS, Function, overloads
from diffcli.source import Source, Span
from diffcli.syntax.arguments import Arguments, called, counted, matched, parameters
from diffcli.syntax.corrections import corrected
from diffcli.syntax.differentials import quotients
from diffcli.syntax.extents import blanks_end, closing, power_end
from diffcli.syntax.glued import apart_edits
from diffcli.syntax.parser import parse
from diffcli.syntax.synonyms import meant_by
from diffcli.syntax.tree import Node, Program, Statement, Tree

#: Nodes at which no further call is written out: a function that calls another twice doubles at each level.
_MOST_INLINED = 2_000_000
#: The derivative of an expression within an expression: `d(x^3, x)`.
_DERIVATIVE = "d"


class Part(NamedTuple):
    """The nodes `start` to `stop` are those of an intermediate, or come from the body of a function that is called at `span`.

    The last of them is the result. A "call" is that of a function of the program, a "definition"
    that of a function of the language that is written out. The arguments of a call are not part of it.
    """

    kind: Literal["intermediate", "call", "definition"]
    start: int
    stop: int
    name: str
    span: Span


class Resolved(NamedTuple):
    """The program as one expression: a tree with sharing, and what its names are.

    A call's text is a primitive's name, a constant is a node of kind "constant", any other name is
    a variable. `names` are the intermediates' names by node, `values` the trees of `param`s.
    Parts are nested in each other or apart; an inner one stands before the one around it.
    `defined` are the names that the program defines, `functions` those of its functions.
    """

    source: Source
    nodes: list[Node]
    variables: tuple[str, ...]
    names: Mapping[int, str]
    values: Mapping[str, Tree]
    defined: frozenset[str]
    parts: tuple[Part, ...]
    functions: frozenset[str] = frozenset()

    def fault(self, code: str, message: str, place: int, *labels: Label, hint: str | None = None) -> DiffcliError:
        """A diagnostic at a node, naming the calls that it was inlined for."""
        calls = [
            Label(call.span, f"called here, in {call.name}(...)")
            for call in self.parts
            if call.kind == "call" and call.start <= place < call.stop
        ]
        return fault(code, message, self.source, *(labels or (Label(self.nodes[place].span),)), *calls, hint=hint)


def resolve(program: Program, bound: frozenset[str] = frozenset()) -> Resolved:
    """Put definitions in their places. `bound` names are variables whatever else they could be."""
    with corrected(program.source, lambda source: _Resolver(parse(source), bound).resolved()):
        return _Resolver(program, bound).resolved()


class _Frame:
    """A tree being copied: `places` are its nodes' places in the result.

    The body of a function of the language has no text of the user's: its nodes get `span`.
    """

    __slots__ = ("call", "next", "parameters", "places", "span", "start", "tree")

    def __init__(
        self, tree: Tree, parameters: Mapping[str, int], call: Node | None, start: int, span: Span | None = None
    ) -> None:
        self.tree = tree
        self.parameters = parameters
        self.call = call
        self.start = start
        self.span = span
        self.places: list[int] = []
        self.next = 0


class _Resolver:
    def __init__(self, program: Program, bound: frozenset[str]) -> None:
        self.program = program
        self.source = program.source
        self.bound = bound
        self.nodes: list[Node] = []
        self.names: dict[int, str] = {}
        self.parts: list[Part] = []
        self.lets: dict[str, int] = {}
        self.functions: dict[str, Statement] = {}
        self.values: dict[str, Tree] = {}
        self.variables: dict[str, None] = {}
        self.called: dict[tuple[str, int], str] = {}
        self.sizes: dict[str, int] | None = None

    def resolved(self) -> Resolved:
        defined: dict[str, Span] = {}
        for statement in self.program.statements:
            if statement.name in defined:
                raise fault(
                    "E211", f"'{statement.name}' is defined twice", self.source, statement.span,
                    Label(defined[statement.name], "first defined here"), hint="give one of them another name",
                )  # fmt: skip
            defined[statement.name] = statement.span
            if statement.kind == "function":
                self.functions[statement.name] = statement
            elif statement.kind == "param":
                self.values[statement.name] = statement.body
            else:
                start = len(self.nodes)
                place = self._copy(statement.body)
                self.lets[statement.name] = place
                self._part("intermediate", start, statement.name, statement.span)
                if self.nodes[place].kind not in ("name", "constant"):
                    self.names.setdefault(place, statement.name)
        if self.program.statements or not self._stays(self.program.expression):
            self._prune(self._copy(self.program.expression))
        return Resolved(
            self.source,
            self.nodes,
            tuple(self.variables),
            self.names,
            self.values,
            frozenset(defined),
            tuple(self.parts),
            frozenset(self.functions),
        )

    def _stays(self, tree: Tree) -> bool:
        """Whether nothing moves: no call is written out, no argument filled in. Then its nodes are appended."""
        frame = _Frame(tree, {}, None, 0)
        nodes, variables, called = self.nodes, self.variables, self.called
        for node in tree.nodes:
            if node.kind == "name" and node.text not in variables:
                self._name(node, frame)
                continue
            if node.kind == "call":
                name = None if node.keywords else called.get((node.text, len(node.children)))
                name = name or self._plain(node)
                if name is None:
                    nodes.clear()
                    variables.clear()
                    return False
                if name != node.text:
                    nodes.append(node._replace(text=name))
                    continue
            nodes.append(node)
        return True

    def _plain(self, node: Node) -> str | None:
        """The primitive that a call means, if its arguments are just the operands."""
        if node.keywords:
            return None
        for function in overloads(node.text):
            complete = (
                isinstance(function, Primitive)
                and len(function.operands) == len(node.children)
                and not function.variadic
            )
            if complete and not any(option.default is REQUIRED for option in function.options):
                self.called[node.text, len(node.children)] = function.name
                return function.name
        return None

    def _copy(self, tree: Tree) -> int:
        """Append a tree's nodes, bodies of called functions inlined; returns the root's place."""
        frames = [_Frame(tree, {}, None, len(self.nodes))]
        nodes = self.nodes
        while True:
            frame = frames[-1]
            places = frame.places
            size = len(frame.tree.nodes)
            while frame.next < size:
                node = frame.tree.nodes[frame.next]
                frame.next += 1
                if frame.span is not None:
                    node = node._replace(start=frame.span.start, end=frame.span.end)
                kind = node.kind
                if kind == "name":
                    places.append(self._name(node, frame))
                    continue
                if kind == "call":
                    name = (
                        None
                        if node.keywords or node.text in self.functions
                        else self.called.get((node.text, len(node.children)))
                    )
                    if name is None:
                        entered = self._call(node, frame, frames)
                        if entered is not None:
                            frames.append(entered)
                            break
                    else:
                        nodes.append(
                            Node(kind, name, tuple([places[child] for child in node.children]), node.start, node.end)
                        )
                elif kind == "number":
                    nodes.append(node)
                else:
                    nodes.append(node._replace(children=tuple([places[child] for child in node.children])))
                places.append(len(nodes) - 1)
            else:
                frames.pop()
                if not frames:
                    return places[-1]
                if frame.call is not None and frames[-1].span is None:
                    self._part(
                        "call" if frame.span is None else "definition", frame.start, frame.call.text, frame.call.span
                    )
                frames[-1].places.append(places[-1])

    def _part(self, kind: Literal["intermediate", "call", "definition"], start: int, name: str, span: Span) -> None:
        """Note the nodes appended since `start`, if there are any."""
        if start < len(self.nodes):
            self.parts.append(Part(kind, start, len(self.nodes), name, span))

    def _name(self, node: Node, frame: _Frame) -> int:
        name = node.text
        if name in frame.parameters:
            return frame.parameters[name]
        if name in self.lets:
            return self.lets[name]
        known = name in self.bound or name in self.values
        if not known and (name in CONSTANTS or name in WORDS):
            node = node._replace(kind="constant")
        elif (
            not known
            and name not in self.variables
            and name not in LETTERS
            and (overloads(name) or name in self.functions)
        ):
            edits = (
                *_called_edits(node, self.source),
                *apart_edits(name, (*self.bound, *self.lets), self.source.text, node.start),
            )  # mv^2
            raise fault(
                "E202", f"'{name}' is a function", self.source, node.span, advice=Advice(edits, otherwise=_called(name))
            )
        else:
            self.variables.setdefault(name)
        self.nodes.append(node)
        return len(self.nodes) - 1

    def _call(self, node: Node, frame: _Frame, frames: list[_Frame]) -> _Frame | None:
        """Append a call, or return the body that is to be copied in its place."""
        name, places = node.text, frame.places
        if name in self.functions and frame.span is None:
            return self._enter(node, frames)
        plain = self._plain(node)
        if plain is not None:
            self.nodes.append(node._replace(text=plain, children=tuple([places[child] for child in node.children])))
            return None
        if name == _DERIVATIVE and len(node.children) == 2 and not node.keywords and not self._is_variable(name):
            self.nodes.append(self._derivative(node, frame))
            return None
        if frame.span is None and not overloads(name):
            if name == _DERIVATIVE and len(node.children) > 1 and not self._is_variable(name):
                raise fault(
                    "E204", "d takes an expression and a variable", self.source, node.span, hint="write d(x^3, x)"
                )
            raise self._unknown_function(node, frame)
        if frame.span is not None and name in DEFINITIONS:
            node = node._replace(text=name)
        function, arguments = self._matched(node, frame)
        if isinstance(function, Definition):
            self._check_length(node)
            return _Frame(
                _body(function),
                self._bound_places(node, function, arguments),
                node,
                len(self.nodes),
                frame.span or node.span,
            )
        self.nodes.append(self._primitive(node, function, arguments))
        return None

    def _is_variable(self, name: str) -> bool:
        return name in self.bound or name in self.lets or name in self.values

    def _matched(self, node: Node, frame: _Frame) -> tuple[Primitive | Definition, Arguments]:
        """The function and, for each of its parameters, the places of its arguments in the result."""
        split = len(node.children) - len(node.keywords)
        positional = [frame.places[child] for child in node.children[:split]]
        keywords: dict[str, int] = {}
        for keyword, child in zip(node.keywords, node.children[split:], strict=True):
            if keyword in keywords:
                raise fault(
                    "E204",
                    f"{node.text} gets '{keyword}' twice",
                    self.source,
                    node.span,
                    hint="give each argument once",
                )
            keywords[keyword] = frame.places[child]
        if frame.span is not None and node.text in DEFINITIONS:
            return _matched_definition(DEFINITIONS[node.text], positional)
        candidates = overloads(node.text)
        variadic = [function for function in candidates if isinstance(function, Primitive) and function.variadic]
        arrays = [self.nodes[place].kind == "array" for place in positional]
        if variadic and positional and arrays[0] and not any(arrays[1:]):
            # concat([a, b], 0): the elements need not have one shape; concat([1, 2], [3, 4]) joins two
            named = dict(zip((option.name for option in variadic[0].options), positional[1:], strict=False))
            positional = list(self.nodes[positional[0]].children)
            keywords = {**named, **keywords}
        if len(positional) == 2 and not keywords and len(candidates) == 1:
            positional = self._operand_first(node, candidates[0], positional)
        try:
            self._check_axis(node, positional)
            return matched(node, positional, keywords, self.source)
        except DiffcliError as error:
            diagnostic = error.diagnostic
            if diagnostic.code != "E204" or frame.span is not None or node.keywords:
                raise
            edits = self._other_numbers_of_arguments(
                node, [_written(frame.tree, child, self.source.text) for child in node.children]
            )
            raise DiffcliError(diagnostic._replace(advice=Advice(edits, otherwise=diagnostic.hint))) from None

    def _check_axis(self, node: Node, positional: Sequence[int]) -> None:
        """Raise DiffcliError where what follows the array of a reduction is neither an axis nor True or False: `sum(x, y)`."""
        functions, count = overloads(node.text), len(positional)
        if (
            count < 2
            or not any(map(_reduces, functions))
            or any(len(parameters(function)) == count for function in functions if not _reduces(function))
        ):
            return
        kinds = [self.nodes[place].kind for place in positional]
        negative = self.nodes[positional[1]].kind == "call" and self.nodes[positional[1]].text == "neg"
        if (kinds[1] in ("number", "tuple", "constant", "text") or negative) and (
            len(kinds) < 3 or kinds[2] == "constant"
        ):
            return
        raise fault(
            "E204", f"{node.text} takes an array, an axis and keepdims; several numbers are an array in brackets", self.source, node.span,
            hint=called(overloads(node.text)),
        )  # fmt: skip

    def _operand_first(self, node: Node, function: Function, positional: Sequence[int]) -> list[int]:
        """`polygamma(1, x)`, as SciPy and PyTorch order it, is `polygamma(x, n=1)`; of two whole numbers nobody knows which is which."""
        required = (
            isinstance(function, Primitive)
            and function.kind == "elementwise"
            and any(option.default is REQUIRED for option in function.options)
        )
        whole = [self.nodes[place].kind == "number" and self.nodes[place].text.isdigit() for place in positional]
        if not required or not whole[0]:
            return list(positional)
        if all(whole):
            first, second = (self.nodes[place].text for place in positional)
            (option,) = function.options
            message = f"{node.text}({first}, {second}) may mean two things"
            hint = f"write {node.text}({second}, {option.name}={first}) or {node.text}({first}, {option.name}={second})"
            raise fault("E204", message, self.source, node.span, hint=hint)
        return list(reversed(positional))

    def _other_numbers_of_arguments(self, node: Node, arguments: Sequence[str]) -> tuple[Edit, ...]:
        """`log(x, 2)` and `mean(1, 2, 3)` are written otherwise here."""
        readings = list(meant_by(node.text, arguments))
        if node.text in ("log", "ln") and len(arguments) == 2 and _is_number(arguments[0]):
            readings.append(meant_by(node.text, arguments[::-1])[0])  # Log[2, x]
        if any(map(_reduces, overloads(node.text))) and len(arguments) > 1:
            readings.append(f"{node.text}([{', '.join(arguments)}])")
        return tuple(Edit(node.span, _factor(reading, self.source.text, node)) for reading in readings)

    def _bound_places(self, node: Node, function: Definition, arguments: Arguments) -> dict[str, int]:
        """The place of every parameter of a function that is written out, defaults included."""
        places = {}
        defaults = {**{option.name: option.default for option in function.options}, **function.defaults}
        for name in function.parameters:
            found = arguments.get(name)
            places[name] = self._append(_literal(defaults[name], node)) if found is None else self._single(found, node)
        return places

    def _primitive(self, node: Node, function: Primitive, arguments: Arguments) -> Node:
        """The call with all operands, then the options that were given."""
        operands: list[int] = []
        for name in function.operands:
            found = arguments.get(name)
            if function.variadic:
                assert isinstance(found, tuple)
                operands.extend(found)
            else:
                operands.append(
                    self._append(_literal(function.defaults[name], node))
                    if found is None
                    else self._single(found, node)
                )
        given = {
            option.name: self._single(arguments[option.name], node)
            for option in function.options
            if option.name in arguments
        }
        return Node("call", function.name, (*operands, *given.values()), node.start, node.end, tuple(given))

    def _single(self, found: int | tuple[int, ...], node: Node) -> int:
        """One place for an argument: several make a tuple."""
        if isinstance(found, int):
            return found
        return self._append(Node("tuple", "", found, self.nodes[found[0]].start, self.nodes[found[-1]].end))

    def _append(self, node: Node) -> int:
        self.nodes.append(node)
        return len(self.nodes) - 1

    def _derivative(self, node: Node, frame: _Frame) -> Node:
        by = frame.tree.nodes[node.children[1]]
        if by.kind != "name" or (
            by.text in CONSTANTS and not self._is_variable(by.text) and by.text not in frame.parameters
        ):
            raise fault("E212", "d differentiates by a variable", self.source, by.span, hint="write d(x^3, x)")
        return Node("derivative", "", tuple(frame.places[child] for child in node.children), node.start, node.end)

    def _check_length(self, node: Node, more: int = 0) -> None:
        if len(self.nodes) + more > _MOST_INLINED:
            raise fault(
                "E601", f"writing out the functions' calls makes more than {_MOST_INLINED:,} operations", self.source, node.span,
                hint="functions that call others several times grow with each level; name a common part with '='",
                exit_code=ExitCode.TIME_LIMIT,
            )  # fmt: skip

    def _enter(self, node: Node, frames: list[_Frame]) -> _Frame:
        function = self.functions[node.text]
        if any(frame.call is not None and frame.span is None and frame.call.text == node.text for frame in frames):
            raise fault(
                "E210",
                f"'{node.text}' calls itself",
                self.source,
                node.span,
                hint="functions are inlined, so recursion cannot end",
            )
        if node.keywords:
            raise fault(
                "E206",
                f"'{node.text}' takes no keyword arguments",
                self.source,
                node.span,
                hint="give its arguments in order",
            )
        if len(node.children) != len(function.parameters):
            raise fault(
                "E204", f"{node.text} takes {counted(len(function.parameters))}, got {len(node.children)}", self.source, node.span,
                Label(function.span, "defined here"), hint=f"write {node.text}({', '.join(function.parameters)})",
            )  # fmt: skip
        if self.sizes is None:
            self.sizes = _inlined_sizes(self.functions)
        self._check_length(node, self.sizes[node.text])
        places = frames[-1].places
        arguments = {name: places[child] for name, child in zip(function.parameters, node.children, strict=True)}
        return _Frame(function.body, arguments, node, len(self.nodes))

    def _unknown_function(self, node: Node, frame: _Frame) -> DiffcliError:
        name, text = node.text, self.source.text
        written = re.compile(r"\w+").match(text, node.start)  # π for pi
        place = Span(node.start, written.end() if written else node.end)
        known = {*self.bound, *self.lets, *self.values, *frame.parameters}
        variables = {*known, *self.variables, *CONSTANTS}
        arguments = [_written(frame.tree, child, text) for child in node.children]
        meant = tuple(Edit(node.span, _factor(reading, text, node)) for reading in meant_by(name, arguments))
        occurs = any(other.kind == "name" and other.text == name for other in frame.tree.nodes)
        if name in variables or occurs or (len(name) == 1 and len(node.children) == 1):
            product: tuple[Edit, ...] = (Edit(Span(place.end, place.end), "*"),)
            if name == _DERIVATIVE and name not in variables and len(arguments) == 1:  # d(x^2), but for d(y)/d(x)
                by = [
                    word
                    for word in re.findall(r"[^\W\d]\w*", arguments[0])
                    if word not in {*FUNCTION_NAMES, *CONSTANTS}
                ]
                apart = not any(found.span.start <= node.start < found.span.end for found in quotients(text))
                product = tuple(Edit(node.span, f"d({arguments[0]}, {word})") for word in dict.fromkeys(by) if apart)
            if len(arguments) == 1 and arguments[0].isdecimal():  # MATLAB's x(1) and x(2) are the first elements
                call = re.compile(rf"(?<!\w){re.escape(text[place.start : place.end])}\s*\((\d+)\)")
                elements = call.sub(lambda found: f"{name}[{int(found[1]) - 1}]" if int(found[1]) else found[0], text)
                product = (*product, Edit(self.source.whole, elements))
            after = "; a derivative names its variable, as in d(x^3, x)" if name == _DERIVATIVE else ""
            advice = Advice(
                (*product, *meant),
                "to multiply" if len(product) == 1 and product[0].text == "*" else "",
                f"'{name}' is a variable, and takes no argument{after}",
                after,
            )
            return fault("E205", f"'{name}' is a variable, not a function", self.source, place, advice=advice)
        near = closest(unicodedata.normalize("NFKC", name), [*FUNCTION_NAMES, *self.functions])
        edits = (*meant, *apart_edits(name, known, text, node.start))
        advice = Advice(edits, otherwise="'diffcli functions' lists them")
        if near is not None and (not edits or near == name.casefold()):  # Arcsin
            advice = Advice(
                (Edit(place, near),), otherwise="'diffcli functions' lists them", said=f"did you mean '{near}'?"
            )
        return fault("E203", f"unknown function '{name}'", self.source, place, advice=advice)

    def _prune(self, root: int) -> None:
        """Keep what the root needs; it becomes the last node."""
        self.nodes, moved = _needed(self.nodes, root)
        before = [0]
        for place in range(root + 1):
            before.append(before[-1] + (place in moved))
        before += [before[-1]] * (max((part.stop for part in self.parts), default=0) - root)
        self.names = {moved[place]: name for place, name in self.names.items() if place in moved}
        moved_parts = [part._replace(start=before[part.start], stop=before[part.stop]) for part in self.parts]
        self.parts = [part for part in moved_parts if part.start < part.stop]
        used = {node.text for node in self.nodes if node.kind == "name"}
        self.variables = {name: None for name in self.variables if name in used}


def held(resolved: Resolved, name: str) -> Resolved | None:
    """The expression with a named intermediate as a variable of its own; None where no node has the name."""
    place = next((place for place, named in resolved.names.items() if named == name), None)
    if place is None:
        return None
    nodes = [*resolved.nodes]
    nodes[place] = Node("name", name, (), *nodes[place].span)
    kept, moved = _needed(nodes, len(nodes) - 1)
    variables = tuple(dict.fromkeys(node.text for node in kept if node.kind == "name"))
    names = {moved[other]: named for other, named in resolved.names.items() if other in moved and other != place}
    return resolved._replace(nodes=kept, variables=variables, names=names, parts=())


def _needed(nodes: Sequence[Node], root: int) -> tuple[list[Node], dict[int, int]]:
    """The nodes that the root needs, itself the last, and the place of each."""
    needed = [False] * (root + 1)
    needed[root] = True
    for place in range(root, -1, -1):
        if needed[place]:
            for child in nodes[place].children:
                needed[child] = True
    moved: dict[int, int] = {}
    kept: list[Node] = []
    for place in range(root + 1):
        if needed[place]:
            moved[place] = len(kept)
            kept.append(nodes[place]._replace(children=tuple([moved[child] for child in nodes[place].children])))
    return kept, moved


def _called(name: str) -> str:
    """How a function is called, if it has one argument."""
    operands = {len(parameters(function)) for function in overloads(name)}
    if not operands or min(operands) == 1:
        return f"write {name}(x) with its argument in brackets; its square is {name}(x)^2"
    return called(overloads(name))


def _called_edits(node: Node, source: Source) -> tuple[Edit, ...]:
    """`sin -x` and `sin[x]`: the argument in brackets."""
    text = source.text
    behind = blanks_end(text, node.end)
    if text[behind : behind + 1] in ("-", "−"):
        end = power_end(text, blanks_end(text, behind + 1))
        return () if end is None else (Edit(Span(node.end, end), f"(-{text[behind + 1 : end].strip()})"),)
    return ()


def _written(tree: Tree, place: int, text: str) -> str:
    """The text of an operand, as far as it is the user's."""
    node = tree.nodes[place]
    return text[node.start : node.end]


def _reduces(function: Function) -> bool:
    """Whether a function takes an array, and an axis to go along."""
    return (
        isinstance(function, Primitive)
        and len(function.operands) == 1
        and [option.name for option in function.options][:2] == ["axis", "keepdims"]
    )


def _is_number(text: str) -> bool:
    return re.fullmatch(r"[\d.]+", text) is not None


def _factor(reading: str, text: str, node: Node) -> str:
    """A reading in place of a call: in brackets, where what stands around it would bind to a part of it."""
    before, after = text[: node.start].rstrip()[-1:], text[node.end :].lstrip()[:1]
    is_call = (
        re.fullmatch(r"\w+\(.*\)", reading) is not None and closing(reading, reading.index("(")) == len(reading) - 1
    )
    return reading if is_call or (before in ("", *"(,[=;\n+") and after in ("", *"),];\n+-")) else f"({reading})"


def _inlined_sizes(functions: Mapping[str, Statement]) -> dict[str, int]:
    """How many nodes a call of each function is at least, with all that it calls written out; no more than one above the limit.

    One that calls itself has the size of the rest: it is refused for that.
    """
    sizes: dict[str, int] = {}
    for first in functions:
        waiting = [first]
        begun: set[str] = set()
        while waiting:
            name = waiting[-1]
            function = functions[name]
            called = [node.text for node in function.body.nodes if node.kind == "call" and node.text in functions]
            if name not in sizes and name not in begun:
                begun.add(name)
                waiting += [other for other in called if other not in sizes and other not in begun]
                continue
            waiting.pop()
            if name not in sizes:
                own = sum(
                    1 for node in function.body.nodes if not (node.kind == "name" and node.text in function.parameters)
                ) - len(called)
                sizes[name] = min(own + sum(sizes.get(other, 0) for other in called), _MOST_INLINED + 1)
    return sizes


@cache
def _body(definition: Definition) -> Tree:
    """The expression that a function of the language stands for."""
    return parse(Source(definition.body, definition.name)).expression


def _matched_definition(definition: Definition, positional: Sequence[int]) -> tuple[Definition, Arguments]:
    """A function called in the body of another: its arguments are given in order."""
    return definition, dict(zip(definition.parameters, positional, strict=True))


def _literal(value: Any, node: Node) -> Node:
    """The node of a default value, at the call that left it out."""
    assert value is not REQUIRED
    if value is None or isinstance(value, bool):
        return Node("constant", str(value), (), node.start, node.end)
    if isinstance(value, str):
        return Node("text", value, (), node.start, node.end)
    return Node("number", repr(value), (), node.start, node.end)
