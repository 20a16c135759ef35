"""Executive roles that strategies assign: growth relative to the reference mix, and how much of it counts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from crcsim.report.expectation.rows import Floats
from crcsim.report.explained_strategies.known import KnownStrategies
from crcsim.report.table import Table
from crcsim.scenario.executives import MIX, ROLES, Executives
from crcsim.scenario.strategies import Strategy
from crcsim.valuation.executives import (
    CAVEAT,
    EVIDENCE_YEARS,
    effective_years,
    mix_mean,
    mix_with_champions,
    relative_growth,
)

__all__ = ["role_facts", "role_table"]


@dataclass(frozen=True)
class Assigned:
    """A role at a customer. Growth is in log points per year above the reference mix."""

    customer: str
    role: str
    sales: float
    margin: float
    causal_share: float
    receptiveness: float
    years: float  # of the full effect within the horizon
    cost: float  # per year

    @property
    def counted(self) -> float:
        """Growth of sales per year that is taken as caused."""
        return self.sales * self.causal_share * self.receptiveness


def _assigned(known: KnownStrategies, strategy: Strategy) -> Iterator[Assigned]:
    """The roles of a strategy; events and changes of the role at the end of a term apart."""
    executives = known.scenario.executives
    if executives is None:
        return
    growth = relative_growth(executives.reference_mix)
    receptive = {customer.name: customer.receptiveness for customer in known.scenario.customers}
    for customer, role in strategy.roles:
        mix = _mix(executives, role, strategy.sponsor_programme)
        yield Assigned(
            customer=customer,
            role=role,
            sales=float(mix_mean(growth.sales, mix)),
            margin=float(mix_mean(growth.margin, mix)),
            causal_share=known.mean(executives.causal_share),
            receptiveness=known.mean(receptive[customer]),
            years=_years(known, executives),
            cost=float(mix_mean(executives.cost, mix)),
        )


def _mix(executives: Executives, role: str, programme: bool) -> Floats:
    """Shares of the roles at a customer: one for certain, or drawn from the mix."""
    if role == MIX:
        champions = executives.sponsor_champions if programme else executives.sponsor_without
        return mix_with_champions(champions, executives.reference_mix)
    return np.array([float(each == role) for each in ROLES])


def _years(known: KnownStrategies, executives: Executives) -> float:
    end = np.inf if executives.renewed else executives.term
    return float(effective_years(known.scenario.time.years, end, executives.fade))


def role_table(known: KnownStrategies) -> Table:
    """Which executive looks after whom, and the growth that is taken as caused."""
    rows = tuple(
        (
            strategy.name,
            each.customer,
            each.role.replace("_", " "),
            *(f"{100 * number:.2f}" for number in (each.sales, each.margin)),
            f"{100 * each.causal_share:.3g}",
            f"{100 * each.receptiveness:.3g}",
            f"{100 * each.counted:.2f}",
            f"{each.years:.3g}",
            known.money(each.cost) if each.cost else "",
        )
        for strategy in known.scenario.strategies
        for each in _assigned(known, strategy)
    )
    return Table(
        "Executive roles that strategies assign",
        (
            "Strategy",
            "Customer",
            "Role",
            "Sales growth",
            "Margin growth",
            "Causal share %",
            "Receptive %",
            "Counted growth",
            "for years",
            "Cost a year",
        ),
        "lllrrrrrrr",
        rows,
        (
            f"{CAVEAT} Growth in log points a year x 100 above the reference mix, before roles change at the "
            f"end of a term, for at most {EVIDENCE_YEARS:g} years; counted: growth of sales x causal share x "
            "receptiveness. Not part of the pay-back.",
            *_programme_notes(known),
        ),
    )


def _programme_notes(known: KnownStrategies) -> tuple[str, ...]:
    executives = known.scenario.executives
    names = [strategy.name for strategy in known.scenario.strategies if strategy.sponsor_programme]
    if executives is None or not names:
        return ()
    return (
        f"Sponsor programme in {', '.join(names)}: {100 * executives.sponsor_champions:.3g}% growth "
        f"champions instead of {100 * executives.sponsor_without:.3g}% where the role is drawn (mix), for "
        f"{known.money(executives.sponsor_cost)} a year.",
    )


def role_facts(known: KnownStrategies, strategy: Strategy) -> dict[str, Any] | None:
    """The same for machines, with the caveat; None without roles."""
    found = list(_assigned(known, strategy))
    if not found:
        return None
    return {"caveat": CAVEAT, "assigned": [{**vars(each), "counted_growth": each.counted} for each in found]}
