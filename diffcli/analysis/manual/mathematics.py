"""Topics about what is computed: the language, values, shapes, kinks, numbers."""

from diffcli.analysis.manual.page import Example, Parts, Rows, for_example
from diffcli.errors import ExitCode
from diffcli.messages import Message


def language() -> Parts:
    """What can be typed as an expression."""
    return (
        Rows(
            (
                (
                    "2x + sin(x)^2",
                    Message("numbers, names, + - * / ^ (or **), @, brackets; 2x, 2(x+1) and (a)(b) multiply"),
                ),
                ("-x^2", Message("is -(x^2); 2^-3 is fine; ^ associates to the right")),
                ("x[0], x[-1], A[1:, 0]", Message("indices and slices, as in Python")),
                ("[1, 2], [[1, 2], [3, 4]]", Message("arrays; shapes and broadcasting are NumPy's")),
                ("where(x > 0, x, 0)", Message("comparisons give 1 or 0")),
                ("2πr², √x, a·b, x÷y", Message("what a book prints is understood")),
                ("z = w*x + b; z^2", Message("named intermediates, separated by ; or line breaks")),
                ("f(u, v) = u*v; f(x, 2)", Message("functions, inlined")),
                ("param w = 0.5", Message("a variable to differentiate, with its starting value")),
                ("y = x^2", Message("a definition at the end is the result")),
                ("# a comment", Message("pi, e and tau are constants unless you give them a value")),
            )
        ),
        Rows(
            (
                ("A @ x, A.T, outer(a, b)", Message("matrices and vectors; shapes as in NumPy, batches too")),
                ("sum(A, axis=0)", Message("axis and keepdims for every reduction; axis=-1, axis=(0, 2)")),
                ("x[[0, 2]], x[:, None]", Message("lists of places, new axes; steps and negative places in slices")),
                ("E[ids], E[:, t + 1]", Message("computed places, as NumPy's arrays of integers; E[i, j] pairs them")),
                (
                    'norm(A, "fro")',
                    Message("options are words, numbers or tuples in brackets, fixed before anything is computed"),
                ),
                ("reshape(x, 2, 3)", Message("or reshape(x, (2, 3)), or reshape(x, shape=(2, 3)); -1 is what is left")),
                ("concat([x, y]), stack", Message("arrays joined")),
                ("randn(2, 3, seed=1)", Message("random numbers, the same each time")),
                ("d(x^3, x)", Message("a derivative inside an expression, as an array like x; d(d(x^3, x), x) is 6x")),
            )
        ),
        Message(
            "Text that could be read in two ways is refused, with both readings: `1/2x`, `sinx`. "
            "Notation from elsewhere (`sin^2 x`, `Sin[x]`, `|x|`) is refused with what to write "
            "instead."
        ),
        Message("`diffcli functions` lists the functions, `diffcli functions NAME` shows one of them."),
        for_example(
            Example('diffcli grad "z = w*x + b; z^2" --at "w=2; x=3; b=1"', Message("Named steps.")),
            Example('diffcli grad "f(u) = u^2; f(x) + f(y)" --at "x=1; y=2"', Message("A function of your own.")),
        ),
    )


def values() -> Parts:
    """How variables get their values."""
    return (
        Message("`--at` gives variables their values:"),
        Rows(
            (
                ("3", Message("the value of the only variable, a single number")),
                ("1,2,3", Message("a vector; `1,` is a vector of one")),
                ("x=1,2,3", Message("the value of x")),
                ("x=[[1,2],[3,4]]", Message("a matrix")),
                ("x=pi/4", Message("any constant expression")),
                ("x=@file.csv", Message("an array from a file: `.csv` (rows of numbers, no header), `.npy`, `.json`")),
                ('"x=1,2; y=3"', Message("several in one argument; `--at` may also be repeated")),
            )
        ),
        Message(
            "A value may begin with a minus sign. `--tangent`, `--cotangent` and `--hvp` take values in the same forms."
        ),
        Message(
            "`param w = 0.5` in the expression gives a variable its starting value, `--data FILE` makes "
            "variables of columns. Without `--at` the environment variable `DIFFCLI_AT` counts."
        ),
        for_example(
            Example('diffcli grad "sum(A @ x)" --at "A=[[1,2],[3,4]]" --at x=1,2', Message("A matrix and a vector.")),
            Example('diffcli grad "x^2" --at -3', Message("A negative number.")),
        ),
    )


