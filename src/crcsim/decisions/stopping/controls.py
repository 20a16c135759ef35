"""What stopping at a date brings depends on what happens afterwards: controls take that chance out of it.

V_s is the realised value of stopping at date s, seen only at the horizon. For every rule that looks at the
past alone, E[V_tau] = E[V_tau - N^tau], where N^s is a sum of period by period weights x innovations after s:
the weights are known at the start of their period, the innovations have conditional mean zero by
construction, so that E[N^s | what is known at s] = 0. A penalty of this kind makes the bound of a holder who
sees the whole path valid and tight: E[V_tau] <= E[max_s (V_s - N^s - M_s)] for every martingale M (Brown,
Smith and Sun 2010). Coefficients are found by least squares on other draws; whatever they are, N^s is dual
feasible. What N^s does not span makes the bound too high.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from crcsim.decisions.stopping.regression import make_basis, solve_least_squares
from crcsim.kernels.arrays import Floats

__all__ = ["Controls", "fit_controls", "remaining_sums"]

#: Paths that each coefficient needs; without them nothing is controlled.
_PATHS_PER_CONTROL = 20


@dataclass(frozen=True)
class Controls:
    """N^s of one date."""

    coefficients: Floats  # [column]

    def __call__(self, columns: Floats) -> Floats:
        """N^s [path] from sums [path, column] of weighted innovations after the date."""
        return np.asarray(columns @ self.coefficients)


def remaining_sums(weighted: Sequence[Floats], discount: Floats, date: int) -> Floats:
    """Sums over the periods from a date on of weighted innovations [period, path] times the discount factor
    of the flow, and times the sum of it and all later ones: shocks that pass, and shocks that last.
    [path, column]; discount [period].
    """
    annuity = np.cumsum(discount[::-1])[::-1]
    shapes = np.stack([discount, annuity])[:, date:]
    return np.concatenate([(shapes @ each[date:]).T for each in weighted], axis=1)


def fit_controls(values: Floats, features: Floats, columns: Floats, degree: int = 2) -> Controls:
    """Coefficients by least squares of values [path] on columns [path, column], beside polynomials of what is
    known at the date, features [path, feature]; none at all where paths are few.
    """
    count, size = columns.shape
    if count < _PATHS_PER_CONTROL * size:
        return Controls(np.zeros(size))
    known = make_basis(features, degree)(features)
    design = np.concatenate([known, columns], axis=1)
    return Controls(solve_least_squares(design, values)[known.shape[1] :])
