"""Features of a scenario that can be switched off: each by changing compiled rows, never a draw.

A switch gets the scenario and the tables of one chunk (compile.program.Tables) and gives rows the values that
they would have without the feature. What a new row of the kernel needs here is one line in FEATURES.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

import numpy as np

from crcsim.compile.costs.customer import customer_costs
from crcsim.compile.program import Adjust, Tables
from crcsim.kernels.arrays import Floats
from crcsim.kernels.rows import PHASE_PROCESS, PHASES
from crcsim.scenario.scenario import Scenario
from crcsim.valuation.deflator import jump_cumulant, normal_cumulant

__all__ = ["FEATURES", "Feature", "Switch", "present_features", "switched_off"]

Switch = Callable[[Scenario, Tables], None]

#: ln q of a value after the horizon that is nothing: e^-700.
_NO_HORIZON = -700.0

#: Rows of the terms of payment.
TERMS = ("receivable", "payable", "prepayment_received", "prepayment_made")


@dataclass(frozen=True)
class Feature:
    """A part of the value: the group in which it is summed up, what it means, and how it is switched off."""

    group: str
    meaning: str
    switch: Switch


def _set(table: str, *rows: str, to: float = 0.0) -> Switch:
    """A switch that gives rows of a table one value. Raises KeyError for a row that the table lacks."""

    def switch(scenario: Scenario, tables: Tables) -> None:
        _, values, _ = tables[table]
        for row in rows:
            values[row] = np.full_like(values[row], to)

    return switch


def _by_phase(*names: str) -> tuple[str, ...]:
    """The rows of these names, one per phase."""
    return tuple(f"{name}_{phase}" for name in names for phase in PHASES)


def _fix_share(scenario: Scenario, tables: Tables) -> None:
    """Today's share for ever: no pull, no noise, and no reset after a takeover."""
    if all(line.share.kind == "fixed" for customer in scenario.customers for line in customer.lines):
        return
    _, lines, _ = tables["lines"]
    _set("lines", "pull", "noise")(scenario, tables)
    lines["logit_reset"] = np.full_like(lines["logit_reset"], np.nan)


def _without_market(scenario: Scenario, tables: Tables) -> None:
    """No loading on the market and no compensator of it: expected wallets stay (eq. 3.1, 3.2)."""
    _, rows, _ = tables["customers"]
    coupling, omega = rows["coupling"], rows["success_exponent"]
    wallet, success = (_market_log_mean(scenario, tables, u) for u in (coupling, -omega))
    rows["wallet_drift"] = rows["wallet_drift"] + wallet
    rows["success_drift"] = rows["success_drift"] - success
    _set("customers", "beta")(scenario, tables)
    _set("customers", "wallet_good", "wallet_bad", "success_good", "success_bad", to=1.0)(scenario, tables)


def _without_industries(scenario: Scenario, tables: Tables) -> None:
    """No loading on industries; their compensator goes too."""
    _, rows, _ = tables["customers"]
    coupling, omega = rows["coupling"], rows["success_exponent"]
    wallet, success = (_industry_log_mean(scenario, tables, u) for u in (coupling, -omega))
    rows["wallet_drift"] = rows["wallet_drift"] + wallet
    rows["success_drift"] = rows["success_drift"] - success
    _set("loadings", "loading")(scenario, tables)


def _without_own_growth(scenario: Scenario, tables: Tables) -> None:
    """Wallets that only market and industries move, where these are on: drift is their compensator alone."""
    _, rows, _ = tables["customers"]

    def others(u: Floats) -> Floats:
        return _market_log_mean(scenario, tables, u) + _industry_log_mean(scenario, tables, u)

    rows["wallet_drift"] = _moved(rows["wallet_drift"], -others(rows["coupling"]))
    rows["success_drift"] = _moved(rows["success_drift"], others(-rows["success_exponent"]))
    _set("customers", "shock_scale", *_by_phase("phase_growth"))(scenario, tables)
    _set("lines", "trend", to=1.0)(scenario, tables)


