"""Command lines as nobody types them: every command and option of the program's own table, hostile texts and values."""

import contextlib
import json
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from random import Random
from typing import NamedTuple
from unittest.mock import patch

from command import Stream

from diffcli.cli.app import run
from diffcli.cli.application import parameters
from diffcli.cli.typer_commands import PlainOption
from diffcli.errors import ExitCode
from diffcli.primitives.table import FUNCTION_NAMES, overloads

#: How a command line may end.
_CODES = frozenset({ExitCode.DONE, ExitCode.NEGATIVE, ExitCode.CANNOT_START, ExitCode.NOT_FINITE, ExitCode.TIME_LIMIT})
#: Forms of output that are there line by line, before a run ends.
_STREAMED = ("--jsonl", "--csv")
#: Pieces that nonsense is made of, and that get into texts that were sound.
PIECES = (
    *"xyzwbA0123456789+-*/^()[],.:;=<>!#@ \n\t'\"|&%$\\{}~`?_",
    *("**", "<=", ">=", "==", "!=", "²", "³", "⁻¹", "π", "√", "·", "×", "÷", "−", "ε", "漢", "\x00", "\ud800", "\u200b",
        "\x1b[31m", "\u202e"),
    *(".T", "1e5", "1e999", "0x1F", "param ", "x=", "axis=0", "（", "；", "½", "\r", "\u2028"),
    *(f"{name}(" for name in sorted(FUNCTION_NAMES)),
)  # fmt: skip
#: Programs that are sound, most of them.
_PROGRAMS = (
    "mean(x*x)", "1/(exp(-(w*x+b))+1)", "sum((A*x+b-y)^2)", "f(u)=u^2; f(x)+f(y)", "param w = 2; w*x[0]",
    "where(x>0, sqrt(x), -x)", "x[1:]", "[x, y, 1][0]",
    "a = x*y; b = sin(a); a*b", "d(x^3, x)", "sum(softmax(x)*y)", "cross_entropy(x, 1)", "A @ x", "det(A)",
    "sqrt(x^2+y^2)", "log(1+exp(x))", "x^y", "abs(x)",
    "norm(x)", "max(x)", "sum(solve(A, x))", "lgamma(x)", "floor(x)^2", "x == y", "0", "3", "pi", "x - x", "y*0",
    "A", "[]",
)  # fmt: skip
_NUMBERS = (
    "0",
    "1",
    "2",
    "0.5",
    "-1",
    "1e-300",
    "1e300",
    "5e-324",
    "1e-17",
    "9007199254740993",
    "1/3",
    "pi",
    "e",
    "0.1",
    "1e17",
    "-0.0",
    "1e9",
    "700",
)
_VALUES = (
    "1", "1,2,3", "x=1", "x=1,2", "x=0", "y=-3", "y=1,2", "A=[[1,2],[3,4]]", "A=[[0,0],[0,0]]", "b=0", "w=pi/4",
    "x=", "=1", "x=@nowhere.csv", "x=1;y=2", "nan", "inf",
    "x=1e999", "", "x=[1,[2]]", "x=x", "x=1e308", "x=5e-324", "x=-1e-300", "x=[[1]]", "x=1,", "x=[]", "0.1",
    "x=1/3", "1e9999", "x=10^400", "x=0.1,0.2;y=3,4;w=0;b=1",
    "x=2;y=3;w=1;b=0;A=[[2,1],[1,3]]", "x=1,2;y=0,1;w=1;b=0;A=[[2,1],[1,3]]", "x=1,2,3;y=3,2,1", "x=-1;y=-1",
    "x=1e200;y=1e200", "z=1", "x=@/dev/null", "x=①",
)  # fmt: skip
_VECTORS = ("1,2", "0,0", "-1,3", "1e200,1e-200", "2,2", "-0.1,0.7", "0.5,", "1,2,3")
_MATRICES = (
    "[[1,2],[3,4]]",
    "[[2,1],[1,3]]",
    "[[0,0],[0,0]]",
    "[[1,2],[2,4]]",
    "[[1e200,0],[0,-1]]",
    "[[5]]",
    "[[1,2,3],[4,5,6]]",
)
_OPERATORS = ("+", "-", "*", "/", "^", "**", "@", "<", ">=", "==", "!=")
_FORMS = ("call", "operator", "sign", "derivative", "program", "array", "index")
_OF_NUMBERS, _OF_ARRAYS = (9, 8, 2, 0.5, 0.5, 0.1, 0.1), (9, 8, 2, 0.5, 0.5, 1, 1)
_NAMES = ("x", "x", "x", "y", "w", "b", "A", "z", "x[0]", "x[-1]", "x[1:]", "A[0]", "A.T", "A[1,0]")

