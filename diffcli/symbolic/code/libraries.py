"""The array libraries: what each calls the functions that a formula needs."""

from collections.abc import Mapping
from dataclasses import dataclass, field

_SAME = (
    "sin",
    "cos",
    "tan",
    "sinh",
    "cosh",
    "tanh",
    "exp",
    "log",
    "log1p",
    "expm1",
    "log2",
    "log10",
    "hypot",
    "logaddexp",
    "sqrt",
    "sign",
    "floor",
    "ceil",
    "outer",
    "diagonal",
    "trace",
    "where",
    "arange",
    "zeros_like",
)
_NUMPY = {
    **{name: name for name in _SAME},
    "asin": "arcsin", "acos": "arccos", "atan": "arctan", "atan2": "arctan2", "asinh": "arcsinh", "acosh": "arccosh", "atanh": "arctanh",
    "Abs": "abs", "maximum": "maximum", "minimum": "minimum", "clip": "clip", "transpose": "transpose",
    "sum": "sum", "prod": "prod", "max": "max", "min": "min", "inv": "linalg.inv", "det": "linalg.det",
}  # fmt: skip
_TORCH = {
    **{name: name for name in _SAME},
    **{name: name for name in ("asin", "acos", "atan", "atan2", "asinh", "acosh", "atanh")},
    "Abs": "abs", "maximum": "maximum", "minimum": "minimum", "clip": "clip", "transpose": "permute",
    "sum": "sum", "prod": "prod", "max": "amax", "min": "amin", "inv": "linalg.inv", "det": "linalg.det", "erf": "erf", "erfc": "erfc",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Library:
    """An array library.

    `functions` has its functions by what a formula calls them, without the module; `helpers` are
    the sources of functions that it lacks and of those that have to be called otherwise, by name.
    `array` makes an array of an argument, `whole` places of numbers that are whole.
    """

    name: str
    module: str
    imports: tuple[str, ...]
    functions: Mapping[str, str]
    axis: str
    array: str
    whole: str
    helpers: Mapping[str, str] = field(default_factory=dict)


NUMPY = Library(
    name="NumPy",
    module="np",
    imports=("import numpy as np",),
    functions=_NUMPY,
    axis="axis",
    array="{0} = np.asarray({0}, dtype=float)",
    whole="np.asarray({0}, dtype=int)",
    helpers={
        "sigmoid": "def sigmoid(x):\n    return np.exp(np.minimum(x, 0.0)) / (1.0 + np.exp(-np.abs(x)))",
        "softplus": "def softplus(x):\n    return np.logaddexp(0.0, x)",
        "ratio": "def ratio(x, y):\n    return np.where(x == 0, 0.0, x/np.where(x == 0, 1.0, y))  # 0 where x is",
        "weighed": "def weighed(x, y):\n    return np.where(x == 0, 0.0, x*np.where(x == 0, 1.0, y))  # 0 where x is",
        "sech_squared": "def sech_squared(x):\n    power = np.exp(-2*np.abs(x))\n    return 4*power/(1 + power)**2",
        "xlogy": "def xlogy(x, y):\n    return np.where(x == 0, 0.0, x*np.log(np.where(x == 0, 1.0, y)))",
        "xlog1py": "def xlog1py(x, y):\n    return np.where(x == 0, 0.0, x*np.log1p(np.where(x == 0, 0.0, y)))",
        "norm": (
            "def norm(x, axis=None):\n"
            "    largest = np.max(np.abs(x), axis=axis, keepdims=True)\n"
            "    scale = np.where((largest > 0) & np.isfinite(largest), largest, 1.0)  # squares may overflow or vanish\n"
            "    return np.sqrt(np.sum((x/scale)**2, axis=axis))*np.squeeze(scale, axis=axis)"
        ),
        "cbrt": "def cbrt(x):\n    return np.cbrt(x)",
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
        "erf": "def erf(x):\n    return np.vectorize(math.erf, otypes=[float])(x)",
        "erfc": "def erfc(x):\n    return np.vectorize(math.erfc, otypes=[float])(x)",
        "gamma": "def gamma(x):\n    return scipy.special.gamma(x)",
        "lgamma": "def lgamma(x):\n    return scipy.special.gammaln(x)",
        "polygamma": "def polygamma(n, x):\n    return scipy.special.polygamma(n, x)",
        "beta": "def beta(a, b):\n    return scipy.special.beta(a, b)",
    },
)
TORCH = Library(
    name="PyTorch",
    module="torch",
    imports=("import torch",),
    functions=_TORCH,
    axis="dim",
    array="",
    whole="torch.as_tensor({0}).long()",
    helpers={
        "sigmoid": "def sigmoid(x):\n    return torch.sigmoid(x)",
        "softplus": "def softplus(x):\n    return torch.logaddexp(x, torch.zeros_like(x))",
        "ratio": "def ratio(x, y):\n    return torch.where(x == 0, 0.0, x/torch.where(x == 0, 1.0, y))  # 0 where x is",
        "weighed": "def weighed(x, y):\n    return torch.where(x == 0, 0.0, x*torch.where(x == 0, 1.0, y))  # 0 where x is",
        "sech_squared": "def sech_squared(x):\n    power = torch.exp(-2*torch.abs(x))\n    return 4*power/(1 + power)**2",
        "xlogy": "def xlogy(x, y):\n    return torch.where(x == 0, 0.0, x*torch.log(torch.where(x == 0, 1.0, y)))",
        "xlog1py": "def xlog1py(x, y):\n    return torch.where(x == 0, 0.0, x*torch.log1p(torch.where(x == 0, 0.0, y)))",
        "norm": (
            "def norm(x, dim=None):\n"
            "    axes = tuple(range(x.dim())) if dim is None else dim\n"
            "    largest = x.abs().amax(axes, keepdim=True)\n"
            "    scale = torch.where((largest > 0) & largest.isfinite(), largest, 1.0)  # squares may overflow or vanish\n"
            "    return torch.sqrt(torch.sum((x/scale)**2, axes))*torch.squeeze(scale, axes)"
        ),
        "cbrt": (
            "def cbrt(x):\n"
            "    root = torch.sign(x)*torch.abs(x)**(1/3)\n"
            "    return torch.where(root == 0, root, root - (root - x/root**2)/3)  # a step of Newton's"
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
        "erf": "def erf(x):\n    return torch.erf(x)",
        "erfc": "def erfc(x):\n    return torch.erfc(x)",
        "lgamma": "def lgamma(x):\n    return torch.lgamma(x)",
        "polygamma": "def polygamma(n, x):\n    return torch.polygamma(n, x)",
    },
)
JAX = Library(
    name="JAX",
    module="jnp",
    imports=("import jax", "import jax.numpy as jnp"),
    functions=_NUMPY,
    axis="axis",
    array="{0} = jnp.asarray({0}, dtype=float)",
    whole="jnp.asarray({0}, dtype=int)",
    helpers={
        "sigmoid": "def sigmoid(x):\n    return jax.nn.sigmoid(x)",
        "softplus": "def softplus(x):\n    return jnp.logaddexp(0.0, x)",
        "ratio": "def ratio(x, y):\n    return jnp.where(x == 0, 0.0, x/jnp.where(x == 0, 1.0, y))  # 0 where x is",
        "weighed": "def weighed(x, y):\n    return jnp.where(x == 0, 0.0, x*jnp.where(x == 0, 1.0, y))  # 0 where x is",
        "sech_squared": "def sech_squared(x):\n    power = jnp.exp(-2*jnp.abs(x))\n    return 4*power/(1 + power)**2",
        "xlogy": "def xlogy(x, y):\n    return jnp.where(x == 0, 0.0, x*jnp.log(jnp.where(x == 0, 1.0, y)))",
        "xlog1py": "def xlog1py(x, y):\n    return jnp.where(x == 0, 0.0, x*jnp.log1p(jnp.where(x == 0, 0.0, y)))",
        "norm": (
            "def norm(x, axis=None):\n"
            "    largest = jnp.max(jnp.abs(x), axis=axis, keepdims=True)\n"
            "    scale = jnp.where((largest > 0) & jnp.isfinite(largest), largest, 1.0)  # squares may overflow or vanish\n"
            "    return jnp.sqrt(jnp.sum((x/scale)**2, axis=axis))*jnp.squeeze(scale, axis=axis)"
        ),
        "cbrt": "def cbrt(x):\n    return jnp.cbrt(x)",
        "median": "def median(x):\n    return jnp.median(x)",
        "median_low": "def median_low(x):\n    return jnp.sort(x, axis=None)[(x.size - 1) // 2]",
        "median_high": "def median_high(x):\n    return jnp.sort(x, axis=None)[x.size // 2]",
        "logabsdet": "def logabsdet(a):\n    return jnp.linalg.slogdet(a)[1]",
        "adjugate": (
            "def adjugate(a):\n"
            "    u, s, v = jnp.linalg.svd(a)  # of a singular matrix too\n"
            "    others = jnp.stack([jnp.prod(jnp.delete(s, k)) for k in range(len(s))])\n"
            "    return jnp.linalg.det(u)*jnp.linalg.det(v)*((v.T*others) @ u.T)"
        ),
        "erf": "def erf(x):\n    return jax.scipy.special.erf(x)",
        "erfc": "def erfc(x):\n    return jax.scipy.special.erfc(x)",
        "gamma": "def gamma(x):\n    return jax.scipy.special.gamma(x)",
        "lgamma": "def lgamma(x):\n    return jax.scipy.special.gammaln(x)",
        "polygamma": "def polygamma(n, x):\n    return jax.scipy.special.polygamma(n, x)",
        "beta": "def beta(a, b):\n    return jax.scipy.special.beta(a, b)",
    },
)
LIBRARIES = {"numpy": NUMPY, "torch": TORCH, "jax": JAX}
