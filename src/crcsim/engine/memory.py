"""Memory for what the kernel writes piece by piece."""

from __future__ import annotations

import numpy as np

from crcsim.kernels.arrays import Floats

__all__ = ["zeroed"]


def zeroed(*shape: int) -> Floats:
    """Zeros [shape] whose memory is there already.

    `np.zeros` leaves it to the first write of every page of 4 KiB, and blocks of paths write to all rows of
    an array in turn: tens of thousands of page faults. `np.empty` asks for large pages.
    """
    made = np.empty(shape)
    made.fill(0.0)
    return made
