"""What turns the value of the business into shareholder value: securities and debt (source C13)."""

from __future__ import annotations

from dataclasses import dataclass

from crcsim.scenario.kinds import FixedNumber
from crcsim.scenario.sections import Key, Section
from crcsim.scenario.values import Amount, Interval

__all__ = ["SHAREHOLDER", "Shareholder"]


@dataclass(frozen=True)
class Shareholder:
    """Marketable securities and the market value of debt at the valuation date, in currency."""

    securities: float
    debt: float


_STOCK = FixedNumber(Amount(reason="it is the amount at the valuation date"), Interval(low=0.0))
SHAREHOLDER = Section(
    lambda values, at: Shareholder(**values),
    (
        Key("securities", _STOCK, "Marketable securities.", default=0.0),
        Key("debt", _STOCK, "Market value of debt.", default=0.0),
    ),
)
