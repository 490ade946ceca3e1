"""Models of a course: one call for the value and the gradient by all parameters."""

import inspect
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from .contest import OURS, Call, Row, Together
from .models import LABELS, LAYOUTS, MODELS

FOLDER = Path(__file__).parents[2] / "examples" / "models"


class Course(NamedTuple):
    """A program of `examples/models`, what it learns and what it learns from."""

    text: str
    parameters: Mapping[str, Any]
    data: Mapping[str, Any]


@cache
def course(name: str) -> Course:
    """The program of a name; its arrays are the ones that the language makes."""
    import numpy as np

    import diffcli

    text = (FOLDER / f"{name}.expr").read_text(encoding="utf-8")
    report = diffcli.grad(text)
    named = {node.label: np.array(node.value, dtype=float, order="C") for node in report.trace.nodes}
    parameters = {parameter: named[parameter] for parameter in report.gradient}
    data = {
        argument: named[argument].astype(np.int64) if argument in LABELS else named[argument]
        for argument in list(inspect.signature(MODELS[name]).parameters)[1:]
        if argument not in parameters
    }
    return Course(text, parameters, data)


def _compiled(name: str) -> Call:
    from .ours import compiled

    found = course(name)
    return compiled(found.text, list(found.parameters), **found.parameters)


def _reported(name: str) -> Call:
    from .ours import reported

    found = course(name)
    return reported(found.text, list(found.parameters), **found.parameters)


def laid_out(nn: Any, name: str, key: str, value: Any) -> Any:
    """An array in the order of axes in which a library keeps it."""
    layout = LAYOUTS.get((name, key))
    return value if layout is None else getattr(nn, layout)(value).copy()


def pytorch(name: str) -> Call:
    """PyTorch, eager: the graph is recorded and swept anew by each call."""
    import torch

    from .namespaces import pytorch as namespace

    found, nn, model = course(name), namespace(), MODELS[name]
    data = {key: torch.tensor(laid_out(nn, name, key, value)) for key, value in found.data.items()}
    parameters = {
        key: torch.tensor(laid_out(nn, name, key, value), requires_grad=True) for key, value in found.parameters.items()
    }

    def call() -> tuple[Any, ...]:
        value = model(nn, **data, **parameters)
        return value.detach(), *torch.autograd.grad(value, tuple(parameters.values()))

    return call


def jax(name: str) -> Call:
    """JAX: value and gradient compiled in one."""
    import jax as library

    from .namespaces import jax as namespace

    library.config.update("jax_enable_x64", True)
    found, nn, model = course(name), namespace(), MODELS[name]
    data, parameters = (
        {key: library.numpy.asarray(laid_out(nn, name, key, value)) for key, value in part.items()}
        for part in (found.data, found.parameters)
    )
    function = library.jit(library.value_and_grad(lambda parameters, data: model(nn, **data, **parameters)))

    def call() -> tuple[Any, ...]:
        value, gradient = library.block_until_ready(function(parameters, data))
        return value, *(gradient[key] for key in found.parameters)

    return call


ROWS = [
    Row(
        "models",
        name.replace("_", " "),
        {
            OURS: lambda _, name=name: _compiled(name),
            "diffcli.grad": lambda _, name=name: _reported(name),
            "PyTorch": lambda _, name=name: pytorch(name),
            "JAX jit": lambda _, name=name: jax(name),
        },
    )
    for name in MODELS
]

TOGETHER = [
    Together("models", "the 28 course models, compiled call", "geometric mean", 0.6, "PyTorch"),
    Together("models", "the 28 course models, compiled call", "geometric mean", 2.0, "JAX jit"),
    Together("models", "the 28 course models, compiled call", "largest", 1.2, "PyTorch"),
    Together("models", "the 28 course models, the text by `grad`", "geometric mean", 1.0, "PyTorch", "diffcli.grad"),
]
