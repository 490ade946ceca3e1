"""Whatever is typed: a documented exit code, no traceback, nothing on standard output when refused."""

import contextlib
import json
import os
import random
from collections.abc import Iterator

import pytest
from command import Stream

from diffcli.cli.app import run
from diffcli.errors import ExitCode
from diffcli.primitives.table import FUNCTION_NAMES

_PIECES = [
    *"xyzwbA0123456789+-*/^()[],.:;=<>!#@ \n\t'\"|&%$\\{}~`?_",
    *[
        "**",
        "<=",
        ">=",
        "==",
        "!=",
        "²",
        "³",
        "⁻¹",
        "π",
        "√",
        "·",
        "×",
        "÷",
        "−",
        "ε",
        "漢",
        "\x00",
        "\ud800",
        "\u200b",
        ".T",
        "1e5",
        "1e999",
        "0x1F",
        "param ",
        "x=",
        "axis=0",
    ],
    *(f"{name}(" for name in sorted(FUNCTION_NAMES)),
]
_SEEDS = [
    "mean(x*x)",
    "1/(exp(-(w*x+b))+1)",
    "sum((A*x+b-y)^2)",
    "f(u)=u^2; f(x)+f(y)",
    "param w = 2; w*x[0]",
    "where(x>0, sqrt(x), -x)",
    "x[1:]",
    "[x, y, 1][0]",
]
_VALUES = [
    "1",
    "1,2,3",
    "x=1",
    "x=1,2",
    "y=-3",
    "A=[[1,2],[3,4]]",
    "b=0",
    "w=pi/4",
    "x=",
    "=1",
    "x=@nowhere.csv",
    "x=1;y=2",
    "nan",
    "x=1e999",
    "",
    "x=[1,[2]]",
    "x=x",
]
_STYLES = [[], ["--style", "forward"], ["--style", "backward"], ["--style", "torch"], ["--style=torch", "--saved"], ["--collapse"], ["--depth", "1", "--ascii"]]

_OPTIONS = [
    "--json",
    "--terse",
    "-t",
    "--full",
    "--no-symbolic",
    "--wrt",
    "x",
    "y,x",
    "--precision",
    "3",
    "99",
    "--color",
    "never",
    "always",
    "mauve",
    "--steps",
    "5",
    "-1",
    "--lr",
    "0.1",
    "0",
    "nan",
    "inf",
    "--tol",
    "--timeout",
    "0.01",
    "--nonsense",
    "--",
    "-",
    "-f",
    "-h",
]


def _mutated(random_: random.Random, text: str) -> str:
    characters = list(text)
    for _ in range(random_.randint(0, 4)):
        place = random_.randint(0, len(characters))
        match random_.randint(0, 2):
            case 0:
                characters.insert(place, random_.choice(_PIECES))
            case 1 if characters:
                del characters[min(place, len(characters) - 1)]
            case _ if characters:
                characters[min(place, len(characters) - 1)] = random_.choice(_PIECES)
    return "".join(characters)


def _command_lines(seed: int, count: int) -> Iterator[list[str]]:
    random_ = random.Random(seed)
    for _ in range(count):
        command = random_.choices(["grad", "graph", "diff", "descend", "ascend", "functions", "gard"], [10, 3, 1, 4, 2, 1, 1])[0]
        nonsense = "".join(random_.choices(_PIECES, k=random_.randint(1, 14)))
        arguments = [command, _mutated(random_, random_.choice(_SEEDS)) if random_.random() < 0.5 else nonsense]
        for _ in range(random_.randint(0, 3)):
            arguments += ["--at", _mutated(random_, random_.choice(_VALUES)) if random_.random() < 0.3 else random_.choice(_VALUES)]
        arguments += random_.choices(_OPTIONS, k=random_.choice([0, 0, 1, 2, 4]))
        if "--symbolic" not in arguments and command == "grad" and random_.random() < 0.97:
            arguments.append("--no-symbolic")
        if command in ("descend", "ascend"):
            arguments += ["--steps", "3"]
        if command == "graph":
            arguments += random_.choice(_STYLES)
        yield arguments


#: How many thousand command lines are tried: one in the test run, as many as you like by hand.
_THOUSANDS = int(os.environ.get("DIFFCLI_FUZZ_THOUSANDS", "1"))


@pytest.mark.parametrize("seed", range(_THOUSANDS))
def test_a_thousand_command_lines(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DIFFCLI_EXPR", "DIFFCLI_AT", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    for arguments in _command_lines(seed, 1000):
        out, err = Stream(), Stream()
        monkeypatch.setattr("sys.stdin", Stream(b"x*x"))
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = run(arguments)
        assert code in set(ExitCode), arguments
        assert "Traceback" not in err.text(), arguments
        assert "E901" not in err.text(), (arguments, err.text())
        if code == ExitCode.CANNOT_START:
            assert out.text() == "", arguments
            assert err.text(), arguments
            if "--json" in arguments:
                assert json.loads(err.text().splitlines()[-1])["schema"] == "diffcli/error@1", arguments
