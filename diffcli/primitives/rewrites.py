"""Forms that overflow or are undefined where the function that they stand for is not, and what to write instead.

Each pair is equal where both are finite; where one has no value the other may have one. `hard` is a point at which the form on the left breaks and
the one on the right does not; `wrt` names the variables to differentiate by there, if not all.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple


class Rewrite(NamedTuple):
    """A form and its stable equal, in the language; names stand for any expression.

    `vector` says which name must stand for a vector, `positive` which for positive numbers, for only
    then the two are equal.
    """

    form: str
    stable: str
    hard: Mapping[str, Any]
    wrt: str = ""
    vector: str = ""
    positive: str = ""


# fmt: off
#: Of several forms that a piece has, the first is tried first.
REWRITES: tuple[Rewrite, ...] = (
    # logarithms of sums of exponentials
    Rewrite("log(1 + exp(a) + exp(b))",            "logaddexp(softplus(a), b)",                 {"a": 1000, "b": 999}),
    Rewrite("log(exp(a) + exp(b) + exp(c))",       "logaddexp(logaddexp(a, b), c)",             {"a": 1000, "b": 999, "c": 1}),
    Rewrite("log(1 + exp(a))",                     "softplus(a)",                               {"a": 1000}),
    Rewrite("log1p(exp(a))",                       "softplus(a)",                               {"a": 1000}),
    Rewrite("log(exp(a) + exp(b))",                "logaddexp(a, b)",                           {"a": 1000, "b": 999}),
    Rewrite("log(sum(exp(a)))",                    "logsumexp(a)",                              {"a": [1000, 999]}),
    Rewrite("log(sum(exp(a), axis=k))",            "logsumexp(a, axis=k)",                      {"a": [[1000, 999], [1, 2]]}),
    Rewrite("log(sum(exp(a), axis=k, keepdims=True))", "logsumexp(a, axis=k, keepdims=True)",   {"a": [[1000, 999], [1, 2]]}),
    Rewrite("log(exp(a) - 1)",                     "a + log(-expm1(-a))",                       {"a": 1000}),
    Rewrite("log(expm1(a))",                       "a + log(-expm1(-a))",                       {"a": 1000}),
    Rewrite("log(cosh(a))",                        "logaddexp(a, -a) - log(2)",                 {"a": 1000}),
    Rewrite("log(sinh(a))",                        "a + log(-expm1(-2*a)) - log(2)",            {"a": 1000}),
    Rewrite("log(exp(a))",                         "a",                                         {"a": 1000}),
    # the logistic function and its logarithms
    Rewrite("log(1/(1 + exp(-a)))",                "log_sigmoid(a)",                            {"a": -1000}),
    Rewrite("log(1/(1 + exp(a)))",                 "-softplus(a)",                              {"a": 1000}),
    Rewrite("log(exp(a)/(1 + exp(a)))",            "log_sigmoid(a)",                            {"a": 1000}),
    Rewrite("log(1 - 1/(1 + exp(-a)))",            "-softplus(a)",                              {"a": 1000}),
    Rewrite("log(sigmoid(a))",                     "-softplus(-a)",                             {"a": -1000}),
    Rewrite("log(1 - sigmoid(a))",                 "-softplus(a)",                              {"a": 1000}),
    Rewrite("log1p(-sigmoid(a))",                  "-softplus(a)",                              {"a": 1000}),
    Rewrite("1/(1 + exp(-a))",                     "sigmoid(a)",                                {"a": -1000}),
    Rewrite("1/(1 + exp(a))",                      "sigmoid(-a)",                               {"a": 1000}),
    Rewrite("exp(a)/(1 + exp(a))",                 "sigmoid(a)",                                {"a": 1000}),
    Rewrite("exp(a)/(exp(a) + exp(b))",            "sigmoid(a - b)",                            {"a": 1000, "b": 999}),
    Rewrite("exp(-a)/(1 + exp(-a))^2",             "sigmoid(a)*sigmoid(-a)",                    {"a": -1000}),
    Rewrite("exp(a)/(1 + exp(a))^2",               "sigmoid(a)*sigmoid(-a)",                    {"a": 1000}),
    Rewrite("a/(1 + exp(-b))",                     "a*sigmoid(b)",                              {"a": 2, "b": -1000}),
    Rewrite("a/(1 + exp(b))",                      "a*sigmoid(-b)",                             {"a": 2, "b": 1000}),
    Rewrite("2/(1 + exp(-2*a)) - 1",               "tanh(a)",                                   {"a": -1000}),
    # hyperbolic functions
    Rewrite("(exp(a) - exp(-a))/(exp(a) + exp(-a))", "tanh(a)",                                 {"a": 1000}),
    Rewrite("(exp(2*a) - 1)/(exp(2*a) + 1)",       "tanh(a)",                                   {"a": 1000}),
    Rewrite("(1 - exp(-2*a))/(1 + exp(-2*a))",     "tanh(a)",                                   {"a": -1000}),
    Rewrite("sinh(a)/cosh(a)",                     "tanh(a)",                                   {"a": 1000}),
    Rewrite("log(1 - tanh(a)^2)",                  "2*(log(2) - logaddexp(a, -a))",             {"a": 1000}),
    Rewrite("atanh(tanh(a))",                      "a",                                         {"a": 1000}),
    Rewrite("log(a + sqrt(a^2 + 1))",              "asinh(a)",                                  {"a": -1e10}),
    # softmax and cross-entropy
    Rewrite("log(exp(a)/sum(exp(a)))",             "log_softmax(a)",                            {"a": [1000, 0]}, vector="a"),
    Rewrite("log(softmax(a)[k])",                  "log_softmax(a)[k]",                         {"a": [1000, 0], "k": 1}),
    Rewrite("log(softmax(a))",                     "log_softmax(a)",                            {"a": [1000, 0]}),
    Rewrite("log(softmax(a, axis=k))",             "log_softmax(a, axis=k)",                    {"a": [[1000, 0], [1, 2]]}),
    Rewrite("exp(a)/sum(exp(a))",                  "softmax(a)",                                {"a": [1000, 999]}, vector="a"),
    Rewrite("exp(a)/sum(exp(a))",                  "exp(a - logsumexp(a))",                     {"a": [[1000, 999], [1, 2]]}),
    Rewrite("exp(a)/sum(exp(a), axis=k, keepdims=True)", "softmax(a, axis=k)",                  {"a": [[1000, 999], [1, 2]]}),
    Rewrite("sum(exp(a)*b)/sum(exp(a))",           "sum(softmax(a)*b)",                         {"a": [1000, 999], "b": [1, 2]}, vector="a"),
    Rewrite("bce(sigmoid(a), b)",                  "bce_with_logits(a, b)",                     {"a": [1000], "b": [0]}, wrt="a"),
    Rewrite("b*log(sigmoid(a)) + (1 - b)*log(1 - sigmoid(a))", "-(b*softplus(-a) + (1 - b)*softplus(a))", {"a": 1000, "b": 0}),
    # roots of squares, norms
    Rewrite("sqrt(a^2)",                           "abs(a)",                                    {"a": 1e200}),
    Rewrite("sqrt(a^2 + b^2)",                     "hypot(a, b)",                               {"a": 1e200, "b": 1e200}),
    Rewrite("sqrt(a^2 + b^2 + c^2)",               "hypot(hypot(a, b), c)",                     {"a": 1e200, "b": 1e200, "c": 1}),
    Rewrite("sqrt(sum(a^2))",                      "norm(a)",                                   {"a": [1e200, 1]}),
    Rewrite("sqrt(sum(a^2, axis=k))",              "norm(a, axis=k)",                           {"a": [[1e200, 1], [1, 2]]}),
    Rewrite("sqrt(dot(a, a))",                     "norm(a)",                                   {"a": [1e200, 1]}),
    Rewrite("sqrt(a @ a)",                         "norm(a)",                                   {"a": [1e200, 1]}),
    # products, powers and quotients that leave the range of numbers
    Rewrite("log(a^2)",                            "2*log(abs(a))",                             {"a": -1e200}),
    Rewrite("log(a^b)",                            "b*log(a)",                                  {"a": 1e200, "b": 2}),
    Rewrite("log(a*b)",                            "log(a) + log(b)",                           {"a": 1e200, "b": 1e200}),
    Rewrite("log(a/b)",                            "log(a) - log(b)",                           {"a": 1e-200, "b": 1e200}),
    Rewrite("log(prod(a))",                        "sum(log(a))",                               {"a": [1e200, 1e200]}),
    Rewrite("log(det(A))",                         "logdet(A)",                                 {"A": [[1e200, 0], [0, 1e200]]}),
    Rewrite("exp(a)/exp(b)",                       "exp(a - b)",                                {"a": 1000, "b": 999}),
    Rewrite("exp(a)*exp(b)",                       "exp(a + b)",                                {"a": 1000, "b": -999}),
    Rewrite("exp(b*log(a))",                       "a^b",                                       {"a": 0, "b": 2}),
    Rewrite("sqrt(exp(a))",                        "exp(a/2)",                                  {"a": 1000}),
    Rewrite("log(gamma(a))",                       "lgamma(a)",                                 {"a": 200}),
    Rewrite("log(beta(a, b))",                     "lgamma(a) + lgamma(b) - lgamma(a + b)",     {"a": 1000, "b": 1000}),
    Rewrite("gamma(a)/gamma(b)",                   "exp(lgamma(a) - lgamma(b))",                {"a": 200, "b": 199}, positive="ab"),
    # gaps that have a limit
    Rewrite("log(1 - exp(a))",                     "log(-expm1(a))",                            {"a": -1e-17}),
    Rewrite("a*log(b)",                            "xlogy(a, b)",                               {"a": 0, "b": 0}, wrt="b"),
    Rewrite("sin(a)/a",                            "where(a != 0, sin(a)/a, 1)",                {"a": 0}),
    Rewrite("(1 - cos(a))/a^2",                    "where(a != 0, (1 - cos(a))/a^2, 1/2)",      {"a": 0}),
)
# fmt: on
