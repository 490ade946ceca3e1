"""Classes of Typer's, and of the Click within it, that it needs beside what it exports, and that have no other name."""

import sys
from typing import TYPE_CHECKING

import typer
import typer.core

if TYPE_CHECKING:
    from typer._click.core import Context as ClickContext
    from typer._click.core import Parameter
    from typer._click.exceptions import BadOptionUsage, NoSuchOption, UsageError
    from typer._coercion import TypeDescriptor
else:
    _exceptions, _core = (sys.modules[known.__module__] for known in (typer.BadParameter, typer.Context.__base__))
    BadOptionUsage, NoSuchOption = _exceptions.BadOptionUsage, _exceptions.NoSuchOption
    UsageError, Parameter, ClickContext = _exceptions.UsageError, _core.Parameter, _core.Context
    TypeDescriptor = typer.core.TypeDescriptor

__all__ = [
    "BadOptionUsage",
    "ClickContext",
    "NoSuchOption",
    "Parameter",
    "TypeDescriptor",
    "UsageError",
]
