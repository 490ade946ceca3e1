"""The forms in which derivatives are written, by the names that people give them."""

from typing import Literal, get_args

#: Source text of a program.
Program = Literal["numpy", "torch", "jax", "python", "c"]
#: A formula, or a program.
Form = Literal["plain", "unicode", "latex", Program]
PROGRAMS: tuple[Program, ...] = get_args(Program)
