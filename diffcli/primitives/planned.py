"""Names and operators that the language reserves and the graph cannot build yet."""

from diffcli.primitives.notation import PRODUCT, Notation, infix, postfix

OPERATORS: dict[str, Notation] = {"matmul": infix("@", PRODUCT), "transpose": postfix(".T")}

FUNCTIONS = frozenset(
    """
    outer inner trace det logdet inv solve cross
    var std median logsumexp softmax log_softmax cumsum
    leaky_relu elu gelu silu hardtanh clip cosine_similarity normalize
    mse mae huber bce bce_with_logits cross_entropy nll
    erf erfc gamma lgamma digamma beta
    reshape ravel concat expand_dims squeeze tile repeat flip diag triu tril
    zeros ones eye full arange linspace randn rand
    """.split()
)

#: Keyword arguments that functions of the table will take.
KEYWORDS = frozenset({"axis", "keepdims"})
