"""Questions of a course, from powers to matrices."""

#: Of numbers: expressions of x, or of x and y.
OF_NUMBERS = (
    "x^3", "5*x^4 - 2*x^2 + 7", "x^2*sin(x)", "x*exp(x)", "x^2*exp(-x)", "sin(x)*cos(x)", "sin(x)^2", "cos(x)^3",
    "tan(x)", "sqrt(x)", "sqrt(x^2 + 1)", "1/x", "1/(x^2 + 1)", "x/(x + 1)", "(x^2 - 1)/(x^2 + 1)", "log(x)",
    "log(x^2 + 1)", "x*log(x)", "log(x)/x", "exp(x^2)", "exp(sin(x))", "sin(exp(x))", "2^x", "x^x", "asin(x/7)",
    "atan(x)", "sinh(x)", "tanh(x)", "sigmoid(x)", "log(1 + exp(x))", "(3*x - 1)^5", "sin(3*x + 1)", "cos(x^2)",
    "exp(-x^2/2)", "x^2*log(x)*sin(x)", "(x + 1)*(x + 2)*(x + 3)", "x^(1/3)", "x^2.5", "0.5*x^2 + 0.1*x", "pi*x^2",
    "x*sqrt(1 + x)", "sin(x)/x", "exp(x)/(1 + exp(x))", "log(sin(x)^2 + 2)", "sin(cos(x))", "x^5 - x^3 + 1/x^2",
    "1/sqrt(x)", "(1 + 1/x)^2", "cosh(x)^2", "abs(x)*x",
    "x^2*y + y^3", "sin(x*y)", "x/y", "exp(x + 2*y)", "x*y*exp(-x*y)", "log(x^2 + y^2)", "sqrt(x^2 + y^2)",
    "(x + y)^3", "x*sin(y) + y*cos(x)", "x^y", "(2*x + 3*y - 1)^2", "tanh(x*y + 1)",
)  # fmt: skip
#: Of vectors and matrices, with right answers.
OF_ARRAYS = (
    ("mean(x*x)", "x", ("2*x/n", "2/n*x", "x/n + x/n", "(x + x)/n")),
    ("sum(x^3)", "x", ("3*x^2", "3*x*x", "x^2 + 2*x^2")),
    ("sum(x)^2", "x", ("2*sum(x)", "sum(x) + sum(x)", "sum(2*x)")),
    ("x @ x", "x", ("2*x", "x + x", "2x")),
    ("log(sum(exp(x)))", "x", ("exp(x)/sum(exp(x))", "softmax(x)")),
    ("sum(sin(x))", "x", ("cos(x)", "1 - 2*sin(x/2)^2")),
    ("norm(x)", "x", ("x/norm(x)", "x/sqrt(sum(x^2))", "x/sqrt(x@x)")),
    ("sum((A@x - b)^2)", "x", ("2*A.T@(A@x - b)", "2*(A@x - b)@A", "2*A.T@A@x - 2*A.T@b", "-2*A.T@(b - A@x)")),
    ("sum((A@x - b)^2)", "A", ("2*outer(A@x - b, x)", "outer(2*(A@x - b), x)")),
    ("sum((A@x - b)^2)", "b", ("2*(b - A@x)", "-2*(A@x - b)", "2*b - 2*A@x")),
    ("x @ (A @ x)", "x", ("(A + A.T)@x", "A@x + A.T@x", "A@x + x@A")),
    ("trace(A.T @ A)", "A", ("2*A", "A + A")),
    ("logdet(A)", "A", ("inv(A).T", "inv(A.T)")),
    ("w @ x + b", "w", ("x", "1*x", "2*x/2")),
    ("mean((X@w - y)^2)", "w", ("2*X.T@(X@w - y)/n", "2/n*X.T@(X@w - y)", "(2/n)*(X@w - y)@X")),
    ("sum(sigmoid(W@x))", "x", ("W.T@(sigmoid(W@x)*(1 - sigmoid(W@x)))", "(sigmoid(W@x)*(1 - sigmoid(W@x)))@W")),
    ("sum(relu(x))", "x", ("x > 0", "where(x > 0, 1, 0)", "(1 + sign(x))/2")),
    ("var(x)", "x", ("2*(x - mean(x))/n", "2/n*(x - sum(x)/n)")),
)  # fmt: skip
