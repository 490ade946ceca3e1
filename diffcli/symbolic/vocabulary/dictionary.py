"""The name of every function of a formula: in the language, as books print it, and in the languages of programs.

A row has a word for each column, or says why there is none. What contexts of many digits and the page call a
function is its primitive's `compute`, for `execute` needs that too.
"""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

import sympy

from diffcli.messages import Message
from diffcli.symbolic.vocabulary import kept, special
from diffcli.symbolic.vocabulary.conventions import Absolute, Ceiling, Floor, Sign
from diffcli.symbolic.vocabulary.refusal import Refusal

#: The languages of programs, by the names of their columns.
LANGUAGES: Mapping[str, str] = {"numpy": "NumPy", "torch": "PyTorch", "jax": "JAX", "python": "Python", "c": "C"}


#: The signs of relations, in the language and in those of programs.
RELATIONS: Mapping[Any, str] = {
    sympy.Gt: ">",
    sympy.Lt: "<",
    sympy.Ge: ">=",
    sympy.Le: "<=",
    sympy.Eq: "==",
    sympy.Ne: "!=",
}


class Helper(NamedTuple):
    """A function that a program brings along, with those that it calls."""

    name: str
    source: str
    needs: tuple["Helper", ...] = ()


class Lacking(NamedTuple):
    """The reason why a language has no word for a function."""

    reason: str


#: A name to call, or a pattern of the arguments (`|{0}|`).
Word = str | Helper | Lacking


class Row(NamedTuple):
    """One function's words; `text` is the primitive that it is.

    `latex` is None where SymPy's word is meant, `unicode` where the text is.
    """

    text: str | Lacking
    numpy: Word
    torch: Word
    jax: Word
    python: Word
    c: Word
    latex: str | None = None
    unicode: str | None = None


_PROGRAMS_ALONE = Lacking("formulas for people are written in elementary terms")
_NO_GAMMA = Lacking("it has the logarithm alone")
_NOT_IN_LIBRARY = Lacking("its standard library has the gamma function and its logarithm alone")


def _row(
    text: str | Lacking,
    *,
    numpy: Word,
    python: Word,
    c: Word,
    torch: Word | None = None,
    jax: Word | None = None,
    **said: str,
) -> Row:
    """A row; PyTorch and JAX have what NumPy has, by the same names, unless they are told."""
    return Row(text, numpy, torch or _in(numpy, "torch"), jax or _in(numpy, "jnp"), python, c, **said)


def _in(word: Word, module: str) -> Word:
    """NumPy's word in another library that has the same functions."""
    if isinstance(word, Helper):
        return word._replace(source=re.sub(r"\bnp\.", f"{module}.", word.source))
    return re.sub(r"^np\.", f"{module}.", word) if isinstance(word, str) else word


def _same(name: str, **words: Any) -> Row:
    """A function that all languages call alike, but for the words that are told."""
    alike = {"numpy": f"np.{name}", "torch": f"torch.{name}", "python": f"math.{name}", "c": name}
    return _row(words.pop("text", name), **{**alike, **words})


def _python(signature: str, body: str, *needs: Helper) -> Helper:
    """A function in Python."""
    return Helper(signature.partition("(")[0], f"def {signature}:\n    {body}", needs)


def _within(name: str, domain: str, otherwise: str = "math.nan") -> Helper:
    """A function of Python's `math` that raises out of its domain, with what arithmetic by IEEE 754 has there."""
    return _python(f"{name}(x)", f"return math.{name}(x) if {domain} else {otherwise}")


def _overflowing(name: str, infinity: str = "math.inf") -> Helper:
    """A function of Python's `math` that raises where it overflows, with what arithmetic by IEEE 754 has there."""
    return _python(
        f"{name}(x)",
        f"try:\n        return math.{name}(x)\n    except OverflowError:\n        return {infinity}",
    )


#: What Python's own operators and `math` raise errors for: infinities and NaN, as in every other language.
DIVIDED = _python("divided(x, y)", "return x/y if y else x*math.copysign(math.inf, y)  # where Python raises an error")
POWER = _python(
    "power(x, y)",
    "try:\n"
    "        return math.pow(x, y)\n"
    "    except (OverflowError, ValueError):\n"
    "        if x < 0 and y % 1:\n"
    "            return math.nan\n"
    "        return math.copysign(math.inf, x) if y % 2 == 1 else math.inf",
)
SQUARE_ROOT = _within("sqrt", "x >= 0")
_LOG = _within("log", "x > 0", "-math.inf if x == 0 else math.nan")
_LOG1P = _within("log1p", "x > -1", "-math.inf if x == -1 else math.nan")


