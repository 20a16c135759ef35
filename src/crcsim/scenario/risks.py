"""The keys of a risk: `yearly_probability` or `hazard`, never a bare number (MODEL 1)."""

from __future__ import annotations

from typing import Any

from crcsim.scenario.quantities import QuantityKind
from crcsim.scenario.quantity import Quantity, Risk
from crcsim.scenario.reading import Address
from crcsim.scenario.sections import Alternatives, Key, Section
from crcsim.scenario.values import Interval, Number

__all__ = ["NO_RISK", "ONE_RISK", "RISK", "RISK_HINT", "RISK_KEYS", "risk_of"]

NO_RISK = {"hazard": 0.0}
RISK_HINT = "state a risk as {yearly_probability: 5%} or {hazard: 5% per year}"
RISK_KEYS = (
    Key(
        "yearly_probability",
        QuantityKind(Number(ratio=True), Interval(0.0, 1.0, high_open=True)),
        "The probability that this cause alone ends the relation within a year.",
        default=None,
    ),
    Key(
        "hazard",
        QuantityKind(Number(ratio=True, per_year=True), Interval(low=0.0)),
        "The hazard per year, -ln(1 - yearly probability).",
        default=None,
    ),
)
ONE_RISK = Alternatives((("yearly_probability",), ("hazard",)))


def risk_of(values: dict[str, Any]) -> Risk:
    """Return the risk that the values of a section state."""
    probability: Quantity | None = values["yearly_probability"]
    if probability is not None:
        return Risk("yearly_probability", probability)
    return Risk("hazard", values["hazard"])


def _build(values: dict[str, Any], at: Address) -> Risk:
    return risk_of(values)


RISK = Section(_build, RISK_KEYS, (ONE_RISK,), scalar_hint=RISK_HINT)
