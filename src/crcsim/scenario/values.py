"""Text with units -> numbers in canonical units: fractions, currency per year, years, days.

Every unit is one small class with `read_text` (text -> float) and `show` (float -> text).
"""

from __future__ import annotations

import math
import re
from abc import ABC, abstractmethod
from dataclasses import dataclass

__all__ = [
    "ANY_NUMBER",
    "Amount",
    "CountPerYear",
    "Days",
    "Duration",
    "Fault",
    "Interval",
    "MoneyPerYear",
    "Number",
    "PerMoney",
    "Unit",
]

_DECIMAL = r"(?P<mantissa>[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+))(?:[eE](?P<exponent>[-+]?[0-9]{1,4}))?"
_NUMBER = re.compile(_DECIMAL, re.ASCII)
_RATIO = re.compile(_DECIMAL + r"\s*(?P<unit>%|percent|bp)?(?P<period>\s+per\s+\w+)?", re.ASCII)
_MONEY = re.compile(
    _DECIMAL + r"\s*(?P<scale>k|M|bn)?\s*(?P<currency>[A-Z]{3})(?P<period>\s+per\s+\w+)?", re.ASCII
)
_PER_MONEY = re.compile(_DECIMAL + r"\s+per\s+(?P<scale>k|M|bn)?\s*(?P<currency>[A-Z]{3})", re.ASCII)
_COUNT = re.compile(_DECIMAL + r"\s+per\s+(?P<period>\w+)", re.ASCII)
_SPAN = re.compile(_DECIMAL + r"\s+(?P<unit>years?|months?|quarters?|days?)", re.ASCII)
_SCALES = {None: 0, "k": 3, "M": 6, "bn": 9}
_POWERS = {None: 0, "%": -2, "percent": -2, "bp": -4}
_PARTS_OF_A_YEAR = {"year": 1, "quarter": 4, "month": 12}


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a text is not a number of this unit: the code of the problem, what is allowed and the cure."""

    code: str
    allowed: str | None = None
    hint: str | None = None


@dataclass(frozen=True, slots=True)
class Interval:
    """The allowed range of a number; an end may be excluded."""

    low: float = -math.inf
    high: float = math.inf
    low_open: bool = False
    high_open: bool = False

    def __contains__(self, value: float) -> bool:
        above = value > self.low if self.low_open else value >= self.low
        below = value < self.high if self.high_open else value <= self.high
        return above and below

    def text(self, unit: Unit) -> str:
        """Return the range in words, in the given unit."""
        parts = []
        if self.low > -math.inf:
            parts.append(f"{'above' if self.low_open else 'at least'} {unit.show(self.low)}")
        if self.high < math.inf:
            parts.append(f"{'below' if self.high_open else 'at most'} {unit.show(self.high)}")
        return " and ".join(parts) or "any finite number"


ANY_NUMBER = Interval()


def _scaled(match: re.Match[str], power: int) -> float:
    """Return mantissa x 10^(exponent + power), rounded once."""
    exponent = int(match["exponent"] or 0) + power
    return float(f"{match['mantissa']}e{exponent}")


class Unit(ABC):
    """A unit of measure in which numbers are stated."""

    example: str

    @abstractmethod
    def read_text(self, text: str) -> float | Fault:
        """Return the number in canonical units."""

    @abstractmethod
    def show(self, value: float) -> str:
        """Return a number in canonical units as an analyst would write it."""


@dataclass(frozen=True)
class Number(Unit):
    """A plain number; `5%`, `50 bp` and `0.05` are the same; `per_year` admits the words `per year`.

    `ratio` says that it is usually stated in percent, for messages.
    """

    ratio: bool = False
    per_year: bool = False

    @property
    def example(self) -> str:  # type: ignore[override]
        """A number as an analyst would write it."""
        text = "5%" if self.ratio else "0.5"
        return f"{text} per year" if self.per_year and not self.ratio else text

    def read_text(self, text: str) -> float | Fault:
        """Return `5%`, `150 bp`, `0.2 per year` as a fraction or rate."""
        match = _RATIO.fullmatch(text)
        if match is None:
            return Fault("not_a_number", hint=_number_hint(text, self.example))
        period = match["period"]
        if period is not None and not self.per_year:
            return Fault(
                "unexpected_unit", hint=f"leave out `{period.strip()}`; write for example {self.example}"
            )
        if period is not None and period.split()[1] != "year":
            return Fault("wrong_period", allowed="per year", hint="state the rate per year")
        return _scaled(match, _POWERS[match["unit"]])

    def show(self, value: float) -> str:
        """Return the number, in percent where that is usual."""
        return f"{value * 100:.12g}%" if self.ratio else f"{value:.12g}"


@dataclass(frozen=True)
class MoneyPerYear(Unit):
    """Money per year in units of the scenario's currency; a bare number is in that currency."""

    currency: str | None = None

    @property
    def example(self) -> str:  # type: ignore[override]
        """An amount as an analyst would write it."""
        return f"12.5 M {self.currency or 'EUR'} per year"

    def read_text(self, text: str) -> float | Fault:
        """Return `12.5 M EUR per year` or `350 k EUR per year` as currency per year."""
        match = _MONEY.fullmatch(text)
        if match is None:
            return Fault("not_an_amount", hint=_number_hint(text, self.example))
        if self.currency is not None and match["currency"] != self.currency:
            hint = "a scenario has one currency; convert the amount"
            return Fault("wrong_currency", allowed=self.currency, hint=hint)
        period = match["period"]
        if period is None or period.split()[1] != "year":
            code = "missing_period" if period is None else "wrong_period"
            return Fault(code, allowed="per year", hint=f"write for example {self.example}")
        return _scaled(match, _SCALES[match["scale"]])

    def show(self, value: float) -> str:
        """Return the amount per year."""
        return f"{value:.12g} {self.currency or ''} per year".replace("  ", " ")


