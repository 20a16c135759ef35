"""Means of quantities given that another one lies near a percentile of its own, with standard errors.

Percentiles of parts do not add up to the percentile of their sum; these conditional means do.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crcsim.errors import ArgumentError

__all__ = ["LEAST_PATHS", "SHARE_OF_RANKS", "Window", "window"]

Floats = NDArray[np.float64]

#: Half-width of the window, as a share of the ranks.
SHARE_OF_RANKS = 0.01
#: Paths that a window holds at least, where the sample has them.
LEAST_PATHS = 200
_BAND = 5  # windows in the band from which the slope at the edges is taken


@dataclass(frozen=True)
class Window:
    """The paths whose root lies near its percentile: consecutive in the order of the root.

    `band`: indices of the paths of a wider band around the window, in order of the root; `first` and `last`
    (exclusive) bound the window within it, `lowest` is the rank of the band's first path.
    """

    band: NDArray[np.intp]
    root: Floats  # [band]
    first: int
    last: int
    lowest: int
    paths: int

    @property
    def count(self) -> int:
        """Number of paths in the window."""
        return self.last - self.first

    @property
    def ranks(self) -> tuple[float, float]:
        """The window as shares of the paths."""
        return (self.lowest + self.first) / self.paths, (self.lowest + self.last) / self.paths

    def mean(self, values: Floats) -> tuple[float, float]:
        """Mean of `values` [band] over the window, and its standard error.

        The estimator is L = ∫ E[X | R = q_u] du / (b - a) over ranks u in (a, b); its influence function is
        {X 1(q_a < R < q_b) + m_b [b - 1(R < q_b)] - m_a [a - 1(R < q_a)]} / (b - a) - L, with m = E[X | R] at
        the edges, taken from a straight line through the band. It holds what scatters within the window and
        what moves with the sample's percentile. NaN for fewer than two paths in the window.
        """
        inside = values[self.first : self.last]
        mean = float(inside.mean())
        if self.count < 2:
            return mean, math.nan
        low, high = self.ranks
        at_low, at_high = (
            mean + self._slope(values) * (edge - float(self._inside.mean())) for edge in self._edges
        )
        below = high * at_high - low * at_low - (at_high - at_low)
        above = high * at_high - low * at_low
        within = inside + above - at_high
        weights = (low, 1.0 - high)
        parts = (below, above)
        centre = sum(w * x for w, x in zip(weights, parts, strict=True)) + float(within.sum()) / self.paths
        square = sum(w * (x - centre) ** 2 for w, x in zip(weights, parts, strict=True))
        square += float(np.square(within - centre).sum()) / self.paths
        return mean, math.sqrt(square / self.paths) / (high - low)

    @property
    def _inside(self) -> Floats:
        return self.root[self.first : self.last]

    @property
    def _edges(self) -> tuple[float, float]:
        return float(self._inside[0]), float(self._inside[-1])

    def _slope(self, values: Floats) -> float:
        """Least squares of values on the root in the band; 0 where the root does not vary."""
        moved = self.root - self.root.mean()
        square = float(moved @ moved)
        return float(moved @ (values - values.mean())) / square if square > 0.0 else 0.0


def window(root: Floats, probability: float) -> Window:
    """The window around the percentile of `root` [path] at `probability`: ± 1 % of ranks, 200 paths at least.

    Near the ends of the sample it is moved inwards, so that it keeps its width. Raises ArgumentError for a
    probability outside (0, 1).
    """
    if not 0.0 < probability < 1.0:
        raise ArgumentError(f"a percentile lies between 0 and 100, not at {100 * probability:g}")
    paths = root.size
    width = min(max(math.ceil(2 * SHARE_OF_RANKS * paths), LEAST_PATHS), paths)
    start = _placed(probability, width, paths)
    wide = min(_BAND * width, paths)
    lowest = min(max(start - (wide - width) // 2, 0), paths - wide)
    order = np.argsort(root, kind="stable")[lowest : lowest + wide]
    first = start - lowest
    return Window(order, root[order], first, first + width, lowest, paths)


def _placed(probability: float, width: int, paths: int) -> int:
    """Rank of the first path of a window of this width around the percentile, inside the sample."""
    return min(max(round(probability * paths - width / 2), 0), paths - width)
