"""Topics about how it is used: descents, data, answers, scripts, Python, notebooks, shells."""

from diffcli.analysis.manual.page import Example, Parts, Rows, for_example
from diffcli.errors import ExitCode
from diffcli.messages import Joined, Message


def descent() -> Parts:
    """Learning rates, optimizers, and how a run ends."""
    from diffcli.analysis.descent.optimizers import OPTIMIZERS
    from diffcli.analysis.descent.schedules import SCHEDULES

    return (
        Message("`descend` follows the negative gradient to lower values, `ascend` the gradient to higher ones."),
        Rows(
            (
                ("--lr 0.1", Message("the learning rate: how far a step goes; auto fits it to the curvature")),
                ("--steps 100", Message("the most steps to take")),
                ("--tol 1e-6", Message("stop when the gradient's norm is at most this")),
                ("--optimizer adam", Message("the rule of a step")),
                ("--set momentum=0.9", Message("a hyperparameter of the rule or the schedule")),
                ("--schedule cosine", Message("how the rate changes on the way")),
            )
        ),
        Message("Several optimizers or rates between commas run side by side: `--lr 0.1,0.5,1`."),
        Rows(tuple((name, Message(rule.summary)) for name, rule in OPTIMIZERS.items()), Message("Optimizers")),
        Rows(tuple((name, Message(rule.summary)) for name, rule in SCHEDULES.items()), Message("Schedules")),
        Rows(
            (
                (
                    "converged",
                    Message("the gradient's norm is within the tolerance, at a minimum as the Hessian tells"),
                ),
                ("plateau", Message("so it is, but at no minimum")),
                ("step-limit, time-limit", Message("it was on its way; how many steps are missing is estimated")),
                ("stalled", Message("a step changes nothing any more")),
                ("oscillating", Message("the value goes up and down: the rate is too large")),
                ("diverged, not-finite", Message("the value grows without bound")),
                ("kink", Message("it moves back and forth over a kink, or --strict stopped it there")),
            ),
            Message("How a run ends"),
        ),
        Message("`diffcli functions NAME` shows the formula of an optimizer or schedule, and its hyperparameters."),
        for_example(
            Example('diffcli descend "(x-1)^2 + 10*(y-2)^2" --at "x=0; y=0" --lr auto', Message("A rate that fits.")),
            Example(
                'diffcli descend "x^4" --at 2 --optimizer momentum --lr 0.01 --set momentum=0.8',
                Message("A hyperparameter."),
            ),
        ),
    )


def data() -> Parts:
    """Columns of a file as variables."""
    return (
        Message("Columns of a file are variables by their names, which are not differentiated by."),
        Rows(
            (
                (
                    "--data FILE",
                    Message("a table: `.csv` or `.tsv` with a header, `.parquet`, `.npz`, `.npy`, `.json`"),
                ),
                ("--columns x=width,y=height", Message("other names for columns; X=[A,B] makes a matrix of two")),
                ("--decimal ,", Message("the decimal mark, where it is not seen from the file")),
                ("--missing n/a", Message("a word that is read as nan")),
                (
                    "--batch-size 32, --epochs 5",
                    Message("how many rows a step of descent sees, how often it goes through them"),
                ),
                ("--shuffle, --seed 1", Message("rows in another order in each epoch")),
                ("--holdout 0.2", Message("a part of the rows not to train on, whose loss is reported")),
            )
        ),
        Message("`param w = 0` in the expression, or `--at w=0`, says what is learned and where it starts."),
        for_example(
            Example(
                'diffcli descend "param w = 0; mean((w*x - y)^2)" --data points.csv --lr 0.05', Message("A slope.")
            ),
            Example(
                'diffcli grad "mean((w*x - y)^2)" --data points.csv --at w=1 --terse',
                Message("The gradient of a loss."),
            ),
        ),
    )


