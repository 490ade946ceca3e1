"""Slips of the chain rule, and of products, that are more than one wrong edge."""

from collections.abc import Iterator, Mapping
from functools import partial

from diffcli.analysis.slips.mutation import Edge, Mutation, Pull
from diffcli.analysis.slips.rules import ADDED, CHAIN, CONSTANT, PRODUCT, QUOTIENT, SYMMETRIC
from diffcli.analysis.slips.site import Site
from diffcli.analysis.slips.solution import Solution
from diffcli.graph.graph import Value
from diffcli.messages import Message
from diffcli.primitives.shape import Shape, ShapeFault, broadcast


def chain_slips(solution: Solution, places: list[Site]) -> Iterator[Mutation]:
    """Inner derivatives left out, and derivatives taken at the wrong place."""
    for site in places:
        yield from _inner_left_out(solution, site)
    uses = _uses(places)
    for site in places:
        if _is_function(site) and len(site.varying) == 1 and not site.parameters:
            [position] = site.varying
            if site.is_inner(position) and len(uses[site.nodes[position]]) == 1:
                yield from _wrong_place(solution, site, position)


def product_slips(solution: Solution, places: list[Site]) -> Iterator[Mutation]:
    """Derivatives of products and quotients made of the derivatives of their operands."""
    for site in places:
        if site.primitive.name in ("mul", "weigh", "div") and site.varying == (0, 1):
            yield from _of_derivatives(solution, site)


def uses_forgotten(solution: Solution, places: list[Site]) -> Iterator[Mutation]:
    """One of several uses of a node held constant."""
    for target, uses in _uses(places).items():
        if len(uses) < 2:
            continue
        nothing = _dropped(solution, target)
        kept = uses if len(uses) > 2 else ()
        for use in uses:
            yield _forgotten(solution, target, {use: nothing}, use)
        for use in kept:
            yield _forgotten(solution, target, {other: nothing for other in uses if other != use}, use, kept=True)


def taken_for_symmetric(solution: Solution, places: list[Site]) -> Iterator[Mutation]:
    """Two contributions through a matrix, which differ by its transpose, taken to be equal."""
    for target, edges in _uses(places).items():
        products = all(solution.graph.primitives[node].name in ("matmul", "dot") for node, _ in edges)
        if target in solution.variables and len(edges) == 2 and products:
            for taken, other in (edges, edges[::-1]):
                same = solution.handle(solution.contributions[taken])
                yield Mutation(
                    "taken-for-symmetric",
                    "transpose",
                    Message("the matrix was taken to be symmetric: both terms were taken to be the same"),
                    SYMMETRIC,
                    solution.span(other[0]),
                    solution.wrt,
                    {other: partial(_instead, same)},
                )


def constants_kept(solution: Solution, places: list[Site]) -> Iterator[Mutation]:
    """A constant term whose derivative was not taken to be 0."""
    for site in places:
        if site.primitive.name not in ("add", "sub") or len(site.varying) != 1:
            continue
        other = 1 - site.varying[0]
        sign = -1.0 if site.primitive.name == "sub" and other == 1 else 1.0
        for name, variable in solution.wrt.items():
            if _fits(solution.graph.shapes[variable], site.out.shape):
                term = _to(site.upstream.weighed_by(site.operands[other]), solution.graph.shapes[variable]) * sign
                yield Mutation(
                    "constant-kept",
                    "constant-kept",
                    Message("the constant term {part} was kept", part=solution.text(site.nodes[other])),
                    CONSTANT,
                    solution.span(site.nodes[other]),
                    {name: variable},
                    added={variable: term},
                )


def _uses(places: list[Site]) -> dict[int, list[Edge]]:
    """By node the edges that lead to it."""
    found: dict[int, list[Edge]] = {}
    for site in places:
        for position in site.varying:
            found.setdefault(site.nodes[position], []).append((site.node, position))
    return found


def _is_function(site: Site) -> bool:
    """Whether a node is a function of what is inside, not a sum or a multiple of it: `1/u` is one."""
    primitive = site.primitive
    linear = primitive.slopes is not None or primitive.name in ("mul", "weigh", "where")
    return primitive.kind == "elementwise" and not linear and not (primitive.name == "div" and site.varying == (0,))


def _inner_left_out(solution: Solution, site: Site) -> Iterator[Mutation]:
    """The derivative of what is inside a function, which is missing in all of its variables."""
    if not _is_function(site):
        return
    for position in site.varying:
        inner = site.nodes[position]
        if not site.is_inner(position):
            continue
        upstream = solution.handle(solution.right.adjoints[inner])
        reached = {
            name: variable
            for name, variable in solution.wrt.items()
            if inner in solution.tangents(variable) and _fits(solution.graph.shapes[variable], upstream.shape)
        }
        if reached:
            added = {variable: _to(upstream, solution.graph.shapes[variable]) for variable in reached.values()}
            yield Mutation(
                "inner-derivative-missing",
                "factor",
                Message(
                    "the inner derivative is missing: {part} was differentiated as if {inner} were the variable",
                    part=solution.text(site.node),
                    inner=solution.text(inner),
                ),
                CHAIN,
                solution.span(inner),
                reached,
                _cut(solution, inner),
                added,
            )