#: Words that stand after an option, whatever it wants.
_WORDS = (
    "",
    " ",
    "0",
    "1",
    "2",
    "3",
    "5",
    "17",
    "-1",
    "0.1",
    "1e-3",
    "1e5",
    "nan",
    "inf",
    "-inf",
    "1e999",
    "²",
    "1_0",
    "x",
    "y,x",
    "x=1",
    "--",
    "-",
    "漢",
    "\x00",
    "9" * 30,
)
#: What some options take, beside that; the place of a file is in `{there}`.
_SOUND: dict[str, Sequence[str]] = {
    "--file": ("{there}/program.txt", "{there}/latin.txt", "{there}/nowhere", "{there}"),
    "--wrt": ("x", "x", "y", "x,y", "w", ",", "x,x", "A"),
    "--data": ("{there}/rows.csv", "{there}/nowhere.csv", "{there}/program.txt", "{there}"),
    "--columns": ("w=x", "X=[x,y]", "x=y", "q="),
    "--precision": ("1", "3", "17"),
    "--digits": ("1", "2", "20", "50", "400", "10000"),
    "--order": ("1", "2", "3", "4"),
    "--grow": ("1", "3", "20"),
    "--depth": ("0", "1", "3"),
    "--steps": ("0", "1", "3", "30", "1000000000"),
    "--epochs": ("0", "1", "3"),
    "--batch-size": ("1", "2", "100"),
    "--every": ("1", "2"),
    "--lr": ("0.1", "auto", "0.1,0.01", "1e300"),
    "--optimizer": ("gd", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "adamw", "lbfgs", "newton", "adam,gd"),
    "--schedule": ("constant", "step", "exponential", "cosine", "inverse-time", "warmup+cosine"),
    "--set": ("momentum=0.9", "eps=0", "centered=1", "beta1=1", "every=0", "rate=0", "nonsense=1"),
    "--save": ("{there}/run.json", "{there}/program.txt", "{there}/no/where.json", "{there}"),
    "--resume": ("{there}/run.json", "{there}/run.json", "{there}/program.txt", "{there}/nowhere.json", "{there}"),
    "--report": ("{there}/handout.md", "{there}/handout.html", "{there}/handout.tex", "{there}/handout.doc", "{there}"),
    "--output": ("{there}/graph.svg", "{there}/graph.dot", "{there}/graph.mmd", "{there}/graph.tex",
    "{there}/graph.json", "{there}/graph.html", "{there}/graph.xyz"),
    "--plot": ("{there}/path.svg", "{there}/path.xyz"),
    "--animate": ("{there}/path.html", "{there}/path.xyz"),
    "--hvp": ("1", "x=1", "x=1,2", "y=0"),
    "--tangent": ("1", "x=1", "x=1,2", "x=1,0;y=0,1", "y=0", "x=1e308"),
    "--cotangent": ("1", "1,2", "1,2,3", "[[1,2],[3,4]]", "0", "1e308"),
}  # fmt: skip
#: Options that contradict the rest of most lines.
_APART = (
    "--file",
    "--data",
    "--columns",
    "--resume",
    "--batch-size",
    "--epochs",
    "--shuffle",
    "--holdout",
    "--saved",
    "--at",
    "--wrt",
    "--json",
)
#: Options that say for how long: every line has one where its command does.
_LIMIT = ("--timeout", "--max-seconds")


