"""The array libraries: what each calls functions of arrays. Those of numbers are in the dictionary."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from diffcli.symbolic.vocabulary.dictionary import LANGUAGES

_SAME = (
    "sqrt", "outer", "diagonal", "trace", "where", "arange", "zeros_like", "maximum", "minimum", "clip", "sum",
    "prod",
)  # fmt: skip
_NUMPY = {
    **{name: name for name in (*_SAME, "transpose", "max", "min")}, "inv": "linalg.inv", "det": "linalg.det",
}  # fmt: skip
_TORCH = {**_NUMPY, "transpose": "permute", "max": "amax", "min": "amin"}

_HELPERS = {
    "added": (
        "def added(shape, places, rows):\n"
        "    total = np.zeros(shape)\n"
        "    np.add.at(total, places, rows)\n"
        "    return total"
    ),
    "norm": (
        "def norm(x, axis=None):\n"
        "    largest = np.max(np.abs(x), axis=axis, keepdims=True)\n"
        "    scale = np.where((largest > 0) & np.isfinite(largest), largest, 1.0)  # squares may overflow or vanish\n"
        "    return np.sqrt(np.sum((x/scale)**2, axis=axis))*np.squeeze(scale, axis=axis)"
    ),
    "median": "def median(x):\n    return np.median(x)",
    "median_low": "def median_low(x):\n    return np.sort(x, axis=None)[(x.size - 1) // 2]",
    "median_high": "def median_high(x):\n    return np.sort(x, axis=None)[x.size // 2]",
    "logabsdet": "def logabsdet(a):\n    return np.linalg.slogdet(a)[1]",
    "adjugate": (
        "def adjugate(a):\n"
        "    u, s, v = np.linalg.svd(a)  # of a singular matrix too\n"
        "    others = np.stack([np.prod(np.delete(s, k)) for k in range(len(s))])\n"
        "    return np.linalg.det(u)*np.linalg.det(v)*((v.T*others) @ u.T)"
    ),
}
_TORCH_HELPERS = {
    "added": (
        "def added(shape, places, rows):\n    return rows.new_zeros(shape).index_put(places, rows, accumulate=True)"
    ),
    "norm": (
        "def norm(x, dim=None):\n"
        "    axes = tuple(range(x.dim())) if dim is None else dim\n"
        "    largest = x.abs().amax(axes, keepdim=True)\n"
        "    scale = torch.where((largest > 0) & largest.isfinite(), largest, 1.0)  # squares may overflow or vanish\n"
        "    return torch.sqrt(torch.sum((x/scale)**2, axes))*torch.squeeze(scale, axes)"
    ),
    "median": "def median(x):\n    return torch.quantile(x, 0.5)",
    "median_low": "def median_low(x):\n    return torch.sort(x.flatten()).values[(x.numel() - 1) // 2]",
    "median_high": "def median_high(x):\n    return torch.sort(x.flatten()).values[x.numel() // 2]",
    "logabsdet": "def logabsdet(a):\n    return torch.linalg.slogdet(a)[1]",
    "adjugate": (
        "def adjugate(a):\n"
        "    u, s, v = torch.linalg.svd(a)  # of a singular matrix too\n"
        "    others = torch.stack([torch.prod(torch.cat((s[:k], s[k + 1 :]))) for k in range(len(s))])\n"
        "    return torch.linalg.det(u)*torch.linalg.det(v)*((v.T*others) @ u.T)"
    ),
}


@dataclass(frozen=True, slots=True)
class Library:
    """An array library, by its column of the dictionary.

    `functions` has its functions of arrays by what a formula calls them, without the module;
    `helpers` are the sources of those that it lacks, or that have to be called otherwise, by name.
    `array` makes an array of an argument, `whole` places of numbers that are whole.
    """

    language: str
    module: str
    imports: tuple[str, ...]
    functions: Mapping[str, str]
    helpers: Mapping[str, str]
    axis: str
    array: str
    whole: str

    @property
    def name(self) -> str:
        """The name that people use."""
        return LANGUAGES[self.language]


NUMPY = Library(
    language="numpy",
    module="np",
    imports=("import numpy as np",),
    functions=_NUMPY,
    helpers=_HELPERS,
    axis="axis",
    array="{0} = np.asarray({0}, dtype=float)",
    whole="np.asarray({0}, dtype=int)",
)
TORCH = Library(
    language="torch",
    module="torch",
    imports=("import torch",),
    functions=_TORCH,
    helpers=_TORCH_HELPERS,
    axis="dim",
    array="",
    whole="torch.as_tensor({0}).long()",
)
JAX = replace(
    NUMPY,
    language="jax",
    module="jnp",
    imports=("import jax", "import jax.numpy as jnp"),
    helpers={
        **{name: re.sub(r"\bnp\.", "jnp.", source) for name, source in _HELPERS.items()},
        "added": "def added(shape, places, rows):\n    return jnp.zeros(shape).at[places].add(rows)",
    },
    array="{0} = jnp.asarray({0}, dtype=float)",
    whole="jnp.asarray({0}, dtype=int)",
)
LIBRARIES = {library.language: library for library in (NUMPY, TORCH, JAX)}
