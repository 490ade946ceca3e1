"""Values as what is equal only for the same bits."""

from typing import Any

import numpy as np

from diffcli.analysis.descent.kept_points import History


def bits(value: Any) -> Any:
    """Something that is equal only for the same bits, with their shapes and types."""
    if isinstance(value, (np.ndarray, np.generic)):
        return type(value).__name__, value.dtype.str, value.shape, np.ascontiguousarray(value).tobytes()
    if isinstance(value, dict):
        return [(name, bits(part)) for name, part in value.items()]
    if isinstance(value, (tuple, list, History)):
        return [bits(part) for part in value]
    return (type(value).__name__, value.hex()) if isinstance(value, float) else value