class Option(NamedTuple):
    """An option's names, whether a value follows, and the values that it wants."""

    names: tuple[str, ...]
    takes_value: bool
    sound: tuple[str, ...]


@cache
def options() -> dict[str, tuple[Option, ...]]:
    """The options of every command, from the program's own table."""
    return {
        name: tuple(_option(each) for each in own if isinstance(each, PlainOption))
        for name, own in parameters().items()
    }


def _option(parameter: PlainOption) -> Option:
    names = (*parameter.opts, *parameter.secondary_opts)
    choices = parameter.choices
    return Option(names, not parameter.is_flag, (*_SOUND.get(parameter.opts[-1], ()), *choices))


#: Every command, those that take an expression more often.
_COMMANDS = (
    *options(),
    *(name for name in options() if name != "functions"),
    *(name for name in options() if name != "functions"),
)


def mutated(random: Random, text: str) -> str:
    """A text with a few characters more, fewer, or other ones."""
    characters = list(text)
    for _ in range(random.randint(0, 4)):
        place = random.randint(0, len(characters))
        match random.randint(0, 2):
            case 0:
                characters.insert(place, random.choice(PIECES))
            case 1 if characters:
                del characters[min(place, len(characters) - 1)]
            case _ if characters:
                characters[min(place, len(characters) - 1)] = random.choice(PIECES)
    return "".join(characters)


def sentence(random: Random, called: Sequence[str] = tuple(sorted(FUNCTION_NAMES)), depth: int = 3) -> str:
    """An expression of the grammar: operators and these functions, with operands of any kind."""

    def part() -> str:
        return sentence(random, called, depth - 1)

    if depth == 0 or random.random() < 0.15:
        return random.choice((_NAMES if called is not _ELEMENTWISE else "xxyw") if random.random() < 0.7 else _NUMBERS)
    match random.choices(_FORMS, _OF_NUMBERS if called is _ELEMENTWISE else _OF_ARRAYS)[0]:
        case "call":
            name = random.choice(called)
            declared = random.choice(overloads(name))
            count = len(declared.operands) if random.random() < 0.97 else random.randint(0, 3)
            arguments = [part() for _ in range(count)]
            arguments += [
                f"{option.name}={random.choice(('0', '1', '-1', '2', '(1,2)', 'True', 'None'))}"
                for option in declared.options
                if random.random() < 0.4
            ]
            return f"{name}({', '.join(arguments)})"
        case "operator":
            return (
                f"({part()}){random.choice(_OPERATORS)}({part()})"
                if random.random() < 0.9
                else f"({part()})^{random.choice(('2', '3', '0', '-1', '0.5', '1e9'))}"
            )
        case "sign":
            return f"-({part()})"
        case "array":
            return f"[{', '.join(part() for _ in range(random.randint(1, 3)))}]"
        case "index":
            return f"({part()})[{random.choice(('0', '-1', '1:', '::2', '9', ':, 0'))}]"
        case "derivative":
            return f"d({part()}, {random.choice('xy')})"
        case _:
            name = random.choice(("a", "total", "e", "f(t)", "y", "param v"))
            return f"{name} = {part()}; {part()}" if depth == 3 else part()


def _is_elementwise(name: str) -> bool:
    return any(
        getattr(meaning, "kind", "elementwise") == "elementwise" and not meaning.options for meaning in overloads(name)
    )


_ELEMENTWISE = tuple(filter(_is_elementwise, sorted(FUNCTION_NAMES)))


def prepare(there: Path) -> None:
    """The files that command lines name, in a folder."""
    (there / "program.txt").write_text("# a program\ny = x*x\nmean(y)\n")
    (there / "latin.txt").write_bytes("mean(x*x) # café".encode("latin-1"))
    (there / "rows.csv").write_text("x,y\n1,2\n3,4\n5,nan\n")


