"""Names: what each stands for. Definitions are put in their places, calls of functions inlined."""

from collections.abc import Mapping
from typing import NamedTuple

from diffcli.errors import DiffcliError, ExitCode, Label, did_you_mean, fault
from diffcli.primitives import planned
from diffcli.primitives.table import CONSTANTS, FUNCTION_NAMES, overloads
from diffcli.source import Source, Span
from diffcli.syntax.tree import Node, Program, Statement, Tree

#: Nodes at which no further call is written out: a function that calls another twice doubles at each level.
_MOST_INLINED = 2_000_000
_PLANNED = "'diffcli functions' lists what is"


class Inlined(NamedTuple):
    """The nodes `start` to `stop` come from the body of a function called at `span`."""

    start: int
    stop: int
    name: str
    span: Span


class Resolved(NamedTuple):
    """The program as one expression: a tree with sharing, and what its names are.

    A call's text is a primitive's name, a constant is a node of kind "constant", any other name is
    a variable. `names` are the intermediates' names by node, `values` the trees of `param`s.
    """

    source: Source
    nodes: list[Node]
    variables: tuple[str, ...]
    names: Mapping[int, str]
    values: Mapping[str, Tree]
    defined: frozenset[str]
    inlined: tuple[Inlined, ...]

    def fault(self, code: str, message: str, place: int, *labels: Label, hint: str | None = None) -> DiffcliError:
        """A diagnostic at a node, naming the calls that it was inlined for."""
        calls = [Label(call.span, f"called here, in {call.name}(...)") for call in self.inlined if call.start <= place < call.stop]
        return fault(code, message, self.source, *(labels or (Label(self.nodes[place].span),)), *calls, hint=hint)


def resolve(program: Program, bound: frozenset[str] = frozenset()) -> Resolved:
    """Put definitions in their places. `bound` names are variables whatever else they could be."""
    return _Resolver(program, bound).resolved()


class _Frame:
    """A tree being copied: `places` are its nodes' places in the result."""

    __slots__ = ("call", "next", "parameters", "places", "start", "tree")

    def __init__(self, tree: Tree, parameters: dict[str, int], call: Node | None, start: int) -> None:
        self.tree = tree
        self.parameters = parameters
        self.call = call
        self.start = start
        self.places: list[int] = []
        self.next = 0


