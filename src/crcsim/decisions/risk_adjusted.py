"""Effects on NPV measured by their mean, or by mean and tail of the portfolio together."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from crcsim.kernels.arrays import Floats
from crcsim.measures import estimates
from crcsim.measures.tail import MINIMUM_TAIL_PATHS, border_paths, tail_weights
from crcsim.measures.values import with_error

__all__ = ["TAIL", "Effect", "RiskAdjusted"]

#: The worst part of the paths whose mean counts as risk.
TAIL = 0.05


@dataclass(frozen=True)
class RiskAdjusted:
    """What an effect on NPV is worth: its mean, and with risk aversion a part of its mean in the tail."""

    risk_aversion: float
    weights: Floats  # [path] in the mean over the worst paths without executives
    border: NDArray[np.bool_]  # [path] where the tail ends

    @classmethod
    def of(cls, risk_aversion: float, nobody: Floats) -> RiskAdjusted:
        """nobody: NPV [path] of the portfolio without executives, at the risk-free rate."""
        return cls(risk_aversion, tail_weights(nobody, TAIL), border_paths(nobody, TAIL))

    def worth(self, rows: Floats) -> Floats:
        """Of effects [..., path]: [...]."""
        found: Floats = rows.mean(axis=-1)
        if self.risk_aversion:
            found = found + self.risk_aversion * (rows * self.weights).sum(axis=-1)
        return found

    def estimate(self, row: Floats) -> tuple[float, float]:
        """Of one effect [path], with its standard error.

        Influences X + λ (X - E[X | T = q]) 1{T ≤ q} / α, T the portfolio without executives.
        """
        if not self.risk_aversion:
            return estimates.mean(row)
        value = float(self.worth(row))
        if TAIL * row.size < MINIMUM_TAIL_PATHS:
            return value, math.nan
        tail = (row - row[self.border].mean()) * self.weights * row.size
        return value, estimates.standard_error(row + self.risk_aversion * tail)


@dataclass(frozen=True)
class Effect:
    """Effects on NPV that are told: rows [..., path] by dimensions, and what measures them."""

    dims: tuple[str, ...]
    rows: Floats
    measure: RiskAdjusted
    meaning: str

    def variables(self, name: str, money: str, source: str) -> dict[str, Any]:
        """What they are worth; where that is not their mean, `<name>_mean` too."""
        found = self._estimated(name, self.measure.estimate, self.meaning, money, source)
        if self.measure.risk_aversion:
            found |= self._estimated(f"{name}_mean", estimates.mean, f"mean of {name}", money, source)
        return found

    def _estimated(
        self,
        name: str,
        measure: Callable[[Floats], tuple[float, float]],
        meaning: str,
        money: str,
        source: str,
    ) -> dict[str, Any]:
        flat = self.rows.reshape(-1, self.rows.shape[-1])
        pairs = np.array([measure(row) for row in flat]).reshape(*self.rows.shape[:-1], 2)
        return with_error(name, self.dims, pairs, meaning, money, source)
