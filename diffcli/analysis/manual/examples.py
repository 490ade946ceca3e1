"""What to type, by what people want: the one table of examples, those of a command the plainest first.

The tests run the lines in this order, in one folder that has a `points.csv` with columns x and y.
"""

from diffcli.analysis.manual.page import Example, Examples
from diffcli.errors import ExitCode
from diffcli.messages import Message

WANTED: tuple[Examples, ...] = (
    Examples(
        Message("See where a gradient comes from"),
        (
            Example('diffcli grad "mean(x*x)" --at 1,2,3', Message("Value, gradient, and every step between them.")),
            Example(
                'diffcli grad "1/(exp(-(w*x+b))+1)" --at "x=1; w=0; b=0"',
                Message("Several variables: a logistic unit."),
            ),
            Example('diffcli grad "x^2*y" --at "x=2; y=3" --wrt x --terse', Message("By x alone, as a bare number.")),
            Example('diffcli grad "x*sin(x)" --at pi/6 --exact', Message("In exact numbers.")),
        ),
    ),
    Examples(
        Message("Find a formula"),
        (
            Example('diffcli diff "x^2*sin(x)"', Message("The derivative as a formula.")),
            Example('diffcli diff "x*sin(x^2)" --steps', Message("Its derivation, one rule a line.")),
            Example('diffcli diff "sum((A@x - b)^2)" --wrt x', Message("Matrices and vectors of any size.")),
            Example(
                'diffcli diff "log(1 + exp(x))" --as numpy', Message("A program that computes value and gradient.")
            ),
        ),
    ),
    Examples(
        Message("Know which answer is right"),
        (
            Example('diffcli compare "x^3*y" --at "x=2; y=1"', Message("Every way to differentiate, side by side.")),
            Example(
                'diffcli compare "log(1 + exp(x))" --at 1000',
                Message("Where they differ, and why."),
                ExitCode.NOT_FINITE,
            ),
            Example(
                'diffcli compare "x^2*sin(x)" --at 2 --against "2*x*cos(x)"',
                Message("A derivative of your own among them."),
                ExitCode.NEGATIVE,
            ),
        ),
    ),
    Examples(
        Message("Differentiate arrays, and twice"),
        (
            Example(
                'diffcli jacobian "[r*cos(t), r*sin(t)]" --at "r=2; t=pi/6"',
                Message("Two outputs by two variables."),
            ),
            Example(
                'diffcli jacobian "softmax(x)" --at 1,2,3 --pattern', Message("And which entries can differ from 0.")
            ),
            Example(
                'diffcli hessian "x^2 - y^2" --at "x=0; y=0"', Message("Second derivatives: the point is a saddle.")
            ),
            Example('diffcli hessian "sum(x^4)" --at 1,2,3 --hvp 1,0,0', Message("Only the product with a direction.")),
            Example(
                'diffcli jvp "x*sin(y)" --at "x=2; y=0" --tangent "x=1; y=3"',
                Message("How the value changes along a direction."),
            ),
            Example(
                'diffcli jvp "x^2" --at 1,2,3 --tangent 1,0,0 --terse', Message("J v of an array, as bare numbers.")
            ),
            Example('diffcli vjp "x^2" --at 1,2,3 --cotangent 1,0,2', Message("The elements of an array, weighed.")),
            Example(
                'diffcli vjp "A@x" --at "A=[[1,2],[3,4]]; x=5,6" --cotangent 1,-1 --wrt x',
                Message("u J of a matrix product."),
            ),
        ),
    ),
    Examples(
        Message("Walk downhill, or up"),
        (
            Example(
                'diffcli descend "(x-1)^2 + 10*(y-2)^2" --at "x=0; y=0" --lr 0.04',
                Message("Gradient descent, and why it ended."),
            ),
            Example('diffcli descend "x^2" --at 3 --lr 0.1,0.9,1.1', Message("Several rates, side by side.")),
            Example(
                'diffcli descend "(1-x)^2 + 100*(y-x^2)^2" --at "x=-1; y=1" --optimizer adam --lr 0.1',
                Message("With another optimizer."),
            ),
            Example(
                'diffcli descend "mean((w*x + b - y)^2)" --data points.csv --at "w=0; b=0" --lr auto',
                Message("A line through the columns x and y of a file."),
            ),
            Example('diffcli ascend "x*exp(-x)" --at 0.5 --lr 0.5', Message("The top of a hill.")),
            Example(
                'diffcli ascend "sin(x)*cos(y)" --at "x=1; y=1" --lr 0.1 --as-at',
                Message("Where it is, for another command."),
            ),
        ),
    ),
    Examples(
        Message("Draw the computation graph"),
        (
            Example('diffcli graph "mean(x*x)" --at 1,2,3', Message("In the terminal.")),
            Example(
                'diffcli graph "1/(exp(-(w*x+b))+1)" --at "x=1; w=0; b=0" -o graph.html',
                Message("A page that plays the backward pass."),
            ),
            Example('diffcli graph "sum(tanh(W@x))" --at "W=[[1,2],[3,4]]; x=1,0" -o graph.svg', Message("A picture.")),
        ),
    ),
    Examples(
        Message("Practise"),
        (
            Example("diffcli quiz", Message("Five exercises, asked one after the other.")),
            Example("diffcli quiz --topic chain --level 2 --count 3", Message("Of the chain rule, nested twice.")),
            Example(
                "diffcli quiz --topic product,chain --seed 7 -o exercises.toml --solutions answers.toml",
                Message("A sheet, and its answers."),
            ),
        ),
    ),
    Examples(
        Message("Grade an answer"),
        (
            Example('diffcli check "x^2*sin(x)" --answer "2x sin(x) + x^2 cos(x)"', Message("A formula, in any form.")),
            Example(
                'diffcli check "sin(x^2)" --answer "cos(x^2)"',
                Message("The slip behind a wrong one."),
                ExitCode.NEGATIVE,
            ),
            Example('diffcli check "mean(x*x)" --at 1,2,3 --answer "2/3, 4/3, 2"', Message("Numbers.")),
            Example("diffcli check --sheet exercises.toml --answers answers.toml", Message("A whole sheet.")),
        ),
    ),
    Examples(
        Message("Look something up"),
        (
            Example("diffcli functions", Message("Every function with its derivative.")),
            Example("diffcli functions softplus", Message("One of them, in detail.")),
            Example("diffcli functions adam", Message("The update rule of an optimizer.")),
            Example("diffcli help", Message("The topics that there are.")),
            Example("diffcli help language", Message("What can be typed as an expression.")),
            Example("diffcli help descend", Message("The options of a command.")),
            Example("diffcli examples", Message("All of these.")),
            Example("diffcli examples descend", Message("Those of one command.")),
        ),
    ),
)


def examples_of(command: str) -> tuple[Example, ...]:
    """The examples of a command; none of a word that is no command."""
    return tuple(each for wanted in WANTED for each in wanted.examples if each.command.split()[1] == command)
