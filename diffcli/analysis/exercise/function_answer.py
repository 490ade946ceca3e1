"""Functions as answers: what a Python function gives at points."""

import inspect
from collections.abc import Callable, Mapping
from typing import Any

from diffcli.analysis.exercise.question import Question
from diffcli.analysis.exercise.truth import Sample
from diffcli.analysis.given_values import numbers_given
from diffcli.errors import DiffcliError, fault
from diffcli.execute.arrays import Array
from diffcli.messages import Message, listed
from diffcli.source import Source

#: What the source of such an answer is called.
_ANSWER = "answer"


class Function:
    """A function that takes the question's variables, by name where its parameters have their names, else in order.

    It returns a number or an array, or for several parts a dictionary by variable, or as many values in their order.
    """

    def __init__(self, question: Question, function: Callable[..., object]) -> None:
        self.question, self.function = question, function
        self.name = str(getattr(function, "__name__", type(function).__name__))
        self.variables = question.problem.resolved.variables
        self._found: dict[int, Mapping[str, Array]] = {}

    def at(self, sample: Sample, part: str) -> Array:
        """A part of what the function gives at a point, in doubles. Raises DiffcliError where it gives none."""
        if id(sample) not in self._found:
            self._found[id(sample)] = self._called(sample)
        return self._found[id(sample)][part]

    def _called(self, sample: Sample) -> dict[str, Array]:
        at = {name: sample.at[name] for name in self.variables}
        try:
            found = self._call(at)
        except DiffcliError:
            raise
        except Exception as error:  # it is the caller's, and may raise anything
            stated = ", ".join(f"{name}={value.tolist()}" for name, value in at.items())
            message = Message(
                "{function} raised {kind}: {error}", function=self.name, kind=type(error).__name__, error=error
            )
            raise fault("E701", message, Source(f"{self.name}({stated})", _ANSWER)) from None
        return numbers_given(self._by_part(found))

    def _call(self, at: Mapping[str, Array]) -> object:
        values = {name: value if value.shape else value.item() for name, value in at.items()}
        try:
            parameters = inspect.signature(self.function).parameters
        except (TypeError, ValueError):
            return self.function(*values.values())
        if parameters and all(name in values for name in parameters):
            return self.function(**{name: values[name] for name in parameters})
        return self.function(*values.values())

    def _by_part(self, found: Any) -> dict[str, Any]:
        parts = self.question.parts
        if isinstance(found, Mapping) and set(found) == set(parts):
            return {part: found[part] for part in parts}
        if len(parts) == 1:
            return {parts[0]: found}
        if isinstance(found, (tuple, list)) and len(found) == len(parts):
            return dict(zip(parts, found, strict=True))
        message = Message(
            "{function} gives something else than {parts}", function=self.name, parts=listed(parts, "and")
        )
        hint = Message("a dictionary by variable, or as many values in their order")
        raise fault("E701", message, Source(f"{self.name}(...)", _ANSWER), hint=hint)
