"""A relation as a stopping problem: avoidable cash, what ending it brings and costs, what is seen."""

from __future__ import annotations

import numpy as np

from crcsim.decisions.stopping.paths import StoppingPaths
from crcsim.engine.relations import RelationPaths
from crcsim.kernels.arrays import Floats
from crcsim.kernels.rows import BEGIN, END, ENDLESS

__all__ = ["avoidable_contribution", "relation_problem", "returns"]


def relation_problem(relation: RelationPaths) -> StoppingPaths:
    """Going on with a relation, or ending it at the valuation date or the end of a period.

    Cash: the customer's flows without the costs that stay whatever is decided (notice `inf`), so without them
    on both sides. Where the scenario has no value after the horizon, a relation that goes on is wound up with
    the last flow: its working capital comes back then, as it would on any earlier end. Ending at date t: the
    working capital comes back with the next flow, and costs with a notice go on for its length (eq. 8.9).
    """
    stay = _staying(relation)
    cash = (relation.row("cash_flow") + stay)[1:] * relation.discount
    cash[-1] += _after_horizon(relation, stay)
    return StoppingPaths(
        features=_seen(relation, stay),
        cash=cash.T,
        exit_value=_exit_values(relation).T,
        allowed=(relation.row("phase")[:-1] >= 0.0).T,
        innovations=_innovations(relation),
        known=_known(relation, stay),
    )


def avoidable_contribution(relation: RelationPaths) -> Floats:
    """Contribution of the last period without costs that stay, [path, date]; NaN today and where the relation
    is not active.
    """
    found = relation.row("contribution") + _staying(relation)
    found = np.where(relation.row("phase") >= 0.0, found, np.nan)
    found[0] = np.nan
    return found[:-1].T


def _staying(relation: RelationPaths) -> Floats:
    """Costs of a period that no end avoids, after tax, [date, path]."""
    endless = relation.notice_periods >= ENDLESS
    return np.asarray(relation.notice_costs[endless].sum(axis=0))


def _after_horizon(relation: RelationPaths, stay: Floats) -> Floats:
    """What follows the last flow of a relation that goes on, [path]: the horizon value without costs that
    stay, or the working capital that comes back.
    """
    if np.any(relation.horizon_value):
        contribution = relation.row("contribution")[-1]
        bearing = np.where(contribution == 0.0, 1.0, contribution)
        return np.asarray(relation.horizon_value * (contribution + stay[-1]) / bearing)
    return np.asarray(relation.row("working_capital")[-1] * relation.discount[-1])


def _exit_values(relation: RelationPaths) -> Floats:
    """Present value of ending at each date, [date, path]."""
    dates = relation.discount.shape[0]
    values = relation.row("working_capital")[:dates] * relation.discount
    real = relation.discount * relation.index[1:]  # present value of one unit at base prices, by period
    for length, cost in zip(relation.notice_periods, relation.notice_costs, strict=True):
        if length >= ENDLESS:
            continue
        for date in range(dates):
            ahead = np.arange(min(int(np.ceil(length)), dates - date))
            parts = np.minimum(1.0, length - ahead)[:, np.newaxis]
            due = (parts * real[date + ahead]).sum(axis=0)
            values[date] -= cost[date] / relation.index[date] * due
    return np.asarray(values)


def _seen(relation: RelationPaths, stay: Floats) -> Floats:
    """What a policy may look at, [path, date, feature]: of the last period; nothing yet at the first date."""
    rows = [
        relation.row("contribution") + stay,
        *(relation.row(name) for name in ("wallet", "share", "phase")),
    ]
    seen = np.stack(rows, axis=-1)[:-1]
    seen[0] = 0.0
    return np.ascontiguousarray(seen.transpose(1, 0, 2))


def _known(relation: RelationPaths, stay: Floats) -> Floats:
    """What an all-knowing holder sees beside it: the path's discount rate and its present hazard."""
    seen = _seen(relation, stay)
    dates = seen.shape[1]
    rate = np.broadcast_to(relation.rate[:, np.newaxis], seen.shape[:2])
    return np.concatenate([seen, rate[..., np.newaxis], _hazard(relation)[:dates].T[..., np.newaxis]], axis=2)


def _hazard(relation: RelationPaths) -> Floats:
    """Probability of an event in the next period as it is known at each date, [date, path]."""
    hazard = relation.row("event").copy()
    hazard[0] = relation.first_event
    return hazard


def _innovations(relation: RelationPaths) -> Floats:
    """Functions of the draws of each period whose conditional mean is zero by construction,
    [path, period, innovation].

    Own shock z and z^2 - 1, share noise, the event's indicator less its probability, the deflator's and the
    deflated market's returns less one (eq. 2.6), the whole shock where the market has neither regimes nor
    jumps. Under `begin` nothing has happened before the first flow.
    """
    hazard = _hazard(relation)[:-1]
    event = (relation.row("uniform")[1:] < hazard) - hazard
    own = relation.row("normal")[1:]
    found = [own, own**2 - 1.0, relation.row("share_normal")[1:], event]
    found.append(returns(relation.market, relation.timing))
    found.append(returns(relation.deflator, relation.timing, relation.risk_free))
    if relation.plain_market:
        found.append(relation.row("shock")[1:])
    drawn = np.stack(found, axis=-1)
    if relation.timing == BEGIN:
        drawn[0] = 0.0
    return np.ascontiguousarray(drawn.transpose(1, 0, 2))


def returns(values: Floats, timing: int, growth: Floats | float = 0.0) -> Floats:
    """values_t / values_{t-1} x e^growth - 1, [period, path]; the first only where flows end their period."""
    before = np.concatenate([np.ones((1, values.shape[1])), values[:-1]])
    found = values / before * np.exp(growth) - 1.0
    if timing != END:
        found[0] = 0.0
    return np.asarray(found)
