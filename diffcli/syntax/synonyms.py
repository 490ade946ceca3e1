"""Functions of other languages that the language says in other words.

The texts are templates over the arguments `a`, `b`, `c` (in brackets where they need them; `A` stands
for all of them, as they are). What they become is tried before it is shown.
"""

import re
from collections.abc import Mapping, Sequence

from diffcli.syntax.extents import closing

#: What to write for a call of an unknown function: by its name in small letters, then by the number of arguments that
#: the template uses.
_CALLS: Mapping[str, tuple[str, ...]] = {
    # remainders and rounding
    **dict.fromkeys(("mod", "fmod", "rem", "remainder", "modulo"), ("a - b*floor(a/b)",)),
    **dict.fromkeys(("trunc", "fix", "int"), ("sign(a)*floor(abs(a))",)),
    "round": ("floor(A + 0.5)",),
    "frac": ("a - floor(a)",),
    # powers and roots
    **dict.fromkeys(("root", "nthroot", "surd"), ("a^(1/b)",)),
    **dict.fromkeys(("sqr", "quadrat"), ("a^2",)),
    "cube": ("a^3",),
    **dict.fromkeys(("exp10", "pow10"), ("10^a",)),
    **dict.fromkeys(("raiz", "wurzel"), ("sqrt(A)",)),
    "potenz": ("a^b",),
    # logarithms
    "lg": ("log10(A)",),
    **dict.fromkeys(("lb", "ld"), ("log2(A)",)),
    **dict.fromkeys(("log", "ln"), ("log(a)/log(b)",)),
    "logn": ("log(b)/log(a)",),
    "log1pexp": ("softplus(A)",),
    # trigonometry
    **dict.fromkeys(("sec",), ("1/cos(A)",)),
    **dict.fromkeys(("csc", "cosec"), ("1/sin(A)",)),
    **dict.fromkeys(("cot", "ctg", "cotg", "cotan", "ctan"), ("1/tan(A)",)),
    **dict.fromkeys(("tg", "tangent"), ("tan(A)",)),
    **dict.fromkeys(("sen", "sinus"), ("sin(A)",)),
    **dict.fromkeys(("cosine", "cosinus"), ("cos(A)",)),
    **dict.fromkeys(("arctg", "atg", "invtan"), ("atan(A)",)),
    **dict.fromkeys(("arcsen", "invsin"), ("asin(A)",)),
    "invcos": ("acos(A)",),
    **dict.fromkeys(("acot", "arccot", "arcctg"), ("atan(1/a)",)),
    **dict.fromkeys(("asec", "arcsec"), ("acos(1/a)",)),
    **dict.fromkeys(("acsc", "arccsc", "acosec"), ("asin(1/a)",)),
    **dict.fromkeys(("sh", "shin"), ("sinh(A)",)),
    "ch": ("cosh(A)",),
    **dict.fromkeys(("th", "tgh"), ("tanh(A)",)),
    "sech": ("1/cosh(A)",),
    **dict.fromkeys(("csch", "cosech"), ("1/sinh(A)",)),
    **dict.fromkeys(("coth", "ctgh"), ("1/tanh(A)",)),
    **dict.fromkeys(("arsinh", "arsh"), ("asinh(A)",)),
    **dict.fromkeys(("arcosh", "arch"), ("acosh(A)",)),
    **dict.fromkeys(("artanh", "arth"), ("atanh(A)",)),
    **dict.fromkeys(("radians", "deg2rad", "rad"), ("a*pi/180",)),
    **dict.fromkeys(("degrees", "rad2deg", "deg"), ("a*180/pi",)),
    "sind": ("sin(a*pi/180)",),
    "cosd": ("cos(a*pi/180)",),
    "tand": ("tan(a*pi/180)",),
    "asind": ("asin(A)*180/pi",),
    "acosd": ("acos(A)*180/pi",),
    "atand": ("atan(A)*180/pi",),
    "sinc": ("where(a != 0, sin(a)/a, 1)", "where(a != 0, sin(pi*a)/(pi*a), 1)"),
    # choices
    **dict.fromkeys(("if", "wenn", "iif", "ifelse", "cond", "select", "piecewise"), ("where(a, b, c)",)),
    **dict.fromkeys(("heaviside", "step", "unitstep"), ("where(a > 0, 1, 0)",)),
    # special functions
    **dict.fromkeys(("factorial", "fact"), ("gamma(a + 1)",)),
    **dict.fromkeys(("binom", "binomial", "comb", "choose", "ncr"), ("gamma(a + 1)/(gamma(b + 1)*gamma(a - b + 1))",)),
    "γ": ("gamma(A)",),
    "σ": ("sigmoid(A)",),
    "sigma": ("sigmoid(A)",),
    **dict.fromkeys(("φ", "normcdf", "cdf"), ("(1 + erf(a/sqrt(2)))/2",)),
    # arrays
    **dict.fromkeys(("length", "magnitude", "mag"), ("norm(A)",)),
    "avg": ("mean(A)",),
    "mittelwert": ("mean([A])",),
    "summe": ("sum([A])",),
    "rms": ("sqrt(mean(a^2))",),
    "sumsq": ("sum(a^2)",),
    "tr": ("trace(A)",),
    "determinant": ("det(A)",),
    "dotproduct": ("dot(A)",),
    # derivatives
    **dict.fromkeys(("d", "diff", "derivative", "deriv", "grad", "differentiate"), ("d(A)",)),
}  # fmt: skip

#: The names of other languages' functions.
FOREIGN_NAMES = frozenset(_CALLS)


def meant_by(name: str, arguments: Sequence[str]) -> tuple[str, ...]:
    """The texts that a call of a function of another language may stand for."""
    word = name.casefold()
    templates = [template for template in _CALLS.get(word, ()) if _arity(template) in (None, len(arguments))]
    return tuple(_filled(template, arguments) for template in templates)


def _arity(template: str) -> int | None:
    """The number of arguments of a template; None for any number."""
    return None if re.search(r"\bA\b", template) else len(set(re.findall(r"\b[abc]\b", template)))


def _filled(template: str, arguments: Sequence[str]) -> str:
    def put(found: re.Match[str]) -> str:
        if found[0] == "A":
            return ", ".join(arguments)
        argument = arguments["abc".index(found[0])]
        alone = template[found.start() - 1 : found.start()] in tuple("(") and template[
            found.end() : found.end() + 1
        ] in tuple("),")
        return argument if alone or _is_factor(argument) else f"({argument})"

    return re.sub(r"\b[abcA]\b", put, template)


def _is_factor(text: str) -> bool:
    """Whether a text is one name, number or call."""
    return re.fullmatch(r"[\w.]+", text) is not None or (
        re.match(r"\w+\(", text) is not None and closing(text, text.index("(")) == len(text) - 1
    )
