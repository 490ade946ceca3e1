"""The functions of the language, and the rules of `descend`, from their tables."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from diffcli.analysis.presented import Presented
from diffcli.errors import did_you_mean, fault
from diffcli.graph.graph import Graph, Value
from diffcli.graph.node_formula import formula, local_formula
from diffcli.messages import Joined, Message
from diffcli.primitives.definition import Definition
from diffcli.primitives.notation import Notation
from diffcli.primitives.options import REQUIRED
from diffcli.primitives.primitive import Primitive
from diffcli.primitives.shape import Shape
from diffcli.primitives.table import FAMILIES, FUNCTION_NAMES, Function, overloads
from diffcli.source import Source

if TYPE_CHECKING:
    from diffcli.analysis.descent.hyperparameters import Hyperparameter
    from diffcli.analysis.descent.optimizers import Optimizer
    from diffcli.analysis.descent.schedules import Schedule

#: Values of the operands of an example.
_VECTORS = ("1,2", "3,5", "2,7")


@dataclass(frozen=True, slots=True)
class FunctionRow:
    """One function: how it is written, what it is, and its derivative by each operand.

    `definition` is the expression that a call is written out as, None for a primitive. `example`
    is a command that runs.
    """

    name: str
    family: str
    signature: str
    notation: str | None
    aliases: tuple[str, ...]
    summary: str
    definition: str | None
    derivatives: tuple[tuple[str, str], ...]
    domain: str
    kink: str | None
    example: str


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One optimizer or schedule of `descend`: its formula, a line each, and what its hyperparameters are.

    `hyperparameters` has for each its name, its default in the form that `--set` takes (None where
    it must be given), the values that it takes, and its meaning. `rate` is the learning rate where
    none is given, None where there is none.
    """

    name: str
    kind: str
    aliases: tuple[str, ...]
    summary: str
    formula: tuple[str, ...]
    rate: float | None
    hyperparameters: tuple[tuple[str, str | None, str, str], ...]
    source: str
    example: str


@dataclass(frozen=True, slots=True)
class Catalogue(Presented):
    """The answer of `functions`: `rules` are the optimizers and the schedules."""

    functions: tuple[FunctionRow, ...]
    rules: tuple[RuleRow, ...] = ()


def catalogue(name: str | None = None) -> Catalogue:
    """All functions and rules, or those that `name` may mean. Raises DiffcliError for an unknown name."""
    family = {function: title for title, functions in FAMILIES.items() for function in functions}
    if name is None:
        return Catalogue(tuple(_row(function, title) for function, title in family.items()), _rules())
    found = overloads(name) or tuple(function for function in family if _symbol(function) == name)
    rules = () if found else _rules()  # loading them takes longer than showing a function does
    meant = tuple(rule for rule in rules if name in (rule.name, *rule.aliases))
    if not found and not meant:
        source = Source(name, Message("function"))
        hint = did_you_mean(name, [*FUNCTION_NAMES, *(rule.name for rule in rules)]) or Message(
            "'diffcli functions' lists them"
        )
        raise fault("E203", Message("unknown function '{name}'", name=name), source, hint=hint)
    return Catalogue(tuple(_row(function, family[function]) for function in found), meant)


def summaries() -> Mapping[str, str]:
    """What functions, optimizers and schedules are, by name."""
    from diffcli.analysis.descent.optimizers import OPTIMIZERS
    from diffcli.analysis.descent.schedules import SCHEDULES

    functions = (function for functions in FAMILIES.values() for function in functions)
    rules: tuple[Function | Optimizer | Schedule, ...] = (*functions, *OPTIMIZERS.values(), *SCHEDULES.values())
    return {rule.name: Message(rule.summary) for rule in rules}


def names() -> tuple[str, ...]:
    """What `catalogue` knows: functions, operators, optimizers and schedules, by all their names."""
    from diffcli.analysis.descent.optimizers import OPTIMIZERS
    from diffcli.analysis.descent.schedules import SCHEDULES

    symbols = (_symbol(function) for functions in FAMILIES.values() for function in functions)
    return (*FUNCTION_NAMES, *filter(None, symbols), *_names(OPTIMIZERS), *_names(SCHEDULES))


def _names(rules: "Mapping[str, Optimizer] | Mapping[str, Schedule]") -> tuple[str, ...]:
    return tuple(name for rule in rules.values() for name in (rule.name, *rule.aliases))


def _rules() -> tuple[RuleRow, ...]:
    from diffcli.analysis.descent.optimizers import OPTIMIZERS
    from diffcli.analysis.descent.schedules import SCHEDULES

    return (*map(_optimizer, OPTIMIZERS.values()), *map(_schedule, SCHEDULES.values()))


def _optimizer(rule: "Optimizer") -> RuleRow:
    example = f'diffcli descend "(x-1)^2 + 10*(y-2)^2" --at "x=0; y=0" --optimizer {rule.name}' + (
        "" if rule.lr is None else " --lr 0.04"
    )
    table = _hyperparameters(rule.hyperparameters)
    return RuleRow(
        rule.name, "optimizer", rule.aliases, Message(rule.summary), rule.formula, rule.lr, table, rule.source, example
    )