def slips() -> Parts:
    """How the mistake in an answer is found."""
    from diffcli.analysis.manual.slip_pages import slip_kinds

    return (
        Message(
            "A wrong answer mostly is the right derivation with one mistake in it. `check` makes every "
            "typical mistake on purpose, in the graph of the question, and looks which of them leads to "
            "the answer that was given. That one is named, with the rule that it breaks and the place."
        ),
        Message(
            "Where two or three slips lead to the same function, or the numbers may be hit by chance, it says so: "
            "`this is consistent with a slip: ...; or: ...`. Where more do, or none does, nothing is named."
        ),
        Rows(
            (
                (
                    "--feedback hint",
                    Message("the slip, its place and the rule, as without the option; never the right answer"),
                ),
                ("--feedback class", Message("the slip alone")),
                ("--feedback full", Message("the right answer too")),
                ("--feedback none", Message("right or wrong")),
            ),
            Message("How much is said"),
        ),
        Message("`diffcli help SLIP` explains a slip of a rule: {kinds}.", kinds=Joined(slip_kinds())),
        for_example(
            Example(
                'diffcli check "x^2*sin(x)" --answer "2x*cos(x)"',
                Message("A product of derivatives."),
                ExitCode.NEGATIVE,
            ),
            Example(
                'diffcli check "mean(x*x)" --at 1,2,3 --answer 2,4,6',
                Message("Numbers tell it too."),
                ExitCode.NEGATIVE,
            ),
        ),
    )


def exit_codes() -> Parts:
    """What a script learns from the exit code."""
    return (
        Rows(
            (
                ("0", Message("done; converged or stopped at the step limit")),
                (
                    "1",
                    Message(
                        "the methods disagree; descent diverged, oscillates without getting lower, or "
                        "ended on a plateau; the answer is wrong"
                    ),
                ),
                (
                    "2",
                    Message(
                        "cannot start, or cannot be graded: syntax, unknown name, shapes that do not "
                        "fit, bad value, bad option, unreadable file"
                    ),
                ),
                ("3", Message("undefined or not finite at this point; on a kink, with `--strict`")),
                ("4", Message("time limit")),
                (
                    "130, 143",
                    Message(
                        "interrupted by Ctrl-C, by SIGTERM; `descend` prints where it got to, and saves "
                        "it if asked to, within half a second of whatever step it is in; a second one "
                        "ends it at once"
                    ),
                ),
            )
        ),
        Message("The answer is on standard output; notes and errors are on standard error."),
        for_example(
            Example('diffcli check "x^2" --answer "2x" --terse', Message("0: it is right.")),
            Example('diffcli check "x^2" --answer "x" --terse', Message("1: it is wrong."), ExitCode.NEGATIVE),
            Example('diffcli grad "log(x)" --at 0', Message("3: it is undefined."), ExitCode.NOT_FINITE),
        ),
    )


def json() -> Parts:
    """Documents and lines for programs."""
    return (
        Message(
            "`--json` prints one document. Its `schema` says what it is and in which version, as "
            "`diffcli/grad@1`. That of `grad` has:"
        ),
        Rows(
            (
                ("expression, at", Message("what was asked")),
                ("value", Message("the value of the result")),
                ("gradient", Message("the gradient by variable, each of its variable's shape")),
                (
                    "nodes",
                    Message("the graph in order: label, primitive, operands, shape, span of the text, value, gradient"),
                ),
                ("flows", Message("each edge of the backward pass: local derivative, upstream gradient, contribution")),
                ("symbolic, agreement", Message("formulas, and whether both ways agree; with `--symbolic`")),
            )
        ),
        Message(
            'Numbers that are not finite are the strings "nan", "inf" and "-inf". A failure is a document too, '
            "`diffcli/error@1`, on standard error. Documents are English in every language."
        ),
        Message(
            "`descend --jsonl` and `--csv` print each point at once; `--terse` prints bare numbers, a variable a line."
        ),
        for_example(
            Example('diffcli grad "x^2*y" --at "x=2; y=3" --json', Message("A document.")),
            Example('diffcli grad "x^2*y" --at "x=2; y=3" --terse --labels', Message("Lines for a shell.")),
            Example('diffcli descend "x^2" --at 3 --steps 3 --lr 0.1 --jsonl', Message("A line for each point.")),
        ),
    )


