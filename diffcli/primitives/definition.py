"""Functions that are defined in the language itself, by an expression of others."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from diffcli.primitives.options import Option


@dataclass(frozen=True, slots=True, eq=False)
class Definition:
    """A function whose calls are written out: the trace shows every step of it.

    `body` is an expression in the language, of `operands` and `options`, which are given in the
    order of `order` (operands first, unless it is stated). `described` says it for people where it
    calls a function that is not public.
    """

    name: str
    summary: str
    operands: tuple[str, ...]
    body: str
    described: str | None = None
    options: tuple[Option, ...] = ()
    defaults: Mapping[str, float] = field(default_factory=dict)
    keywords: Mapping[str, str] = field(default_factory=dict)
    aliases: tuple[str, ...] = ()
    domain: str = "any real number"
    kink: str | None = None
    example: str | None = None
    public: bool = True
    order: tuple[str, ...] = field(default=())

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of all arguments in their order."""
        return self.order or (*self.operands, *(option.name for option in self.options))

    @property
    def signature(self) -> str:
        """The call as documentation writes it: `huber(prediction, target, delta=1)`."""
        options = {option.name: option.text for option in self.options}
        words = [options.get(name) or (f"{name}={self.defaults[name]:g}" if name in self.defaults else name) for name in self.parameters]
        return f"{self.name}({', '.join(words)})"
