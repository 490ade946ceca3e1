"""Right answers in other forms: the language's own rewriting, SymPy's forms, other notation; and wrong ones."""

import contextlib
import re
from collections.abc import Callable, Iterator
from random import Random
from typing import Any, NamedTuple

import sympy

from diffcli.source import Source
from diffcli.syntax.parser import parse


class Term(NamedTuple):
    """A node of an expression: an operation or function with operands, or a name or number without any."""

    head: str
    operands: tuple["Term", ...] = ()


def term(text: str) -> Term:
    """The expression of a text."""
    made: list[Term] = []
    for node in parse(Source(text)).expression.nodes:
        head = node.text if node.kind in ("call", "name", "number", "constant") else f"{node.kind} {node.text}"
        made.append(Term(head, tuple(made[child] for child in node.children)))
    return made[-1]


_SIGNS = {"add": (" + ", 1), "sub": (" - ", 1), "mul": ("*", 2), "div": ("/", 2), "matmul": (" @ ", 2), "pow": ("^", 4)}


def written(expression: Term, power: int = 0) -> str:
    """The expression with as many brackets as it needs, or one more."""
    head, operands = expression
    if not operands:
        return head
    if head == "neg":
        text, own = f"-{written(operands[0], 3)}", 1
    elif head == "transpose":
        return f"{written(operands[0], 9)}.T"
    elif head in _SIGNS:
        sign, own = _SIGNS[head]
        left = own + 1 if head == "pow" else own
        right = own + 1 if head in ("sub", "div", "mul", "matmul", "add") else own
        text = f"{written(operands[0], left)}{sign}{written(operands[1], right)}"
    else:
        return f"{head}({', '.join(map(written, operands))})"
    return f"({text})" if own < power else text


def in_book_notation(text: str, random: Random) -> str:
    """The text as it is printed in books, or as it is typed in other languages."""
    changes: list[tuple[str, str]] = [
        ("^2", "²"), ("^3", "³"), ("*", "·"), ("*", "×"), (" - ", " − "), ("pi", "π"), ("^", "**"), ("log(", "ln("),
        ("*", " * "), ("+", " +  "), ("sqrt(", "√(" if not re.search(r"\^|\*\*", text) else "sqrt("),
    ]  # fmt: skip
    text = text.replace("**", "^")
    for old, new in random.sample(changes, 3):
        text = text.replace(old, new if old != "*" or "**" not in text else old)
    return text


def implicit(text: str) -> str:
    """The text without the sign of multiplication behind a number: 2x."""
    return re.sub(r"(?<![\w.^)/])(\d+)\*(?=[a-z(])", r"\1", text)


def _is(expression: Term, *heads: str) -> bool:
    return expression.head in heads and bool(expression.operands)


def _commuted(e: Term, _: Random) -> Term | None:
    return Term(e.head, (e.operands[1], e.operands[0])) if _is(e, "add", "mul") else None


def _associated(e: Term, _: Random) -> Term | None:
    if _is(e, "add", "mul") and _is(e.operands[0], e.head):
        (a, b), c = e.operands[0].operands, e.operands[1]
        return Term(e.head, (a, Term(e.head, (b, c))))
    return None


def _distributed(e: Term, _: Random) -> Term | None:
    if _is(e, "mul") and _is(e.operands[1], "add", "sub"):
        a, (b, c) = e.operands[0], e.operands[1].operands
        return Term(e.operands[1].head, (Term("mul", (a, b)), Term("mul", (a, c))))
    return None


def _collected(e: Term, _: Random) -> Term | None:
    if _is(e, "add", "sub") and all(_is(each, "mul") for each in e.operands):
        (a, b), (c, d) = e.operands[0].operands, e.operands[1].operands
        if a == c:
            return Term("mul", (a, Term(e.head, (b, d))))
    return None


def _multiplied_out(e: Term, _: Random) -> Term | None:
    if _is(e, "pow") and e.operands[1].head == "2":
        return Term("mul", (e.operands[0], e.operands[0]))
    if _is(e, "pow") and e.operands[1].head == "3":
        return Term("mul", (e.operands[0], Term("pow", (e.operands[0], Term("2")))))
    return None


def _subtracted(e: Term, random: Random) -> Term | None:
    if _is(e, "sub"):
        a, b = e.operands
        return Term("add", (a, Term("neg", (b,)))) if random.random() < 0.5 else Term("neg", (Term("sub", (b, a)),))
    return None


def _divided(e: Term, random: Random) -> Term | None:
    if _is(e, "div"):
        a, b = e.operands
        if random.random() < 0.5:
            return Term("mul", (a, Term("div", (Term("1"), b))))
        return Term("mul", (a, Term("pow", (b, Term("neg", (Term("1"),))))))
    return None


