"""The kinds of all slips, as sheets name them."""

from diffcli.analysis.slips.readings import OF_VALUES, PRECEDENCE
from diffcli.analysis.slips.table import ROWS

#: Those that are no rows of a table: of several edges, of the whole answer, of a step.
_OTHERS = frozenset({
    "inner-derivative-missing", "derivative-at-the-variable", "derivative-at-the-derivative",
    "function-of-the-derivative", "product-of-derivatives", "quotient-of-derivatives", "use-forgotten",
    "taken-for-symmetric", "constant-kept", "not-differentiated", "integrated", "wrong-sign", "other-variable",
    "chain-stopped", "differentiated-again", "transposed", "differentiated-once", "differentiated-too-little",
    "first-derivatives-multiplied", "value-for-gradient", "other-node", "contribution-for-local",
    "upstream-for-local", "value-for-local", "other-operand", "stopped-early", "step-uphill", "rate-twice",
    "rate-forgotten", "gradient-for-point", "step-for-point", "new-value-used", "old-value-used",
    "momentum-forgotten", "plain-step", "look-ahead-forgotten", "bias-not-corrected", "weight-decay-forgotten",
    "other-number-of-steps", "looked-ahead", "bias-as-at-first", "memory-forgotten", "direction-for-gradient",
    "clipping-forgotten", "clipped-by-element", "clipped-by-variable", "scaled-to-norm", "norm-without-root",
    "step-clipped", "factor-two-missing", "factor-two-twice", "diagonal-alone", "mixed-doubled", "mixed-halved",
    "mixed-sign", "one-triangle",
    "rate-of-one-step", "curvature-for-rate", "rate-inverted", "smaller-curvature",
})  # fmt: skip


def kinds() -> frozenset[str]:
    """The kinds of all slips."""
    return _OTHERS | {row.kind for row in ROWS} | {row.kind for row in (*PRECEDENCE, *OF_VALUES)}
