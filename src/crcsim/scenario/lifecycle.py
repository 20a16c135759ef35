"""The lifecycle of a customer and the causes that end it (MODEL 4, sources A3 and C8)."""

from __future__ import annotations

import math
from dataclasses import dataclass

from crcsim.scenario.kinds import FixedNumber, Text
from crcsim.scenario.quantities import ANNUAL_RATE, QuantityKind
from crcsim.scenario.quantity import Quantity, Risk
from crcsim.scenario.risks import ONE_RISK, RISK, RISK_HINT, RISK_KEYS, risk_of
from crcsim.scenario.sections import Key, Section
from crcsim.scenario.values import Duration, Interval, MoneyPerYear, Number

__all__ = [
    "ACQUISITION",
    "CHURN",
    "EVENT_CORRELATION",
    "INSOLVENCY",
    "PHASES",
    "PHASES_SECTION",
    "TAKEOVER",
    "Acquisition",
    "Churn",
    "EventCorrelation",
    "Insolvency",
    "Phase",
    "Takeover",
]

PHASES = ("prospect", "build_up", "growth", "maturity", "decline")


@dataclass(frozen=True)
class Phase:
    """One phase: expected duration in years, growth add-on per year and factors.

    `process_factor` is on the fixed part of process use.
    """

    duration: Quantity
    growth: Quantity
    share_factor: Quantity
    direct_cost_factor: Quantity
    churn_factor: Quantity
    process_factor: Quantity


@dataclass(frozen=True)
class Acquisition:
    """Winning a prospect: spend per year for at most `duration` years, and the chance to convert."""

    spend: Quantity
    duration: float
    conversion: Risk


@dataclass(frozen=True)
class Churn:
    """Loss to a competitor, with a Weibull tenure shape; `tenure_reference` in years."""

    risk: Risk
    tenure_shape: Quantity
    tenure_reference: float


@dataclass(frozen=True)
class Takeover:
    """The customer is taken over: retained with a probability, at another wallet, price and share."""

    risk: Risk
    retained: Quantity
    median: Quantity
    log_sd: Quantity
    price_concession: Quantity
    share_reset: Quantity | None


@dataclass(frozen=True)
class Insolvency:
    """The customer fails: receivables are written off; the hazard falls with its success, up to a cap."""

    risk: Risk
    loss_given_default: Quantity
    success_exponent: Quantity
    hazard_cap: Quantity


@dataclass(frozen=True)
class EventCorrelation:
    """Losses cluster: correlation `rho` of the event with the Gaussian draw of the market or an industry."""

    rho: Quantity
    factor: str


_FACTOR = QuantityKind(Number(), Interval(low=0.0))
_PROBABILITY = QuantityKind(Number(ratio=True), Interval(0.0, 1.0))
_NEVER_ENDS = FixedNumber(Duration(), Interval(low=0.0, low_open=True), endless=True)

PHASE = Section(
    lambda values, at: Phase(**values),
    (
        Key(
            "duration",
            QuantityKind(Duration(), Interval(low=0.0, low_open=True), endless=True),
            "Expected years in this phase; inf: it is never left.",
            default=math.inf,
        ),
        Key("growth", ANNUAL_RATE, "Growth a year added in this phase.", default=0.0),
        Key("share_factor", _FACTOR, "Factor on the target share.", default=1.0),
        Key("direct_cost_factor", _FACTOR, "Factor on direct costs.", default=1.0),
        Key("churn_factor", _FACTOR, "Factor on the churn hazard.", default=1.0),
        Key("process_factor", _FACTOR, "Factor on the fixed part of process use.", default=1.0),
    ),
)
PHASES_SECTION = Section(
    lambda values, at: values,
    tuple(Key(name, PHASE, f"The phase {name}.", default={}) for name in PHASES),
)
ACQUISITION = Section(
    lambda values, at: Acquisition(**values),
    (
        Key("spend", QuantityKind(MoneyPerYear(), Interval(low=0.0)), "Acquisition spending per year."),
        Key("duration", _NEVER_ENDS, "Years of spending; inf: until it converts.", default=math.inf),
        Key("conversion", RISK, "The chance that the prospect becomes a customer."),
    ),
)
CHURN = Section(
    lambda values, at: Churn(risk_of(values), values["tenure_shape"], values["tenure_reference"]),
    (
        *RISK_KEYS,
        Key(
            "tenure_shape",
            QuantityKind(Number(), Interval(low=0.0, low_open=True)),
            "Weibull shape: below 1 the risk falls with tenure.",
            default=1.0,
        ),
        Key(
            "tenure_reference",
            FixedNumber(Duration(), Interval(low=0.0, low_open=True)),
            "The tenure at which the stated risk holds.",
            default=1.0,
        ),
    ),
    (ONE_RISK,),
    scalar_hint=RISK_HINT,
)
_WALLET_MULTIPLIER = Section(
    lambda values, at: values,
    (
        Key(
            "median", QuantityKind(Number(), Interval(low=0.0, low_open=True)), "Median factor.", default=1.0
        ),
        Key("log_sd", QuantityKind(Number(), Interval(low=0.0)), "Its log standard deviation.", default=0.0),
    ),
)
TAKEOVER = Section(
    lambda values, at: Takeover(
        risk_of(values),
        values["retained"],
        **values["wallet_multiplier"],
        price_concession=values["price_concession"],
        share_reset=values["share_reset"],
    ),
    (
        *RISK_KEYS,
        Key("retained", _PROBABILITY, "Probability that the relation survives a takeover.", default=0.0),
        Key("wallet_multiplier", _WALLET_MULTIPLIER, "Lognormal factor on the wallet.", default={}),
        Key(
            "price_concession",
            QuantityKind(Number(ratio=True), Interval(0.0, 1.0, high_open=True)),
            "Price cut that the new owner gets.",
            default=0.0,
        ),
        Key(
            "share_reset",
            QuantityKind(Number(ratio=True), Interval(0.0, 1.0, low_open=True, high_open=True)),
            "Share of wallet right after a survived takeover.",
            default=None,
        ),
    ),
    (ONE_RISK,),
    scalar_hint=RISK_HINT,
)
INSOLVENCY = Section(
    lambda values, at: Insolvency(
        risk_of(values), values["loss_given_default"], values["success_exponent"], values["hazard_cap"]
    ),
    (
        *RISK_KEYS,
        Key("loss_given_default", _PROBABILITY, "Fraction of the receivables that is lost.", default=1.0),
        Key(
            "success_exponent",
            QuantityKind(Number(), Interval(low=0.0)),
            "How strongly the risk falls with the customer's success.",
            default=0.0,
        ),
        Key(
            "hazard_cap",
            QuantityKind(Number(ratio=True, per_year=True), Interval(low=0.0, low_open=True)),
            "The largest hazard per year.",
            default=1.0,
        ),
    ),
    (ONE_RISK,),
    scalar_hint=RISK_HINT,
)
EVENT_CORRELATION = Section(
    lambda values, at: EventCorrelation(**values),
    (
        Key(
            "rho",
            QuantityKind(Number(), Interval(0.0, 1.0, high_open=True)),
            "Correlation of the loss with the factor.",
        ),
        Key("factor", Text(), "`market` or an industry.", default="market"),
    ),
)
