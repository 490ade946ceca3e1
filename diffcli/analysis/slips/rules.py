"""The rules of differentiation in a line, as students know them."""

from diffcli.messages import Message

POWER = Message("power rule: the derivative of {function} is {right}")
EXPONENTIAL = Message("exponential rule: the derivative of {function} is {right}")
PRODUCT = Message("product rule: (u v)' = u' v + u v'")
QUOTIENT = Message("quotient rule: (u/v)' = (u' v - u v')/v^2")
CHAIN = Message("chain rule: f(u)' = f'(u) u'")
SIGMOID = Message("the derivative of {function} is {function}*(1 - {function})")
TANH = Message("the derivative of {function} is 1 - {function}^2")
BACK = Message("each contribution is the local derivative times the upstream gradient")
MEAN = Message("the mean of n numbers divides by n, and so does its derivative")
SUM = Message("the derivative of a sum is the sum of the derivatives: nothing is divided")
COPIES = Message("a number that is used for several elements gets the sum of their contributions")
MATMUL = Message("for C = A@B the gradients are g@B.T for A and A.T@g for B")
FACTOR = Message("a constant factor stays: (c u)' = c u'")
DIVISOR = Message("a constant divisor stays: (u/c)' = u'/c")
ADDED = Message("contributions to the same variable are added up")
CONSTANT = Message("the derivative of a constant is 0")
SYMMETRIC = Message("the terms of x@A@x have the derivatives A@x and A.T@x")
PARTIAL = Message("a partial derivative holds all variables but its own constant")
