"""The program of each language that computes a value and its gradients."""

from collections.abc import Mapping

from diffcli.symbolic.code.task import Task
from diffcli.symbolic.derive.formula import Formula


def program(expression: str, formulas: Mapping[str, Formula], language: str) -> str:
    """The source text of a module for numpy, torch, jax, python or c.

    `expression` is what is differentiated, for the documentation. Raises Refusal where the
    language lacks a function.
    """
    first = next(iter(formulas.values())).derivative
    task = Task(
        expression,
        first.value,
        first.variables,
        first.symbols,
        {name: formula.derivative for name, formula in formulas.items()},
    )
    if language == "python":
        from diffcli.symbolic.code.python_program import python_program

        return python_program(task)
    if language == "c":
        from diffcli.symbolic.code.c_program import c_program

        return c_program(task)
    from diffcli.symbolic.code.array_program import array_program
    from diffcli.symbolic.code.libraries import LIBRARIES

    return array_program(task, LIBRARIES[language])
