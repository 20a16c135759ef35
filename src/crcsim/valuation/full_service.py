"""What it costs the relation when a customer is no longer served in full (MODEL 6, A8)."""

import numpy as np
from numpy.typing import ArrayLike

from crcsim.valuation.arrays import Floats, floats


def dropped_share(sales: ArrayLike, dropped: ArrayLike) -> Floats:
    """Part of a customer's sales that is given up: Σ dropped lines / Σ all lines (A8; eq. 6.3).

    `sales` [..., line] per year, `dropped` [..., line] true where a line is given up; 0 for a customer
    without sales.
    """
    sold = floats(sales)
    total = sold.sum(axis=-1)
    given_up = np.where(np.asarray(dropped, dtype=bool), sold, 0.0).sum(axis=-1)
    return floats(np.divide(given_up, total, out=np.zeros_like(total), where=total > 0.0))


def hazard_penalty(ratio: ArrayLike, share: ArrayLike) -> Floats:
    """Churn hazard over that of full service: ratio^share, ln ratio in proportion to the dropped share.

    `ratio` is the one that holds when everything were dropped (A8; eq. 6.3).
    """
    return floats(np.power(floats(ratio), floats(share)))


def share_penalty(logit: ArrayLike, share: ArrayLike) -> Floats:
    """Shift of the share target of the lines that stay, logit points: size × dropped share (A8; eq. 6.3)."""
    return floats(floats(logit) * floats(share))