def environment() -> Parts:
    """Environment variables."""
    return (
        Rows(
            (
                ("DIFFCLI_EXPR", Message("the expression, where none is given")),
                ("DIFFCLI_AT", Message("the values, where no `--at` is given")),
                (
                    "DIFFCLI_LANG",
                    Message("the language of all texts, `en` or `zh`; without it `LC_ALL`, `LC_MESSAGES`, `LANG`"),
                ),
                ("DIFFCLI_EXECUTOR", Message("what computes, as `--executor` says")),
                ("DIFFCLI_DEBUG", Message("if set, an internal error ends with its traceback")),
                ("NO_COLOR, FORCE_COLOR, TERM=dumb", Message("no colour; colour in a pipe too; no colour")),
                ("COLUMNS", Message("the width of output on a terminal")),
            )
        ),
        Message("What an option says counts before the environment."),
    )


def python() -> Parts:
    """The same from Python."""
    return (
        Message(
            "Each command but `help` and `examples` is a function of the package `diffcli`, with the "
            "options as arguments."
        ),
        Rows(
            (
                ('diffcli.grad("mean(x*x)", x=[1, 2, 3])', Message("a report; `print` shows what the command shows")),
                ("report.gradient", Message("arrays by variable")),
                ("report.to_dict(), report.to_json()", Message("the document of `--json`")),
                ('report.save("steps.html")', Message("a file; its ending says of which kind")),
                ('diffcli.draw("mean(x*x)", x=[1, 2])', Message("what `diffcli graph` draws")),
                ('diffcli.compile("mean(x*x)")', Message("a function that returns value and gradient, for many calls")),
                ("diffcli.DiffcliError", Message("every refusal; its `diagnostic` has code, message, place and hint")),
            )
        ),
        Message("`help(diffcli.grad)` has the details."),
    )


def notebook() -> Parts:
    """Magics for Jupyter and IPython."""
    return (
        Message("`pip install 'diffcli[notebook]'`, and in a notebook or in IPython:"),
        Rows(
            (
                ("%load_ext diffcli", Message("once; then the commands are there as magics")),
                (
                    '%diffcli grad "mean(x*x)" --at 1,2,3',
                    Message("a command line; the report is the value of the cell, or of `r = %diffcli ...`"),
                ),
                (
                    "%%diffcli descend --at w=0 --lr 0.1",
                    Message("likewise; the lines below it are the expression or program"),
                ),
                (
                    "--at x={x}",
                    Message(
                        "the value of x in Python: a number, a list, an array, a tensor; any expression may stand there"
                    ),
                ),
            )
        ),
        Message("Reports are shown as tables and pictures. A mistake is shown as a diagnostic, without a traceback."),
    )


def completion() -> Parts:
    """The Tab key."""
    return (
        Message(
            "`diffcli --install-completion` has the shell that you are in, bash, zsh or fish, complete "
            "words at the Tab key; `--show-completion` prints what it installs."
        ),
        Rows(
            (
                ("diffcli gr", Message("commands")),
                ("diffcli descend --opti", Message("options")),
                ('diffcli grad "1 + soft', Message("functions in an expression, and names that are defined there")),
                ('diffcli grad "w*x" --at ', Message("the variables of the expression; of `--wrt` too")),
                (
                    "diffcli descend ... --optimizer ad",
                    Message(
                        "optimizers, schedules, hyperparameters, topics of a quiz, and other words that an option takes"
                    ),
                ),
                ("diffcli grad ... --columns x=", Message("the columns of the file that `--data` names")),
                ("diffcli help sl", Message("topics, commands, functions")),
            )
        ),
    )
