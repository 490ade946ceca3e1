"""Saved runs: a state as text and back, bit for bit, and whether it belongs to a problem and its settings."""

import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from diffcli.analysis.descent.checkpoint_check import sound
from diffcli.analysis.descent.hyperparameters import Choice
from diffcli.analysis.descent.settings import Settings
from diffcli.analysis.descent.state import Iterate, Position, State
from diffcli.analysis.problem import Problem
from diffcli.analysis.reading import read_file
from diffcli.errors import DiffcliError, fault
from diffcli.execute.arithmetic import FLOAT32
from diffcli.execute.arrays import Array, all_finite, bits, numbers_of, reshaped
from diffcli.messages import Argument, Joined, Message, listed
from diffcli.source import Source

_SCHEMA = "diffcli/saved-run@1"
#: Settings that a resumed run may change: they say when it ends, not where it goes.
_FREE = ("steps", "epochs", "tol", "strict")
#: Values with more elements are told apart by a digest of their bits.
_LISTED = 8
_NOT_ITS_PARTS = Message("its parts are not those of a saved run")
_WORDS = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}


class Checkpoint(NamedTuple):
    """A place in a run, before the verdict on it: what the walk goes on from, and what the judge remembers."""

    state: State
    memory: Mapping[str, Any] = {}


def saved_text(problem: Problem, settings: Settings, checkpoint: Checkpoint) -> str:
    """The checkpoint as JSON: doubles by their shortest decimals that mean them, and a digest of it all."""
    state, memory = checkpoint
    body = {
        "problem": _problem(problem, settings),
        "settings": _settings(settings),
        "state": {
            "iteration": state.iteration,
            "point": _plain(state.point),
            "slots": _plain(state.slots),
            "position": state.position._asdict(),
        },
        "judged": _plain(memory),
    }
    content = json.dumps(body, allow_nan=False)
    head = json.dumps({"schema": _SCHEMA, "sha256": _digest(content)})
    return f"{head[:-1]}, {content[1:]}\n"


def is_saved(path: Path) -> bool:
    """Whether a file begins as a saved run of any version does."""
    begin = json.dumps({"schema": _SCHEMA}).partition("@")[0].encode()
    with path.open("rb") as file:
        return file.read(len(begin)) == begin


def read_checkpoint(file: Source, problem: Problem, settings: Settings) -> Checkpoint:
    """The checkpoint in a file, whose path is under the name of its option.

    Raises DiffcliError for a file that is not whole, and for one of another problem or with other
    settings, which says what differs.
    """
    body = _body(file)
    if set(body) != {"problem", "settings", "state", "judged"} or not all(
        isinstance(part, dict) for part in body.values()
    ):
        raise _broken(file, _NOT_ITS_PARTS)
    here = {**_problem(problem, settings), **_settings(settings)}
    different = list(_differences({**body["problem"], **body["settings"]}, here))
    if different:
        hint = Message(
            "repeat the command that was saved; {free} may change",
            free=listed(map(Argument, (*_FREE, "timeout")), "and"),
        )
        message = Message("'{file}' is of another run: {different}", file=file.text, different=Joined(different, "; "))
        raise fault("E408", message, file, hint=hint)
    try:
        parts = {name: _restored(part) for name, part in body["state"].items()}
        state, judged = State(**{**parts, "position": Position(**parts["position"])}), _restored(body["judged"])
        if sound(state, judged, problem, settings):
            return Checkpoint(state, judged)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, OverflowError):
        pass  # a part is missing, or is something else
    raise _broken(file, _NOT_ITS_PARTS)


def _body(file: Source) -> dict[str, Any]:
    """The content of a file that is whole."""
    try:
        document = json.loads(read_file(file.text, file).decode())
        schema, digest = document.pop("schema"), document.pop("sha256")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise _broken(file, Message("it is not a saved run, or not a whole one")) from None
    if schema != _SCHEMA:
        raise _broken(file, Message("it is '{schema}', this version reads '{own}'", schema=schema, own=_SCHEMA))
    if digest != _digest(json.dumps(document)):
        raise _broken(file, Message("its content does not have the digest that it states"))
    return dict(document)


def _broken(file: Source, reason: str) -> DiffcliError:
    message = Message("cannot resume from '{file}': {reason}", file=file.text, reason=reason)
    hint = Message("a file that {save} has written is whole; take one of those", save=Argument("save"))
    return fault("E401", message, file, hint=hint)


def _digest(content: str) -> str:
    return sha256(content.encode()).hexdigest()