def _trigonometric(e: Term, random: Random) -> Term | None:
    x = e.operands[0] if e.operands else e
    if _is(e, "tan"):
        return Term("div", (Term("sin", (x,)), Term("cos", (x,))))
    if _is(e, "pow") and _is(x, "sin", "cos") and e.operands[1].head == "2":
        other = "cos" if x.head == "sin" else "sin"
        return Term("sub", (Term("1"), Term("pow", (Term(other, x.operands), Term("2")))))
    if _is(e, "sin") and random.random() < 0.3:
        half = Term("div", (x, Term("2")))
        return Term("mul", (Term("2"), Term("mul", (Term("sin", (half,)), Term("cos", (half,))))))
    if _is(e, "cos") and random.random() < 0.3:
        return Term("sin", (Term("add", (x, Term("div", (Term("pi"), Term("2"))))),))
    return None


def _exponential(e: Term, random: Random) -> Term | None:
    if _is(e, "exp"):
        x = e.operands[0]
        if _is(x, "neg"):
            return Term("div", (Term("1"), Term("exp", x.operands)))
        if _is(x, "add"):
            return Term("mul", tuple(Term("exp", (each,)) for each in x.operands))
        return Term("pow", (Term("e"), x)) if random.random() < 0.5 else None
    if _is(e, "sigmoid"):
        return Term("div", (Term("1"), Term("add", (Term("1"), Term("exp", (Term("neg", e.operands),))))))
    if _is(e, "sqrt"):
        return Term("pow", (e.operands[0], Term("div", (Term("1"), Term("2")))))
    return None


def _padded(e: Term, random: Random) -> Term | None:
    kind = random.randrange(4)
    if kind == 0:
        return Term("mul", (Term("1"), e))
    if kind == 1:
        return Term("neg", (Term("neg", (e,)),))
    if kind == 2:
        return Term("div", (Term("mul", (Term("3"), e)), Term("3")))
    return Term("sub", (Term("mul", (Term("2"), e)), e))


_RULES: tuple[Callable[[Term, Random], Term | None], ...] = (
    _commuted, _associated, _distributed, _collected, _multiplied_out, _subtracted, _divided, _trigonometric,
    _exponential, _padded,
)  # fmt: skip
#: Rules that hold for matrices too.
_OF_ARRAYS = (_subtracted, _padded)


def rewritten(expression: Term, random: Random, of_arrays: bool = False, times: int = 4) -> Term:
    """The expression after some changes that leave its value as it is."""
    for _ in range(times):
        expression = _somewhere(expression, random, _OF_ARRAYS if of_arrays else _RULES)
    return expression


def _somewhere(e: Term, random: Random, rules: Any) -> Term:
    """The expression with a rule applied at the root or at a random operand."""
    inside = [place for place, each in enumerate(e.operands) if each.operands]
    if inside and random.random() < 0.6 and e.head != "pow":
        place = random.choice(inside)
        operands = list(e.operands)
        operands[place] = _somewhere(operands[place], random, rules)
        return Term(e.head, tuple(operands))
    for rule in random.sample(rules, len(rules)):
        changed = rule(e, random)
        if changed is not None:
            return Term(*changed)
    return e


def sympys_forms(element: Any) -> Iterator[str]:
    """The forms that SymPy gives to a formula of numbers."""
    ways = (
        sympy.expand, sympy.factor, sympy.together, sympy.simplify, sympy.trigsimp, sympy.cancel, sympy.powsimp,
        sympy.expand_trig, sympy.expand_log, sympy.radsimp,
    )  # fmt: skip
    for way in ways:
        with contextlib.suppress(Exception):
            text = str(way(element))
            if not any(
                word in text for word in ("Abs", "Choice", "Derivative", "I*", "sign", "Piecewise", "re(", "Kept")
            ):
                yield text


def equivalents(text: str, element: Any, count: int, random: Random, of_arrays: bool = False) -> Iterator[str]:
    """So many forms of a right answer."""
    found: dict[str, None] = {text: None}
    if element is not None:
        found |= dict.fromkeys(sympys_forms(element))
    texts = list(found)
    while len(found) < count:
        base = term(random.choice(texts))
        other = written(rewritten(base, random, of_arrays, 1 + random.randrange(5)))
        if random.random() < 0.4:
            other = in_book_notation(other, random)
        if random.random() < 0.3:
            other = implicit(other)
        found[other] = None
    yield from list(found)[:count]


def wrongs(text: str, others: list[str], random: Random) -> Iterator[str]:
    """Wrong answers that are near a right one: another sign, a factor, a term, the last digits, another variable's."""
    yield f"-({text})"
    yield f"2*({text})"
    yield f"({text}) + 1"
    yield f"({text}) - 1/1000"
    yield f"({text})*(1 + 1e-6)"
    yield f"({text})*(1 - 1e-7)"
    yield f"({text})/3"
    yield f"({text})^2 + 7"
    yield f"({text}) + ({text})*1e-8"
    yield f"abs({text}) + 1/2"
    for factor in random.sample(range(2, 90), 20):
        yield f"{factor}*({text})"
        yield f"({text})*(1 + 1/{factor}00)"
        yield f"({text}) + {factor}/100"
    yield from others
