"""CRC-ref, the reference workload: 50 customers over 40 quarters, as numbers and as a scenario file.

The customers are drawn once from a fixed seed. `crc_ref()` holds the numbers in the units of a scenario
(annual rates, EUR per year); `scenario_text()` says the same in YAML. README.md lists what was moved
to say the first, quarterly definition of this workload in a scenario, and what stayed exactly the same.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

Floats = NDArray[np.float64]

PHASES = ("build_up", "growth", "maturity", "decline")
PERIODS_PER_YEAR = 4
YEARS = 10
CUSTOMERS = 50
ALWAYS = 1e6
"""A hazard per year at which an event is certain in every quarter."""


@dataclass(frozen=True)
class Workload:
    """One case of the reference workload: rates, hazards and volatilities per year, money in EUR.

    Arrays without a remark have one entry per customer.
    """

    market_volatility: float
    risk_free_rate: float
    market_premium: float
    beta_mean: float
    beta_sd: float
    equity_share: float
    cost_of_debt: float
    phase_duration: Floats
    """Expected years in a phase [phase]; inf is never left."""
    churn_factor: Floats
    """On the churn hazard [phase]."""
    direct_cost_factor: Floats
    """On the direct cost [phase]."""
    share_reversion: float
    wallet: Floats
    growth: Floats
    """Expected growth of the wallet."""
    market_beta: Floats
    """Loading of the wallet on the market's log return."""
    volatility: Floats
    """The customer's own part."""
    share_now: Floats
    share_target: Floats
    """Median of the stationary share of wallet."""
    share_volatility: Floats
    """Logit points per square root of a year."""
    phase_now: NDArray[np.int64]
    """Index into PHASES."""
    churn_hazard: Floats
    """In maturity, where the factor is one."""
    takeover_hazard: Floats
    wallet_multiplier: Floats
    """Of the wallet at a takeover; every takeover keeps the customer."""
    price_concession: Floats
    """Fraction of the price given up at every takeover."""
    variable_cost_rate: Floats
    """Of sales at base prices."""
    direct_cost: Floats

    @property
    def customers(self) -> int:
        return len(self.wallet)

    @property
    def periods(self) -> int:
        return YEARS * PERIODS_PER_YEAR

    def cells(self, paths: int) -> int:
        """Customer-periods that a run with `paths` paths steps through."""
        return paths * self.customers * self.periods


def crc_ref() -> Workload:
    """The 50 customers of the reference workload, from quarterly numbers to a scenario's yearly ones."""
    draw = np.random.default_rng(7)
    quarterly_wallet = np.exp(draw.normal(2.0, 0.8, CUSTOMERS))
    log_growth = draw.uniform(0.0, 0.015, CUSTOMERS)
    market_beta = draw.uniform(0.4, 1.5, CUSTOMERS)
    volatility = draw.uniform(0.04, 0.12, CUSTOMERS)
    share_target = draw.uniform(0.10, 0.50, CUSTOMERS)
    logit_now = np.log(share_target / (1 - share_target)) - draw.uniform(0.0, 1.0, CUSTOMERS)
    share_noise = draw.uniform(0.10, 0.30, CUSTOMERS)
    wallet_multiplier = draw.uniform(0.5, 1.3, CUSTOMERS)
    phase_now = draw.integers(0, len(PHASES), CUSTOMERS)
    churn_scale = draw.uniform(0.5, 1.5, CUSTOMERS)
    takeover_probability = draw.uniform(0.002, 0.008, CUSTOMERS)
    margin = draw.uniform(0.10, 0.35, CUSTOMERS)

    market_noise, pull = 0.08, 0.15
    reversion = -math.log(1 - pull) * PERIODS_PER_YEAR
    drift = log_growth + ((market_beta * market_noise) ** 2 + volatility**2) / 2
    return Workload(
        market_volatility=market_noise * math.sqrt(PERIODS_PER_YEAR),
        risk_free_rate=0.025,
        market_premium=0.055,
        beta_mean=1.1,
        beta_sd=0.20,
        equity_share=0.7,
        cost_of_debt=0.04 * (1 - 0.28),
        phase_duration=np.array([0.25 / 0.15, 0.25 / 0.06, 0.25 / 0.04, math.inf]),
        churn_factor=np.array([3.0, 1.5, 1.0, 3.0]),
        direct_cost_factor=np.array([2.6, 1.0, 0.6, 1.8]),
        share_reversion=reversion,
        wallet=quarterly_wallet * PERIODS_PER_YEAR * 1e6,
        growth=np.expm1(drift * PERIODS_PER_YEAR),
        market_beta=market_beta,
        volatility=volatility * math.sqrt(PERIODS_PER_YEAR),
        share_now=1 / (1 + np.exp(-logit_now)),
        share_target=share_target,
        share_volatility=share_noise * math.sqrt(2 * reversion / (1 - (1 - pull) ** 2)),
        phase_now=phase_now,
        churn_hazard=-np.log1p(-0.010 * churn_scale) * PERIODS_PER_YEAR,
        takeover_hazard=-np.log1p(-takeover_probability) * PERIODS_PER_YEAR,
        wallet_multiplier=wallet_multiplier,
        price_concession=0.3 * margin,
        variable_cost_rate=1 - margin,
        direct_cost=0.25 * quarterly_wallet * share_target * margin * PERIODS_PER_YEAR * 1e6,
    )