def command_line(random: Random, there: Path) -> list[str]:
    """A command line; files are named in a folder that is theirs."""
    command = (
        random.choice(_COMMANDS)
        if random.random() < 0.98
        else random.choice(("gard", "", "--help", "-h", "--version", "x^2"))
    )
    arguments = [command, *_expression(random)]
    arguments += _fitting(random, " ".join(arguments)) if random.random() < 0.85 else _hostile(random)
    known = options().get(command, ())
    for option in random.choices(known, k=random.choice((0, 0, 1, 1, 2, 3, 5))) if known else ():
        if not set(option.names) & set(_APART) or random.random() < 0.15:
            arguments += given(random, option)
    direction = {"jvp": "--tangent", "vjp": "--cotangent"}.get(command)
    if direction and random.random() < 0.9:
        arguments += [direction, random.choice(_SOUND[direction])]
    if random.random() < 0.03:
        arguments.insert(
            random.randint(0, len(arguments)), random.choice(("--nonsense", "--", "-", "-f", "--jsno", "x", "--at"))
        )
    names = [name for option in known for name in option.names if name in _LIMIT]
    if names:
        arguments += [random.choice(names), random.choice(("0.05", "0.1", "0.2", "0.5", "1"))]
    return [argument.replace("{there}", str(there)) for argument in arguments]


def _expression(random: Random) -> list[str]:
    match random.choices(("sentence", "mutated", "program", "nonsense", "nothing"), (20, 4, 5, 1, 0.5))[0]:
        case "sentence":
            whole = sentence(random, _ELEMENTWISE) if random.random() < 0.6 else sentence(random)
            return [f"sum({whole})" if random.random() < 0.4 and "=" not in whole else whole]
        case "mutated":
            return [mutated(random, random.choice(_PROGRAMS))]
        case "program":
            return [random.choice(_PROGRAMS)]
        case "nonsense":
            return ["".join(random.choices(PIECES, k=random.randint(1, 14)))]
        case _:
            return []


def _fitting(random: Random, text: str) -> list[str]:
    """A value for each variable that occurs."""
    names = sorted(set(re.findall(r"\b[xywbAz]\b", text)))
    vector = random.random() < (0.7 if "sum(" in text else 0.1)
    values = {
        name: random.choice(_MATRICES[:5] if name == "A" else _VECTORS[:6] if vector else _NUMBERS) for name in names
    }
    return ["--at", ";".join(f"{name}={value}" for name, value in values.items())] if values else []


def _hostile(random: Random) -> list[str]:
    arguments: list[str] = []
    for _ in range(random.choices((0, 1, 2, 3), (2, 8, 4, 1))[0]):
        value = random.choice(_VALUES)
        arguments += ["--at", mutated(random, value) if random.random() < 0.2 else value]
    return arguments


def given(random: Random, option: Option, hostile: float = 0.05) -> list[str]:
    """The option as words of a command line, with a value that it wants or, so often, with any other."""
    name = random.choice(option.names)
    if not option.takes_value:
        return [name]
    value = random.choice(option.sound) if option.sound and random.random() >= hostile else random.choice(_WORDS)
    return [f"{name}={value}"] if name.startswith("--") and random.random() < 0.1 else [name, value]


def faults(arguments: Sequence[str]) -> list[str]:
    """Run a command line in this process; what is wrong with how it ends, in words."""
    out, err = Stream(errors="backslashreplace"), Stream(errors="backslashreplace")
    with patch("sys.stdin", Stream(b"x*x")), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run(arguments)
    return _wrong(arguments, code, out.text(), err.text())


def _wrong(arguments: Sequence[str], code: int, out: str, err: str) -> list[str]:
    as_json = "--json" in arguments or "--jsonl" in arguments
    refused = '"diffcli/error@1"' in err if as_json else "error[" in err
    found = [f"exit code {code}"] if code not in _CODES else []
    found += [word for word in ("E901", "Traceback", "Warning:") if word in err]
    if code == ExitCode.CANNOT_START and not refused:
        found.append("refused without a word")
    if refused and out and (code == ExitCode.CANNOT_START or not set(_STREAMED) & set(arguments)):
        found.append("refused with something on standard output")
    if refused and as_json:
        try:
            json.loads(err.splitlines()[-1])
        except ValueError:
            found.append("an error that is no JSON")
    return [f"{fault}: {err[-400:]}" for fault in found]
