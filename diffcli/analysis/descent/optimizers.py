"""The optimizers, a rule each. Names and defaults are PyTorch's, and so are the iterates.

A rule takes the point x, the gradient g of what is to be minimized, the slots that it left at the
step before (none at the first), the number t of the step, from 1, and the learning rate; it
returns the next point and slots. All of it is elementwise. A rule's docstring is its summary and
its formula, which `diffcli functions` prints.
"""

from collections.abc import Callable, Mapping
from typing import Any, Literal, NamedTuple

from diffcli.analysis.descent.hyperparameters import (
    Hyperparameter,
    flag,
    fraction,
    hyperparameters,
    not_negative,
    number,
    pair,
    whole,
)
from diffcli.execute.arrays import Array, larger, root
from diffcli.messages import Message

#: What an optimizer remembers of a variable, by name.
Slots = Mapping[str, Array]
Rule = Callable[..., tuple[Array, Slots]]
#: SciPy's methods.
Method = Literal["L-BFGS-B", "trust-ncg"]

_MEANINGS: dict[str, Hyperparameter] = {
    "momentum":                  not_negative(Message("how much of the last direction is kept")),
    "dampening":                 number(Message("how much of the gradient is held back from the buffer, after the "
    "first step")),
    "weight_decay":              not_negative(Message("how strongly x is pulled towards 0")),
    "lr_decay":                  not_negative(Message("how fast the learning rate falls with the number of steps")),
    "initial_accumulator_value": not_negative(Message("what the sum of squares starts from")),
    "alpha":                     not_negative(Message("how much of the mean of squares is kept")),
    "betas":                     pair(fraction(Message("how much of the means of gradients and of squares is kept: "
    "b1,b2"))),
    "eps":                       not_negative(Message("keeps the denominator from 0")),
    "centered":                  flag(Message("divide by the standard deviation of the gradient, not the root of its "
    "mean square")),
    "amsgrad":                   flag(Message("divide by the largest mean of squares so far")),
    "history_size":              whole(Message("how many steps the estimate of the Hessian is made from"), most=1000),
    # SciPy's memory has its square
}  # fmt: skip


class Optimizer(NamedTuple):
    """A row of the table: `rule` takes the steps, or SciPy's `method` does.

    `lr` is None where a search finds each step's length.
    """

    name: str
    summary: str
    formula: tuple[str, ...]
    hyperparameters: Mapping[str, Hyperparameter]
    aliases: tuple[str, ...]
    lr: float | None
    source: str
    rule: Rule
    method: Method | None = None


OPTIMIZERS: dict[str, Optimizer] = {}


def _optimizer(lr: float | None, source: str, *aliases: str, method: Method | None = None) -> Callable[[Rule], Rule]:
    """Enter a rule in the table under its name."""

    def enter(rule: Rule) -> Rule:
        name = rule.__name__
        summary, _, formula = (rule.__doc__ or "").partition("\n")
        lines = tuple(line.strip() for line in formula.splitlines() if line.strip())
        table = hyperparameters(rule, _MEANINGS)
        OPTIMIZERS[name] = Optimizer(name, summary, lines, table, aliases, lr, source, rule, method)
        return rule

    return enter


@_optimizer(0.1, "Cauchy, 1847", "sgd")
def gd(x: Array, g: Array, s: Slots, t: int, lr: float, *, weight_decay: float = 0.0) -> tuple[Array, Slots]:
    """Plain gradient descent: a step along the negative gradient.

    g <- g + weight_decay*x
    x <- x - lr*g
    """
    g = g + weight_decay * x if weight_decay else g
    return x - lr * g, s


@_optimizer(0.1, "Polyak, 1964")
def momentum(
    x: Array,
    g: Array,
    s: Slots,
    t: int,
    lr: float,
    *,
    momentum: float = 0.9,
    dampening: float = 0.0,
    weight_decay: float = 0.0,
) -> tuple[Array, Slots]:
    """Gradients add up, as the speed of a heavy ball does.

    g <- g + weight_decay*x
    b <- momentum*b + (1 - dampening)*g     (b <- g at the first step)
    x <- x - lr*b
    """
    g = g + weight_decay * x if weight_decay else g
    b = momentum * s["b"] + (1 - dampening) * g if s else g
    return x - lr * b, {"b": b}


@_optimizer(0.1, "Nesterov, 1983; Sutskever and others, 2013")
def nesterov(
    x: Array, g: Array, s: Slots, t: int, lr: float, *, momentum: float = 0.9, weight_decay: float = 0.0
) -> tuple[Array, Slots]:
    """Momentum that looks ahead: the step is the one that the buffer would take after this gradient.

    g <- g + weight_decay*x
    b <- momentum*b + g     (b <- g at the first step)
    x <- x - lr*(g + momentum*b)
    """
    g = g + weight_decay * x if weight_decay else g
    b = momentum * s["b"] + g if s else g
    return x - lr * (g + momentum * b), {"b": b}


