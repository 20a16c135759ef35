"""The time grid of a scenario (MODEL 1)."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from crcsim.scenario.kinds import Choice, Date, FixedNumber, WholeNumber
from crcsim.scenario.nodes import MapNode, describe
from crcsim.scenario.reading import Reading
from crcsim.scenario.sections import Key, Section
from crcsim.scenario.values import Duration, Interval

__all__ = ["MAXIMUM_PERIODS", "TIME", "Time"]


@dataclass(frozen=True)
class Time:
    """Valuation date, horizon in years and the grid of periods."""

    valuation_date: datetime.date
    years: float
    periods_per_year: int
    flow_timing: str

    @property
    def periods(self) -> int:
        """Number of periods T = years x periods_per_year."""
        return round(self.years * self.periods_per_year)


MAXIMUM_PERIODS = 4000


def _check(values: dict[str, Any], node: MapNode, reading: Reading) -> bool:
    """List a grid with a broken number of periods, or with too many."""
    periods = values["years"] * values["periods_per_year"]
    at = node.entries["years"]
    if abs(periods - round(periods)) > 1e-9 * max(periods, 1.0):
        hint = f"{periods:.6g} periods are not a whole number"
        allowed = f"a multiple of 1/{values['periods_per_year']} year"
        reading.report("broken_period", at.position, at.path, value=describe(at), allowed=allowed, hint=hint)
        return False
    if not 1 <= round(periods) <= MAXIMUM_PERIODS:
        reading.report(
            "too_many_periods",
            at.position,
            at.path,
            value=round(periods),
            allowed=f"at most {MAXIMUM_PERIODS} periods",
        )
        return False
    return True


TIME = Section(
    lambda values, at: Time(**values),
    (
        Key("valuation_date", Date(), "The date of the valuation, time 0."),
        Key("years", FixedNumber(Duration(), Interval(low=0.0, low_open=True)), "Years that are simulated."),
        Key("periods_per_year", WholeNumber(1, 12, (1, 2, 4, 12)), "Periods in a year.", default=4),
        Key(
            "flow_timing",
            Choice(("end", "mid", "begin")),
            "When in a period its flow falls due.",
            default="end",
        ),
    ),
    check=_check,
)
