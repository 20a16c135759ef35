"""What a reader of a result should know about its inputs before trusting it."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

import numpy as np

from crcsim.compile.economy import CostOfCapital, EconomyValues
from crcsim.compile.values import Sampler
from crcsim.scenario.scenario import Scenario

#: A stated rate this far above the CAPM rate looks like a churn premium.
RATE_SPREAD = 0.005

#: How alike two names are that are probably meant to be one (difflib's ratio).
NEARLY_THE_SAME = 0.85

#: A fitted quantile this far from a stated one, relative to the range of the stated ones, is reported.
MISFIT = 0.02


def input_warnings(
    scenario: Scenario, economy: EconomyValues, capital: CostOfCapital, sampler: Sampler, drawn: EconomyValues
) -> list[str]:
    """Warnings about rates, the price of risk, values without an end and settings that change nothing.

    `economy` holds central values, `drawn` those of the first chunk of paths.
    """
    return [
        *_rate_warnings(scenario, capital),
        *_deflator_warnings(economy, drawn),
        *_horizon_warnings(scenario),
        *_share_warnings(scenario),
        *_misfit_warnings(sampler),
    ]


def ledger_name_warnings(stated: Scenario, filled: Scenario) -> Iterator[str]:
    """Costs that a scenario states beside its ledger under nearly the same name, so that both are borne."""
    for kind, own, all_of_them in (
        ("costs", {cost.name for cost in stated.costs}, {cost.name for cost in filled.costs}),
        ("processes", set(stated.processes), set(filled.processes)),
    ):
        for name in sorted(own):
            near = difflib.get_close_matches(name, all_of_them - own, 1, NEARLY_THE_SAME)
            if near:
                yield (
                    f"{kind}: {name} is stated beside {near[0]} of the ledger, and both are borne; the same "
                    "name would replace it"
                )


def _rate_warnings(scenario: Scenario, capital: CostOfCapital) -> Iterator[str]:
    """Churn counted twice: a premium in the rate beside a hazard (MODEL 2)."""
    if capital.stated is None:
        return
    stated, implied = float(capital.stated[0]), float(np.ravel(capital.rate(capital.beta))[0])
    churning = any(customer.churn.risk.rate.value != 0.0 for customer in scenario.customers)
    if churning and stated > implied + RATE_SPREAD:
        yield (
            f"capital.rate {stated:.2%} exceeds the CAPM rate {implied:.2%} by {stated - implied:.2%} "
            "while churn is a hazard too: churn may be counted twice"
        )


def _deflator_warnings(economy: EconomyValues, drawn: EconomyValues) -> Iterator[str]:
    """A market that earns less than the risk-free rate, or one without risk but with a premium."""
    for state, on_paths in zip(economy.states[: 2 if economy.regimes else 1], drawn.states, strict=False):
        negative = float(np.mean(on_paths.risk_price < 0.0))
        if negative > 0.0:
            yield (
                f"the market earns less than the risk-free rate on {_share(negative)} of the paths: there "
                "the price of risk is negative and the deflator rewards risk"
            )
        if float(np.max(state.volatility)) == 0.0 and float(np.max(economy.log_premium)) != 0.0:
            yield (
                "a market without volatility earns a premium: the deflator cannot price it, its values "
                "ignore the premium"
            )


def _horizon_warnings(scenario: Scenario) -> Iterator[str]:
    """Customers are valued beyond the horizon, costs of segments and company are not."""
    if scenario.capital.horizon_value is not None and scenario.costs:
        yield (
            "the value after the horizon holds customers only; costs of segments and the company end with "
            "the horizon, so the portfolio's value leaves their later part out"
        )


def _share_warnings(scenario: Scenario) -> Iterator[str]:
    """A fixed share follows neither phases nor takeovers."""
    for customer in scenario.customers:
        moving = any(line.share.kind == "moving" for line in customer.lines)
        factors = any(phase.share_factor.value != 1.0 for phase in customer.phases.values())
        if not moving and (factors or customer.takeover.share_reset is not None):
            yield (
                f"customers.{customer.name}: all shares are fixed, so share_factor and share_reset change "
                "nothing; state share as {now: .., target: ..}"
            )


def _misfit_warnings(sampler: Sampler) -> Iterator[str]:
    for place, fitted in sampler.fitted.items():
        if fitted.misfit > MISFIT:
            yield (
                f"{place}: the family does not reach the stated quantiles (off by {fitted.misfit:.0%} of "
                "their range)"
            )


def _share(part: float) -> str:
    """A share of paths in words that never round it to nothing."""
    return "less than 1%" if part < 0.01 else f"{part:.0%}"