def _schedule(row: "Schedule") -> RuleRow:
    table = _hyperparameters(row.hyperparameters)
    values = {"step_size": "100", "gamma": "0.99"}
    needed = "".join(f" --set {key}={values[key]}" for key, default, _, _ in table if default is None and key in values)
    example = f'diffcli descend "mean(x*x)" --at 1,2,3 --schedule {row.name}{needed}'
    source = f"PyTorch's {row.source}"
    return RuleRow(row.name, "schedule", row.aliases, Message(row.summary), row.formula, None, table, source, example)


def _hyperparameters(table: Mapping[str, "Hyperparameter"]) -> tuple[tuple[str, str | None, str, str], ...]:
    from diffcli.analysis.descent.hyperparameters import MISSING, written

    return tuple(
        (name, None if entry.default is MISSING else written(entry.default), entry.range, entry.meaning)
        for name, entry in table.items()
    )


def _symbol(function: Function) -> str | None:
    return function.notation.symbol if isinstance(function, Primitive) and function.notation else None


def _row(function: Function, family: str) -> FunctionRow:
    return FunctionRow(
        name=function.name,
        family=family,
        signature=function.signature,
        notation=_notation(function),
        aliases=function.aliases,
        summary=Message(function.summary),
        definition=None if isinstance(function, Primitive) else function.described or function.body,
        derivatives=tuple(_derivatives(function)) if isinstance(function, Primitive) else (),
        domain=_domain(function),
        kink=_kink(function),
        example=function.example or _example(function),
    )


def _domain(function: Function) -> str:
    if isinstance(function, Definition):
        return Message(function.domain)
    return Message(function.domain.text.format(*function.operands)) if function.operands else ""


def _notation(function: Function) -> str | None:
    if isinstance(function, Primitive) and function.notation:
        return _written(function.notation, function.operands)
    return None


def _written(notation: Notation, operands: tuple[str, ...]) -> str:
    if notation.place == "infix":
        return f" {notation.symbol} ".join(operands)
    return f"{operands[0]}{notation.symbol}" if notation.place == "postfix" else f"{notation.symbol}{operands[0]}"


def _kink(function: Function) -> str | None:
    if isinstance(function, Definition):
        return function.kink and Message(function.kink)
    kinks = [
        Message("{reason}: {convention}", reason=Message(kink.text), convention=Message(kink.convention))
        for kink in function.kinks
    ]
    return Joined(kinks, "; ") if kinks else None


def _derivatives(primitive: Primitive) -> Iterator[tuple[str, str]]:
    """The rules themselves, run on a graph of named inputs and printed.

    What a rule multiplies the arriving gradient by; where it does more than multiply, what it
    makes of the arriving gradient g.
    """
    if primitive.pullback is not None:
        yield primitive.operands[0], Message(primitive.pullback, g="g", out=_call(primitive))
        return
    if not primitive.operands:
        return
    graph = Graph()
    operands = [
        Value(graph, graph.append_input(name, shape, None))
        for name, shape in zip(primitive.operands, _shapes(primitive), strict=True)
    ]
    parameters = {option.name: 1 for option in primitive.options if option.default is REQUIRED}
    shape = primitive.shape([operand.shape for operand in operands], **parameters)
    out = graph.append(primitive, tuple(operand.index for operand in operands), tuple(parameters.items()), shape, None)
    arriving = Value(graph, graph.append_input("g", shape, None))
    notation = primitive.notation
    graph.names[out] = (
        f"({notation.symbol.join(primitive.operands)})" if notation and notation.place == "infix" else _call(primitive)
    )
    for position, name in enumerate(primitive.operands):
        local, contribution = primitive.vjp(position, arriving, operands, Value(graph, out), parameters)
        if isinstance(local, (int, float)):
            yield name, f"{local:g}"
        elif local is not None:
            yield name, local_formula(graph, out, operands[position].index, local.index, arriving.index)
        else:
            yield name, formula(graph, contribution.index, arriving.index)


def _call(primitive: Primitive) -> str:
    return f"{primitive.name}({', '.join(primitive.operands)})"


def _shapes(primitive: Primitive) -> list[Shape]:
    """Shapes to show a rule at: a name with a capital is a matrix, any other a vector."""
    if primitive.kind == "elementwise":
        return [()] * len(primitive.operands)
    return [(3, 3) if name.isupper() else (3,) for name in primitive.operands]


def _example(function: Function) -> str:
    """A command that runs: the function at a point inside its domain."""
    names = [name for name in function.operands if name not in function.defaults]
    call = f"{function.name}({', '.join(names)})"
    if isinstance(function, Primitive) and function.kind == "elementwise":
        values = [f"{low + 0.75 * (high - low):.3g}" for low, high in function.domain.interior]
    elif isinstance(function, Definition) and len(names) == 1:
        values = ["0.5"]
    else:
        values = ["[[2,1],[1,3]]" if name.isupper() else vector for name, vector in zip(names, _VECTORS, strict=False)]
        if (
            isinstance(function, Primitive)
            and function.shape([(2, 2) if name.isupper() else (2,) for name in names]) != ()
        ):
            call = f"sum({call})"
    if len(names) == 1:
        return f'diffcli grad "{call}" --at ' + (f'"{names[0]}={values[0]}"' if "[" in values[0] else values[0])
    given = [
        f'--at "{name}={value}"' if "[" in value else f"--at {name}={value}"
        for name, value in zip(names, values, strict=False)
    ]
    return f'diffcli grad "{call}" {" ".join(given)}'
