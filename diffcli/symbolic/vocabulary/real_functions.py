"""Real functions of real numbers beside SymPy's own, declared by their slopes."""

from collections.abc import Callable
from typing import Any

import sympy
from sympy import Expr

Rule = Callable[..., Any]


class RealFunction(sympy.Function):  # type: ignore[misc]  # SymPy has no type stubs
    """A function that is real wherever its arguments are. SymPy does not rewrite it: it knows but its slopes."""

    slopes: tuple[Rule, ...] = ()

    def _eval_is_extended_real(self) -> bool:
        return True

    def fdiff(self, argindex: int = 1) -> Expr:
        """The slope by an argument, as SymPy asks for it."""
        return self.slopes[argindex - 1](*self.args, self)


class Kept(RealFunction):
    """A function that programs call by name; its `meaning` is in terms of others."""

    meaning: Rule

    @property
    def written(self) -> Expr:
        """The function in elementary terms."""
        return type(self).meaning(*self.args)


def real_function(
    name: str, summary: str, *slopes: Rule, at_once: Rule | None = None, module: str, **details: Any
) -> Any:
    """The class of a function: a slope takes the arguments and the function itself, one for each argument.

    `at_once` computes the function of arguments for which it needs no name; else it is None.
    """
    evaluated = {} if at_once is None else {"eval": classmethod(lambda _, *arguments: at_once(*arguments))}
    kind = details.pop("kind", RealFunction)
    return type(name, (kind,), {"__doc__": summary, "__module__": module, "slopes": slopes, **evaluated, **details})
