"""The table of topics: families of exercises by level, as templates in the language.

A letter in braces stands for a value that is drawn (see `POOLS` in `draws.py`): `{a}` for a coefficient, `{n}` for an
exponent, `{s}` for a sign, `{f}` for sine or cosine, `{p}` for a number of a point, `{pq}` for the product of two. The
level tells how much is nested in an expression, not how large its numbers are.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from diffcli.messages import Message

#: How hard an exercise can be.
LEVELS = range(1, 6)


class Family(NamedTuple):
    """Exercises of one structure: an expression, values of its variables, and what is asked, as options of `check`."""

    level: int
    expression: str
    at: str = ""
    wrt: str = ""
    of: str | None = None
    local: str | None = None
    value: bool = False
    lr: str | None = None
    stable_rate: bool = False


class Topic(NamedTuple):
    """A subject: what it is called, the hint that helps with all of it, and its families."""

    title: Message
    hint: Message
    families: Sequence[Family]


_F = Family

TOPICS: Mapping[str, Topic] = {
    "powers": Topic(
        Message("powers"),
        Message("the derivative of x^n is n*x^(n - 1); a sum is differentiated term by term"),
        (
            _F(1, "{a}*x^{n}"),
            _F(1, "x^{n} {s} {a}*x"),
            _F(2, "{a}*x^{n} {s} {b}*x^{m}"),
            _F(2, "{a}*x^{n} {s} {b}*x {z} {c}"),
            _F(3, "{a}/x^{m}"),
            _F(3, "{a}*sqrt(x) {s} {b}*x^{n}"),
            _F(4, "{a}*x^{n} {s} {b}/x^{m}"),
            _F(4, "{a}*x^({o}/2)"),
            _F(5, "{a}*x^({o}/2) {s} {b}/sqrt(x)"),
            _F(5, "x^{n}*sqrt(x) {s} {a}/x^{m}"),
        ),
    ),
    "product": Topic(
        Message("the product rule"),
        Message("the derivative of u*v is u'*v + u*v'"),
        (
            _F(1, "x^{n}*{f}(x)"),
            _F(1, "{a}*x*exp(x)"),
            _F(2, "({a}*x {s} {b})*{f}(x)"),
            _F(2, "x^{n}*log(x)"),
            _F(3, "x^{n}*{f}({a}*x)"),
            _F(3, "exp({a}*x)*{f}(x)"),
            _F(4, "exp({a}*x)*{f}({b}*x)"),
            _F(4, "(x^{n} {s} {a})*{f}({b}*x)"),
            _F(5, "x^{n}*exp({a}*x)*{f}(x)"),
            _F(5, "x^{n}*log(x)*{f}({a}*x)"),
        ),
    ),
    "quotient": Topic(
        Message("the quotient rule"),
        Message("the derivative of u/v is (u'*v - u*v')/v^2"),
        (
            _F(1, "x/(x {s} {a})"),
            _F(1, "{a}/({b}*x {s} {c})"),
            _F(2, "({a}*x {s} {b})/(x + {c})"),
            _F(2, "x^2/(x {s} {a})"),
            _F(3, "{f}(x)/x^{n}"),
            _F(3, "log(x)/x^{n}"),
            _F(4, "(x^2 {s} {a})/(x^2 + {b}*x + {c})"),
            _F(4, "exp({a}*x)/(x^2 + {b})"),
            _F(5, "x*exp({a}*x)/(x^2 + {b})"),
            _F(5, "x^{n}*{f}(x)/(x + {a})"),
        ),
    ),
    "chain": Topic(
        Message("the chain rule"),
        Message("the derivative of f(u) is f'(u)*u'"),
        (
            _F(1, "({a}*x {s} {b})^{n}"),
            _F(1, "{f}({a}*x)"),
            _F(2, "{f}(x^{n})"),
            _F(2, "(x^2 {s} {a})^{n}"),
            _F(3, "sqrt(x^2 + {a})"),
            _F(3, "{f}({a}*x^{n} {s} {b}*x)"),
            _F(4, "{f}({a}*x)^{n}"),
            _F(4, "exp({a}*{f}(x))"),
            _F(5, "sqrt({a} + {f}({b}*x))"),
            _F(5, "exp({f}({a}*x^{n}))"),
        ),
    ),
    "exp-log": Topic(
        Message("exponentials and logarithms"),
        Message("the derivative of exp(u) is exp(u)*u', that of log(u) is u'/u"),
        (
            _F(1, "{a}*exp(x) {s} {b}*x"),
            _F(1, "{a}*log(x) {s} {b}*x"),
            _F(2, "{a}*exp({b}*x)"),
            _F(2, "log({a}*x {s} {b})"),
            _F(3, "exp({a}*x^2)"),
            _F(3, "x^{n}*log(x)"),
            _F(4, "log({a}*x^2 + {b})"),
            _F(4, "x^{n}*exp(-{a}*x)"),
            _F(5, "log({a} + exp({b}*x))"),
            _F(5, "{a}^x*log(x)"),
        ),
    ),
    "trig": Topic(
        Message("trigonometric functions"),
        Message("the derivative of sin(u) is cos(u)*u', that of cos(u) is -sin(u)*u'"),
        (
            _F(1, "{a}*sin(x) {s} {b}*cos(x)"),
            _F(1, "{a}*{f}(x) {s} {b}*x"),
            _F(2, "{a}*{f}({b}*x)"),
            _F(2, "{a}*tan(x)"),
            _F(3, "{f}(x)^{n}"),
            _F(3, "x*{f}({a}*x)"),
            _F(4, "sin({a}*x)*cos({b}*x)"),
            _F(4, "{f}({a}*x)^{n}"),
            _F(5, "x^{n}*{f}({a}*x)^2"),
            _F(5, "{f}({a}*x)/({b} + {f}(x))"),
        ),
    ),
    "several-variables": Topic(
        Message("several variables"),
        Message("differentiate by one variable as if the others were numbers"),
        (
            _F(1, "{a}*x^{n} {s} {b}*y^{m}"),
            _F(1, "{a}*x*y {s} {b}*x"),
            _F(2, "x^{n}*y {s} {a}*y^2"),
            _F(2, "{a}*x^{n}*y^{m}"),
            _F(3, "x^{n}*{f}(y)"),
            _F(3, "x*exp({a}*y)"),
            _F(4, "{f}({a}*x*y) {s} {b}*x"),
            _F(4, "log(x^2 + {a}*y^2)"),
            _F(5, "x*exp({a}*x*y)"),
            _F(5, "x*y^{n} {s} {a}*y*z^{m}"),
        ),
    ),
    "vectors": Topic(
        Message("vectors"),
        Message("differentiate by one element; the gradient has an entry for each"),
        (
            _F(1, "sum({a}*x^2)", "x={p},{k},{q}"),
            _F(1, "sum(x^2 {s} {a}*x)", "x={p},{k}"),
            _F(2, "mean({a}*x^2)", "x={p},{k},{q}"),
            _F(2, "w @ x {s} {a}", "w={p},{k}; x={q},{r}"),
            _F(3, "sum(({a}*x {s} y)^2)", "x={p},{k}; y={q},{r}"),
            _F(3, "(w @ x {s} {a})^2", "w={p},{k}; x={q},{r}"),
            _F(4, "sum({a}*x^{n})"),
            _F(4, "mean(({a}*x {s} {b})^2)"),
            _F(5, "sum({f}({a}*x))"),
            _F(5, "mean(log({a}*x^2 + {b}))"),
        ),
    ),
    "broadcasting": Topic(
        Message("broadcasting"),
        Message("what is used for many elements gets the sum of what flows back from all of them"),
        (
            _F(1, "sum(w*x^2)", "w={p}; x={q},{r},{t}", wrt="w"),
            _F(1, "sum({a}*x*w)", "x={p},{q},{k}; w={r}", wrt="w"),
            _F(2, "sum((x {s} b)^2)", "x={p},{q},{k}; b={r}", wrt="b"),
            _F(2, "sum((w*x {s} {a})^2)", "w={p}; x={k},{q}", wrt="w"),
            _F(3, "sum(A*b^2)", "A=[[{p},{k}],[{q},{r}]]; b={t},{u}", wrt="b"),
            _F(3, "sum((A {s} b)^2)", "A=[[{p},{k}],[{q},{r}]]; b={t},{u}", wrt="b"),
            _F(4, "mean((A*w {s} {a})^2)", "A=[[{p},{k}],[{q},{r}]]; w={t},{u}", wrt="w"),
            _F(4, "mean((x {s} b)^2)", "x={p},{k},{q}; b={r}"),
            _F(5, "sum((w*x + b - y)^2)", "w={p}; b={q}; x={r},{t},{k}; y={u},{v},{p}", wrt="w,b"),
            _F(5, "mean((w*x {s} b)^2)", "w={p}; b={q}; x={r},{k}", wrt="w,b"),
        ),
    ),
    "matrix": Topic(
        Message("matrices"),
        Message("what flows back through A@x is A.T times it to x, and its outer product with x to A"),
        (
            _F(1, "sum(A @ x)", "A=[[{p},{k}],[{q},{r}]]; x={t},{u}", wrt="x"),
            _F(1, "sum({a}*(A @ x))", "A=[[{p},{k}],[{q},{r}]]; x={t},{u}", wrt="A"),
            _F(2, "x @ A @ x", "A=[[{p},{k}],[{q},{r}]]; x={t},{u}", wrt="x"),
            _F(2, "w @ (A @ x)", "w={v},{k}; A=[[{p},{q}],[{r},{t}]]; x={p},{u}", wrt="x"),
            _F(3, "sum((A @ x - b)^2)", "A=[[{p},{k}],[{q},1]]; x={r},{t}; b={u},{v}", wrt="x"),
            _F(3, "sum((A @ x)^2)", "A=[[{p},{k}],[{q},1]]; x={r},{t}", wrt="A"),
            _F(4, "sum(({a}*A @ x - b)^2)", wrt="x"),
            _F(4, "{a}*(x @ A @ x)", wrt="x"),
            _F(5, "sum((A @ x {s} {a}*b)^2)", wrt="A"),
            _F(5, "mean((X @ w - {a}*y)^2)", wrt="w"),
        ),
    ),
    "computation-graph": Topic(
        Message("the computation graph"),
        Message("a value is computed from those of its operands; a local derivative knows of them alone"),
        (
            _F(1, "u = {a}*x; v = u {s} {b}; v^2", "x={p}", of="v", value=True),
            _F(1, "u = x*y; u {s} {a}*y", "x={p}; y={q}", value=True),
            _F(2, "u = x*y; v = u {s} {a}; v^2", "x={p}; y={q}", value=True),
            _F(2, "u = {a}*x; v = u^{n}; v {s} {b}", "x={p}", local="v->u"),
            _F(3, "u = x {s} {a}; v = u*y; v^2", "x={p}; y={q}", local="v->u"),
            _F(3, "u = x*y; v = u^2; {a}*v {s} x", "x={p}; y={q}", local="v->u"),
            _F(4, "u = x^2 {s} {a}*y; v = u*y; v^{n}", "x={p}; y={q}", of="v", value=True),
            _F(4, "u = x*y; v = {a}/u; v {s} x", "x={p}; y={q}", local="v->u"),
            _F(5, "u = x^2 + y^2; v = u*x; w = v*{a}*u; w - v", "x={p}; y={q}", local="w->v"),
            _F(5, "u = {a}*x {s} y; v = u*x; w = v^2/y; w {z} u", "x={p}; y={q}", of="w", value=True),
        ),
    ),
    "accumulation": Topic(
        Message("gradients that add up"),
        Message("what is used twice gets the sum of both contributions"),
        (
            _F(1, "x*x {s} {a}*x", "x={p}"),
            _F(1, "u = {a}*x; u*x", "x={p}"),
            _F(2, "u = x*y; u*x {s} y", "x={p}; y={q}"),
            _F(2, "u = {a}*x; u^2 {s} x", "x={p}"),
            _F(3, "u = x*y; u^2 {s} u", "x={p}; y={q}"),
            _F(3, "u = x + y; u*x {s} {a}*u", "x={p}; y={q}"),
            _F(4, "u = x*y; v = u + {a}*x; u*v", "x={p}; y={q}"),
            _F(4, "u = x^2; v = u {s} {a}*x; u*v", "x={p}"),
            _F(5, "u = x*y; v = u {s} {a}*x; w = u*v; w + v", "x={p}; y={q}", of="u"),
            _F(5, "u = x + y; v = u*x; w = v*u; w {s} {a}*x", "x={p}; y={q}"),
        ),
    ),
    "backprop": Topic(
        Message("backpropagation by hand"),
        Message("from the result on, each contribution is the local derivative times the upstream gradient"),
        (
            _F(1, "u = {a}*x {s} {b}; u^2", "x={p}", of="u"),
            _F(1, "u = x*y; {a}*u^2", "x={p}; y={q}", of="u"),
            _F(2, "u = {a}*x {s} {b}; u^2", "x={p}"),
            _F(2, "u = x*y; v = u {s} {a}; v^2", "x={p}; y={q}", of="u"),
            _F(3, "u = x*y; v = u {s} {a}; v^2", "x={p}; y={q}"),
            _F(3, "u = x {s} {a}; v = y^2; u*v", "x={p}; y={q}"),
            _F(4, "h = w*x; o = h + b; (o - {a})^2", "w={p}; x={q}; b={r}", wrt="w,b"),
            _F(4, "u = x*y; v = u^2; w = v {s} {a}*x; w*y", "x={p}; y={q}", of="v"),
            _F(5, "h = w*x + b; o = v*h; (o - {a})^2", "w={p}; x={q}; b=1; v={r}", wrt="w,v"),
            _F(5, "u = x*y; v = u {s} {a}; w = v^2; w*x", "x={p}; y={q}"),
        ),
    ),
    "descent-step": Topic(
        Message("a step of descent"),
        Message("a step goes against the gradient: x - lr*gradient"),
        (
            _F(1, "{a}*x^2", "x={p}", lr="{h}"),
            _F(1, "x^2 {s} {a}*x", "x={p}", lr="{h}"),
            _F(2, "(x {s} {a})^2", "x={p}", lr="{h}"),
            _F(2, "{a}*x^2 {s} {b}*x", "x={p}", lr="{h}"),
            _F(3, "{a}*x^2 + {b}*y^2", "x={p}; y={k}", lr="{h}"),
            _F(3, "x^2 {s} x*y + {a}*y", "x={p}; y={q}", lr="{h}"),
            _F(4, "sum((x - y)^2)", "x={p},{k}; y={q},{r}", wrt="x", lr="{h}"),
            _F(4, "mean({a}*x^2)", "x={p},{k}", lr="{h}"),
            _F(5, "(w*{a} + b - {c})^2", "w={p}; b={k}", lr="{h}"),
            _F(5, "mean((w*x - y)^2)", "w={p}; x={q},{k}; y={r},{t}", wrt="w", lr="{h}"),
        ),
    ),
    "learning-rate": Topic(
        Message("the largest stable learning rate"),
        Message("steps shrink as long as the rate is below 2 over the largest second derivative"),
        (
            _F(1, "{a}*x^2", "x={p}", stable_rate=True),
            _F(1, "x^2/{a}", "x={p}", stable_rate=True),
            _F(2, "{a}*x^2 {s} {b}*x", "x={p}", stable_rate=True),
            _F(2, "(x {s} {a})^2/{b}", "x={p}", stable_rate=True),
            _F(3, "{a}*x^2 + {b}*y^2", "x={p}; y={q}", stable_rate=True),
            _F(3, "{a}*x^2 {s} {b}*x + y^2", "x={p}; y={q}", stable_rate=True),
            _F(4, "mean({a}*x^2)", "x={p},{q},{r}", stable_rate=True),
            _F(4, "x^{n}", "x={p}", stable_rate=True),
            _F(5, "{a}*x^2 {s} 2*x*y + {a}*y^2", "x={p}; y={q}", stable_rate=True),
            _F(5, "mean((w*x - y)^2)", "w={p}; x={q},{r}; y={t},{u}", wrt="w", stable_rate=True),
        ),
    ),
    "logistic-unit": Topic(
        Message("the logistic unit"),
        Message("with s = sigmoid(z), the derivative of sigmoid(z) is s*(1 - s)*z'"),
        (
            _F(1, "sigmoid({a}*x)"),
            _F(1, "{a}*sigmoid(x)"),
            _F(2, "sigmoid({a}*x {s} {b})"),
            _F(2, "{a}*sigmoid({b}*x)"),
            _F(3, "sigmoid(w*x - {pq})", "w={p}; x={q}", wrt="w"),
            _F(3, "-log(sigmoid(w*x + {a}))"),
            _F(4, "sigmoid(w*x + b)", "w={p}; x={q}; b=-{pq}", wrt="w,b"),
            _F(4, "-log(sigmoid(w*x - {pq}))", "w={p}; x={q}", wrt="w"),
            _F(5, "(sigmoid(w*x + b) - 1)^2", "w={p}; x={q}; b=-{pq}", wrt="w,b"),
            _F(5, "-log(1 - sigmoid(w @ x))", "w={p},{q}; x={q},-{p}", wrt="w"),
        ),
    ),
    "softmax": Topic(
        Message("softmax"),
        Message("with s = softmax(x), the gradient of -log(s[i]) is s, less 1 at i"),
        (
            _F(1, "softmax(x)[{i}]", "x=[log({d}),log({e}),log({g})]", value=True),
            _F(1, "softmax(x)", "x=[log({d}),log({e})]", value=True),
            _F(2, "log(sum(exp(x)))", "x=[log({d}),log({e}),log({g})]"),
            _F(2, "-log(softmax(x)[{i}])", "x=[log({d}),log({e}),log({g})]"),
            _F(3, "{a}*log(sum(exp(x))) - {b}*x[{i}]", "x=[log({d}),log({e}),log({g})]"),
            _F(3, "-{a}*log(softmax(x)[{i}])", "x=[log({d}),log({e}),log({g})]"),
            _F(4, "softmax(x)[{i}]", "x=[log({d}),log({e}),log({g})]"),
            _F(4, "softmax({a}*x)[{i}]", "x=[0,0,0]"),
            _F(5, "-log(softmax(W @ x)[0])", "W=[[0,0],[0,0]]; x={p},{k}", wrt="W"),
            _F(5, "-log(softmax(W @ x)[{i}])", "W=zeros(3,2); x={p},{k}", wrt="W"),
        ),
    ),
    "kinks": Topic(
        Message("functions with kinks"),
        Message("on either side of a kink one piece counts: find out which, and differentiate that"),
        (
            _F(1, "sum({a}*abs(x))", "x={p},{k},{q}"),
            _F(1, "sum({a}*relu(x))", "x={p},{k},{q}"),
            _F(2, "{a}*x*abs(x)"),
            _F(2, "sum(relu({a}*x {s} {b}))", "x={p},{k},{q}"),
            _F(3, "sum(relu(x)^2)", "x={p},{k},{q}"),
            _F(3, "w @ relu(x)", "w={p},{q},{r}; x={t},{k},{u}", wrt="x"),
            _F(4, "sum(x*abs(x {s} {a}))", "x={p},{k},{q}"),
            _F(4, "w @ relu(A @ x)", "w={p},{q}; A=[[{r},{k}],[-{t},1]]; x={u},1", wrt="w,x"),
            _F(5, "sum(max({a}*x, x^2))", "x={p},{k},{q}"),
            _F(5, "sum(where(x > 0, x^2, {b}*x))", "x={p},{k},{q}"),
        ),
    ),
}  # fmt: skip
