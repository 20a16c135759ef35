"""Sobol indices with standard errors: first order from given data, total order by pick-freeze."""

from __future__ import annotations

import math

import numpy as np

from crcsim.decisions.information.regression import spline_basis
from crcsim.kernels.arrays import Floats
from crcsim.measures import estimates

__all__ = ["first_order", "total_order"]

Estimate = tuple[float, float]


def first_order(output: Floats, parameter: Floats, interior: int = 9) -> Estimate:
    """S = Var(E[Y | φ]) / Var(Y) from output and parameter [path], however others were drawn.

    The conditional mean g is fitted by splines with `interior` knots; the fitted variance is too large by
    that of the noise that it fits, which the adjusted R² takes away. Standard error from the influences
    (2 g y - g² - S y²) / Var(Y), y and g centred. (0, 0) where the output does not vary.
    """
    centred = output - output.mean()
    variance = float(centred @ centred) / output.size
    if variance == 0.0:
        return 0.0, 0.0
    knots = np.linspace(0.0, 1.0, interior + 2)[1:-1]
    basis = spline_basis(parameter, tuple(knots))
    solved, *_ = np.linalg.lstsq(basis.T @ basis, basis.T @ centred, rcond=1e-12)
    fitted = basis @ solved
    share = float(fitted @ fitted) / output.size / variance
    freedom = output.size - basis.shape[1]
    adjusted = 1.0 - (1.0 - share) * (output.size - 1) / freedom if freedom > 0 else math.nan
    influences = (2.0 * fitted * centred - fitted**2 - share * centred**2) / variance
    return adjusted, estimates.standard_error(influences)


def total_order(output: Floats, exchanged: Floats) -> Estimate:
    """S_T = E[(Y - Y')²] / (2 Var Y), Y' with one factor drawn afresh and all others kept (Jansen, 1999).

    Outputs [path]; the variance is that of both samples, which have the same distribution. Standard error by
    the delta method. (0, 0) where nothing varies.
    """
    squares = np.square(output - exchanged) / 2.0
    centre = (output.mean() + exchanged.mean()) / 2.0
    spread = (np.square(output - centre) + np.square(exchanged - centre)) / 2.0
    if float(spread.mean()) == 0.0:
        return 0.0, 0.0
    return estimates.ratio(squares, spread)
