"""What is found about the choices of one stopping problem, and all of them as labelled numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from crcsim.decisions.stopping.paths import Flags
from crcsim.decisions.stopping.threshold import ThresholdRule
from crcsim.kernels.arrays import Floats, Integers
from crcsim.measures import estimates
from crcsim.measures.values import with_error

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["CHOICES", "Judged", "as_dataset", "judged", "means"]

#: What may be done, in the order of the table.
CHOICES = ("going on", "ending today", "when negative", "rule", "policy")

_SOURCE = "MODEL 10"


@dataclass(frozen=True)
class Judged:
    """What was found of one relation or product line; pairs are estimate and standard error."""

    values: Floats  # [choice, 2]
    gains: Floats  # [choice, 2]
    upper: Floats  # [2]
    gap: Floats  # [2]
    rule: ThresholdRule
    captured: Floats  # [2]
    first_contribution: Floats  # [2]
    ended: Floats  # [date, 2]


def judged(
    values: Floats,
    gains: Floats,
    upper: Floats,
    ends: tuple[Integers, int],
    rule: ThresholdRule,
    first_contribution: Floats,
) -> Judged:
    """Means over paths of values and gains [choice, path] and of an upper bound [path]; `ends`: date at which
    the policy ends [path], and the number of dates; first_contribution [path], of the paths that have one.
    """
    policy, dates = ends
    first = (
        np.array(estimates.mean(first_contribution)) if first_contribution.size > 1 else np.full(2, np.nan)
    )
    return Judged(
        means(values),
        means(gains),
        np.array(estimates.mean(upper)),
        np.array(estimates.mean(upper - values[-1])),
        rule,
        _ratio(gains[CHOICES.index("rule")], gains[CHOICES.index("policy")]),
        first,
        np.array([_share(policy <= date) for date in range(dates)]),
    )


def means(rows: Floats) -> Floats:
    """Mean and standard error of each row, [row, 2]."""
    return np.array([estimates.mean(row) for row in rows])


def _share(happened: Flags) -> tuple[float, float]:
    share, error = estimates.proportion(int(np.sum(happened)), happened.size)
    return float(share), float(error)


def _ratio(part: Floats, whole: Floats) -> Floats:
    """mean(part) / mean(whole) and its error by the delta method; NaN unless the whole is surely above 0."""
    mean, error = estimates.mean(whole)
    if not mean > 3.0 * error:
        return np.full(2, np.nan)
    ratio = float(np.mean(part)) / mean
    return np.array([ratio, estimates.mean(part - ratio * whole)[1] / mean])


def as_dataset(
    dimension: str,
    names: Sequence[str],
    found: Sequence[Judged],
    years: Floats,
    words: dict[str, str],
    attributes: dict[str, Any],
) -> xr.Dataset:
    """Everything of all relations or lines; years [date]; `words`: meaning of `value`, meaning and unit of
    the level of the rule, what its periods are called, meaning and unit of the first contribution.
    """
    import xarray as xr

    money, per_choice, one = str(attributes["currency"]), (dimension, "choice"), (dimension,)

    def stack(name: str) -> Floats:
        return np.stack([getattr(each, name) for each in found])

    def rule(values: Sequence[float], meaning: str, unit: str) -> tuple[Any, ...]:
        return one, np.array(values), {"long_name": meaning, "units": unit, "source": _SOURCE}

    period = words["period"]
    variables: dict[str, Any] = {
        **with_error("value", per_choice, stack("values"), words["value"], money, _SOURCE),
        **with_error("gain", per_choice, stack("gains"), "value less that of going on", money, _SOURCE),
        **with_error("upper", one, stack("upper"), "upper bound of the best policy's value", money, _SOURCE),
        **with_error("gap", one, stack("gap"), "upper bound less value of the policy", money, _SOURCE),
        **with_error("captured", one, stack("captured"), "part of the policy's gain by rule", "1", _SOURCE),
        **with_error(
            "first_contribution",
            one,
            stack("first_contribution"),
            "contribution of the first period",
            f"{money} per period",
            "SOURCES C8",
        ),
        **with_error(
            "ended", (dimension, "date"), stack("ended"), "share of paths ended by the policy", "1", _SOURCE
        ),
        "rule_level": rule(
            [each.rule.level for each in found],
            f"{words['level']}, below which the rule ends (-inf: never)",
            f"{money} per {period}",
        ),
        "rule_periods": rule([each.rule.periods for each in found], f"{period}s in a row below it", period),
        "rule_first": rule([each.rule.first_date for each in found], f"first {period} to end after", period),
    }
    coords = {
        dimension: list(names),
        "choice": list(CHOICES),
        "date": np.arange(years.size),
        "years": ("date", years),
    }
    return xr.Dataset(variables, coords, attributes)
