"""Lines that strategies drop: what goes with them, and the penalty on the rest of the relation (MODEL 6)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from crcsim.report.explained_strategies.known import KnownStrategies, amount
from crcsim.report.numbers import money_scale
from crcsim.report.table import Table
from crcsim.scenario.strategies import Strategy
from crcsim.valuation.full_service import dropped_share, hazard_penalty, share_penalty

__all__ = ["drop_facts", "drop_table"]


@dataclass(frozen=True)
class Dropped:
    """One line of a customer that is dropped, as it stands today; money per year."""

    customer: str
    product: str
    at: float  # years
    volume: float
    contribution: float  # before tax: what of the customer's contribution ends with the line
    share: float  # of the customer's sales at base prices
    hazard: float  # churn per year in today's phase
    hazard_after: float
    logit: float  # shift of the share targets of the lines that stay


def _dropped(known: KnownStrategies, strategy: Strategy) -> Iterator[Dropped]:
    """All lines that a strategy drops, each with the penalty of this line alone."""
    places = {customer.name: place for place, customer in enumerate(known.scenario.customers)}
    for drop in strategy.drops:
        for name in drop.customers:
            place = places[name]
            customer, expected = known.scenario.customers[place], known.expected[place]
            gone = [line.product == drop.product for line in customer.lines]
            line = gone.index(True)
            share = float(dropped_share(expected.volume_now, gone))
            hazard = float(known.customer_rows[f"churn_{customer.phase}"][place]) * known.per_year
            terms = customer.full_service
            ratio = float(hazard_penalty(known.mean(terms.churn_hazard_ratio), share))
            yield Dropped(
                customer=name,
                product=drop.product,
                at=drop.at,
                volume=float(expected.volume_now[line]),
                contribution=float(expected.margin_now[line]),
                share=share,
                hazard=hazard,
                hazard_after=hazard * ratio,
                logit=float(share_penalty(known.mean(terms.share_logit), share)),
            )


def drop_table(known: KnownStrategies) -> Table:
    """What is dropped, with its volume and contribution of today."""
    found = [(strategy, each) for strategy in known.scenario.strategies for each in _dropped(known, strategy)]
    scale = money_scale(max((abs(each.volume) for _, each in found), default=0.0), known.currency)
    rows = tuple(
        (
            strategy.name,
            each.customer,
            each.product,
            known.date(each.at),
            amount(each.volume, scale),
            amount(each.contribution, scale),
            f"{100 * each.share:.1f}",
            f"{100 * each.hazard:.2f}",
            f"{100 * each.hazard_after:.2f}",
            f"{each.logit:.3f}",
        )
        for strategy, each in found
    )
    columns = ("Strategy", "Customer", "Product", "From", "Volume", "Contribution", "Part of sales %")
    penalty = ("Churn hazard %", "after %", "Share target, logit")
    note = (
        "Volume at base prices and contribution (net revenue less all that follows the volume, before tax) "
        "of today: what is given up. Hazard and share target of what stays, in proportion to the part of "
        "sales that each line is."
    )
    title = f"Products that strategies drop ({scale.unit} a year)"
    return Table(title, (*columns, *penalty), "llllrrrrrr", rows, (note,))


def drop_facts(known: KnownStrategies, strategy: Strategy) -> list[dict[str, Any]]:
    """The same for machines."""
    return [dict(vars(each)) for each in _dropped(known, strategy)]
