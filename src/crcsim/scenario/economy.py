"""The economy around the customers: risk-free rate, market and industries (MODEL 2, source C11)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from crcsim.scenario.containers import MapOf
from crcsim.scenario.kinds import Choice
from crcsim.scenario.nodes import join
from crcsim.scenario.quantities import ANNUAL_RATE, QuantityKind
from crcsim.scenario.quantity import Quantity, Risk
from crcsim.scenario.reading import Address
from crcsim.scenario.risks import RISK
from crcsim.scenario.sections import Alternatives, Key, Section
from crcsim.scenario.values import Interval, Number

__all__ = ["ECONOMY", "Economy", "Industry", "Jumps", "Market", "Regime", "Regimes"]


@dataclass(frozen=True)
class Jumps:
    """Market crashes (Merton): `rate` per year, log-size normal with `log_mean` and `log_sd`."""

    rate: Quantity
    log_mean: Quantity
    log_sd: Quantity


@dataclass(frozen=True)
class Regime:
    """One state of the market, effective annual return and annual volatility, and the risk of leaving it."""

    expected_return: Quantity
    volatility: Quantity
    leave: Risk


@dataclass(frozen=True)
class Regimes:
    """A market that switches between a good and a bad state."""

    good: Regime
    bad: Regime


@dataclass(frozen=True)
class Market:
    """The market; exactly one of `expected_return` and `premium` is stated unless there are regimes."""

    expected_return: Quantity | None
    premium: Quantity | None
    volatility: Quantity
    jumps: Jumps | None
    regimes: Regimes | None


@dataclass(frozen=True)
class Industry:
    """The own part of an industry beside its loading on the market; annual volatility of the log."""

    volatility: Quantity


@dataclass(frozen=True)
class Economy:
    """Rates are effective annual; `fisher` is `additive` (as the source adds them) or `exact`."""

    real_rate: Quantity
    expected_inflation: Quantity
    fisher: str
    market: Market
    industries: Mapping[str, Industry]


VOLATILITY = QuantityKind(Number(ratio=True, per_year=True), Interval(low=0.0))

JUMPS = Section(
    lambda values, at: Jumps(**values),
    (
        Key(
            "rate",
            QuantityKind(Number(per_year=True), Interval(low=0.0)),
            "Expected number of jumps per year.",
        ),
        Key("log_mean", QuantityKind(Number(ratio=True)), "Mean of the log-size of a jump."),
        Key(
            "log_sd",
            QuantityKind(Number(ratio=True), Interval(low=0.0)),
            "Standard deviation of the log-size.",
        ),
    ),
)
REGIME = Section(
    lambda values, at: Regime(**values),
    (
        Key("expected_return", ANNUAL_RATE, "Expected market return in this regime, effective annual."),
        Key("volatility", VOLATILITY, "Annual volatility of the market in this regime."),
        Key("leave", RISK, "The risk of leaving this regime."),
    ),
)
REGIMES = Section(
    lambda values, at: Regimes(**values),
    (
        Key("good", REGIME, "The good state of the market."),
        Key("bad", REGIME, "The bad state of the market."),
    ),
)


def _market(values: dict[str, Any], at: Address) -> Market:
    """Return the market; with regimes its own volatility is zero, theirs hold."""
    volatility = values["volatility"] or Quantity(0.0, join(at.child("volatility").place))
    return Market(**{**values, "volatility": volatility})


MARKET = Section(
    _market,
    (
        Key("expected_return", ANNUAL_RATE, "Expected return of the market, effective annual.", default=None),
        Key(
            "premium",
            QuantityKind(Number(ratio=True, per_year=True)),
            "Market premium over the risk-free rate (of log returns where capital.form is log).",
            default=None,
        ),
        Key("volatility", VOLATILITY, "Annual volatility of the market's log return.", default=None),
        Key("jumps", JUMPS, "Crashes: jumps of the market beside its normal moves.", default=None),
        Key("regimes", REGIMES, "Good and bad times, each with its own return and volatility.", default=None),
    ),
    (
        Alternatives((("expected_return",), ("premium",), ("regimes",))),
        Alternatives((("volatility",), ("regimes",))),
    ),
)
INDUSTRY = Section(
    lambda values, at: Industry(**values),
    (Key("volatility", VOLATILITY, "Annual volatility of the industry's own part."),),
)
ECONOMY = Section(
    lambda values, at: Economy(**values),
    (
        Key("real_rate", ANNUAL_RATE, "Real risk-free rate, effective annual."),
        Key("expected_inflation", ANNUAL_RATE, "Expected inflation, effective annual."),
        Key(
            "fisher",
            Choice(("additive", "exact")),
            "How real rate and inflation make the nominal rate.",
            default="additive",
        ),
        Key("market", MARKET, "The market that all customers depend on."),
        Key("industries", MapOf(INDUSTRY, "industry"), "Industries that customers load on.", default={}),
    ),
)
