"""Names written together: `sinx`, `xy`, `2pir`, and what they may be apart.

A name is taken apart where its parts are known: functions, constants, names that have values, and letters that
by custom are variables. `alpha`, `w1`, `max_x`, `rate` are names.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from functools import cache
from typing import Literal, NamedTuple

from diffcli.errors import Edit
from diffcli.primitives.primitive import Primitive
from diffcli.primitives.table import CONSTANTS, FUNCTION_NAMES, overloads
from diffcli.source import Span
from diffcli.syntax.extents import closing
from diffcli.syntax.tokens import normalised

_GREEK_NAMES = frozenset(
    {"alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu", "nu"}
    | {"xi", "omicron", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega"}
)
#: What Chinese calls a square, a cube and a square root.
_SQUARE, _CUBE, _ROOT = "\u5e73\u65b9", "\u7acb\u65b9", "\u6839\u53f7"
_GREEK_LETTERS = "αβγζηθκλμνξρσφχψω"
#: Letters that stand for variables, and those that stand for what multiplies them.
_VARIABLES, _FACTORS = "xyztuvw", "abckmnpqr"
_PRODUCTS = ("ab", "ac", "bc", "cd", "gt", "mc", "mg", "mgh", "IR")
_RUNS = ("abc", "pqr", "uvw", "xyz", "mn", "rs")
#: Products of letters that are no words: two letters of which one is a variable, factors before variables, runs of the
#: alphabet, matrices.
_PRODUCT = (
    rf"[{_FACTORS}s][{_VARIABLES}]|[{_VARIABLES}][{_VARIABLES}{_FACTORS}s]|[{_FACTORS}](?:xy|xz|yz|yx|xt|yt)|[xyzt]{{3,4}}|[abckmnpq]{{2}}[xyz]"
    rf"|[{_GREEK_LETTERS}][{_GREEK_LETTERS}{_VARIABLES}{_FACTORS}]|[{_VARIABLES}{_FACTORS}][{_GREEK_LETTERS}]"
    rf"|[ABCMPQRSUVWXY]{{2}}|[ABCMPQRSUVWX][xbyvwuz]|n[A-Z]T"
)
#: Functions of books that the language says in other words.
BOOK_FUNCTIONS = frozenset(
    {"sec", "csc", "cosec", "cot", "ctg", "tg", "lg", "arctg", "sech", "csch", "coth", "sen"} - FUNCTION_NAMES
)
#: Those too; functions of matrices; signs of sums.
_FUNCTIONS = FUNCTION_NAMES | BOOK_FUNCTIONS
_OF_MATRICES = frozenset({"det", "inv", "inverse", "trace", "logdet", "norm"})
_SUMS = {"Σ": "sum", "Π": "prod"}
_EXPONENT = r"[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+|\s*(?:\^|\*\*)\s*(?:-?\s*[\w.]+|\([^()]*\))"
#: The most ways that a name is taken apart in.
_MOST = 200


class _Part(NamedTuple):
    kind: Literal["function", "constant", "letter", "number", "name"]
    text: str


def apart(name: str, known: Collection[str] = (), called: bool = False) -> tuple[str, ...]:
    """Parts of a name that was not meant as one, most likely first; nothing for an ordinary name.

    `known` are names that have values. If `called`, the name stands before a bracket, and so may end in a function.
    """
    if len(name) < 2 or name in known:
        return ()
    if name[0] in _SUMS:
        return (f"{_SUMS[name[0]]}({name[1:]})",)
    if indexed := re.fullmatch(r"([a-z]+?)([xyzuvw]_\w+)", name):  # sinx_1
        return (f"{indexed[1]}({indexed[2]})",) if takes_a_number(indexed[1]) else ()
    if name.startswith(_ROOT):
        return (f"sqrt({name.removeprefix(_ROOT)})",)
    if power := re.fullmatch(f"(\\w+?)\u7684?({_SQUARE}|{_CUBE})", name):
        return (f"{power[1]}^{2 if power[2] == _SQUARE else 3}",)
    if power := re.fullmatch(r"([xyz]?)e(\d+|[abckmn](?=x))([xyzt])", name):  # xe2x, eax
        factor = f"{power[1]}*" if power[1] else ""
        return f"{factor}e^({power[2]}*{power[3]})", f"{factor}e*{power[2]}*{power[3]}"
    if twice := re.fullmatch(r"two(pi|tau)([a-z]?)", name):
        return ("*".join(["2", *filter(None, twice.groups())]),)
    splits = _meant(name, known, called)
    if not splits and name[0].isupper() and name[1:].islower():  # Sinx
        splits = [split for split in _meant(name.casefold(), known, called) if split[0].kind == "function"]
    likely = [split for split in splits[:2] if len(split) <= len(splits[0]) + 1]  # arctan is no a*r*c*tan
    readings = [reading for split in likely for reading in _written(split)]
    powers = [re.sub(r"\b([A-Za-z])(\d+)\)$", r"\1^\2)", reading) for reading in readings]  # sinx2 may be sin(x^2)
    return tuple(dict.fromkeys(readings + powers))[:3]


def apart_edits(name: str, known: Collection[str], source: str, start: int) -> tuple[Edit, ...]:
    """The edits that take a name apart where it stands in the source, as what stands around it lets them be meant."""
    text = normalised(source)
    end = start + len(name)
    call_end = closing(text, end) if text[end : end + 1] == "(" else None
    stop = end if call_end is None else call_end + 1
    exponent = re.compile(_EXPONENT).match(text, stop)
    readings = apart(name, known, called=call_end is not None)
    if len(name) == 2 and re.fullmatch("[A-Z]", name[0]) and readings:
        readings = (f"{name[0]} @ {name[1]}", *readings)
    if exponent and name[-1] == "e" and not readings:  # xe^x
        letter = len(name) == 2 and re.fullmatch(rf"[A-Z{_VARIABLES}{_FACTORS}{_GREEK_LETTERS}]", name[0])
        factors = (name[0],) if letter else tuple(reading for reading in apart(name[:-1], known) if "(" not in reading)
        readings = tuple(f"{factor}*e" for factor in factors)
    binds = text[:start].rstrip().endswith(("/", "÷", "^", "**", "√", "∛"))
    edits: list[Edit] = []
    for reading in readings:
        factor = reading
        if call_end is not None:
            applied = reading.rpartition("*")[2].rpartition("(")[2] in _FUNCTIONS
            factor = (
                f"{reading}{text[end:stop]}{')' * reading.count('(')}" if applied else f"{reading}*{text[end:stop]}"
            )
        last = re.fullmatch(r"(.*\b\w+\()([^()]*)\)", factor)
        if exponent and last and call_end is None:  # sinx^2
            argument = last[2] if last[2].isalnum() else f"({last[2]})"
            edits.append(Edit(Span(start, exponent.end()), f"{last[1]}{argument}{exponent[0].strip()})"))
        if binds and "*" in re.sub(r"\([^()]*\)", "", factor):  # 1/xy
            edits.append(Edit(Span(start, stop), f"({factor})"))
        edits.append(Edit(Span(start, stop), factor))
    return tuple(edits)


def _meant(name: str, known: Collection[str], called: bool) -> list[tuple["_Part", ...]]:
    """The ways to take a name apart that may be meant, those with the fewest parts first."""
    return sorted(
        (split for split in _splits(name, frozenset(known)) if _is_made_of_names(split, known, called)), key=len
    )


def _splits(name: str, known: frozenset[str]) -> Iterator[tuple[_Part, ...]]:
    """The ways to take a name apart, longest parts first."""
    waiting: list[tuple[tuple[_Part, ...], str]] = [((), name)]
    for _ in range(_MOST):
        if not waiting:
            return
        parts, rest = waiting.pop()
        if not rest:
            if len(parts) > 1:
                yield parts
            continue
        waiting.extend(((*parts, part), rest[len(part.text) :]) for part in _beginnings(rest, known))


def _beginnings(rest: str, known: frozenset[str]) -> list[_Part]:
    """The parts with which a text may begin, the longest last."""
    found = []
    for length in range(1, len(rest) + 1):
        word = rest[:length]
        if word in known:
            found.append(_Part("name", word))
        elif length > 1 and word in _FUNCTIONS:
            found.append(_Part("function", word))
        elif word in CONSTANTS and word != "inf":
            found.append(_Part("constant", word))
        elif word in _GREEK_NAMES or (length == 1 and word.isalpha()) or re.fullmatch(r"[A-Za-z]\d+", word):
            found.append(_Part("letter", word))
        elif word.isdecimal():
            found.append(_Part("number", word))
    return found


def _is_made_of_names(split: Sequence[_Part], known: Collection[str], called: bool) -> bool:
    """Whether a name was more likely meant as these parts than as a name."""
    functions = [part for part in split if part.kind == "function"]
    others = [part for part in split if part.kind != "function"]
    if functions:
        if split[-1].kind == "function" and not called:
            return False
        bound = all(part.text in known or part.kind == "constant" for part in others)
        if any(
            part.kind == "number" and (place == 0 or split[place - 1].kind not in ("function", "number"))
            for place, part in enumerate(split)
        ):
            return False
        letters = [part.text for part in others if part.kind == "letter"]
        if any(part.text == "e" and place for place, part in enumerate(split)) or (
            not letters and not any(part.text in known for part in others) and not called
        ):
            return False  # sine, since
        custom = all(
            letter in _GREEK_NAMES or letter[0] in _GREEK_LETTERS + _VARIABLES + _FACTORS or letter.isupper()
            for letter in letters
        )
        matrices = any(letter.isupper() for letter in letters) and all(part.text in _OF_MATRICES for part in functions)
        arrays = bool(letters) and {*letters} <= {*"xyz"} and all(_takes_an_array(part.text) for part in functions)
        return len(letters) <= 4 and (
            bound or (custom and (matrices or arrays or called or all(takes_a_number(part.text) for part in functions)))
        )
    if any(part.kind == "number" for part in split):
        return False
    if all(part.text in known for part in split):
        return True
    word = "".join(part.text for part in split)
    constants = [part.text for part in split if part.kind == "constant"]
    if constants:
        rest = "".join(part.text for part in split if part.kind != "constant")
        if constants == ["e"]:
            if word in ("xe", "ye", "ze"):
                return True
            return split[0].text == "e" and re.fullmatch(rf"[{_VARIABLES}]|[xyz]{{2}}", rest) is not None
        return len(constants) == 1 and re.fullmatch(rf"[{_VARIABLES}{_FACTORS}A-Z]{{1,2}}", rest) is not None
    if any(part.text in _GREEK_NAMES for part in split):
        return len(split) == 2 and (split[1].text in tuple("xyt") or all(part.text in _GREEK_NAMES for part in split))
    if all(len(part.text) == 1 for part in split) and word not in _GREEK_NAMES:
        distinct = len(set(word)) == len(word)
        return (distinct or word in ("xx", "yy", "zz")) and (
            word in _RUNS or re.fullmatch(_PRODUCT, word) is not None or word in _PRODUCTS
        )
    return False


@cache
def takes_a_number(name: str) -> bool:
    """Whether a function is one of a single number, as those are that books write without brackets."""
    return name in BOOK_FUNCTIONS or any(
        isinstance(function, Primitive) and function.kind == "elementwise" and len(function.operands) == 1
        for function in overloads(name)
    )


@cache
def _takes_an_array(name: str) -> bool:
    """Whether a function is one of a single array, such as a sum."""
    return any(isinstance(function, Primitive) and len(function.operands) == 1 for function in overloads(name))


def _written(split: Sequence[_Part]) -> Iterator[str]:
    """The product of the parts: a function takes what follows up to the next function, or the next part alone."""
    for greedy in (True, False):
        yield _product(split, greedy)


def _product(split: Sequence[_Part], greedy: bool) -> str:
    factors: list[str] = []
    place = 0
    while place < len(split):
        names = []
        while place < len(split) and split[place].kind == "function":
            names.append(split[place].text)
            place += 1
        if not names:
            factors.append(split[place].text)
            place += 1
            continue
        argument: list[str] = []
        while (
            place < len(split)
            and split[place].kind != "function"
            and (greedy or not argument or split[place - 1].kind == "number")
        ):
            argument.append(split[place].text)
            place += 1
        # without an argument the name stands before a bracket, which holds it
        factors.append("(".join(names) + (f"({'*'.join(argument)}{')' * len(names)}" if argument else ""))
    return "*".join(factors)