@_optimizer(0.01, "Duchi, Hazan and Singer, 2011")
def adagrad(
    x: Array, g: Array, s: Slots, t: int, lr: float, *,
    lr_decay: float = 0.0, weight_decay: float = 0.0, initial_accumulator_value: float = 0.0, eps: float = 1e-10,
) -> tuple[Array, Slots]:  # fmt: skip
    """Each element's steps shrink with the sum of its squared gradients.

    g <- g + weight_decay*x
    v <- v + g^2     (v starts from initial_accumulator_value)
    x <- x - lr/(1 + (t - 1)*lr_decay) * g/(sqrt(v) + eps)
    """
    g = g + weight_decay * x if weight_decay else g
    v = s.get("v", initial_accumulator_value) + g * g
    return x - lr / (1 + (t - 1) * lr_decay) * (g / (root(v) + eps)), {"v": v}


@_optimizer(0.01, "Tieleman and Hinton, 2012; centered: Graves, 2013")
def rmsprop(
    x: Array, g: Array, s: Slots, t: int, lr: float, *,
    alpha: float = 0.99, eps: float = 1e-8, weight_decay: float = 0.0, momentum: float = 0.0, centered: bool = False,
) -> tuple[Array, Slots]:  # fmt: skip
    """Each element's gradient is divided by the root of the mean of its recent squares.

    g <- g + weight_decay*x
    v <- alpha*v + (1 - alpha)*g^2
    a <- alpha*a + (1 - alpha)*g     (if centered, else a = 0)
    b <- momentum*b + g/(sqrt(v - a^2) + eps)
    x <- x - lr*b
    """
    g = g + weight_decay * x if weight_decay else g
    v = alpha * s.get("v", 0.0) + (1 - alpha) * g * g
    kept = {"v": v}
    if centered:
        a = kept["a"] = alpha * s.get("a", 0.0) + (1 - alpha) * g
        v = v - a * a
    b = g / (root(v) + eps)
    if momentum:
        b = kept["b"] = momentum * s.get("b", 0.0) + b
    return x - lr * b, kept


@_optimizer(0.001, "Kingma and Ba, 2015; amsgrad: Reddi, Kale and Kumar, 2018")
def adam(
    x: Array, g: Array, s: Slots, t: int, lr: float, *,
    betas: tuple[float, float] = (0.9, 0.999), eps: float = 1e-8, weight_decay: float = 0.0, amsgrad: bool = False,
) -> tuple[Array, Slots]:  # fmt: skip
    """Momentum, divided by the root of the mean of recent squares; both means corrected for starting at 0.

    g <- g + weight_decay*x
    m <- b1*m + (1 - b1)*g
    v <- b2*v + (1 - b2)*g^2
    w <- max(w, v)     (if amsgrad, else w = v)
    x <- x - lr * m/(1 - b1^t) / (sqrt(w/(1 - b2^t)) + eps)
    """
    g = g + weight_decay * x if weight_decay else g
    return _adaptive(x, g, s, t, lr, betas, eps, amsgrad)


@_optimizer(0.001, "Loshchilov and Hutter, 2019")
def adamw(
    x: Array, g: Array, s: Slots, t: int, lr: float, *,
    betas: tuple[float, float] = (0.9, 0.999), eps: float = 1e-8, weight_decay: float = 0.01, amsgrad: bool = False,
) -> tuple[Array, Slots]:  # fmt: skip
    """Adam with weight decay beside the gradient, not in it.

    x <- x - lr*weight_decay*x
    m <- b1*m + (1 - b1)*g
    v <- b2*v + (1 - b2)*g^2
    w <- max(w, v)     (if amsgrad, else w = v)
    x <- x - lr * m/(1 - b1^t) / (sqrt(w/(1 - b2^t)) + eps)
    """
    return _adaptive(x * (1 - lr * weight_decay), g, s, t, lr, betas, eps, amsgrad)


def _adaptive(
    x: Array, g: Array, s: Slots, t: int, lr: float, betas: tuple[float, float], eps: float, amsgrad: bool
) -> tuple[Array, Slots]:
    b1, b2 = betas
    m = b1 * s.get("m", 0.0) + (1 - b1) * g
    v = b2 * s.get("v", 0.0) + (1 - b2) * g * g
    kept = {"m": m, "v": v}
    w = v
    if amsgrad:
        w = kept["w"] = larger(s["w"], v) if s else v
    return x - lr / (1 - b1**t) * (m / (root(w) / (1 - b2**t) ** 0.5 + eps)), kept


@_optimizer(None, "Byrd, Lu, Nocedal and Zhu, 1995; SciPy's L-BFGS-B", "l-bfgs", method="L-BFGS-B")
def lbfgs(x: Array, g: Array, s: Slots, t: int, lr: float, *, history_size: int = 100) -> Any:
    """Newton's direction with a Hessian estimated from the last steps, and a line search along it.

    y = g - g of the step before;  s = x - x of the step before
    H <- the inverse Hessian that the last history_size pairs (s, y) give
    x <- x - a*H@g     (a from a line search)
    """
    raise NotImplementedError("SciPy takes these steps")


@_optimizer(None, "Steihaug, 1983; SciPy's trust-ncg", method="trust-ncg")
def newton(x: Array, g: Array, s: Slots, t: int, lr: float) -> Any:
    """Newton's method: to where the second-order model has its minimum, no further than the model is trusted.

    p <- the p with |p| <= r that makes g@p + p@H@p/2 least     (by conjugate gradients: only products H@p are computed)
    x <- x + p if the value falls by enough of what the model said, and r <- larger or smaller accordingly
    """
    raise NotImplementedError("SciPy takes these steps")