@dataclass(frozen=True)
class Amount(Unit):
    """Money of a period that is stated beside it, or paid once; a bare number is in the currency of the file.

    `reason` says why it is not per year, `figure` is a usual number, both for messages.
    """

    currency: str | None = None
    reason: str = "it has its period"
    figure: str = "12.5 M"

    @property
    def example(self) -> str:  # type: ignore[override]
        """An amount as an accountant would write it."""
        return f"{self.figure} {self.currency or 'EUR'}"

    def read_text(self, text: str) -> float | Fault:
        """Return `12.5 M EUR` or `350 k EUR` in units of the currency."""
        match = _MONEY.fullmatch(text)
        if match is None:
            return Fault("not_an_amount", hint=_number_hint(text, self.example))
        if self.currency is not None and match["currency"] != self.currency:
            return Fault("wrong_currency", allowed=self.currency, hint="a file has one currency; convert it")
        if match["period"] is not None:
            return Fault("unexpected_unit", hint=f"leave out `{match['period'].strip()}`: {self.reason}")
        return _scaled(match, _SCALES[match["scale"]])

    def show(self, value: float) -> str:
        """Return the amount."""
        return f"{value:.12g} {self.currency or ''}".strip()


@dataclass(frozen=True)
class PerMoney(Unit):
    """A number per amount of money; a bare number is per unit of the scenario's currency."""

    currency: str | None = None

    @property
    def example(self) -> str:  # type: ignore[override]
        """A number as an analyst would write it."""
        return f"3 per k {self.currency or 'EUR'}"

    def read_text(self, text: str) -> float | Fault:
        """Return `3 per k EUR` or `0.2 per M EUR` as a number per unit of the currency."""
        match = _PER_MONEY.fullmatch(text)
        if match is None:
            return Fault("not_a_number", hint=_number_hint(text, self.example))
        if self.currency is not None and match["currency"] != self.currency:
            hint = "a scenario has one currency; convert the amount"
            return Fault("wrong_currency", allowed=self.currency, hint=hint)
        return _scaled(match, -_SCALES[match["scale"]])

    def show(self, value: float) -> str:
        """Return the number per unit of the currency."""
        return f"{value:.12g} per {self.currency or 'unit of currency'}"


class CountPerYear(Unit):
    """A number of processes per year; a bare number is per year."""

    example = "12 per year"

    def read_text(self, text: str) -> float | Fault:
        """Return `12 per year` as 12."""
        match = _COUNT.fullmatch(text)
        if match is None:
            return Fault("not_a_number", hint=_number_hint(text, self.example))
        if match["period"] != "year":
            return Fault("wrong_period", allowed="per year", hint=f"write for example {self.example}")
        return _scaled(match, 0)

    def show(self, value: float) -> str:
        """Return the number per year."""
        return f"{value:.12g} per year"


class Duration(Unit):
    """A time span in years; a bare number counts years, `inf` has no end."""

    example = "18 months"

    def read_text(self, text: str) -> float | Fault:
        """Return `18 months`, `6 years` or `inf` in years."""
        if text == "inf":
            return math.inf
        match = _SPAN.fullmatch(text)
        if match is None or match["unit"].rstrip("s") not in _PARTS_OF_A_YEAR:
            return Fault("not_a_duration", hint="write for example 18 months or 6 years")
        return _scaled(match, 0) / _PARTS_OF_A_YEAR[match["unit"].rstrip("s")]

    def show(self, value: float) -> str:
        """Return the span in years."""
        return f"{value:.12g} years"


class Days(Unit):
    """A number of days; a bare number counts days."""

    example = "60"

    def read_text(self, text: str) -> float | Fault:
        """Return `60 days` as 60."""
        match = _SPAN.fullmatch(text)
        if match is None or match["unit"].rstrip("s") != "day":
            return Fault("not_a_number", hint="write for example 60 or 60 days")
        return _scaled(match, 0)

    def show(self, value: float) -> str:
        """Return the number of days."""
        return f"{value:.12g} days"


def _number_hint(text: str, example: str) -> str:
    """Return the cure for the usual slips: quotes, thousands separators, a decimal comma, a letter O."""
    if _NUMBER.fullmatch(text):
        return "write the number without quotes"
    if re.fullmatch(r"[-+]?[0-9]{1,3}([,_ '][0-9]{3})+(\.[0-9]+)?\D*", text):
        return "write the number without thousands separators"
    if re.fullmatch(r"[-+]?[0-9]+,[0-9]+\D*", text):
        return "write a decimal point, not a comma"
    return f"write for example {example}"
