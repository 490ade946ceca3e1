"""Nodes of whole arrays that loops over elements, and functions of matrices by their elements, correspond to."""

from collections.abc import Mapping
from typing import Any

import sympy

from diffcli.symbolic.matrix_notation import nodes
from diffcli.symbolic.vocabulary import matrices
from diffcli.symbolic.vocabulary.loops import Largest, Length, LowerMiddle, Middle, Smallest, UpperMiddle

#: The reduction that each loop is.
REDUCTIONS: Mapping[Any, Any] = {
    sympy.Sum: nodes.Total,
    sympy.Product: nodes.TotalProduct,
    Largest: nodes.Highest,
    Smallest: nodes.Lowest,
    Middle: nodes.Middle,
    LowerMiddle: nodes.LowerMiddle,
    UpperMiddle: nodes.UpperMiddle,
    Length: nodes.Length,
}
#: The same the other way.
LOOPS_OF: Mapping[Any, Any] = {node: loop for loop, node in REDUCTIONS.items()}

#: The node of each function of a matrix.
OF_MATRICES: Mapping[Any, Any] = {
    matrices.AnyDeterminant: nodes.Determined,
    matrices.Determinant: nodes.Determined,
    matrices.LogDeterminant: nodes.LogDetermined,
    matrices.Inverse: nodes.Inverted,
    matrices.Adjugate: nodes.Adjugated,
}
#: The same the other way.
FUNCTIONS_OF: Mapping[Any, Any] = {node: function for function, node in OF_MATRICES.items()}
