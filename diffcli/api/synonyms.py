"""What other tools call an argument: the command line and Python know the same words."""

from collections.abc import Iterable, Mapping, Sequence

from diffcli.errors import closest

#: By the parameter's name; the words have dashes where Python has underscores.
SYNONYMS: Mapping[str, Sequence[str]] = {
    "lr": ["learning-rate", "learningrate", "rate", "eta", "alpha", "step-size", "stepsize"],
    "steps": ["n", "iterations", "iteration", "iters", "iter", "max-iter", "max-iters", "max-iterations", "maxiter",
        "niter", "num-steps", "max-steps"],
    "at": ["point", "points", "value", "values", "val", "x0", "start", "init", "initial", "where", "given", "with",
        "params", "inputs", "input"],
    "wrt": ["by", "respect-to", "variable", "variables", "var", "vars"],
    "tol": ["tolerance", "eps", "epsilon", "atol", "rtol", "gtol"],
    "optimizer": ["optim", "opt", "method", "algorithm", "algo", "solver"],
    "form": ["format", "form", "to", "code"],
    "output": ["out", "save-as", "outfile", "image", "picture"],
    "order": ["n", "degree", "nth"],
    "terse": ["q", "quiet", "short", "brief", "raw", "silent"],
    "precision": ["decimals", "round", "places"],
    "dtype": ["type", "number-type", "single", "float", "float32", "fp32"],
    "full": ["v", "verbose", "all"],
    "color": ["colour", "colors"],
    "lang": ["language", "locale"],
    "timeout": ["time", "time-limit", "max-seconds", "seconds", "limit"],
    "tangent": ["direction", "vector", "v", "u"],
    "hvp": ["direction", "vector", "v"],
    "cotangent": ["weights", "vector", "u", "v"],
    "batch_size": ["batch", "bs", "minibatch"],
    "data": ["csv", "table", "dataset"],
    "plot": ["figure", "fig", "graph"],
    "save": ["checkpoint"],
    "seed": ["random-state", "random-seed"],
    "file": ["program", "script"],
}  # fmt: skip


def meant_by(word: str, names: Iterable[str]) -> str | None:
    """The parameter that a word stands for: a misspelling of its name, or what other tools call it."""
    names = tuple(names)
    plain = word.replace("_", "-").casefold()
    near = closest(plain, [name.replace("_", "-") for name in names])
    if near is not None:
        return near.replace("-", "_")
    return next((name for name, words in SYNONYMS.items() if name in names and plain in words), None)
