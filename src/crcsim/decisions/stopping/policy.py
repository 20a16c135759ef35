"""Least-squares Monte Carlo: the policy, by backward induction (Longstaff and Schwartz 2001)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from crcsim.decisions.stopping.paths import StoppingPaths
from crcsim.decisions.stopping.regression import Fit, fit_least_squares
from crcsim.errors import ArgumentError
from crcsim.kernels.arrays import Floats, Integers

__all__ = ["Policy", "fit_policy"]


@dataclass(frozen=True)
class Policy:
    """Stop at the first allowed date at which going on is expected to be worth less than stopping."""

    gains: tuple[Fit, ...]  # [date] expected present value of going on, less that of stopping
    least_paths: Integers  # [date] paths on which each was fitted

    def gain(self, paths: StoppingPaths, date: int) -> Floats:
        """Expected gain of going on [path], at what is known at a date."""
        return self.gains[date](paths.features[:, date])

    def stops(self, paths: StoppingPaths, date: int) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Whether it stops at this date [path], if it has not before."""
        if self.least_paths[date] == 0:
            return np.zeros(paths.cash.shape[0], dtype=bool)
        return np.asarray(paths.allowed[:, date] & (self.gain(paths, date) < 0.0))

    def dates(self, paths: StoppingPaths) -> Integers:
        """Date of stopping on each path, T where it never stops. Any policy gives a lower bound: on paths
        that it was not fitted on, its mean value is no better in expectation than the best policy's.
        """
        first = np.full(paths.cash.shape[0], paths.dates, dtype=np.int64)
        for date in reversed(range(paths.dates)):
            first[self.stops(paths, date)] = date
        return first


def fit_policy(paths: StoppingPaths, *, degree: int = 2, dates: Sequence[int] | None = None) -> Policy:
    """Backward induction: at each date, the present value of what the policy gets later, less that of
    stopping, is regressed on the features of the allowed paths; it stops where that is below zero.

    Realised values, never fitted ones, are carried back (Longstaff and Schwartz 2001), so that errors of the
    regressions do not add up. dates: at which stopping is thought of; all unless given. degree: of the
    polynomials. Raises ArgumentError for a degree below 0.
    """
    if degree < 0:
        raise ArgumentError(f"degree must be at least 0, not {degree}")
    thought = set(range(paths.dates)) if dates is None else set(dates)
    later = np.zeros(paths.cash.shape[0])
    gains: list[Fit] = []
    counts = np.zeros(paths.dates, dtype=np.int64)
    for date in reversed(range(paths.dates)):
        later = later + paths.cash[:, date]
        open_paths = paths.allowed[:, date] if date in thought else np.zeros(later.shape, dtype=bool)
        features = paths.features[open_paths, date]
        fit = fit_least_squares(features, (later - paths.exit_value[:, date])[open_paths], degree)
        gains.append(fit)
        counts[date] = features.shape[0]
        if features.shape[0]:
            stop = open_paths & (fit(paths.features[:, date]) < 0.0)
            later = np.where(stop, paths.exit_value[:, date], later)
    return Policy(tuple(reversed(gains)), counts)
