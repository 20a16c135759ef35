"""Rows of the customers: business, lifecycle, risks and terms (MODEL 3, 4, 8, 9). All arrays [customer, 1
or path].
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from crcsim.compile.economy import EconomyValues
from crcsim.compile.values import Floats, Values
from crcsim.errors import NumericError
from crcsim.kernels.rows import PHASES
from crcsim.scenario.customers import Customer
from crcsim.scenario.quantity import Quantity, Risk
from crcsim.scenario.scenario import Scenario
from crcsim.valuation.discounting import discount_exponent_shift
from crcsim.valuation.rates import nominal_rate
from crcsim.valuation.risks import (
    event_probability,
    hazard_from_yearly_probability,
    hazards_observed_together,
)

ZERO = Quantity(0.0, "zero")
CAUSES = ("churn", "takeover", "insolvency")
DAYS_PER_YEAR = 365.0


class CustomerValues:
    """Parameters of all customers on the paths of `values`, by column."""

    def __init__(self, scenario: Scenario, values: Values, economy: EconomyValues) -> None:
        self.scenario, self.values, self.economy = scenario, values, economy
        self.customers = scenario.customers
        self.step = economy.step
        self.hazards = self._hazards()

    def column(self, pick: Callable[[Customer], Quantity]) -> Floats:
        """One parameter of every customer."""
        return self.values.matrix([pick(customer) for customer in self.customers])

    def phase_column(self, phase: str, parameter: str) -> Floats:
        """One parameter of one phase of every customer."""
        return self.values.matrix([getattr(customer.phases[phase], parameter) for customer in self.customers])

    def loading_pairs(self) -> list[tuple[int, str, Quantity]]:
        """(customer position, industry, loading) of every loading, in canonical order."""
        return [
            (position, industry, customer.industry[industry])
            for position, customer in enumerate(self.customers)
            for industry in sorted(customer.industry)
        ]

    def growth(self) -> Floats:
        """Nominal growth of the customer's business, effective annual."""
        stated = self.column(lambda c: c.growth)
        real = np.array([[c.growth_basis == "real"] for c in self.customers])
        return np.where(real, nominal_rate(stated, self.economy.inflation), stated) if real.any() else stated

    def market_loading(self) -> Floats:
        """Loading of the wallet on the market, coupling x beta: the business beta behind `rate: own`."""
        return self.column(lambda c: c.coupling) * self.column(lambda c: c.beta)

    def own_variance(self) -> Floats:
        """Variance per year of the shock that is not the market's: industries and own."""
        volatility = self.column(lambda c: c.volatility)
        variance = volatility**2
        pairs = self.loading_pairs()
        if pairs:
            loadings = self.values.matrix([loading for _, _, loading in pairs])
            industries = self.scenario.economy.industries
            scales = self.values.matrix([industries[name].volatility for _, name, _ in pairs])
            parts = (loadings * scales) ** 2
            total = np.zeros((variance.shape[0], max(variance.shape[1], parts.shape[1]))) + variance
            np.add.at(total, [position for position, _, _ in pairs], parts)
            variance = total
        return variance

    def risk(self, risks: Sequence[Risk]) -> Floats:
        """Hazard per year of one risk of every customer."""
        stated = self.values.matrix([risk.rate for risk in risks])
        as_hazard = np.array([[risk.kind == "hazard"] for risk in risks])
        certain = np.flatnonzero(np.any(~as_hazard & (stated >= 1.0), axis=1))
        if certain.size:
            place = risks[certain[0]].rate.place
            raise NumericError(f"{place} is drawn as 100%: a certain event has no hazard")
        return np.where(as_hazard, stated, hazard_from_yearly_probability(np.where(as_hazard, 0.0, stated)))

    def _hazards(self) -> dict[str, Floats]:
        """Hazards per year of the competing causes.

        Yearly probabilities that a customer states as observed beside each other are taken together.
        """
        risks = {cause: [getattr(c, cause).risk for c in self.customers] for cause in CAUSES}
        alone = {cause: self.risk(risks[cause]) for cause in CAUSES}
        beside = np.array([[c.observed_with_other_causes] for c in self.customers])
        if not beside.any():
            return alone
        shared = {
            cause: beside & np.array([[risk.kind == "yearly_probability"] for risk in risks[cause]])
            for cause in CAUSES
        }
        stated = [
            np.where(shared[cause], self.values.matrix([risk.rate for risk in risks[cause]]), 0.0)
            for cause in CAUSES
        ]
        self._refuse_certain_ends(sum(stated, start=np.zeros((1, 1))))
        together = dict(zip(CAUSES, hazards_observed_together(stated), strict=True))
        return {cause: np.where(shared[cause], together[cause], alone[cause]) for cause in CAUSES}

    def _refuse_certain_ends(self, total: Floats) -> None:
        """Probabilities observed together must leave survivors on every path."""
        bad = np.flatnonzero(np.any(total >= 1.0, axis=1))
        if bad.size:
            raise NumericError(
                f"customers.{self.customers[bad[0]].name}: the yearly probabilities of churn, takeover and "
                f"insolvency add up to {float(np.max(total)):.0%} on a path; observed together they must "
                "stay below 100%"
            )


def customer_rows(c: CustomerValues, log_rate: Floats) -> dict[str, Floats]:
    """Rows of the customer table; log_rate [customer, 1 or path] = ln(1 + k) of each customer's discount
    rate.
    """
    return {
        **_business_rows(c),
        **_phase_rows(c),
        **_risk_rows(c),
        **_terms_rows(c, log_rate),
    }


