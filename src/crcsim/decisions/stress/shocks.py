"""Named shocks: each changes compiled rows at the valuation date, never a draw."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from crcsim.compile.lines import line_owners
from crcsim.compile.program import Adjust, Tables
from crcsim.errors import ArgumentError, no_such
from crcsim.kernels.arrays import Floats
from crcsim.kernels.rows import PHASES
from crcsim.scenario.scenario import Scenario

__all__ = ["ALL", "SHOCKS", "Sizes", "adjustment", "largest_industries", "refuse_unknown"]

#: Every shock by its name, with what it means.
SHOCKS = {
    "market crash": "the market falls by {market_fall:.0%} at the valuation date and does not recover",
    "takeover": "{customer} is taken over and lost at once",
    "industries down": "{industries} fall by {industry_fall:.0%} at the valuation date and do not recover",
    "premium gone": "{premium_lost:.0%} of all price premiums is gone at once",
}
#: All shocks together.
ALL = "all together"

_CERTAIN = 1e4  # hazard per period of what happens for sure


@dataclass(frozen=True)
class Sizes:
    """Sizes of the shocks as fractions, and whom they hit; None: the largest by value, the two largest."""

    market_fall: float = 0.4
    customer: str | None = None
    industries: tuple[str, ...] | None = None
    industry_fall: float = 0.3
    premium_lost: float = 1.0

    def __post_init__(self) -> None:
        for name in ("market_fall", "industry_fall"):
            if not 0.0 < getattr(self, name) < 1.0:
                raise ArgumentError(f"{name} must lie between 0 and 1, not {getattr(self, name):g}")
        if not 0.0 < self.premium_lost <= 1.0:
            raise ArgumentError(f"premium_lost must lie above 0 and at most be 1, not {self.premium_lost:g}")


def adjustment(scenario: Scenario, name: str, sizes: Sizes) -> Adjust:
    """The change of tables that a shock is; `sizes` must name customer and industries.

    Raises ArgumentError for a customer or an industry that the scenario lacks, KeyError for an unknown
    shock.
    """
    makers: dict[str, Callable[[Scenario, Sizes], Adjust]] = {
        "market crash": _market_crash,
        "takeover": _takeover,
        "industries down": _industries_down,
        "premium gone": _premium_gone,
    }
    if name == ALL:
        parts = [make(scenario, sizes) for make in makers.values()]

        def together(tables: Tables) -> None:
            for part in parts:
                part(tables)

        return together
    return makers[name](scenario, sizes)


def refuse_unknown(scenario: Scenario, names: Iterable[str] | None, sizes: Sizes) -> None:
    """Raise ArgumentError for a shock, a customer or an industry that nobody knows."""
    for name in names or ():
        if name not in (*SHOCKS, ALL):
            raise no_such("shock", name, (*SHOCKS, ALL))
    if sizes.customer is not None:
        _known(sizes.customer, [customer.name for customer in scenario.customers], "customer")
    for industry in sizes.industries or ():
        _known(industry, sorted(scenario.economy.industries), "industry")


def largest_industries(scenario: Scenario, sales: Floats, count: int = 2) -> tuple[str, ...]:
    """The industries on which most of today's sales [customer] depend, by sales x central loading."""
    from crcsim.compile.values import Sampler

    central = Sampler(scenario, 0).central()
    weight = dict.fromkeys(sorted(scenario.economy.industries), 0.0)
    for customer, amount in zip(scenario.customers, sales, strict=True):
        for industry, loading in customer.industry.items():
            weight[industry] += float(amount) * float(central.of(loading)[0])
    ranked = sorted(weight, key=lambda industry: (-weight[industry], industry))
    return tuple(industry for industry in ranked if weight[industry] > 0.0)[:count]


def _market_crash(scenario: Scenario, sizes: Sizes) -> Adjust:
    """The index falls by the fall, for triggers too (eq. 2.2), and businesses by (1 - fall)^beta, as they
    would with a market shock of that size (eq. 3.1, 3.2).
    """

    def adjust(tables: Tables) -> None:
        _, economy, _ = tables["economy"]
        _, rows, _ = tables["customers"]
        economy["index_start"] = economy["index_start"] + np.log1p(-sizes.market_fall)
        _fall(scenario, tables, rows["beta"] * np.log1p(-sizes.market_fall))

    return adjust


def _industries_down(scenario: Scenario, sizes: Sizes) -> Adjust:
    """Businesses fall by (1 - fall)^loading for each industry (eq. 3.1, 3.2)."""
    known = sorted(scenario.economy.industries)
    hit = [_known(name, known, "industry") for name in sizes.industries or ()]
    pairs = [
        (place, row)
        for row, (place, industry) in enumerate(
            (place, industry)
            for place, customer in enumerate(scenario.customers)
            for industry in sorted(customer.industry)
        )
        if industry in hit
    ]

    def adjust(tables: Tables) -> None:
        loading = tables["loadings"][1]["loading"]
        moved = np.zeros((len(scenario.customers), loading.shape[1]))
        for place, row in pairs:
            moved[place] += loading[row]
        _fall(scenario, tables, moved * np.log1p(-sizes.industry_fall))

    return adjust


def _fall(scenario: Scenario, tables: Tables, moved: Floats) -> None:
    """Move log businesses [customer, 1 or path]: wallets by coupling times it, insolvency by its success."""
    _, customers, _ = tables["customers"]
    _, lines, _ = tables["lines"]
    places = {customer.name: place for place, customer in enumerate(scenario.customers)}
    owners = [places[customer.name] for customer, _ in line_owners(scenario)]
    lines["wallet"] = lines["wallet"] * np.exp((customers["coupling"] * moved)[owners])
    customers["insolvency"] = customers["insolvency"] * np.exp(-customers["success_exponent"] * moved)
    _events(tables)


def _events(tables: Tables) -> None:
    """Probabilities of an event by phase that follow from the hazards (eq. 4.1)."""
    _, rows, _ = tables["customers"]
    for phase in PHASES:
        hazard = rows[f"churn_{phase}"] + rows["takeover"] + rows["insolvency"]
        rows[f"event_{phase}"] = -np.expm1(-hazard)


def _takeover(scenario: Scenario, sizes: Sizes) -> Adjust:
    """The hazard of a takeover that keeps nothing is so large that it happens in the first period."""
    names = [customer.name for customer in scenario.customers]
    place = names.index(_known(sizes.customer or "", names, "customer"))

    def adjust(tables: Tables) -> None:
        _, rows, _ = tables["customers"]
        for name in (*(f"churn_{phase}" for phase in PHASES), "insolvency", "retained"):
            rows[name] = _replaced(rows[name], place, 0.0)
        rows["takeover"] = _replaced(rows["takeover"], place, _CERTAIN)
        _events(tables)

    return adjust


def _replaced(values: Floats, place: int, to: float) -> Floats:
    changed = np.array(values)
    changed[place] = to
    return changed


def _premium_gone(scenario: Scenario, sizes: Sizes) -> Adjust:
    """Price premiums at the valuation date keep only the rest; wallets at base prices stay (eq. 6.1)."""

    def adjust(tables: Tables) -> None:
        _, lines, _ = tables["lines"]
        lines["premium"] = lines["premium"] * (1.0 - sizes.premium_lost)

    return adjust


def _known(name: str, known: Sequence[str], noun: str) -> str:
    if name in known:
        return name
    raise no_such(noun, name, known)