class _Resolver:
    def __init__(self, program: Program, bound: frozenset[str]) -> None:
        self.program = program
        self.source = program.source
        self.bound = bound
        self.nodes: list[Node] = []
        self.names: dict[int, str] = {}
        self.inlined: list[Inlined] = []
        self.lets: dict[str, int] = {}
        self.functions: dict[str, Statement] = {}
        self.values: dict[str, Tree] = {}
        self.variables: dict[str, None] = {}
        self.called: dict[tuple[str, int], str] = {}

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
                place = self._copy(statement.body)
                self.lets[statement.name] = place
                if self.nodes[place].kind not in ("name", "constant"):
                    self.names.setdefault(place, statement.name)
        if self.program.statements:
            self._prune(self._copy(self.program.expression))
        else:
            self._check(self.program.expression)
        return Resolved(self.source, self.nodes, tuple(self.variables), self.names, self.values, frozenset(defined), tuple(self.inlined))

    def _check(self, tree: Tree) -> None:
        """Append the nodes of an expression without definitions: nothing moves."""
        frame = _Frame(tree, {}, None, 0)
        nodes, variables, called = self.nodes, self.variables, self.called
        for node in tree.nodes:
            if node.kind == "name" and node.text not in variables:
                self._name(node, frame)
                continue
            if node.kind == "call":
                name = None if node.keywords else called.get((node.text, len(node.children)))
                name = name or self._primitive(node, frame)
                if name != node.text:
                    nodes.append(node._replace(text=name))
                    continue
            nodes.append(node)

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
                kind = node.kind
                if kind == "name":
                    places.append(self._name(node, frame))
                    continue
                if kind == "call":
                    name = self.called.get((node.text, len(node.children)))
                    if name is None or node.keywords:
                        if node.text in self.functions:
                            frames.append(self._enter(node, frames))
                            break
                        name = self._primitive(node, frame)
                    nodes.append(Node(kind, name, tuple([places[child] for child in node.children]), node.start, node.end))
                elif kind == "number":
                    nodes.append(node)
                else:
                    nodes.append(node._replace(children=tuple([places[child] for child in node.children])))
                places.append(len(nodes) - 1)
            else:
                frames.pop()
                if not frames:
                    return places[-1]
                assert frame.call is not None
                self.inlined.append(Inlined(frame.start, len(nodes), frame.call.text, frame.call.span))
                frames[-1].places.append(places[-1])

    def _name(self, node: Node, frame: _Frame) -> int:
        name = node.text
        if name in frame.parameters:
            return frame.parameters[name]
        if name in self.lets:
            return self.lets[name]
        known = name in self.bound or name in self.values
        if not known and name in CONSTANTS:
            node = node._replace(kind="constant")
        elif not known and name not in self.variables and (overloads(name) or name in self.functions):
            raise fault(
                "E202", f"'{name}' is a function", self.source, node.span, hint=f"write {name}(x) with its argument in brackets; its square is {name}(x)^2"
            )
        else:
            self.variables.setdefault(name)
        self.nodes.append(node)
        return len(self.nodes) - 1

    def _enter(self, node: Node, frames: list[_Frame]) -> _Frame:
        function = self.functions[node.text]
        if len(self.nodes) > _MOST_INLINED:
            raise fault(
                "E601", f"writing out the functions' calls makes more than {_MOST_INLINED:,} operations", self.source, node.span,
                hint="functions that call others several times grow with each level; name a common part with '='",
                exit_code=ExitCode.TIME_LIMIT,
            )  # fmt: skip
        if any(frame.call is not None and frame.call.text == node.text for frame in frames):
            raise fault("E210", f"'{node.text}' calls itself", self.source, node.span, hint="functions are inlined, so recursion cannot end")
        if node.keywords:
            raise fault("E206", f"'{node.text}' takes no keyword arguments", self.source, node.span, hint="give its arguments in order")
        if len(node.children) != len(function.parameters):
            raise fault(
                "E204", f"{node.text} takes {_count(len(function.parameters))}, got {len(node.children)}", self.source, node.span,
                Label(function.span, "defined here"), hint=f"write {node.text}({', '.join(function.parameters)})",
            )  # fmt: skip
        places = frames[-1].places
        arguments = {name: places[child] for name, child in zip(function.parameters, node.children, strict=True)}
        return _Frame(function.body, arguments, node, len(self.nodes))

    def _primitive(self, node: Node, frame: _Frame) -> str:
        """The name of the primitive that a call means."""
        name, count = node.text, len(node.children) - len(node.keywords)
        if name in planned.OPERATORS:
            raise fault("E701", f"'{planned.OPERATORS[name].symbol}' is not supported yet", self.source, node.span, hint=_PLANNED)
        candidates = overloads(name)
        if not candidates:
            raise self._unknown_function(node, frame)
        for keyword in node.keywords:
            if keyword in planned.KEYWORDS:
                raise fault("E701", f"the keyword '{keyword}' is not supported yet", self.source, node.span, hint=_PLANNED)
            hint = did_you_mean(keyword, planned.KEYWORDS) or f"write {candidates[0].signature}; to compare, write '=='"
            raise fault("E206", f"{name} has no keyword '{keyword}'", self.source, node.span, hint=hint)
        for primitive in candidates:
            if len(primitive.operands) == count:
                self.called[name, count] = primitive.name
                return primitive.name
        wanted = " or ".join(sorted({_count(len(primitive.operands)) for primitive in candidates}))
        raise fault(
            "E204", f"{name} takes {wanted}, got {count}", self.source, node.span,
            hint="write " + " or ".join(f"{name}({', '.join(primitive.operands)})" for primitive in candidates),
        )  # fmt: skip

    def _unknown_function(self, node: Node, frame: _Frame) -> DiffcliError:
        name = node.text
        place = Span(node.start, node.start + len(name))
        if name in planned.FUNCTIONS:
            return fault("E701", f"the function '{name}' is not supported yet", self.source, place, hint=_PLANNED)
        variables = {*self.bound, *self.lets, *self.values, *self.variables, *CONSTANTS, *frame.parameters}
        suggestion = did_you_mean(name, [*FUNCTION_NAMES, *self.functions])
        occurs = any(other.kind == "name" and other.text == name for other in frame.tree.nodes)
        if name in variables or occurs or (len(name) == 1 and len(node.children) == 1):
            argument = self.source.text[place.end : node.end].strip()
            return fault("E205", f"'{name}' is a variable, not a function", self.source, place, hint=f"to multiply, write {name}*{argument}")
        return fault("E203", f"unknown function '{name}'", self.source, place, hint=suggestion or "'diffcli functions' lists them")

    def _prune(self, root: int) -> None:
        """Keep what the root needs; it becomes the last node."""
        needed = [False] * len(self.nodes)
        needed[root] = True
        for place in range(root, -1, -1):
            if needed[place]:
                for child in self.nodes[place].children:
                    needed[child] = True
        moved: dict[int, int] = {}
        kept: list[Node] = []
        for place in range(root + 1):
            if needed[place]:
                moved[place] = len(kept)
                node = self.nodes[place]
                kept.append(node._replace(children=tuple([moved[child] for child in node.children])))
        before = [0]
        for flag in needed:
            before.append(before[-1] + flag)
        self.nodes = kept
        self.names = {moved[place]: name for place, name in self.names.items() if place in moved}
        self.inlined = [call._replace(start=before[call.start], stop=before[call.stop]) for call in self.inlined]
        used = {node.text for node in kept if node.kind == "name"}
        self.variables = {name: None for name in self.variables if name in used}


def _count(number: int) -> str:
    return f"{number} argument" + ("" if number == 1 else "s")