def _business_rows(c: CustomerValues) -> dict[str, Floats]:
    """Shock, coupling, wallet growth and the index that insolvency follows (eq. 3.1-3.3, 4.6)."""
    beta, coupling = c.column(lambda x: x.beta), c.column(lambda x: x.coupling)
    omega, variance = c.column(lambda x: x.insolvency.success_exponent), c.own_variance()
    log_growth = np.log1p(c.growth())
    good, bad = c.economy.states
    mean = c.economy.shock_log_mean

    def drift(u: Floats) -> Floats:
        """ln E[exp(u S)] per period, without the market's part where regimes switch."""
        own = u**2 * variance / 2.0 * c.step
        return np.asarray(own if c.economy.regimes else own + mean(u * beta, good))

    return {
        "beta": beta,
        "shock_scale": c.column(lambda x: x.volatility) * np.sqrt(c.step),
        "coupling": coupling,
        "wallet_drift": coupling * log_growth * c.step - drift(coupling),
        "wallet_good": np.exp(mean(coupling * beta, good)),
        "wallet_bad": np.exp(mean(coupling * beta, bad)),
        "log_growth": log_growth * c.step,
        "own_variance": variance * c.step,
        "success_exponent": omega,
        "success_drift": drift(-omega),
        "success_good": np.exp(mean(-omega * beta, good)),
        "success_bad": np.exp(mean(-omega * beta, bad)),
    }


def _phase_rows(c: CustomerValues) -> dict[str, Floats]:
    """Growth add-on, churn hazard, chance to leave and cost factors of every phase."""
    rows = {}
    churn = c.hazards["churn"] * c.step
    others = (c.hazards["takeover"] + c.hazards["insolvency"]) * c.step
    for name in PHASES:
        growth, duration = c.phase_column(name, "growth"), c.phase_column(name, "duration")
        rows[f"phase_growth_{name}"] = np.log1p(growth) * c.step
        rows[f"churn_{name}"] = churn * c.phase_column(name, "churn_factor")
        rows[f"event_{name}"] = -np.expm1(-(rows[f"churn_{name}"] + others))
        rows[f"cost_factor_{name}"] = c.phase_column(name, "direct_cost_factor")
        rows[f"process_factor_{name}"] = c.phase_column(name, "process_factor")
        rows[f"advance_{name}"] = np.minimum(1.0, c.step / duration)
    rows["advance_decline"] = np.zeros((len(c.customers), 1))
    return rows


def _risk_rows(c: CustomerValues) -> dict[str, Floats]:
    """Competing causes, tenure, event factor, prospects and win-back (eq. 4.1, 4.3-4.6)."""
    correlation = c.column(lambda x: x.event_correlation.rho if x.event_correlation else ZERO)
    shape = c.column(lambda x: x.churn.tenure_shape)
    reference = np.array([[x.churn.tenure_reference] for x in c.customers])
    none = Risk("hazard", ZERO)
    conversion = c.risk([x.acquisition.conversion if x.acquisition else none for x in c.customers])
    return {
        "takeover": c.hazards["takeover"] * c.step,
        "retained": c.column(lambda x: x.takeover.retained),
        "multiplier_log_median": np.log(c.column(lambda x: x.takeover.median)),
        "multiplier_log_sd": c.column(lambda x: x.takeover.log_sd),
        "price_concession": c.column(lambda x: x.takeover.price_concession),
        "insolvency": c.hazards["insolvency"] * c.step,
        "insolvency_cap": c.column(lambda x: x.insolvency.hazard_cap) * c.step,
        "loss_given_default": c.column(lambda x: x.insolvency.loss_given_default),
        "conversion": np.asarray(event_probability(conversion, c.step)),
        "acquisition_spend": c.column(lambda x: x.acquisition.spend if x.acquisition else ZERO) * c.step,
        "win_back": np.asarray(event_probability(c.risk([x.win_back for x in c.customers]), c.step)),
        "factor_loading": np.sqrt(correlation),
        "factor_own": np.sqrt(1.0 - correlation),
        "tenure_shape": shape,
        "tenure_scale": reference ** (1.0 - shape) / (shape * c.step),
        "tenure_years": np.array([[x.tenure] for x in c.customers]),
    }


def _terms_rows(c: CustomerValues, log_rate: Floats) -> dict[str, Floats]:
    """Price terms, working capital, discounting and the value after the horizon (eq. 8.4, 9.1)."""
    per_day = c.scenario.time.periods_per_year / DAYS_PER_YEAR
    shift = discount_exponent_shift(c.scenario.time.flow_timing)
    log_growth = np.asarray(c.column(lambda x: x.coupling) * np.log1p(c.growth()))
    perpetuity = c.scenario.capital.horizon_value
    if perpetuity is not None and perpetuity.growth is not None:
        log_growth = np.log1p(c.values.matrix([perpetuity.growth]))
    priced = np.log1p(c.economy.risk_free) + c.market_loading() * c.economy.log_premium
    return {
        "price": 1.0 - c.column(lambda x: x.discount),
        "receivable": c.column(lambda x: x.receivable_days) * per_day,
        "prepayment_received": c.column(lambda x: x.prepayment_received_days) * per_day,
        "prepayment_made": c.column(lambda x: x.prepayment_made_days) * per_day,
        "payable": c.column(lambda x: x.payable_days) * per_day,
        "discount_first": np.exp(-log_rate * c.step * shift),
        "discount_step": np.exp(-log_rate * c.step),
        "horizon_ratio": (log_growth - log_rate) * c.step,
        "horizon_ratio_deflator": (log_growth - priced) * c.step,
    }