def _c(signature: str, result: str, *before: str) -> Helper:
    """A function in C of its result, and of what is computed before."""
    name, _, parameters = signature.strip(")").partition("(")
    declared = ", ".join(f"double {parameter}" for parameter in parameters.split(", "))
    body = "\n    ".join((*before, f"return {result};"))
    return Helper(name, f"static double {name}({declared})\n{{\n    {body}\n}}")


_ROWS: Mapping[tuple[Any, ...], Row] = {
    (sympy.sin,): _same("sin", python=_within("sin", "math.isfinite(x)")),
    (sympy.cos,): _same("cos", python=_within("cos", "math.isfinite(x)")),
    (sympy.tan,): _same("tan", python=_within("tan", "math.isfinite(x)")),
    (sympy.asin, kept.Asin): _same("asin", numpy="np.arcsin", python=_within("asin", "abs(x) <= 1")),
    (sympy.acos, kept.Acos): _same("acos", numpy="np.arccos", python=_within("acos", "abs(x) <= 1")),
    (sympy.atan,): _same("atan", numpy="np.arctan"),
    (sympy.atan2, kept.Atan2): _same("atan2", numpy="np.arctan2"),
    (sympy.sinh,): _same("sinh", python=_overflowing("sinh", "math.copysign(math.inf, x)")),
    (sympy.cosh,): _same("cosh", python=_overflowing("cosh")),
    (sympy.tanh, kept.Tanh): _same("tanh"),
    (sympy.asinh, kept.Asinh): _same("asinh", numpy="np.arcsinh"),
    (sympy.acosh,): _same("acosh", numpy="np.arccosh", python=_within("acosh", "x >= 1")),
    (sympy.atanh, kept.Atanh): _same(
        "atanh",
        numpy="np.arctanh",
        python=_within("atanh", "abs(x) < 1", "math.copysign(math.inf, x) if abs(x) == 1 else math.nan"),
    ),
    (sympy.exp,): _same("exp", python=_overflowing("exp")),
    (sympy.log,): _same("log", python=_LOG),
    (sympy.Abs, Absolute): _same("abs", python="abs", c="fabs", latex=r"\left|{{{0}}}\right|", unicode="|{0}|"),
    (sympy.floor, Floor): _same(
        "floor",
        python=_python("floor(x)", "return math.copysign(math.floor(x), x) if math.isfinite(x) else x"),
        latex=r"\left\lfloor{{{0}}}\right\rfloor",
        unicode="⌊{0}⌋",
    ),
    (sympy.ceiling, Ceiling): _same(
        "ceil",
        python=_python("ceil(x)", "return math.copysign(math.ceil(x), x) if math.isfinite(x) else x"),
        latex=r"\left\lceil{{{0}}}\right\rceil",
        unicode="⌈{0}⌉",
    ),
    (sympy.sign, Sign): _same(
        "sign",
        python=_python("sign(x)", "return float((x > 0) - (x < 0))"),
        c=_c("sign(x)", "(x > 0) - (x < 0)"),
        latex=r"\operatorname{sgn}",
    ),
    (sympy.erf,): _same(
        "erf",
        numpy=_python("erf(x)", "return np.vectorize(math.erf, otypes=[float])(x)"),
        jax="jax.scipy.special.erf",
    ),
    (sympy.erfc, kept.Erfc): _same(
        "erfc",
        numpy=_python("erfc(x)", "return np.vectorize(math.erfc, otypes=[float])(x)"),
        jax="jax.scipy.special.erfc",
    ),
    (sympy.erfinv,): _row(
        "erfinv",
        numpy="scipy.special.erfinv",
        torch="torch.erfinv",
        jax="jax.scipy.special.erfinv",
        python=_python(
            "erfinv(x)",
            "if not abs(x) < 1:\n"
            "        return math.copysign(math.inf, x) if abs(x) == 1 else math.nan\n"
            "    size = abs(x)\n"
            "    logarithm = math.log1p(-size) + math.log1p(size)\n"
            "    half = 2/(0.147*math.pi) + logarithm/2\n"
            "    y = math.sqrt(max(math.sqrt(half*half - logarithm/0.147) - half, 0.0))  # Winitzki's formula\n"
            "    for _ in range(3):  # steps of Halley's\n"
            "        rest = math.erf(y) - size if size < 0.5 else (1 - size) - math.erfc(y)\n"
            "        step = rest*math.sqrt(math.pi)/2*math.exp(y*y)\n"
            "        y -= step/(1 + y*step)\n"
            "    return math.copysign(y, x)",
        ),
        c=_c(
            "erfinv(x)",
            "size == 1.0 ? x / (1.0 - size) : copysign(y, x)",
            "const double size = fabs(x), logarithm = log1p(-size) + log1p(size);",
            "const double half = 4.330746750799873 + logarithm / 2.0;  /* 2/(0.147 pi): Winitzki's formula */",
            "double y = sqrt(fmax(sqrt(half * half - logarithm / 0.147) - half, 0.0));",
            "for (int k = 0; k < 3; k++) {  /* steps of Halley's */",
            "    const double rest = size < 0.5 ? erf(y) - size : (1.0 - size) - erfc(y);",
            "    const double step = rest * 0.886226925452758 * exp(y * y);",
            "    y -= step / (1.0 + y * step);",
            "}",
        ),
    ),
    (special.Gamma,): _row(
        "gamma",
        numpy="scipy.special.gamma",
        torch=_NO_GAMMA,
        jax="jax.scipy.special.gamma",
        python=_python(
            "gamma(x)",
            "try:\n"
            "        return math.gamma(x)\n"
            "    except OverflowError:\n"
            "        return math.copysign(math.inf, x)\n"
            "    except ValueError:\n"
            "        return math.nan if x else math.copysign(math.inf, x)",
        ),
        c="tgamma",
        latex=r"\Gamma",
    ),
    (special.LogGamma,): _same(
        "lgamma",
        numpy="scipy.special.gammaln",
        python=_python(
            "lgamma(x)",
            "try:\n"
            "        return math.lgamma(x)\n"
            "    except (OverflowError, ValueError):  # at a pole\n"
            "        return math.inf",
        ),
        jax="jax.scipy.special.gammaln",
        latex=r"\log\Gamma{{\left({0} \right)}}",
    ),
    (special.Polygamma,): _row(
        "polygamma",
        numpy="scipy.special.polygamma",
        torch=_python(
            "polygamma(n, x)",
            "if n == 1:  # of which PyTorch's own has half of the digits\n"
            "        return torch.special.zeta(2.0, x)\n"
            "    return torch.polygamma(n, x)",
        ),
        jax="jax.scipy.special.polygamma",
        python=_NOT_IN_LIBRARY,
        c=_NOT_IN_LIBRARY,
        latex=r"\psi^{{({0})}}{{\left({1} \right)}}",
    ),
    (special.Beta,): _row(
        "beta",
        numpy="scipy.special.beta",
        torch=_NO_GAMMA,
        jax="jax.scipy.special.beta",
        python=_NOT_IN_LIBRARY,
        c=_NOT_IN_LIBRARY,
    ),
    (kept.Log1p,): _same("log1p", text=_PROGRAMS_ALONE, python=_LOG1P),
    (kept.Expm1,): _same("expm1", text=_PROGRAMS_ALONE, python=_overflowing("expm1")),
    (kept.Log2,): _same(
        "log2", text=_PROGRAMS_ALONE, python=_within("log2", "x > 0", "-math.inf if x == 0 else math.nan")
    ),
    (kept.Log10,): _same(
        "log10", text=_PROGRAMS_ALONE, python=_within("log10", "x > 0", "-math.inf if x == 0 else math.nan")
    ),
    (kept.Hypot,): _same("hypot", text=_PROGRAMS_ALONE),
    (kept.Power,): _row(_PROGRAMS_ALONE, numpy="({0}**{1})", python=POWER, c="pow"),
    (kept.Cbrt,): _same(
        "cbrt",
        text=_PROGRAMS_ALONE,
        torch=_python(
            "cbrt(x)",
            "root = torch.sign(x)*torch.abs(x)**(1/3)\n"
            "    return torch.where(root == 0, root, root - (root - x/root**2)/3)  # a step of Newton's",
        ),
    ),
    (kept.LogAddExp,): _same(
        "logaddexp",
        text=_PROGRAMS_ALONE,
        python=_python("logaddexp(a, b)", "return max(a, b) + math.log1p(math.exp(-abs(a - b)) if a != b else 1.0)"),
        c=_c("logaddexp(a, b)", "fmax(a, b) + log1p(a != b ? exp(-fabs(a - b)) : 1.0)"),
    ),
    (kept.Sigmoid,): _row(
        "sigmoid",
        numpy=_python("sigmoid(x)", "return np.exp(np.minimum(x, 0.0)) / (1.0 + np.exp(-np.abs(x)))"),
        torch="torch.sigmoid",
        jax="jax.nn.sigmoid",
        python=_python("sigmoid(x)", "return math.exp(min(x, 0.0)) / (1.0 + math.exp(-abs(x)))"),
        c=_c("sigmoid(x)", "exp(x < 0 ? x : 0.0) / (1.0 + exp(-fabs(x)))"),
        latex=r"\sigma",
        unicode="σ({0})",
    ),
    (kept.Softplus,): _row(
        "softplus",
        numpy=_python("softplus(x)", "return np.logaddexp(0.0, x)"),
        torch=_python("softplus(x)", "return torch.logaddexp(x, torch.zeros_like(x))"),
        python=_python("softplus(x)", "return max(x, 0.0) + math.log1p(math.exp(-abs(x)))"),
        c=_c("softplus(x)", "(x > 0 ? x : 0.0) + log1p(exp(-fabs(x)))"),
        latex=r"\operatorname{softplus}",
    ),
    (kept.SechSquared,): _row(
        _PROGRAMS_ALONE,
        numpy=_python("sech_squared(x)", "power = np.exp(-2*np.abs(x))\n    return 4*power/(1 + power)**2"),
        python=_python("sech_squared(x)", "power = math.exp(-2*abs(x))\n    return 4*power/(1 + power)**2"),
        c=_c(
            "sech_squared(x)",
            "4.0 * power / ((1.0 + power) * (1.0 + power))",
            "const double power = exp(-2.0 * fabs(x));",
        ),
    ),
    (kept.Ratio,): _row(
        _PROGRAMS_ALONE,
        numpy=_python("ratio(x, y)", "return np.where(x == 0, 0.0, x/np.where(x == 0, 1.0, y))  # 0 where x is"),
        python=_python("ratio(x, y)", "return divided(x, y) if x else 0.0", DIVIDED),
        c=_c("ratio(x, y)", "x == 0 ? 0.0 : x / y"),
    ),
    (kept.Weighed,): _row(
        _PROGRAMS_ALONE,
        numpy=_python("weighed(x, y)", "return np.where(x == 0, 0.0, x*np.where(x == 0, 1.0, y))  # 0 where x is"),
        python=_python("weighed(x, y)", "return x*y() if x else 0.0"),
        c=_c("weighed(x, y)", "x == 0 ? 0.0 : x * y"),
    ),
    (kept.XLogY,): _row(
        _PROGRAMS_ALONE,
        numpy=_python("xlogy(x, y)", "return np.where(x == 0, 0.0, x*np.log(np.where(x == 0, 1.0, y)))"),
        python=_python("xlogy(x, y)", "return x*log(y) if x else 0.0", _LOG),
        c=_c("xlogy(x, y)", "x == 0 ? 0.0 : x * log(y)"),
    ),
    (kept.XLog1pY,): _row(
        _PROGRAMS_ALONE,
        numpy=_python("xlog1py(x, y)", "return np.where(x == 0, 0.0, x*np.log1p(np.where(x == 0, 0.0, y)))"),
        python=_python("xlog1py(x, y)", "return x*log1p(y) if x else 0.0", _LOG1P),
        c=_c("xlog1py(x, y)", "x == 0 ? 0.0 : x * log1p(y)"),
    ),
}

#: The row of each function, by its class.
DICTIONARY: Mapping[Any, Row] = {kind: row for kinds, row in _ROWS.items() for kind in kinds}


def word(kind: type, language: str) -> str | Helper:
    """The word of a language of programs for a function. Raises Refusal where it has none."""
    row = DICTIONARY.get(kind)
    found: Word = Lacking("") if row is None else getattr(row, language)
    if isinstance(found, Lacking):
        name = kind.__name__.lower() if row is None or isinstance(row.text, Lacking) else row.text
        raise Refusal(Message("{library} has no {function}", library=LANGUAGES[language], function=name))
    return found


def reserved(language: str) -> frozenset[str]:
    """The first names of the functions that programs of a language call or bring along: no variable may hide them."""
    words = (getattr(row, language) for row in DICTIONARY.values())
    return frozenset(
        found.name if isinstance(found, Helper) else found.partition(".")[0]
        for found in words
        if isinstance(found, Helper) or (isinstance(found, str) and "{0}" not in found)
    )
