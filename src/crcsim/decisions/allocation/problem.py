"""A budget over levers, on plain arrays: what may be spent, what it brings on every path, and what is wanted.

The value of a plan is taken as the sum of what every lever brings, read along straight lines between the
spends (nodes) at which each was simulated.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crcsim.errors import ArgumentError
from crcsim.measures.tail import tail_weights

__all__ = ["Limit", "Objective", "Problem", "Solution"]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Limit:
    """Most that may be spent on some levers together; `name` for people."""

    name: str
    members: tuple[int, ...]
    most: float


@dataclass(frozen=True)
class Objective:
    """What is maximised.

    `kind` is `mean` (of the value), `mean-cvar` (mean of the risk rows less `weight` times CVaR) or `cvar`
    (least CVaR with a mean value of at least `floor`). CVaR is that of the loss -NPV: minus the mean of the
    worst `level` of the paths.
    """

    kind: str
    weight: float = 0.0
    floor: float = -np.inf
    level: float = 0.05

    @property
    def needs_tail(self) -> bool:
        """Whether CVaR stands in it."""
        return self.kind != "mean" and (self.kind == "cvar" or self.weight != 0.0)


@dataclass(frozen=True)
class Problem:
    """Levers with the spends at which they are known: lists over levers, nodes rising from the lowest.

    `value[lever][node]` is the mean change of the value of the plan, `risk[lever][node, path]` the change of
    the value on every path that CVaR is taken of; `base_value` and `base_risk` [path] what they are changes
    of. `whole` levers may stand at nodes only. Money in one currency.
    """

    spend: tuple[Floats, ...]
    value: tuple[Floats, ...]
    risk: tuple[Floats, ...]
    base_value: float
    base_risk: Floats
    budget: float
    limits: tuple[Limit, ...] = ()
    whole: tuple[bool, ...] = ()

    def __post_init__(self) -> None:
        for spend in self.spend:
            if spend.size < 1 or np.any(np.diff(spend) <= 0.0):
                raise ArgumentError("the spends of a lever must rise from node to node")
        least = sum(float(spend[0]) for spend in self.spend)
        if least > self.budget * (1.0 + 1e-12):
            raise ArgumentError(f"the least spends add up to {least:g}, more than the budget {self.budget:g}")

    @property
    def levers(self) -> int:
        """Number of levers."""
        return len(self.spend)

    @property
    def all_whole(self) -> tuple[bool, ...]:
        """`whole` for every lever."""
        return self.whole or (False,) * self.levers

    def flat(self, rows: tuple[Floats, ...]) -> Floats:
        """Rows of all levers one after the other, [node of all levers, ...]."""
        return np.concatenate(rows, axis=0)

    def risk_of(self, weights: Floats) -> Floats:
        """The value [path] of a plan given by weights of all nodes."""
        used = np.flatnonzero(weights > 0.0)
        owners = np.repeat(np.arange(self.levers), [row.size for row in self.spend])
        starts = np.concatenate([[0], np.cumsum([row.size for row in self.spend])])
        total = self.base_risk.copy()
        for node in used:
            lever = owners[node]
            total += weights[node] * self.risk[lever][node - starts[lever]]
        return total

    def value_of(self, weights: Floats) -> float:
        """Mean value of a plan given by weights of all nodes."""
        return self.base_value + float(self.flat(self.value) @ weights)


@dataclass(frozen=True)
class Solution:
    """The best plan of a problem: `spend` [lever], `weights` [node of all levers], its objective, mean value,
    and mean of the worst paths (NaN where not asked for).

    `shadow_price`: what one more unit of budget adds to the objective; `binding` says in words which limits
    hold it back.
    """

    spend: Floats
    weights: Floats
    objective: float
    value: float
    tail_mean: float
    shadow_price: float
    binding: tuple[str, ...]
    cuts: int


def tail_mean(values: Floats, level: float) -> tuple[float, Floats]:
    """Mean of the worst share `level` of the paths, and the weights [path] that make it."""
    weights = tail_weights(values, level)
    return float((weights * values).sum()), weights