def _moved(before: Floats, after: Floats) -> Floats:
    """`after`, or `before` where the two differ by no more than rounding."""
    return np.where(np.isclose(before, after, rtol=1e-12, atol=1e-18), before, after)


def _market_log_mean(scenario: Scenario, tables: Tables, u: Floats) -> Floats:
    """ln E[exp(u beta zeta)] per period, [customer, 1 or path]; 0 with regimes, whose compensator is rows."""
    _, customers, _ = tables["customers"]
    loading = u * customers["beta"]
    if scenario.economy.market.regimes is not None:
        return np.zeros_like(loading)
    _, economy, _ = tables["economy"]
    jumps = (economy[row] for row in ("jump_mean", "jump_log_mean", "jump_log_sd"))
    return normal_cumulant(loading, economy["shock_scale_good"]) + jump_cumulant(loading, *jumps)


def _industry_log_mean(scenario: Scenario, tables: Tables, u: Floats) -> Floats:
    """ln E[exp(u x sum of loading x industry shock)] per period, [customer, 1 or path]."""
    industries = sorted(scenario.economy.industries)
    pairs = [
        (place, industries.index(name))
        for place, customer in enumerate(scenario.customers)
        for name in sorted(customer.industry)
    ]
    if not pairs:
        return np.zeros_like(u)
    owners, names = (list(column) for column in zip(*pairs, strict=True))
    loading, scale = tables["loadings"][1]["loading"], tables["industries"][1]["shock_scale"]
    parts = normal_cumulant(u[owners] * loading, scale[names])
    total = np.zeros((u.shape[0], parts.shape[1]))
    np.add.at(total, owners, parts)
    return total


def _without(*hazards: str) -> Switch:
    """A switch that removes a cause of loss; the probabilities of an event by phase follow (eq. 4.1)."""

    def switch(scenario: Scenario, tables: Tables) -> None:
        _, rows, _ = tables["customers"]
        if not any(np.any(rows[name] > 0.0) for name in hazards):
            return
        _set("customers", *hazards)(scenario, tables)
        for phase in PHASES:
            left = rows[f"churn_{phase}"] + rows["takeover"] + rows["insolvency"]
            rows[f"event_{phase}"] = -np.expm1(-left)

    return switch


def _without_charges(*, process: bool) -> Switch:
    """A switch that removes fixed costs of customers: those of processes, or all others."""

    def switch(scenario: Scenario, tables: Tables) -> None:
        _, charges, _ = tables["charges"]
        chosen = np.array(_charge_factors(scenario), dtype=np.int64) == PHASE_PROCESS
        off = (chosen == process)[:, np.newaxis]
        charges["amount"] = np.where(off, 0.0, charges["amount"])

    return switch


def _charge_factors(scenario: Scenario) -> list[int]:
    """What every fixed cost follows, in the order of the table."""
    volumes = {(each.name, line.product): 1.0 for each in scenario.customers for line in each.lines}
    costs = (customer_costs(scenario, each, volumes) for each in scenario.customers)
    return [charge.factor for each in costs for charge in each.charges]


def _without_volume_costs(scenario: Scenario, tables: Tables) -> None:
    """Of the costs that follow the volume only material, production and distribution are left."""
    _, lines, _ = tables["lines"]
    if not np.any(lines["volume_cost"]):
        return
    products = [scenario.products[line.product] for each in scenario.customers for line in each.lines]
    unpaid = np.array([[1.0 - product.cash_share] for product in products])
    lines["noncash"] = unpaid * lines["variable_cost"]
    _set("lines", "volume_cost")(scenario, tables)
    _set("notices", "full", "noncash")(scenario, tables)


