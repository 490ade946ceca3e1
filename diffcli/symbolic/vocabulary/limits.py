"""Limits of what SymPy can take: the number of nodes, the depth of nesting, the size of written numbers."""

from collections.abc import Iterator

import sympy
from sympy import Expr

from diffcli.messages import Message
from diffcli.symbolic.vocabulary.refusal import TooLarge
from diffcli.syntax.resolved import Resolved

#: Nodes, with shared ones counted as often as they are used: SymPy's passes are over trees.
MOST_NODES = 10_000
#: Nested operations, a chain of sums or of products counted once. SymPy recurses about six calls deep for each.
MOST_LEVELS = 90
#: The size of a whole number, in bits.
_MOST_BITS = 4_000

SUMS = frozenset({"add", "sub"})
PRODUCTS = frozenset({"mul", "div"})


def check_size(resolved: Resolved) -> None:
    """Raises Refusal for a tree that SymPy would not finish with."""
    if len(resolved.nodes) > MOST_NODES:
        raise TooLarge(
            Message(
                "the expression is too long for a formula ({count} nodes, at most {most})",
                count=len(resolved.nodes),
                most=MOST_NODES,
            )
        )
    sizes: list[int] = []
    levels: list[int] = []
    for node in resolved.nodes:
        sizes.append(1 + sum(sizes[child] for child in node.children))
        family = SUMS if node.text in SUMS else PRODUCTS if node.text in PRODUCTS else frozenset()
        deeper = [levels[child] + (resolved.nodes[child].text not in family) for child in node.children]
        levels.append(max(deeper, default=0))
    if sizes[-1] > MOST_NODES:
        raise TooLarge(Message("the expression is too long for a formula (more than {most} nodes)", most=MOST_NODES))
    if levels[-1] > MOST_LEVELS:
        raise TooLarge(
            Message(
                "the expression is nested too deeply for a formula ({levels} levels, at most {most})",
                levels=levels[-1],
                most=MOST_LEVELS,
            )
        )


def check_power(base: Expr, exponent: Expr) -> None:
    """Raises Refusal for a power in which a number would be written out in too many digits: `2^1e9`.

    So is the 3 of `(3*x)^1e9`: SymPy takes a number out of a product that is the base.
    """
    for term in sympy.Add.make_args(exponent):
        for number, power in _factors(base) if term.is_Rational else ():
            bits = max(abs(int(number.p)), int(number.q)).bit_length()
            exact = power * term
            if bits > 1 and bits * abs(int(exact.p)) > _MOST_BITS * int(exact.q):
                raise TooLarge(Message("a number in the expression is too large to write out"))


def check_exponential(exponent: Expr) -> None:
    """Raises Refusal for `exp(1e9*log(3*x))`, which is such a power."""
    for term in sympy.Add.make_args(exponent):
        factor, logarithm = term.as_coeff_Mul()
        if isinstance(logarithm, sympy.log):
            check_power(logarithm.args[0], factor)


def _factors(base: Expr) -> Iterator[tuple[Expr, Expr]]:
    """The numbers that SymPy takes out of a power of the base, each with its own exponent."""
    for factor in sympy.Mul.make_args(base):
        number, exponent = factor.as_base_exp()
        number = number.primitive()[0] if isinstance(number, sympy.Add) else number
        if number.is_Rational and exponent.is_Rational:
            yield number, exponent


def check_number(number: Expr) -> None:
    """Raises Refusal for a number of too many digits."""
    if number.is_Rational and max(int(number.p).bit_length(), int(number.q).bit_length()) > _MOST_BITS:
        raise TooLarge(Message("a number in the expression is too large to write out"))
