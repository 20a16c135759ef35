"""Least squares of a future value on polynomials of what is known (Longstaff and Schwartz 2001)."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations_with_replacement

import numpy as np

from crcsim.kernels.arrays import Floats

__all__ = ["Basis", "Fit", "fit_least_squares", "make_basis", "solve_least_squares"]

#: Observations that each coefficient needs; with fewer, a basis of lower degree is fitted.
PATHS_PER_TERM = 15


@dataclass(frozen=True)
class Basis:
    """Products of at most `degree` standardised features, held within the range in which they were fitted."""

    centre: Floats  # [feature]
    scale: Floats  # [feature], 0 for one that does not vary
    low: Floats  # [feature] standardised
    high: Floats  # [feature]
    terms: tuple[tuple[int, ...], ...]

    def __call__(self, features: Floats) -> Floats:
        """Values of all terms, [path, term], the first of them 1; features [path, feature]."""
        with np.errstate(divide="ignore", invalid="ignore"):
            moved = np.where(self.scale > 0.0, (features - self.centre) / self.scale, 0.0)
        held = np.clip(moved, self.low, self.high)
        columns = np.ones((features.shape[0], len(self.terms)))
        for place, term in enumerate(self.terms):
            for feature in term:
                columns[:, place] *= held[:, feature]
        return columns


def make_basis(features: Floats, degree: int) -> Basis:
    """The basis of the features [path, feature] of at most this degree that so many paths can bear."""
    centre = features.mean(axis=0) if features.shape[0] else np.zeros(features.shape[1])
    spread = features.std(axis=0) if features.shape[0] else np.zeros(features.shape[1])
    scale = np.where(spread > 1e-12 * np.abs(centre), spread, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        moved = np.where(scale > 0.0, (features - centre) / scale, 0.0)
    low, high = (moved.min(axis=0), moved.max(axis=0)) if features.shape[0] else (np.zeros_like(centre),) * 2
    moving = [int(place) for place in np.flatnonzero(scale > 0.0)]
    terms: tuple[tuple[int, ...], ...] = ((),)
    for power in range(1, degree + 1):
        more = terms + tuple(combinations_with_replacement(moving, power))
        if len(more) * PATHS_PER_TERM > features.shape[0]:
            break
        terms = more
    return Basis(centre, scale, low, high, terms)


@dataclass(frozen=True)
class Fit:
    """A fitted conditional mean."""

    basis: Basis
    coefficients: Floats  # [term]

    def __call__(self, features: Floats) -> Floats:
        """The fitted mean [path] at features [path, feature]."""
        return np.asarray(self.basis(features) @ self.coefficients)


def fit_least_squares(features: Floats, values: Floats, degree: int) -> Fit:
    """The mean of `values` [path] given features [path, feature], as a polynomial; 0 without paths."""
    basis = make_basis(features, degree)
    if features.shape[0] == 0:
        return Fit(basis, np.zeros(len(basis.terms)))
    return Fit(basis, solve_least_squares(basis(features), values))


def solve_least_squares(design: Floats, values: Floats) -> Floats:
    """Coefficients [term] by the normal equations of scaled columns, with a trace of ridge (1e-9 of a column)
    that keeps columns apart which say the same; design [path, term].
    """
    scale = np.sqrt(np.mean(design**2, axis=0))
    scale[scale == 0.0] = 1.0
    columns = design / scale
    gram = columns.T @ columns
    gram[np.diag_indices_from(gram)] += 1e-9 * design.shape[0]
    return np.asarray(np.linalg.solve(gram, columns.T @ values) / scale)
