"""Kinks that a first or a second derivative passes through: where there is no Hessian."""

from collections.abc import Iterator, Mapping

from diffcli.analysis.kinks import KinkNotice, kinks, noticed, on
from diffcli.analysis.sweep import Sweep, pushed
from diffcli.analysis.trace import Trace
from diffcli.autodiff.reverse import Gradient, derivative
from diffcli.execute.arrays import Array, any_nonzero
from diffcli.execute.derivative_matrices import generic
from diffcli.execute.program import Program


def slope_kinks(trace: Trace, sweep: Sweep, inputs: Mapping[int, Array]) -> tuple[KinkNotice, ...]:
    """The kinks that the point sits on; `inputs` are the values of the graph's inputs there."""
    if trace.arithmetic.encloses:
        return ()
    return tuple(dict.fromkeys((*kinks(trace), *_moved(trace, sweep, inputs), *_of_slopes(trace))))


def _moved(trace: Trace, sweep: Sweep, inputs: Mapping[int, Array]) -> tuple[KinkNotice, ...]:
    """The kinks that only a second derivative passes through.

    A gradient that is 0 at a kink can still bend there: relu(x)^2 at 0. So the kinks' own values
    are moved together with the variables, and a kink counts whose adjoint moves.
    """
    graph, arithmetic = trace.graph, trace.arithmetic
    bent = [
        node
        for node in sweep.backward.adjoints
        if any(any_nonzero(on(trace, node, kink)) for kink in graph.primitives[node].kinks)
    ]
    if not bent:
        return ()
    own = {node: graph.append_input("motion of a kink", graph.shapes[node], None) for node in bent}
    push = pushed(sweep.built, sweep.wrt, max(sweep.backward.adjoints.values()), own)
    still = graph.filled(0.0).index
    adjoints = {node: push.tangents.get(adjoint, still) for node, adjoint in sweep.backward.adjoints.items()}
    every = {
        seed: arithmetic.number(generic(graph.shapes[seed], place), graph.shapes[seed])
        for place, seed in enumerate(push.seeds.values())
    }
    motions = {
        seed: arithmetic.number(generic(graph.shapes[node], node), graph.shapes[node]) for node, seed in own.items()
    }
    program = Program(graph, [*range(trace.output + 1), *adjoints.values()], arithmetic)
    return kinks(trace._replace(gradient=Gradient(adjoints, ()), values=program.values({**inputs, **every, **motions})))


def _of_slopes(trace: Trace) -> Iterator[KinkNotice]:
    """Those of the slope of a primitive that a gradient passes through."""
    graph = trace.graph
    for node, adjoint in trace.gradient.adjoints.items():
        for kink in graph.primitives[node].slope_kinks:
            at = on(trace, node, kink)
            notice = noticed(trace, node, kink, at, trace.values[adjoint] != 0, derivative) if any_nonzero(at) else None
            if notice is not None:
                yield notice