def _problem(problem: Problem, settings: Settings) -> dict[str, Any]:
    """The parts that tell problems apart, by names in plain English: they are saved."""
    values = {f"the value of '{name}'": _summary(value) for name, value in problem.values.items()}
    expression = problem.source.text.strip()
    return {
        "the command": "ascend" if settings.maximize else "descend",
        "the expression": expression,
        "--wrt": ",".join(problem.wrt),
        **({} if problem.precision.dtype == "float64" else {"--dtype": problem.precision.dtype}),
        **values,
    }


def _summary(value: Array) -> str:
    shape, numbers = numbers_of(value)
    if len(numbers) > _LISTED:
        return f"of shape {tuple(shape)} with the digest {sha256(bits(value)).hexdigest()[:16]}"
    if not shape:
        return json.dumps(numbers[0])
    if len(shape) == 1:
        return f"{numbers}"
    return f"{numbers} of shape {tuple(shape)}"


def _settings(settings: Settings) -> dict[str, Any]:
    """The settings that determine the steps, one by one."""
    found: dict[str, Any] = {}
    for field in fields(settings):
        value = getattr(settings, field.name)
        if field.name in (*_FREE, "max_seconds", "maximize", "automatic"):  # how a rate was found is not what it is
            continue
        stages = [value] if isinstance(value, Choice) else value
        if isinstance(stages, (list, tuple)):
            found[_option(field.name)] = "+".join(stage.name for stage in stages) or "constant"
            found |= {
                f"{name} of {stage.name}": _plain(number) for stage in stages for name, number in stage.values.items()
            }
        else:
            found[_option(field.name)] = value
    return found


def _option(name: str) -> str:
    return "--" + name.replace("_", "-")


def _differences(saved: Mapping[str, Any], here: Mapping[str, Any]) -> Iterator[str]:
    """The differences, with both values; not the hyperparameters of what only one of the runs has."""
    choices = [option for option in ("--optimizer", "--schedule") if saved.get(option) != here.get(option)]
    for name in dict.fromkeys([*here, *saved]):
        if saved.get(name) != here.get(name) and not (
            choices and " of " in name and (name in saved) != (name in here) and not name.startswith("the ")
        ):
            yield Message(
                "{name} is {saved} in the file and {here} here",
                name=_named(name),
                saved=_told(saved.get(name)),
                here=_told(here.get(name)),
            )


def _named(name: str) -> str:
    """A saved name as people are told it."""
    if name.startswith("--"):
        return Argument(name[2:].replace("-", "_"))
    if value := re.fullmatch(r"the value of '(.*)'", name):
        return Message("the value of '{name}'", name=value[1])
    if owned := re.fullmatch(r"(\w+) of ([\w-]+)", name):
        return Message("{name} of {owner}", name=owned[1], owner=owned[2])
    return {"the command": Message("the command"), "the expression": Message("the expression")}.get(name, name)


def _told(value: Any) -> str:
    if isinstance(value, str):
        if large := re.fullmatch(r"of shape (\(.*\)) with the digest (\w+)", value):
            return Message("of shape {shape} with the digest {digest}", shape=large[1], digest=large[2])
        return value if len(value) <= 60 else f"{value[:40]}..."
    return Message("not given") if value is None else json.dumps(value)


def _plain(value: Any) -> Any:
    """Numbers, arrays, iterates, tuples and mappings as JSON has them; its marks begin with @, which no name does."""
    if hasattr(value, "dtype"):
        shape, numbers = numbers_of(value)
        whole = numbers if all_finite(value) else [_finite(number) for number in numbers]
        single = {"@dtype": value.dtype.name} if value.dtype.name == "float32" else {}
        return {"@shape": shape, "@numbers": whole, **single}
    if isinstance(value, Iterate):
        return {"@iterate": _plain(value._asdict())}
    if isinstance(value, Mapping):
        return {name: _plain(part) for name, part in value.items()}
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    return {"@number": _finite(value)} if isinstance(value, float) and not math.isfinite(value) else value


def _restored(plain: Any) -> Any:
    if isinstance(plain, list):
        return tuple(_restored(part) for part in plain)
    if not isinstance(plain, dict):
        return plain
    if "@shape" in plain:
        shape = plain["@shape"]
        if any(type(axis) is not int or axis < 0 for axis in shape):
            raise ValueError("a shape is made of sizes")
        found = reshaped([_number(number) for number in plain["@numbers"]], shape)
        return FLOAT32.lifted(found) if plain.get("@dtype") == "float32" else found
    if "@iterate" in plain:
        return Iterate(**_restored(plain["@iterate"]))
    return _number(plain["@number"]) if "@number" in plain else {name: _restored(part) for name, part in plain.items()}


def _finite(number: float) -> float | str:
    """A number as it is, or the word for one that JSON lacks."""
    return number if math.isfinite(number) else "nan" if math.isnan(number) else "inf" if number > 0 else "-inf"


def _number(plain: float | str) -> float:
    if isinstance(plain, float):
        return plain
    return _WORDS[plain]
