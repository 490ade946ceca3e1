"""Differentiate expressions symbolically and automatically, see every step, run gradient descent.

>>> import diffcli
>>> report = diffcli.grad("mean(x*x)", x=[1, 2, 3])
>>> report.value
4.666666666666667
>>> report.gradient["x"].tolist()
[0.6666666666666666, 1.3333333333333333, 2.0]
"""

import sys

if sys.argv[:1] == ["-m"] or "".join(sys.argv[:1]).rpartition("/")[2] == "diffcli":
    # this is the command, no library: while it loads the rest, Ctrl-C is to end it without a traceback
    import _signal  # type: ignore[import-not-found]  # what `signal` is made of, without the milliseconds of its imports
    import os

    if _signal.getsignal(_signal.SIGINT) is _signal.default_int_handler:
        _signal.signal(_signal.SIGINT, lambda *_: os._exit(130))

import typing

from diffcli.presenter import present_with

if typing.TYPE_CHECKING:
    from diffcli.api.compilation import compile  # what it does, under the package's name
    from diffcli.api.descents import ascend, descend
    from diffcli.api.differentiation import compare, diff, grad, steps
    from diffcli.api.exercises import check
    from diffcli.api.graphs import draw, functions
    from diffcli.api.linear_maps import hessian, jacobian, jvp, vjp
    from diffcli.api.quizzes import quiz
    from diffcli.api.sheets import check_sheet
    from diffcli.errors import Diagnostic, DiffcliError
    from diffcli.presenter import Presenter

__version__ = "0.1.0"
__all__ = [
    "Diagnostic",
    "DiffcliError",
    "__version__",
    "ascend",
    "check",
    "check_sheet",
    "compare",
    "compile",
    "descend",
    "diff",
    "draw",
    "functions",
    "grad",
    "hessian",
    "jacobian",
    "jvp",
    "quiz",
    "steps",
    "vjp",
]

#: The module of each name, loaded when the name is first used: the command needs none of them to begin.
_HOMES = {
    "compile": "api.compilation",
    **dict.fromkeys(("ascend", "descend"), "api.descents"),
    **dict.fromkeys(("compare", "diff", "grad", "steps"), "api.differentiation"),
    "check": "api.exercises",
    "quiz": "api.quizzes",
    "check_sheet": "api.sheets",
    **dict.fromkeys(("draw", "functions"), "api.graphs"),
    **dict.fromkeys(("hessian", "jacobian", "jvp", "vjp"), "api.linear_maps"),
    **dict.fromkeys(("Diagnostic", "DiffcliError"), "errors"),
    "load_ipython_extension": "cli.notebook",
}

if not typing.TYPE_CHECKING:  # the checker knows the names, and no others

    def __getattr__(name):
        """A name of the package's own, from its module; asked for once."""
        from importlib import import_module

        if name not in _HOMES:
            raise AttributeError(f"module 'diffcli' has no attribute '{name}'", name=name, obj=sys.modules[__name__])
        found = globals()[name] = getattr(import_module(f"diffcli.{_HOMES[name]}"), name)
        return found


def _presenter() -> "Presenter":
    from diffcli.api import presenting

    return presenting


present_with(_presenter)


def __dir__() -> list[str]:
    return sorted({*__all__, *(name for name in globals() if name.startswith("__"))})