def without_chance() -> Workload:
    """The limit in which nothing that reaches the cash flow is random, and no phase is left."""
    workload = crc_ref()
    nothing = np.zeros(workload.customers)
    return dataclasses.replace(
        workload,
        beta_sd=0.0,
        phase_duration=np.full(len(PHASES), math.inf),
        market_beta=nothing,
        volatility=nothing,
        share_volatility=nothing,
        churn_hazard=nothing,
        takeover_hazard=nothing,
    )


def certain_phases() -> Workload:
    """The limit in which every phase but the last is left after one quarter."""
    return dataclasses.replace(without_chance(), phase_duration=np.array([0.25, 0.25, 0.25, math.inf]))


def certain_takeovers() -> Workload:
    """The limit in which every customer is taken over, and kept, in every quarter."""
    still = without_chance()
    return dataclasses.replace(still, takeover_hazard=np.full(still.customers, ALWAYS))


def certain_churn() -> Workload:
    """The limit in which the customers in decline leave in the first quarter and the others stay."""
    still = without_chance()
    return dataclasses.replace(still, churn_hazard=np.where(still.phase_now == 3, ALWAYS, 0.0))


CASES: dict[str, Callable[[], Workload]] = {
    "crc_ref": crc_ref,
    "without_chance": without_chance,
    "certain_phases": certain_phases,
    "certain_takeovers": certain_takeovers,
    "certain_churn": certain_churn,
}
DETERMINISTIC_CASES = tuple(name for name in CASES if name != "crc_ref")


def scenario_text(workload: Workload, paths: int = 100_000, seed: int = 1) -> str:
    """The workload as the text of a scenario file."""
    document = {
        "crcsim": 1,
        "time": {
            "valuation_date": "2026-01-01",
            "years": YEARS,
            "periods_per_year": PERIODS_PER_YEAR,
            "flow_timing": "end",
        },
        "money": {"currency": "EUR", "basis": "nominal"},
        "simulation": {"paths": paths, "seed": seed},
        "economy": _economy(workload),
        "capital": _capital(workload),
        "products": {_product(c): _product_terms(workload, c) for c in range(workload.customers)},
        "customer_defaults": {"phases": _phases(workload)},
        "customers": {f"customer-{c + 1:02d}": _customer(workload, c) for c in range(workload.customers)},
    }
    question = "# Question: how fast is CRC-ref, the reference workload of the benchmarks?\n"
    return question + yaml.safe_dump(document, sort_keys=False)


def write_scenario(case: str, folder: Path) -> Path:
    """Write the named case as a scenario file into `folder` and return its path."""
    path = folder / f"{case}.yaml"
    path.write_text(scenario_text(CASES[case]()), encoding="utf-8")
    return path


def _economy(workload: Workload) -> dict[str, Any]:
    return {
        "real_rate": _percent(workload.risk_free_rate),
        "expected_inflation": "0%",
        "market": {
            "premium": _percent(workload.market_premium),
            "volatility": _percent(workload.market_volatility),
        },
    }


def _capital(workload: Workload) -> dict[str, Any]:
    uncertain = {"normal": {"mean": workload.beta_mean, "sd": workload.beta_sd}}
    return {
        "discounting": "wacc",
        "form": "effective",
        "beta": uncertain if workload.beta_sd > 0 else workload.beta_mean,
        "equity_share": _percent(workload.equity_share),
        "cost_of_debt": _percent(workload.cost_of_debt),
        "tax_rate": "0%",
        "horizon_value": "none",
    }


def _phases(workload: Workload) -> dict[str, Any]:
    return {
        phase: {
            "duration": _years(workload.phase_duration[index]),
            "churn_factor": float(workload.churn_factor[index]),
            "direct_cost_factor": float(workload.direct_cost_factor[index]),
        }
        for index, phase in enumerate(PHASES)
    }


def _product(customer: int) -> str:
    return f"product-{customer + 1:02d}"


def _product_terms(workload: Workload, customer: int) -> dict[str, Any]:
    return {
        "premium": "0%",
        "premium_half_life": "inf",
        "sales_deductions": "0%",
        "variable_costs": {"material": _percent(workload.variable_cost_rate[customer])},
    }


def _customer(workload: Workload, customer: int) -> dict[str, Any]:
    return {
        "beta": float(workload.market_beta[customer]),
        "growth": _percent(workload.growth[customer]),
        "volatility": _percent(workload.volatility[customer]),
        "phase": PHASES[workload.phase_now[customer]],
        "direct_cost": _money(workload.direct_cost[customer]),
        "churn": {"hazard": _hazard(workload.churn_hazard[customer])},
        "takeover": {
            "hazard": _hazard(workload.takeover_hazard[customer]),
            "retained": "100%",
            "wallet_multiplier": {"median": float(workload.wallet_multiplier[customer]), "log_sd": 0.0},
            "price_concession": _percent(workload.price_concession[customer]),
        },
        "lines": {_product(customer): _line(workload, customer)},
    }


def _line(workload: Workload, customer: int) -> dict[str, Any]:
    return {
        "wallet": _money(workload.wallet[customer]),
        "share": {
            "now": _percent(workload.share_now[customer]),
            "target": _percent(workload.share_target[customer]),
            "stated_as": "median",
            "reversion": workload.share_reversion,
            "volatility": float(workload.share_volatility[customer]),
        },
    }


def _percent(value: float) -> str:
    return f"{100 * float(value):.15g}%"


def _money(value: float) -> str:
    return f"{float(value):.15g} EUR per year"


def _hazard(value: float) -> str:
    return f"{float(value):.15g} per year"


def _years(value: float) -> str:
    return "inf" if math.isinf(value) else f"{float(value):.15g} years"


if __name__ == "__main__":
    print(scenario_text(crc_ref()), end="")
