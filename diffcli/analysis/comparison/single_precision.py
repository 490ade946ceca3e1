"""Single precision as the cause of a difference: the first number that it spoils, and what it makes of differences."""

import math
import sys
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Literal, NamedTuple

from diffcli.analysis.comparison.differences import Difference, Line, at_step, central_difference, usual_step
from diffcli.analysis.comparison.tolerances import DOUBLES, SINGLES
from diffcli.analysis.comparison.verdict import FORMULA, REVERSE, Answers, relative, told_apart
from diffcli.analysis.problem import Problem
from diffcli.analysis.sweep import Sweep
from diffcli.analysis.trace import Trace, excerpt
from diffcli.execute.arithmetic import FLOAT32, FLOAT64, Arithmetic
from diffcli.execute.arrays import Array, all_finite, doubles, number_at
from diffcli.execute.probe import Place, Probe, largest, relative_errors
from diffcli.execute.program import Program, quietly
from diffcli.graph.node_formula import formula
from diffcli.messages import Message
from diffcli.primitives.shape import size
from diffcli.source import Span

#: The step of PyTorch's gradcheck, unless it is told another.
GRADCHECK_STEP = 1e-6
#: The largest whole number up to which singles have all of them, and the smallest single.
_WHOLE, _SMALLEST = 2**24, 1.4e-45
#: Nodes that are tried as the one that is to blame; and numbers that are compared as they were stated, at most.
_MOST, _FEW = 50, 20_000
#: Functions whose terms may cancel.
_SUMS = frozenset(
    ["add", "sub", "sum", "mean", "sum_to", "accumulate", "cumsum", "matmul", "dot", "inner", "trace", "var", "cross"]
)


class Doubles(NamedTuple):
    """The same graph in double precision: all nodes' values at the singles that the values are rounded to, the gradient
    there, and that at the `values` as they were stated.
    """

    nodes: Sequence[Any]
    gradient: Mapping[str, Array]
    values: Mapping[str, Array]
    stated: Mapping[str, Array]


def in_doubles(problem: Problem, sweep: Sweep) -> Doubles:
    """The problem in single precision, run in double precision."""
    graph = sweep.built.graph
    rounded = {name: doubles(value) for name, value in problem.values.items()}
    few = sum(map(size, problem.shapes.values())) <= _FEW
    stated = {
        name: doubles(problem.stated[name].valued(FLOAT64)) if few and name in problem.stated else value
        for name, value in rounded.items()
    }
    program = Program(graph, range(len(graph)))
    nodes, elsewhere = (program.values(sweep.inputs(point)) for point in (rounded, stated))
    return Doubles(nodes, sweep.gradient(nodes, rounded), stated, sweep.gradient(elsewhere, stated))


class Spoiled(NamedTuple):
    """What single precision spoils: modes, which are `off`, the difference, or the values by being rounded; and the
    right derivative.
    """

    what: Literal["modes", "difference", "values"]
    right: float
    off: tuple[str, ...] = ()


