"""What the formulas share: one array type, and one function that is delicate near zero."""

from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats: TypeAlias = NDArray[np.float64]


def floats(values: ArrayLike) -> Floats:
    """The values as float64, copied only where they are something else."""
    return np.asarray(values, dtype=np.float64)


def average_decay(exponent: ArrayLike) -> Floats:
    """Mean of e^(-x s) over s in (0, 1): (1 - e^-x) / x, and 1 at x = 0."""
    x = floats(exponent)
    at_zero = x == 0.0
    return floats(np.where(at_zero, 1.0, -np.expm1(-x) / np.where(at_zero, 1.0, x)))
