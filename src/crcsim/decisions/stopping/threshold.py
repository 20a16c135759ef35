"""A policy that can be said in a sentence: stop when a signal has been below x for y periods."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from crcsim.decisions.stopping.paths import Flags, StoppingPaths
from crcsim.kernels.arrays import Floats, Integers

__all__ = ["ThresholdRule", "fit_threshold"]


@dataclass(frozen=True)
class ThresholdRule:
    """Stop at the first allowed date, `first_date` or later, at which the signal has been below `level` for
    `periods` periods in a row. A level of minus infinity never stops.
    """

    level: float
    periods: int
    first_date: int

    def dates(self, paths: StoppingPaths, signal: Floats) -> Integers:
        """Date of stopping on each path, T where it never stops; signal [path, date], NaN where unknown."""
        below = _lasting(signal < self.level, self.periods) & paths.allowed
        below[:, : self.first_date] = False
        return np.where(below.any(axis=1), below.argmax(axis=1), paths.dates)


def fit_threshold(
    paths: StoppingPaths,
    signal: Floats,
    *,
    periods: Iterable[int] = (1, 2, 4),
    first_dates: Iterable[int] = (0,),
    levels: int = 25,
) -> ThresholdRule:
    """The rule of the highest mean present value on these paths, over a grid of levels (percentiles of the
    signal where stopping is allowed, and zero), lengths and first dates; never, where no rule beats going on.

    signal [path, date], NaN where unknown (never below). To be judged on other paths: the best of a grid
    looks better on its own paths than it is.
    """
    seen = signal[paths.allowed & np.isfinite(signal)]
    best, best_value = ThresholdRule(-np.inf, 1, 0), float(paths.going_on().mean())
    if seen.size == 0:
        return best
    everyone = np.arange(signal.shape[0])
    tried = np.unique(np.append(np.quantile(seen, np.linspace(0.0, 1.0, levels)[1:]), 0.0))
    for length in periods:
        for first in first_dates:
            for level in tried:
                rule = ThresholdRule(float(level), int(length), int(first))
                value = float(paths.by_date[everyone, rule.dates(paths, signal)].mean())
                if value > best_value:
                    best, best_value = rule, value
    return best


def _lasting(below: Flags, periods: int) -> Flags:
    """Whether it has been so at this date and at the periods - 1 dates before it."""
    lasting = below.copy()
    for back in range(1, periods):
        lasting[:, back:] &= below[:, :-back]
        lasting[:, :back] = False
    return lasting
