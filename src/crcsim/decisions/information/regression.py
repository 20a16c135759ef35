"""Conditional means given one parameter, or all of them: least squares on cubic splines of normal scores."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from crcsim.kernels.arrays import Floats

__all__ = ["FOLDS", "folds_of", "out_of_fold", "spline_basis"]

#: Parts of the paths of which each is predicted from the others.
FOLDS = 10
_INTERIOR = (0.1, 0.3, 0.5, 0.7, 0.9)  # shares of the paths below the interior knots
_LEAST_VALUES = 8  # different values of a parameter below which they are taken as classes


def spline_basis(values: Floats, interior: Sequence[float] = _INTERIOR) -> Floats:
    """Cubic B-splines [path, function] of the normal scores of a parameter [path]; they add up to 1.

    A monotone change of the parameter changes nothing; a mean that is linear in a normal parameter is met.
    A parameter of fewer than 8 different values has a function for each.
    """
    from scipy.interpolate import BSpline
    from scipy.special import ndtri
    from scipy.stats import rankdata

    classes, member = np.unique(values, return_inverse=True)
    if classes.size < _LEAST_VALUES:
        found: Floats = (member[:, None] == np.arange(classes.size)).astype(np.float64)
        return found
    scores = ndtri((rankdata(values) - 0.5) / values.size)
    inner = np.unique(np.quantile(scores, interior))
    low, high = scores.min(), scores.max()
    inner = inner[(inner > low) & (inner < high)]
    knots = np.concatenate([[low] * 4, inner, [high] * 4])
    basis: Floats = BSpline.design_matrix(scores, knots, 3).toarray()
    return basis


def folds_of(paths: int) -> NDArray[np.int64]:
    """Number of the fold of each path: neighbours belong to different ones."""
    return np.arange(paths) % FOLDS


def out_of_fold(basis: Floats, outcomes: Floats, ridge: float = 0.0) -> Floats:
    """Predictions [path, outcome] of outcomes [path, outcome], each from the other folds only.

    Least squares on the basis [path, function], with `ridge` times the number of paths on the diagonal.
    """
    folds, predictions = folds_of(len(basis)), np.empty_like(outcomes)
    products = [basis[folds == fold].T @ basis[folds == fold] for fold in range(FOLDS)]
    targets = [basis[folds == fold].T @ outcomes[folds == fold] for fold in range(FOLDS)]
    whole, aim = sum(products), sum(targets)
    penalty = ridge * len(basis) * np.eye(basis.shape[1])
    for fold in range(FOLDS):
        solved, *_ = np.linalg.lstsq(whole - products[fold] + penalty, aim - targets[fold], rcond=1e-12)
        predictions[folds == fold] = basis[folds == fold] @ solved
    return predictions
