"""Numbers as people read them: no more digits than the standard error supports."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

__all__ = [
    "MoneyScale",
    "decimals_supported",
    "finite",
    "fixed",
    "money_scale",
    "number",
    "percent",
    "probability",
    "rounded",
]

MISSING = "–"
_SIGNIFICANT_WHEN_EXACT = 6
_SIGNIFICANT_WHEN_UNKNOWN = 2
_EXACT = 1e-12  # an error below this part of the value is rounding of the computer
_MOST_DECIMALS = 3
_STEPS = ((1e9, "bn "), (1e6, "M "), (1e3, "k "), (1.0, ""))


@dataclass(frozen=True)
class MoneyScale:
    """A unit for a whole table or axis, so that its numbers can be compared at a glance."""

    factor: float
    unit: str

    def text(self, value: float, error: float) -> str:
        """`value` in this unit, rounded where `error` (same currency) stops supporting digits.

        At most three decimals, or what two significant digits take: finer is noise in a table of one unit.
        """
        return rounded(value / self.factor, error / self.factor, self._finest(value))

    def error_text(self, value: float, error: float) -> str:
        """`error` with as many decimals as `value` has; empty when that is exact or the error unknown.

        An error too small for them is bounded: "<0.001".
        """
        if not error > _EXACT * abs(value):
            return ""
        places = min(decimals_supported(error / self.factor), self._finest(value))
        if error / self.factor < 0.5 * 10.0**-places:
            return f"<{10.0**-places:.{places}f}"
        return fixed(error / self.factor, places)

    def with_error(self, value: float, error: float) -> str:
        """`value ± error` in this unit; the value alone when it is exact or its error unknown."""
        beside = self.error_text(value, error)
        return self.text(value, error) + (f" ± {beside}" if beside else "")

    def _finest(self, value: float) -> int:
        scaled = value / self.factor
        return max(_MOST_DECIMALS, _places_for_significant(scaled, 2) if math.isfinite(scaled) else 0)


def finite(value: Any) -> float | None:
    """A number for machines: in full, None where it is undefined."""
    number = float(value)
    return number if math.isfinite(number) else None


def money_scale(largest: float, currency: str) -> MoneyScale:
    """The unit (bn, M, k or plain currency) in which `largest` has one to three digits before the point."""
    magnitude = abs(largest) if math.isfinite(largest) else 0.0
    for factor, prefix in _STEPS:
        if magnitude >= factor:
            return MoneyScale(factor, f"{prefix}{currency}")
    return MoneyScale(1.0, currency)


def decimals_supported(error: float) -> int:
    """Decimal places that a standard error supports; negative: whole tens, hundreds, ...

    The rule of the Particle Data Group: two digits of the error when they are 10 to 35, otherwise one.
    """
    exponent = math.floor(math.log10(error))
    leading = round(error / 10.0 ** (exponent - 2))
    return 1 - exponent if leading < 355 else -exponent


def rounded(value: float, error: float, finest: int = 15) -> str:
    """`value` to the last digit that `error` supports, with at most `finest` decimals.

    Without trailing zeros to six significant digits when it is exact (error 0), to two when the error is
    unknown.
    """
    if not math.isfinite(value):
        return MISSING
    if not math.isfinite(error):
        return fixed(value, _places_for_significant(value, _SIGNIFICANT_WHEN_UNKNOWN))
    if error <= _EXACT * abs(value):
        return _trimmed(value, _SIGNIFICANT_WHEN_EXACT, finest)
    return fixed(value, min(decimals_supported(error), finest))


def fixed(value: float, places: int) -> str:
    """`value` with `places` decimals (negative: rounded to tens, hundreds), never "-0"."""
    text = f"{round(value, places):,.{max(places, 0)}f}"
    return text.removeprefix("-") if float(text.replace(",", "")) == 0.0 else text


def number(value: float) -> str:
    """At most three significant digits, whole numbers in full: for what has no standard error."""
    return f"{value:,.0f}" if abs(value) >= 100.0 else f"{value:.3g}"


def percent(fraction: float, error: float = 0.0, finest: int = 15) -> str:
    """A fraction as a percentage, rounded where its standard error (a fraction too) ends the digits."""
    if not math.isfinite(fraction):
        return MISSING
    return f"{rounded(100 * fraction, 100 * error, finest)}%"


def probability(fraction: float, paths: int) -> str:
    """The share of `paths` on which an event happened, as a percentage.

    An event never seen has a probability below 3/paths with 95% confidence, and that is what is printed;
    an event always seen likewise.
    """
    if not math.isfinite(fraction) or paths < 1:
        return MISSING
    bound = min(300.0 / paths, 100.0)
    places = max(-math.floor(math.log10(bound)), 0)
    if fraction <= 0.0:
        return f"<{fixed(bound, places)}%"
    if fraction >= 1.0:
        return f">{fixed(100.0 - bound, places)}%"
    return percent(fraction, math.sqrt(fraction * (1.0 - fraction) / paths))


def _places_for_significant(value: float, digits: int) -> int:
    return 0 if value == 0.0 else digits - 1 - math.floor(math.log10(abs(value)))


def _trimmed(value: float, digits: int, finest: int) -> str:
    """At most `digits` significant digits and `finest` decimals, without trailing zeros: 3, 2.5, 0.125."""
    text = fixed(value, min(max(_places_for_significant(value, digits), 0), finest))
    return text.rstrip("0").rstrip(".") if "." in text else text
