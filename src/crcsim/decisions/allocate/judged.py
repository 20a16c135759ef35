"""Plans and points of the frontier on fresh draws, each beside the best plan on the same ones."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from crcsim.decisions import differences
from crcsim.decisions.allocate.searched import Searched, estimate
from crcsim.decisions.allocate.stability import ahead_shares
from crcsim.decisions.allocation import Objective
from crcsim.decisions.trials import Totals
from crcsim.kernels.arrays import Floats
from crcsim.measures import estimates
from crcsim.measures.values import Variable, with_error

__all__ = [
    "CONFIDENCE",
    "Compared",
    "beside_best",
    "judged_plans",
    "judged_points",
    "optimism",
    "shadow_price",
]

CONFIDENCE = 0.95

_SOURCE = "MODEL 10"


@dataclass(frozen=True)
class Compared:
    """Objective of the best plan less that of each plan, with its paired error [plan, 2], and whether bounds
    and floor allow it on the paths of the search [plan]; the first one is the best itself.
    """

    behind: Floats
    allowed: NDArray[np.bool_]

    @classmethod
    def with_best(cls, searched: Searched, judged: Totals, spends: Floats) -> Compared:
        """Plans [plan, lever] by what was judged of them, the best first."""
        wanted = [estimate(searched.objective, *row) for row in zip(judged.value, judged.risk, strict=True)]
        pairs = [differences.difference(each, wanted[0], paired=True) for each in wanted]
        return cls(np.array(pairs), searched.allowed(spends))

    @property
    def as_good(self) -> NDArray[np.bool_]:
        """Which ones are not behind by more than 1.96 errors, each taken alone; the best is one of them."""
        behind, error = self.behind.T
        found = np.asarray(self.allowed & (behind <= estimates.INTERVAL * error), dtype=np.bool_)
        found[0] = True
        return found


def beside_best(compared: Compared, plans: int, currency: str) -> dict[str, Variable]:
    """What is known of so many plans, and of points of the frontier after them, beside the best plan; 95 %
    for all together (Bonferroni).
    """
    pairs = compared.behind
    reach = _critical(max(len(pairs) - 1, 1)) * pairs[:, 1]
    found: dict[str, Variable] = {}
    for dim, prefix, part in (
        ("plan", "", slice(plans)),
        ("point", "frontier_", slice(plans, None)),
    ):
        words = "objective of the best plan less that of this one"
        found |= with_error(f"{prefix}behind_best", (dim,), pairs[part], words, currency, _SOURCE)
        for name, values, meaning in (
            ("behind_established", pairs[:, 0] > reach, "whether the best plan is ahead beyond the error"),
            ("ahead_established", -pairs[:, 0] > reach, "whether it is ahead of the best beyond the error"),
            ("allowed", compared.allowed, "whether bounds and floor allow it on the paths of the search"),
        ):
            found[f"{prefix}{name}"] = ((dim,), values[part], {"long_name": meaning, "units": "1"})
    return found


def _critical(comparisons: int) -> float:
    """Standard errors beyond which none of so many two-sided comparisons is by chance, at 95 %."""
    return NormalDist().inv_cdf(1.0 - (1.0 - CONFIDENCE) / (2.0 * comparisons))


def judged_plans(objective: Objective, judged: Totals, spends: Floats, currency: str) -> dict[str, Variable]:
    """Values of the plans on fresh draws; the second one is that of nothing."""
    gains = np.array([estimates.mean(value - judged.value[1]) for value in judged.value])
    dims = ("plan",)
    shares = np.where(
        np.ptp([spends, np.broadcast_to(spends[0], spends.shape)], axis=0).any(axis=1),
        ahead_shares(objective, judged),
        np.nan,
    )
    return {
        **with_error("value", dims, _values(judged), "mean NPV on fresh draws", currency, _SOURCE),
        **with_error(
            "tail_mean", dims, _tails(judged), "mean of the worst 5 % on fresh draws", currency, _SOURCE
        ),
        **with_error("gain", dims, gains, "mean NPV less that of nothing", currency, _SOURCE),
        "ahead_share": (
            dims,
            shares,
            {"long_name": "share of resamples of the fresh paths in which the best is ahead", "units": "1"},
        ),
        "plan_spend": (("plan", "lever"), spends, {"long_name": "spend of a plan", "units": currency}),
    }


def _values(judged: Totals) -> Floats:
    return np.array([estimates.mean(row) for row in judged.value])


def _tails(judged: Totals) -> Floats:
    found = [differences.cvar(row) for row in judged.risk]
    return np.array([(tail, estimates.standard_error(influences)) for tail, influences in found])


def judged_points(judged: Totals, best: Totals, points: Floats, currency: str) -> dict[str, Variable]:
    """Values of plans on the frontier on fresh draws, and whether the best plan or another point beats
    them.
    """
    dims = ("point",)
    words = {
        "beaten": "whether another one or the best plan is better in both beyond the error of fresh draws"
    }
    return {
        "frontier_beaten": (dims, _beaten(judged, best), {"long_name": words["beaten"], "units": "1"}),
        **with_error(
            "frontier_value", dims, _values(judged), "mean NPV on fresh draws, of a plan on the frontier",
            currency, _SOURCE,
        ),
        **with_error(
            "frontier_tail_mean", dims, _tails(judged),
            "mean of the worst 5 % on fresh draws, of a plan on the frontier", currency, _SOURCE,
        ),
        "frontier_spend": (
            ("point", "lever"), points, {"long_name": "spend of a plan on the frontier", "units": currency}
        ),
    }  # fmt: skip


def _beaten(judged: Totals, best: Totals) -> NDArray[np.bool_]:
    """Whether another one is better in mean value and in tail beyond the paired errors, [point].

    Both must be so for a point to be beaten, so that only the pairs count for Bonferroni.
    """
    values = [differences.mean(row) for row in (*judged.value, *best.value)]
    tails = [differences.cvar(row) for row in (*judged.risk, *best.risk)]
    reach = _critical(max(len(values) * (len(values) - 1) // 2, 1))

    def better(other: int, one: int) -> bool:
        pairs = (differences.difference(rows[one], rows[other], paired=True) for rows in (values, tails))
        return all(more > reach * error for more, error in pairs)

    return np.array(
        [any(better(other, one) for other in range(len(values))) for one in range(len(judged.value))]
    )


def shadow_price(objective: Objective, judged: Totals, money: float, currency: str) -> dict[str, Variable]:
    """What the next unit of budget adds to the objective on fresh draws, from two plans so much money
    apart.
    """
    low, high = (estimate(objective, *row) for row in zip(judged.value, judged.risk, strict=True))
    pair = np.array(differences.difference(low, high, paired=True)) / money
    words = "what the next unit of budget adds to the objective on fresh draws"
    return with_error("shadow_price", (), pair, words, f"{currency} per {currency}", _SOURCE)


def optimism(objective: Objective, inside: Totals, fresh: Totals, currency: str) -> dict[str, Variable]:
    """The objective of the first plan over that of the second, nothing, on the paths of the search and on
    fresh ones.
    """
    pairs = []
    for found in (inside, fresh):
        best, nothing = (estimate(objective, found.value[row], found.risk[row]) for row in (0, 1))
        pairs.append(differences.difference(nothing, best, paired=True))
    (own, own_error), (other, other_error) = pairs
    pairs.append((own - other, float(np.hypot(own_error, other_error))))
    words = (
        "objective over that of nothing on the paths of the search",
        "objective over that of nothing on fresh draws",
        "gain on the paths of the search less that on fresh draws",
    )
    told: dict[str, Variable] = {}
    for name, pair, meaning in zip(("search_gain", "fresh_gain", "optimism"), pairs, words, strict=True):
        told |= with_error(name, (), np.array(pair), meaning, currency, _SOURCE)
    return told