def shapes() -> Parts:
    """Vectors, matrices, broadcasting."""
    return (
        Message("Shapes and broadcasting are NumPy's. A gradient has the shape of its variable."),
        Rows(
            (
                ("3", Message("a number, of shape ()")),
                ("1,2,3", Message("a vector, of shape (3,)")),
                ("[[1,2],[3,4]]", Message("a matrix, of shape (2, 2)")),
                ("x + 1, A + x", Message("the smaller operand is repeated; its gradient adds up what its copies get")),
                ("x @ y, A @ x, A @ B", Message("a number of two vectors, a vector, a matrix")),
                ("sum(A), sum(A, axis=0)", Message("over all elements, or along an axis; keepdims=True keeps it")),
                ("A.T, reshape(x, 2, 3), x[:, None]", Message("other arrangements of the same numbers")),
            )
        ),
        Message(
            "A gradient is that of a single number. Of an array, say which number is meant: `sum(...)`, "
            "or weights for its elements by `--cotangent`; `jacobian` has the derivatives of all "
            "elements. Nothing is summed silently."
        ),
        for_example(
            Example(
                'diffcli grad "sum(A + x)" --at "A=[[1,2],[3,4]]; x=5,6"', Message("What a repeated operand gets.")
            ),
            Example('diffcli grad "x^2" --at 1,2,3 --cotangent 1,0,0', Message("One element of an array.")),
        ),
    )


def kinks() -> Parts:
    """Where there are several slopes, and which is taken."""
    return (
        Message("At a kink there are several slopes, and every tool takes one of them. These are taken here:"),
        Rows(
            (
                ("`abs`, `relu`, `sign`", Message("at 0: 0")),
                ("`floor`, `ceil`, `<`, `==`", Message("where they jump: 0")),
                ("`maximum`, `minimum`, `max`, `min`, `median`", Message("at a tie: shared equally")),
                ("`norm`, `hypot`, `std`", Message("at the origin, of equal numbers: 0")),
                ("`leaky_relu`, `elu`", Message("at 0: that from the left, `slope`, `alpha`")),
                ("`clip`, `hardtanh`", Message("at a bound: 1, 0")),
                ("`x^b`", Message("at 0, if b is above 1 and not whole: that from the right")),
            )
        ),
        Message(
            "`grad` says when the point sits on a kink: the slopes from the left and from the right, "
            "the one it takes, and those that PyTorch and JAX take. `--strict` makes it an error, with "
            "exit code 3. `compare` holds all methods against each other there."
        ),
        Message("A branch that `where` does not take contributes 0, even if its derivative is infinite."),
        for_example(
            Example('diffcli grad "abs(x)" --at 0', Message("A corner, and the convention.")),
            Example('diffcli compare "relu(x)" --at 0', Message("What each method takes there.")),
            Example("diffcli functions max", Message("The kinks of a function.")),
        ),
    )


def not_finite() -> Parts:
    """Overflow, poles, edges of a domain."""
    return (
        Message(
            "A value or a gradient that is not finite is an error, with exit code 3, that underlines where it began:"
        ),
        Rows(
            (
                ("E501", Message("going forward: the first node that overflows, or lies outside the domain")),
                (
                    "E502",
                    Message("going backward: the first product that is infinite or undefined, as 0 times infinity"),
                ),
            )
        ),
        Message(
            "Where another form of the expression is finite, as `softplus(x)` is for `log(1 + exp(x))`, "
            "it is tried at the point and suggested. Failing that, 50 digits say what the value would "
            "be."
        ),
        Message(
            "`compare` says whether the derivative exists, and which of the ways to compute it lose it. "
            "A zero that arrives from behind annihilates what is undefined; a zero on the way does not."
        ),
        for_example(
            Example(
                'diffcli grad "log(1 + exp(x))" --at 1000',
                Message("An overflow, and a form without it."),
                ExitCode.NOT_FINITE,
            ),
            Example('diffcli grad "sqrt(x)" --at 0', Message("The edge of a domain."), ExitCode.NOT_FINITE),
            Example('diffcli grad "where(x > 0, sqrt(x), 0)" --at -1', Message("A branch that is not taken.")),
        ),
    )


def exact() -> Parts:
    """Fractions, many digits, single precision."""
    return (
        Rows(
            (
                ("--exact", Message("fractions, roots and functions as they are: 2/3, sqrt(3)/2")),
                ("--digits 50", Message("so many significant digits, each of them proved right or doubted aloud")),
                ("--precision 12", Message("of doubles, so many digits in output for people")),
                ("--terse, --json", Message("of doubles, all digits that tell them apart")),
                ("--dtype float32", Message("single precision")),
            )
        ),
        Message("Doubles have 16 digits. Where an answer has lost some of them by cancellation, a note says so."),
        for_example(
            Example('diffcli grad "mean(x*x)" --at 1,2,3 --exact --terse', Message("2/3,4/3,2")),
            Example(
                'diffcli grad "exp(x) - exp(x + 1e-12)" --at 1 --digits 30',
                Message("Where doubles keep few digits."),
            ),
        ),
    )
