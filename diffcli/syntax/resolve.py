"""Names: what each stands for. Definitions are put in their places, calls of functions inlined."""

from itertools import accumulate
from typing import Literal

from diffcli.errors import Label, fault
from diffcli.messages import Message
from diffcli.primitives.definition import Definition
from diffcli.primitives.options import REQUIRED
from diffcli.primitives.primitive import Primitive
from diffcli.primitives.table import CONSTANTS, DEFINITIONS, LETTERS, WORDS, overloads
from diffcli.source import Span
from diffcli.syntax.arguments import Arguments
from diffcli.syntax.call_matching import matched_call
from diffcli.syntax.corrections import corrected
from diffcli.syntax.inlining import Frame, body, check_call, check_size, inlined_sizes, literal
from diffcli.syntax.parser import parse
from diffcli.syntax.resolved import DERIVATIVE, Part, Resolved, needed, needs
from diffcli.syntax.tree import Node, Nodes, Program, Statement, Tree, as_node


def resolve(program: Program, bound: frozenset[str] = frozenset()) -> Resolved:
    """Put definitions in their places. `bound` names are variables whatever else they could be."""
    with corrected(program.source, lambda source: _Resolver(parse(source), bound).resolved()):
        return _Resolver(program, bound).resolved()


class _Resolver:
    def __init__(self, program: Program, bound: frozenset[str]) -> None:
        self.program = program
        self.source = program.source
        self.bound = bound
        self.nodes = Nodes()
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
                    "E211", Message("'{name}' is defined twice", name=statement.name), self.source, statement.span,
                    Label(defined[statement.name], Message("first defined here")),
                    hint=Message("give one of them another name"),
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
                if self.nodes.fields[place * Nodes.WIDTH] not in ("name", "constant"):  # its kind
                    self.names.setdefault(place, statement.name)
        staying = None if self.program.statements else self._staying(self.program.expression)
        if staying is None:
            self._prune(self._copy(self.program.expression))
        else:
            self.nodes = staying
        return Resolved(
            self.program,
            self.nodes,
            tuple(self.variables),
            self.names,
            self.values,
            frozenset(defined),
            tuple(self.parts),
            frozenset(self.functions),
        )

    def _staying(self, tree: Tree) -> Nodes | None:
        """A tree's nodes where none moves, for no call is written out and no argument filled in."""
        nodes, variables, called = Nodes.of(tree.nodes), self.variables, self.called
        others: dict[int, Node] = {}
        for place, (kind, text, children, start, end, keywords) in enumerate(nodes.rows()):
            if kind == "name" and text not in variables:
                if self._kind(nodes[place]) == "constant":
                    others[place] = nodes[place]._replace(kind="constant")
            elif kind == "call":
                name = None if keywords else called.get((text, len(children))) or self._plain(nodes[place])
                if name is None:
                    variables.clear()
                    return None
                if name != text:
                    others[place] = as_node((kind, name, children, start, end, keywords))
        return nodes.replaced(others) if others else nodes

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
        frames = [Frame(tree, {}, None, len(self.nodes))]
        while True:
            frame = frames[-1]
            entered = self._copy_rest(frame, frames)
            if entered is not None:
                frames.append(entered)
                continue
            frames.pop()
            if not frames:
                return frame.places[-1]
            if frame.call is not None and frames[-1].span is None:
                self._part(
                    "call" if frame.span is None else "definition", frame.start, frame.call.text, frame.call.span
                )
            frames[-1].places.append(frame.places[-1])

    def _copy_rest(self, frame: Frame, frames: list[Frame]) -> Frame | None:
        """Append what is left of a tree, as far as a call whose body is to be copied in its place; returns that."""
        places, fields, functions, parameters = frame.places, self.nodes.fields, self.functions, frame.parameters
        lets, variables = self.lets, self.variables
        for row in frame.rest:
            kind, text, children, start, end, keywords = row
            if frame.span is not None:
                start, end = frame.span
            if kind == "name":
                place = parameters.get(text)
                if place is None:
                    place = lets.get(text)
                if place is not None:
                    places.append(place)
                    continue
                if text not in variables:
                    kind = self._kind(Node("name", text, (), start, end))
            elif kind == "call":
                name = None if keywords or text in functions else self.called.get((text, len(children)))
                if name is None:
                    entered = self._call(as_node((kind, text, children, start, end, keywords)), frame, frames)
                    if entered is not None:
                        return entered
                    places.append(len(fields) // Nodes.WIDTH - 1)
                    continue
                text = name
            places.append(len(fields) // Nodes.WIDTH)
            if children:
                children = tuple([places[child] for child in children])
            fields += (kind, text, children, start, end, keywords)
        return None

    def _part(self, kind: Literal["intermediate", "call", "definition"], start: int, name: str, span: Span) -> None:
        """Note the nodes appended since `start`, if there are any."""
        stop = len(self.nodes)
        if start < stop:
            self.parts.append(Part(kind, start, stop, name, span))

    def _kind(self, node: Node) -> Literal["name", "constant"]:
        """What a name is that nothing defines. Raises DiffcliError for that of a function."""
        name = node.text
        known = name in self.bound or name in self.values
        if not known and (name in CONSTANTS or name in WORDS):
            return "constant"
        if (
            not known
            and name not in self.variables
            and name not in LETTERS
            and (overloads(name) or name in self.functions)
        ):
            from diffcli.syntax.call_faults import function_as_value  # which only a mistake needs

            raise function_as_value(node, self.source, (*self.bound, *self.lets))
        self.variables.setdefault(name)
        return "name"

    def _call(self, node: Node, frame: Frame, frames: list[Frame]) -> Frame | None:
        """Append a call, or return the body that is to be copied in its place."""
        name, places = node.text, frame.places
        if name in self.functions and frame.span is None:
            return self._enter(node, frames)
        plain = self._plain(node)
        if plain is not None:
            self.nodes.append(node._replace(text=plain, children=tuple([places[child] for child in node.children])))
            return None
        if name == DERIVATIVE and len(node.children) == 2 and not node.keywords and not self._is_variable(name):
            self.nodes.append(self._derivative(node, frame))
            return None
        if frame.span is None and not overloads(name):
            if name == DERIVATIVE and len(node.children) > 1 and not self._is_variable(name):
                raise fault(
                    "E204",
                    Message("d takes an expression and a variable"),
                    self.source,
                    node.span,
                    hint=Message("write d(x^3, x)"),
                )
            known = {*self.bound, *self.lets, *self.values, *frame.parameters}
            from diffcli.syntax.call_faults import unknown_function  # which only a mistake needs

            raise unknown_function(node, frame.tree, self.source, known, self.variables, self.functions)
        if frame.span is not None and name in DEFINITIONS:
            node = node._replace(text=name)
        function, arguments = matched_call(node, frame, self.nodes, self.source)
        if isinstance(function, Definition):
            check_size(len(self.nodes), node, self.source)
            return Frame(
                body(function),
                self._bound_places(node, function, arguments),
                node,
                len(self.nodes),
                frame.span or node.span,
            )
        self.nodes.append(self._primitive(node, function, arguments))
        return None

    def _is_variable(self, name: str) -> bool:
        return name in self.bound or name in self.lets or name in self.values

    def _bound_places(self, node: Node, function: Definition, arguments: Arguments) -> dict[str, int]:
        """The place of every parameter of a function that is written out, defaults included."""
        places = {}
        defaults = {**{option.name: option.default for option in function.options}, **function.defaults}
        for name in function.parameters:
            found = arguments.get(name)
            places[name] = (
                self.nodes.append(literal(defaults[name], node)) if found is None else self._single(found, node)
            )
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
                    self.nodes.append(literal(function.defaults[name], node))
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
        return self.nodes.append(Node("tuple", "", found, self.nodes[found[0]].start, self.nodes[found[-1]].end))

    def _derivative(self, node: Node, frame: Frame) -> Node:
        by = frame.tree.nodes[node.children[1]]
        if by.kind != "name" or (
            by.text in CONSTANTS and not self._is_variable(by.text) and by.text not in frame.parameters
        ):
            raise fault(
                "E212", Message("d differentiates by a variable"), self.source, by.span, hint=Message("write d(x^3, x)")
            )
        return Node("derivative", "", tuple(frame.places[child] for child in node.children), node.start, node.end)

    def _enter(self, node: Node, frames: list[Frame]) -> Frame:
        function = self.functions[node.text]
        check_call(node, function, frames, self.source)
        if self.sizes is None:
            self.sizes = inlined_sizes(self.functions)
        check_size(len(self.nodes) + self.sizes[node.text], node, self.source)
        places = frames[-1].places
        arguments = {name: places[child] for name, child in zip(function.parameters, node.children, strict=True)}
        return Frame(function.body, arguments, node, len(self.nodes))

    def _prune(self, root: int) -> None:
        """Keep what the root needs; it becomes the last node."""
        count = len(self.nodes)
        if count == root + 1 and all(needs(self.nodes, root)):
            return
        self.nodes, moved = needed(self.nodes, root)
        before = [0, *accumulate(place in moved for place in range(count))]
        self.names = {moved[place]: name for place, name in self.names.items() if place in moved}
        moved_parts = [part._replace(start=before[part.start], stop=before[part.stop]) for part in self.parts]
        self.parts = [part for part in moved_parts if part.start < part.stop]
        used = {node.text for node in self.nodes if node.kind == "name"}
        self.variables = {name: None for name in self.variables if name in used}
