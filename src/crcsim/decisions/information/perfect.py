"""Expected value of perfect information: on one parameter, on all of them, on chance too."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from crcsim.decisions.information.regression import out_of_fold, spline_basis
from crcsim.kernels.arrays import Floats
from crcsim.measures import estimates

__all__ = ["best_alternative", "surely_worth", "value_of_all", "value_of_everything", "value_of_knowing"]

Estimate = tuple[float, float]
_RIDGE = 1e-3
_CONFIDENCE = 0.95


def best_alternative(values: Floats) -> int:
    """The alternative of the largest mean of values [alternative, path]."""
    return int(np.argmax(values.mean(axis=1)))


def value_of_knowing(values: Floats, parameter: Floats) -> tuple[Floats, NDArray[np.bool_]]:
    """What a choice after perfect information on a parameter [path] gains, and where it is another, [path].

    The mean of the gains is the expected value of perfect information; those of several parameters are on the
    same paths.

    EVPPI = E[max_a E[V_a | φ]] - max_a E[V_a] of values V [alternative, path] (Strong, Oakley and Brennan,
    2014). The conditional means of the paired differences to the best alternative are regressed on the
    parameter; maximising fitted means on the paths that made them is biased upwards, therefore the choice of
    a path comes from the other folds and is paid with the path's own difference. That is the value of a rule
    that a finite sample can find: its mean is at most the EVPPI, by little, and its standard error that of a
    mean.
    """
    return _value_of_rule(values, spline_basis(parameter), 0.0)


def value_of_all(values: Floats, parameters: list[Floats]) -> Estimate:
    """The mean of that for all parameters together: a lower bound by a rule that adds up their splines."""
    if not parameters:
        return 0.0, 0.0
    parts = [spline_basis(each, (0.5,))[:, 1:] for each in parameters]
    basis = np.concatenate([np.ones((values.shape[1], 1)), *parts], axis=1)
    return estimates.mean(_value_of_rule(values, basis, _RIDGE / len(parameters))[0])


def _value_of_rule(values: Floats, basis: Floats, ridge: float) -> tuple[Floats, NDArray[np.bool_]]:
    best = best_alternative(values)
    apart = (values - values[best]).T
    predicted = out_of_fold(basis, apart, ridge)
    predicted[:, best] = 0.0
    chosen = np.argmax(predicted, axis=1)
    gains = apart[np.arange(len(apart)), chosen]
    return gains, chosen != best


def value_of_everything(values: Floats) -> Estimate:
    """E[max_a V_a] - max_a E[V_a]: what knowing chance too is worth, an upper bound of all questions."""
    return estimates.mean(values.max(axis=0) - values[best_alternative(values)])


def surely_worth(evppi: Floats) -> list[int]:
    """Places of the parameters whose EVPPI [parameter, 2: value and error] is above 0, at 95 % confidence for
    all together (Bonferroni, one-sided).
    """
    beyond = NormalDist().inv_cdf(1.0 - (1.0 - _CONFIDENCE) / max(len(evppi), 1))
    return [int(place) for place in np.flatnonzero(evppi[:, 0] > beyond * evppi[:, 1])]