def _without_write_offs(scenario: Scenario, tables: Tables) -> None:
    """Nothing of the receivables is lost, where anything could be."""
    _, rows, _ = tables["customers"]
    if np.any(rows["receivable"] > 0.0):
        kept = np.where(rows["insolvency"] > 0.0, 0.0, rows["loss_given_default"])
        rows["loss_given_default"] = kept


#: All features in the order in which the runs switch them on. `market growth` and `industry growth` stand
#: before `own growth`, whose switch leaves the compensators of what is on.
FEATURES: dict[str, Feature] = {
    "share change": Feature("growth", "share of wallet moves from today's to its target", _fix_share),
    "market growth": Feature("growth", "businesses follow the market", _without_market),
    "industry growth": Feature("growth", "businesses follow their industries", _without_industries),
    "own growth": Feature("growth", "growth, phases, trends and own shocks", _without_own_growth),
    "wallet created": Feature("growth", "jumps of the wallet", _set("lines", "jump_mean")),
    "prospects won": Feature("growth", "prospects become customers", _set("customers", "conversion")),
    "churn": Feature("losses", "customers leave, and some return", _without(*_by_phase("churn"))),
    "takeover": Feature("losses", "customers are bought: lost, or kept at other terms", _without("takeover")),
    "insolvency": Feature("losses", "customers fail", _without("insolvency")),
    "listed mergers": Feature("losses", "customers of the portfolio merge", _set("mergers", "hazard")),
    "price erosion": Feature("prices", "price premiums fade", _set("lines", "premium_step", to=1.0)),
    "direct costs": Feature(
        "costs", "fixed costs of customers, with notice", _without_charges(process=False)
    ),
    "fixed process costs": Feature(
        "costs", "processes that a relation needs, with notice", _without_charges(process=True)
    ),
    "volume-driven costs": Feature(
        "costs", "orders, processes and all that follows volume", _without_volume_costs
    ),
    "idle capacity": Feature("costs", "capacity kept ready and not used", _set("reserves", "rate")),
    "acquisition": Feature("costs", "spending on prospects", _set("customers", "acquisition_spend")),
    "level costs": Feature("costs", "costs of segments and of the company", _set("levels", "amount")),
    "working capital": Feature("cash", "money bound in what is owed and prepaid", _set("customers", *TERMS)),
    "write-offs": Feature("losses", "receivables lost in insolvencies", _without_write_offs),
    "tax": Feature("cash", "tax on profits, relief on losses", _set("economy", "keep", to=1.0)),
    "investments": Feature("investments", "payments for investments", _set("investments", "amount")),
}

_NO_HORIZON_VALUE = _set("customers", "horizon_ratio", "horizon_ratio_deflator", to=_NO_HORIZON)


def switched_off(scenario: Scenario, off: Collection[str], *, horizon: bool = False) -> Adjust:
    """The change of tables that switches off the named features, and the value after the horizon unless
    `horizon`. Raises KeyError for an unknown feature.
    """
    unknown = [name for name in off if name not in FEATURES]
    if unknown:
        raise KeyError(unknown[0])

    def adjust(tables: Tables) -> None:
        for name, feature in FEATURES.items():
            if name in off:
                feature.switch(scenario, tables)
        if not horizon:
            _NO_HORIZON_VALUE(scenario, tables)

    return adjust


def present_features(scenario: Scenario, tables: Tables) -> list[str]:
    """Features whose switch changes any number of these tables, in the order of FEATURES."""
    return [name for name, feature in FEATURES.items() if _changes(feature, scenario, tables)]


def _changes(feature: Feature, scenario: Scenario, tables: Tables) -> bool:
    trial = {name: (rows, dict(values), members) for name, (rows, values, members) in tables.items()}
    feature.switch(scenario, trial)
    return any(
        not _same(trial[name][1][row], values[row])
        for name, (_, values, _) in tables.items()
        for row in values
    )


def _same(one: Floats, other: Floats) -> bool:
    return bool(np.all((one == other) | (np.isnan(one) & np.isnan(other))))
