"""Names of rules, and the textbook's words for those of arithmetic. All other rules are the table's own."""

from collections.abc import Callable, Mapping, Sequence

from diffcli.graph.graph import Value
from diffcli.messages import Message
from diffcli.primitives.piecewise import where
from diffcli.primitives.primitive import Primitive
from diffcli.primitives.structural import weigh

#: An operand's derivative; None where it is constant.
Tangent = Value | None
Wording = Callable[[Sequence[Tangent], Sequence[Value]], Value | None]


def _product(tangents: Sequence[Tangent], operands: Sequence[Value]) -> Value | None:
    (u, v), (du, dv) = operands, tangents
    if du is None or dv is None:
        return None
    return _times(du, v) + _times(u, dv)


def _quotient(tangents: Sequence[Tangent], operands: Sequence[Value]) -> Value | None:
    (u, v), (du, dv) = operands, tangents
    if dv is None:
        return None if du is None else du / v
    if du is None:
        return -_times(u, dv) / v**2 if u.number not in (1, -1) else (-dv if u.number == 1 else dv) / v**2
    return (_times(du, v) - _times(u, dv)) / v**2


def _power(tangents: Sequence[Tangent], operands: Sequence[Value]) -> Value | None:
    """The power rule from the table, but for x^1, which would become 1*x^0."""
    return tangents[0] if operands[1].number == 1 and tangents[1] is None else None


def _choice(tangents: Sequence[Tangent], operands: Sequence[Value]) -> Value | None:
    if tangents[0] is not None:
        return None  # all that varies is the condition
    return operands[0].apply(
        where, (operands[0], *(0.0 if tangent is None else tangent for tangent in tangents[1:])), {}
    )


def _times(u: Value, v: Value) -> Value:
    return u.apply(weigh, (u, v), {})


#: Rules of arithmetic in the order in which textbooks have them; None leaves it to the table.
_WORDINGS: dict[str, Wording] = {"mul": _product, "weigh": _product, "div": _quotient, "pow": _power, "where": _choice}


def derived(
    primitive: Primitive,
    tangents: Sequence[Tangent],
    operands: Sequence[Value],
    out: Value,
    parameters: Mapping[str, object],
) -> Value:
    """The derivative of a node by its operands' derivatives, appended to their graph."""
    wording = _WORDINGS.get(primitive.name)
    worded = wording(tangents, operands) if wording else None
    if worded is not None:
        return worded.broadcast_to(out.shape)
    return primitive.jvp(list(tangents), list(operands), out, dict(parameters))  # type: ignore[no-any-return]


_SUMS = {"add": Message("sum"), "accumulate": Message("sum"), "sub": Message("difference")}
_LOGARITHMS = ("log", "log2", "log10", "log1p")
_EXPONENTIALS = ("exp", "expm1")
_SEVERAL = {
    "mul": Message("product"),
    "weigh": Message("product"),
    "div": Message("quotient"),
    "matmul": Message("matrix product"),
    "pow": Message("general power"),
}
#: Where a textbook works with the operand as it stands, and needs no letter for it.
PLAIN = frozenset({"add", "sub", "neg", "mul", "div", "weigh", "where"})
#: Operations that vary everywhere, though a factor of 0 may hide it.
ARITHMETIC = (PLAIN | {"pow"}) - {"where"}


def rule_name(primitive: Primitive, active: Sequence[int], inner: bool) -> str:
    """The rule's name; `inner`, the operand is itself a function."""
    name = primitive.name
    if name in _SUMS:
        return _SUMS[name]
    if name in _SEVERAL and len(active) > 1:
        return _SEVERAL[name]
    if name in ("mul", "weigh", "neg") or (name == "div" and 0 in active):
        return Message("constant multiple")
    if name == "div":
        return Message("quotient")
    if name == "where":
        return Message("case by case")
    if primitive.kind == "linear":
        return _linearity(primitive, active)
    if name in ("pow", "square"):
        found: str = Message("power") if 0 in active else Message("exponential")
    elif name in _LOGARITHMS + _EXPONENTIALS:
        found = Message("logarithm") if name in _LOGARITHMS else Message("exponential")
    else:
        found = name
    return Message("chain rule, {found}", found=found) if inner else found


def _linearity(primitive: Primitive, active: Sequence[int]) -> str:
    if primitive.name == "stack":
        return Message("element by element")
    if primitive.name == "matmul":
        return Message("matrix product")
    if len(active) > 1 and not primitive.variadic:
        return Message("product, {name}", name=primitive.name)
    if primitive.form == "index":
        return Message("linearity of indexing")
    return Message("linearity of {name}", name="sum" if primitive.name == "sum_to" else primitive.name)
