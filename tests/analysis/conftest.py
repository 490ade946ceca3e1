"""What tests of verdicts share."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from diffcli.analysis.prepared import _remembered
from diffcli.messages import speaking
from diffcli.primitives.primitive import Primitive
from diffcli.primitives.table import PRIMITIVES


@pytest.fixture
def spoiled() -> Iterator[Callable[[str, Callable[[Any], Any]], None]]:
    """Spoils a primitive's contribution for the length of a test."""
    before: dict[Primitive, Any] = {}

    def spoil(name: str, change: Callable[[Any], Any]) -> None:
        primitive = PRIMITIVES[name]
        right = before.setdefault(primitive, primitive.vjp)

        def wrong(*arguments: Any) -> tuple[Any, Any]:
            local, contribution = right(*arguments)
            return local, change(contribution)

        object.__setattr__(primitive, "vjp", wrong)
        _remembered.cache_clear()  # sweeps by the right rule

    yield spoil
    for primitive, right in before.items():
        object.__setattr__(primitive, "vjp", right)
    _remembered.cache_clear()


@pytest.fixture(autouse=True)
def as_the_command() -> Iterator[None]:
    """What reports and diagnostics say here is what the command says: `--at y=...`, not `y=...` as for Python."""
    with speaking("command", "en"):
        yield
