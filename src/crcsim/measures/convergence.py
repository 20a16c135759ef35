"""Whether the paths suffice: digits that the standard error supports, and the paths for one digit more."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from crcsim.measures import estimates
from crcsim.measures.moments import moments
from crcsim.measures.tail import tail
from crcsim.measures.values import headline

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["convergence", "paths_for_next_digit", "safe_digits", "verdict"]

#: No more digits than this are ever called safe: the precision of a floating-point number.
MOST_DIGITS = 15


def convergence(dataset: xr.Dataset, discounting: str | None = None) -> xr.Dataset:
    """How well the mean value and the conditional value at risk of every item are known.

    The mean is under `discounting` (the headline by default), the conditional value at risk at 5% under
    `risk_free`. Returned [strategy, statistic, item], statistic `mean` or `conditional_value_at_risk`:

    - `estimate`, `standard_error`: currency.
    - `relative_error`: half-width of the 95% interval / |estimate|; NaN for an estimate of 0.
    - `digits`: significant digits that are safe (`safe_digits`); 0 when the error is unknown.
    - `paths_needed`: paths at which one more digit is safe; NaN when the error is zero or unknown.
    - `verdict`: all of it in one sentence.

    Source: MODEL 9 ("no more digits than the standard error supports").
    """
    import xarray as xr

    means, tails = moments(dataset, discounting or headline(dataset)), tail(dataset)
    names = ("mean", "conditional_value_at_risk")
    value = np.stack([part[name].values for part, name in zip((means, tails), names, strict=True)], axis=1)
    error = np.stack(
        [part[f"{name}_standard_error"].values for part, name in zip((means, tails), names, strict=True)],
        axis=1,
    )
    words, paths = np.array(["mean", "CVaR"])[None, :, None], dataset.sizes["path"]
    dims = ("strategy", "statistic", "item")
    return xr.Dataset(
        {
            "estimate": (dims, value),
            "standard_error": (dims, error),
            "relative_error": (
                dims,
                estimates.INTERVAL * error / np.abs(np.where(value == 0.0, np.nan, value)),
            ),
            "digits": (dims, np.vectorize(safe_digits, otypes=[np.int64])(value, error)),
            "paths_needed": (dims, np.vectorize(paths_for_next_digit, otypes=[float])(value, error, paths)),
            "verdict": (dims, np.vectorize(verdict, otypes=[str])(words, value, error, paths)),
        },
        {**means.coords, "statistic": list(names)},
        {"paths": paths, "discounting": means.attrs["discounting"], "currency": dataset.attrs["currency"]},
    )


def safe_digits(estimate: float, standard_error: float) -> int:
    """Significant digits of `estimate` whose last is off by at most half a unit with 95% confidence.

    10^e is the smallest unit with 1.96 standard errors <= 10^e / 2; digits down to it are safe. 0: not even
    the first, or an unknown error.
    """
    if not (math.isfinite(estimate) and math.isfinite(standard_error)) or estimate == 0.0:
        return 0
    if standard_error == 0.0:
        return MOST_DIGITS
    digits = math.floor(math.log10(abs(estimate))) - _unit(standard_error) + 1
    return min(max(digits, 0), MOST_DIGITS)


def paths_for_next_digit(estimate: float, standard_error: float, paths: int) -> float:
    """Paths at which one digit more than now is safe, rounded up to two digits; errors shrink as 1 / √paths.

    NaN when the error is zero or unknown, or the estimate zero.
    """
    if not math.isfinite(estimate) or estimate == 0.0 or not 0.0 < standard_error < math.inf:
        return math.nan
    unit = 10.0 ** (math.floor(math.log10(abs(estimate))) - safe_digits(estimate, standard_error))
    needed = paths * (2.0 * estimates.INTERVAL * standard_error / unit) ** 2
    step = 10.0 ** (math.floor(math.log10(needed)) - 1)
    return math.ceil(needed / step) * step


def verdict(name: str, estimate: float, standard_error: float, paths: int) -> str:
    """One sentence, such as "mean known to ±0.3%: 2 digits are safe; 3 need about 360,000 paths"."""
    if not math.isfinite(standard_error):
        return f"{name} of unknown precision: too few paths for a standard error"
    if standard_error == 0.0:
        return f"{name} the same on every path: all digits are safe"
    digits, needed = (
        safe_digits(estimate, standard_error),
        paths_for_next_digit(estimate, standard_error, paths),
    )
    if estimate == 0.0:
        return f"{name} not to be told from 0"
    percent = float(f"{100 * estimates.INTERVAL * standard_error / abs(estimate):.1g}")
    known = f"{name} known to ±{np.format_float_positional(percent, trim='-')}%"
    safe = {0: "no digit is safe", 1: "1 digit is safe"}.get(digits, f"{digits} digits are safe")
    return f"{known}: {safe}; {digits + 1} need{'s' if digits == 0 else ''} about {needed:,.0f} paths"


def _unit(standard_error: float) -> int:
    """Exponent of the smallest power of ten whose half holds 1.96 standard errors."""
    return math.ceil(math.log10(2.0 * estimates.INTERVAL * standard_error))