def _wrong_place(solution: Solution, site: Site, position: int) -> Iterator[Mutation]:
    """The derivative of a function of u at the variable, or at u', where it should be at u."""
    inner = site.nodes[position]
    for name, variable in solution.wrt.items():
        slope = _slope(solution, variable, inner)
        if slope is None:
            continue
        shape, wrt = solution.graph.shapes[variable], {name: variable}
        span = solution.span(inner)
        words = {"part": solution.text(site.node), "inner": solution.text(inner), "name": solution.text(variable)}
        here = _local(site, position, solution.handle(variable))
        there = site.upstream.weighed_by(_local(site, position, slope))
        yield Mutation(
            "derivative-at-the-variable",
            "derivative-at-the-variable",
            Message("the derivative of {part} was taken at {name}, not at {inner}", **words),
            CHAIN,
            span,
            wrt,
            {(site.node, position): partial(_weighed, here, site.shape(position))},
        )
        if _fits(shape, there.shape):
            yield Mutation(
                "derivative-at-the-derivative",
                "derivative-at-the-derivative",
                Message("the derivative of {part} was taken at the derivative of {inner}: f'(u') for f(u)'", **words),
                CHAIN,
                span,
                wrt,
                _cut(solution, inner),
                {variable: _to(there, shape)},
            )
            applied = site.upstream.weighed_by(_applied(site, position, slope))
            yield Mutation(
                "function-of-the-derivative",
                "derivative-at-the-derivative",
                Message(
                    "in {part} only {inner} was differentiated, and the function was kept: f(u') for f(u)'", **words
                ),
                CHAIN,
                span,
                wrt,
                _cut(solution, inner),
                {variable: _to(applied, shape)},
            )


def _of_derivatives(solution: Solution, site: Site) -> Iterator[Mutation]:
    """u' v' for u v, and u'/v' for u/v."""
    product = site.primitive.name != "div"
    for name, variable in solution.wrt.items():
        slope = _slope(solution, variable, site.nodes[1])
        if slope is None or _slope(solution, variable, site.nodes[0]) is None:
            continue
        yield Mutation(
            "product-of-derivatives" if product else "quotient-of-derivatives",
            "product-of-derivatives",
            Message(
                "the derivatives of the factors of {part} were multiplied: u' v' for (u v)'",
                part=solution.text(site.node),
            )
            if product
            else Message(
                "the derivatives of numerator and denominator of {part} were divided: u'/v' for (u/v)'",
                part=solution.text(site.node),
            ),
            PRODUCT if product else QUOTIENT,
            solution.span(site.node),
            {name: variable},
            {
                (site.node, 0): partial(_weighed, slope if product else 1 / slope, site.shape(0)),
                (site.node, 1): _dropped(solution, site.nodes[1]),
            },
        )


def _local(site: Site, position: int, at: Value) -> Value:
    """The local derivative where the operand were another."""
    operands = site.operands
    operands[position] = at
    local = site.primitive.partials[position](*operands, _applied(site, position, at))
    return local if isinstance(local, Value) else site.solution.graph.filled(float(local))


def _applied(site: Site, position: int, at: Value) -> Value:
    """The function where the operand were another."""
    operands = site.operands
    operands[position] = at
    return at.apply(site.primitive, operands, {})


def _instead(contribution: Value, upstream: Value) -> Value:
    return contribution


def _weighed(local: Value, shape: Shape, upstream: Value) -> Value:
    return upstream.weighed_by(local).sum_to(shape)


def _forgotten(solution: Solution, target: int, pulls: Mapping[Edge, Pull], use: Edge, kept: bool = False) -> Mutation:
    name, part = solution.text(target), solution.text(use[0])
    told = (
        Message("{name} is used several times, but only its use in {part} was differentiated", name=name, part=part)
        if kept
        else Message("{name} is used several times, and its use in {part} was held constant", name=name, part=part)
    )
    return Mutation("use-forgotten", "term-missing", told, ADDED, solution.span(use[0]), solution.wrt, pulls)


def _cut(solution: Solution, node: int) -> dict[Edge, Pull]:
    """Nothing flows back from a node."""
    operands = solution.graph.operands[node]
    return {
        (node, position): _dropped(solution, operand)
        for position, operand in enumerate(operands)
        if operand in solution.varying
    }


def _dropped(solution: Solution, operand: int) -> Pull:
    zero = solution.graph.filled(0.0, solution.graph.shapes[operand])
    return lambda upstream: zero


def _slope(solution: Solution, variable: int, node: int) -> Value | None:
    """The derivative of a node by a variable, element by element; None where its elements depend on several."""
    graph = solution.graph
    slope = solution.tangents(variable).get(node)
    if slope is None or not graph.shapes[variable]:
        return slope
    varying = solution.tangents(variable)
    plain = all(
        graph.shapes[each] == graph.shapes[variable]
        and (each == variable or graph.primitives[each].kind == "elementwise")
        for each in graph.needed([node])
        if each in varying
    )
    return slope if plain else None


def _fits(shape: Shape, spread: Shape) -> bool:
    """Whether an array of a shape can be brought to another by copies or sums."""
    try:
        both = broadcast((shape, spread))
    except ShapeFault:
        return False
    return both in (shape, spread)


def _to(value: Value, shape: Shape) -> Value:
    """A value in the shape of a variable."""
    return value.sum_to(shape) if broadcast((shape, value.shape)) == value.shape else value.broadcast_to(shape)