class Suspect(NamedTuple):
    """A derivative in single precision by an element of the variable at `node`, beside the same graph in doubles."""

    trace: Trace
    doubles: Doubles
    inputs: Mapping[int, Array]
    variable: str
    node: int
    place: Place

    @property
    def double(self) -> float:
        """The derivative in double precision."""
        return float(self.doubles.gradient[self.variable][self.place])

    @property
    def target(self) -> int | None:
        """The node of the derivative by the variable; None where the value does not depend on it."""
        return self.trace.gradient.adjoints.get(self.node)

    def spoiled(self, answers: Answers, right: float) -> Spoiled | None:
        """What single precision spoils where double precision is right; None where it is nothing."""
        floor = sys.float_info.min if right else DOUBLES.floor * answers.scale
        if not relative(self.double, right, floor) <= DOUBLES.difference:
            return None
        engines = {name: value for name, value in answers.engines.items() if name != FORMULA}
        off = tuple(name for name, value in engines.items() if answers.error(value, right) > SINGLES.rounding)
        if off:
            return Spoiled("modes", right, off)
        floor, difference = SINGLES.their_floor * answers.scale, answers.difference
        if difference is not None and relative(difference.value, right, floor) > SINGLES.difference:
            return Spoiled("difference", right)
        stated = float(self.doubles.stated[self.variable][self.place])
        return Spoiled("values", right) if relative(stated, right, floor) > SINGLES.difference else None

    def explanation(self, answers: Answers, spoiled: Spoiled) -> str:
        """What single precision spoils first, which answers that makes wrong, and which is right."""
        right = spoiled.right
        if spoiled.what == "values":
            return self._of_rounded_values(right)
        if spoiled.what == "difference" and answers.difference is not None:
            return self._of_difference(answers.difference, right, SINGLES.their_floor * answers.scale)
        found, wanted = told_apart(answers.engines[spoiled.off[0]], right)
        slots = {"loss": self._loss(REVERSE in spoiled.off), "found": found, "right": wanted}
        if len(spoiled.off) > 1:
            return Message("{loss}; both modes give {found}, double precision {right}, which is right", **slots)
        name = spoiled.off[0]
        return Message("{loss}; {name} gives {found}, double precision {right}, which is right", name=name, **slots)

    def _loss(self, backward: bool) -> str:
        """The first number that double precision has and single precision spoils, with which the rest would be right:
        of the derivative, or of the value where the derivative is right.
        """
        target = self.target if backward else self.trace.output
        roots = [] if target is None else list(islice(self._roots(target), _MOST))
        root = next((root for root in roots if self._repaired([root], target)), None)
        if root is None and roots and self._repaired(roots, target):
            root = roots[0]
        return Message("digits are lost on the way") if root is None else self._told(root)

    def _roots(self, target: int) -> Iterator[int]:
        """Nodes that are spoiled though none of their operands is."""
        graph, spoiled = self.trace.graph, set[int]()
        for node in graph.needed([target]):
            found, right = self.trace.values[node], self.doubles.nodes[node]
            if (relative_errors(doubles(found), right, sys.float_info.min) > SINGLES.rounding).any():
                if spoiled.isdisjoint(graph.operands[node]):
                    yield node
                spoiled.add(node)

    def _repaired(self, roots: Sequence[int], target: int | None) -> bool:
        """Whether a node is right where these have the values that they have in double precision."""
        assert target is not None
        graph, values = self.trace.graph, dict(enumerate(self.trace.values))
        for root in roots:
            right = self.doubles.nodes[root]
            single = FLOAT32.lifted(right)
            held = relative_errors(doubles(single), right, sys.float_info.min).max(initial=0.0) <= SINGLES.rounding
            values[root] = single if held else right  # what no single holds goes on as a double
        with quietly():
            for node in graph.needed([target]):
                if node > roots[0] and node not in roots and graph.operands[node]:
                    function = graph.primitives[node].implementation(FLOAT32)
                    operands = [values[operand] for operand in graph.operands[node]]
                    values[node] = function(*operands, **dict(graph.parameters[node]))
        errors = relative_errors(doubles(values[target]), self.doubles.nodes[target], sys.float_info.min)
        return bool(errors[self.place if target == self.target else ()] <= SINGLES.difference)

    def _told(self, node: int) -> str:
        """What single precision makes of a node, in words."""
        graph, right = self.trace.graph, self.doubles.nodes[node]
        single = doubles(self.trace.values[node])
        place = largest(relative_errors(single, right, sys.float_info.min))
        found, wanted = float(single[place]), float(right[place])
        text, value = self._text(node), f"{wanted:.3g}"
        slots = {"text": text, "value": value}
        if not math.isfinite(found) and abs(wanted) > FLOAT32.largest:
            return Message("{text} is {value}, and single precision ends at 3.4e38", **slots)
        if abs(wanted) < FLOAT32.tiny:
            small = Message("single precision has fewer digits below 1.2e-38, and none below 1.4e-45")
            return Message("{text} is {value}, and {small}", small=small, **slots) if graph.operands[node] else small
        slots["found"], slots["wanted"] = told_apart(found, wanted)
        if graph.primitives[node].name not in _SUMS:
            return Message("{text} is {found} in place of {wanted}, since its operands have 7 digits", **slots)
        whole = self._whole(node, place) if graph.primitives[node].kind == "elementwise" else None
        return whole or Message(
            "{text} is {found} in place of {wanted}: its terms cancel, of which single precision keeps 7 digits",
            **slots,
        )

    def _whole(self, node: int, place: Place) -> str | None:
        """An operand of a node that is a whole number which single precision lacks, in words."""
        for operand in self.trace.graph.operands[node]:
            both = (self.trace.values[operand], self.doubles.nodes[operand])
            single, double = (float(number_at(values, place)[0]) for values in both)
            if single != double and abs(double) > _WHOLE and double.is_integer():
                return Message(
                    "{text} is {double:.0f}, but above 2^24 = 16777216 single precision lacks some whole numbers and "
                    "takes {single:.0f}",
                    text=self._text(operand),
                    double=double,
                    single=single,
                )
        return None

    def _text(self, node: int) -> str:
        """A node as it was written, or as an expression where differentiation made it."""
        graph = self.trace.graph
        if node > self.trace.output:
            return formula(graph, node, -1)
        return excerpt(self.trace.source, graph.spans[node] or Span(0, 0))

    def _of_difference(self, difference: Difference, right: float, floor: float) -> str:
        """Why the difference is off in single precision, and what it is in doubles."""
        single, double = self._line(FLOAT32), self._line(FLOAT64)
        step, short = difference.step, usual_step(self._position, FLOAT64.epsilon)
        ahead, behind = single(step), single(-step)
        if not (math.isfinite(ahead) and math.isfinite(behind)):
            if all_finite(self.trace.values[self.trace.output]):
                return Message(
                    "both modes are right; the value overflows after the difference's step {step:.2g}", step=step
                )
            return Message("both modes are right; the difference has no value, for {loss}", loss=self._loss(False))
        if relative(central_difference(double, step), right, floor) > SINGLES.difference:
            why = Message("so long a step, {step:.2g}, bends the curve, and singles need it", step=step)
        else:
            why = Message(
                "over its step {step:.2g} the value changes by {change:.2g}, and single precision knows {value:.6g} to "
                "{unit:.1g}",
                step=step,
                change=ahead - behind,
                value=ahead,
                unit=max(FLOAT32.epsilon * abs(ahead), _SMALLEST),
            )
        slots = {"found": f"{difference.value:.6g}", "right": f"{right:.6g}", "why": why, "short": f"{short:.1g}"}
        precise = central_difference(double, short)
        if relative(precise, right, floor) > SINGLES.difference:
            return Message("both modes are right, the difference is {found} in place of {right}: {why}", **slots)
        return Message(
            "both modes are right, the difference is {found} in place of {right}: {why}; in double precision a step of "
            "{short} gives {precise:.6g}",
            precise=precise,
            **slots,
        )

    def gradcheck(self) -> tuple[Difference, bool]:
        """The difference that PyTorch's gradcheck takes unless it is told another step, and whether the step moves the
        variable at all.
        """
        moves = float(FLOAT32.lifted(self._position + GRADCHECK_STEP)) != self._position
        return at_step(self._line(FLOAT32), GRADCHECK_STEP, FLOAT32.epsilon), moves

    @property
    def _position(self) -> float:
        """The element's value, rounded."""
        return float(self.inputs[self.node][self.place])

    def _line(self, arithmetic: Arithmetic) -> Line:
        """The value as a function of what is added to the element."""
        inputs = {node: arithmetic.lifted(value) for node, value in self.inputs.items()}
        return Probe(self.trace.graph, self.trace.output, inputs, [self.node], arithmetic).moved(self.node, self.place)

    def _of_rounded_values(self, right: float) -> str:
        """What rounding the values made of the derivative."""
        rounded = {name: self.inputs[node] for node, name in self.trace.graph.names.items() if node in self.inputs}
        name = max(
            rounded,
            key=lambda name: float(relative_errors(rounded[name], self.doubles.values[name], 0.0).max(initial=0.0)),
        )
        place = largest(relative_errors(rounded[name], self.doubles.values[name], 0.0))
        element = f"{name}[{', '.join(map(str, place))}]" if place else name
        given, taken = told_apart(float(self.doubles.values[name][place]), float(rounded[name][place]))
        return Message(
            "{element} = {given} is no number of single precision, which takes {taken}: there the derivative is "
            "{right:.6g}, as all methods say; at the value stated it is {stated:.6g}",
            element=element,
            given=given,
            taken=taken,
            right=right,
            stated=float(self.doubles.stated[self.variable][self.place]),
        )
