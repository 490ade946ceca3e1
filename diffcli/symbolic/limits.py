"""What SymPy cannot take: too many nodes, too deep nesting, numbers too large to write out."""

from typing import Any

from diffcli.symbolic.refusal import TooLarge
from diffcli.syntax.resolve import Resolved

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
        raise TooLarge(f"the expression is too long for a formula ({len(resolved.nodes)} nodes, at most {MOST_NODES})")
    sizes: list[int] = []
    levels: list[int] = []
    for node in resolved.nodes:
        sizes.append(1 + sum(sizes[child] for child in node.children))
        family = SUMS if node.text in SUMS else PRODUCTS if node.text in PRODUCTS else frozenset()
        deeper = [levels[child] + (resolved.nodes[child].text not in family) for child in node.children]
        levels.append(max(deeper, default=0))
    if sizes[-1] > MOST_NODES:
        raise TooLarge(f"the expression is too long for a formula (more than {MOST_NODES} nodes)")
    if levels[-1] > MOST_LEVELS:
        raise TooLarge(f"the expression is nested too deeply for a formula ({levels[-1]} levels, at most {MOST_LEVELS})")


def check_power(base: Any, exponent: Any) -> None:
    """Raises Refusal for a power of numbers that would be written out in too many digits.

    SymPy also takes a number out of a product that is the base: (3*x)^n is 3^n*x^n.
    """
    if not exponent.is_Rational:
        return
    base = base if base.is_Rational else base.primitive()[0] if base.is_Add else base.as_coeff_Mul()[0]
    if not base.is_Rational:
        return
    bits = max(abs(int(base.p)), int(base.q)).bit_length()
    if bits > 1 and bits * abs(int(exponent.p)) > _MOST_BITS * int(exponent.q):
        raise TooLarge("a number in the expression is too large to write out")


def check_number(number: Any) -> None:
    """Raises Refusal for a number of too many digits."""
    if number.is_Rational and max(int(number.p).bit_length(), int(number.q).bit_length()) > _MOST_BITS:
        raise TooLarge("a number in the expression is too large to write out")
