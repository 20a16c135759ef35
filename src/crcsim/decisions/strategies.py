"""All strategies of a result beside the baseline: value, paired difference, and risk of the portfolio."""

from __future__ import annotations

from collections.abc import Callable
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from crcsim.decisions import differences
from crcsim.decisions.compare import RISK_DISCOUNTING
from crcsim.measures import estimates
from crcsim.measures.quantiles import PROBABILITIES
from crcsim.measures.values import Floats, PathValues, Variable, headline, path_values, with_error

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["CONFIDENCE", "compare_strategies"]

#: Confidence of what is said of all strategies together.
CONFIDENCE = 0.95

_SOURCE = "MODEL 10"
_Pair = tuple[Any, Any]  # estimate, standard error


def compare_strategies(dataset: xr.Dataset) -> xr.Dataset:
    """Every strategy of a result against its first one, the baseline, for the portfolio as a whole.

    All strategies have the same draws, so that differences are taken path by path. `value_...` at the
    headline discounting, `risk_...` and what is said of single paths at the risk-free rate, so that risk is
    not charged twice. All [strategy], money in the currency of the result, each with `_standard_error`:

    - `value_mean`, `value_mean_difference` (to the baseline);
    - `risk_conditional_value_at_risk` (mean of the worst 5 %), `risk_loss_probability`, `risk_percentile`
      [strategy, quantile], and `risk_conditional_value_at_risk_difference`,
      `risk_loss_probability_difference`;
    - `worth_more`, `equally_worth`: P(NPV > that of the baseline), P(NPV = that of the baseline);
    - `difference_percentile` [strategy, quantile] of NPV less that of the baseline.

    Without errors: `variance_reduction`, see `differences.reduction`, of the values; `untouched`, how many
    customers have the same value as under the baseline on every path; `established` (true, false): whether
    the difference of the values is one beyond its sampling error, at 95 % confidence for all strategies
    together (Bonferroni; attribute `critical`, in standard errors). Differences are NaN for the baseline.
    Raises NumericError when a value is not finite. Source: MODEL 10.
    """
    values, risks = path_values(dataset, headline(dataset)), path_values(dataset, RISK_DISCOUNTING)
    found = {**_values(values), **_risks(risks), **_by_path(risks)}
    words = "customers whose value is that of the baseline on every path"
    found["untouched"] = (("strategy",), _untouched(dataset), {"long_name": words, "units": "1"})
    critical = NormalDist().inv_cdf(1.0 - (1.0 - CONFIDENCE) / (2.0 * max(len(values.strategies) - 1, 1)))
    difference, error = (found[f"value_mean_difference{end}"][1] for end in ("", "_standard_error"))
    certain = np.nan_to_num(np.abs(difference)) > critical * np.nan_to_num(error)
    words = "whether the difference of the values is one beyond its sampling error"
    found["established"] = (("strategy",), certain, {"long_name": words, "units": "1"})
    made = values.dataset(found).assign_coords(quantile=list(PROBABILITIES))
    made.attrs = {
        "currency": values.currency,
        "headline": values.discounting,
        "risk_discounting": RISK_DISCOUNTING,
        "paths": values.paths,
        "customers": dataset.sizes["customer"],
        "confidence": CONFIDENCE,
        "critical": critical,
    }
    return made


def _values(values: PathValues) -> dict[str, Variable]:
    rows, unit = values.total, values.currency
    reductions = [np.nan, *(differences.reduction(rows[0], row)[0] for row in rows[1:])]
    words = "variance of the mean difference with independent draws, relative to that of the paired ones"
    return {
        **_single("value_mean", [estimates.mean(row) for row in rows], "mean NPV", unit),
        **_against("value_mean", rows, differences.mean, unit),
        "variance_reduction": (("strategy",), np.array(reductions), {"long_name": words, "units": "1"}),
    }


def _risks(risks: PathValues) -> dict[str, Variable]:
    rows, unit = risks.total, risks.currency
    tails = [differences.cvar(row) for row in rows]
    losses = [row < 0.0 for row in rows]
    apart = [differences.frequency_difference(losses[0], row, paired=True) for row in losses[1:]]
    name = "risk_conditional_value_at_risk"
    return {
        **_single(
            name,
            [(one, estimates.standard_error(each)) for one, each in tails],
            "mean of the worst 5 %",
            unit,
        ),
        **_against(name, rows, differences.cvar, unit),
        **_single("risk_loss_probability", [_share(each) for each in losses], "P(NPV < 0)", "1"),
        **_single(
            "risk_loss_probability_difference",
            [(np.nan, np.nan), *apart],
            "difference of risk_loss_probability",
            "1",
        ),
        **_percentiles("risk_percentile", rows, "percentile of NPV", unit),
    }


def _by_path(risks: PathValues) -> dict[str, Variable]:
    """What is said of NPV less that of the baseline on single paths."""
    apart, none = risks.total[1:] - risks.total[0], (np.nan, np.nan)
    more, same = ([none, *map(_share, events)] for events in (apart > 0.0, apart == 0.0))
    words = "percentile of NPV less that of the baseline"
    return {
        **_single("worth_more", more, "P(NPV > NPV of the baseline)", "1"),
        **_single("equally_worth", same, "P(NPV = NPV of the baseline)", "1"),
        **_percentiles("difference_percentile", apart, words, risks.currency, missing=1),
    }


def _single(name: str, pairs: list[_Pair], meaning: str, unit: str) -> dict[str, Variable]:
    return with_error(name, ("strategy",), np.array(pairs, dtype=float), meaning, unit, _SOURCE)


def _against(
    name: str, rows: Floats, measure: Callable[[Floats], differences.Estimate], unit: str
) -> dict[str, Variable]:
    """The paired differences of a measure to that of the baseline, NaN for the baseline."""
    first, *others = (measure(row) for row in rows)
    pairs = [(np.nan, np.nan), *(differences.difference(first, each, paired=True) for each in others)]
    return _single(f"{name}_difference", pairs, f"difference of {name}", unit)


def _share(event: NDArray[np.bool_]) -> _Pair:
    return estimates.proportion(np.count_nonzero(event), event.size)


def _percentiles(name: str, rows: Floats, meaning: str, unit: str, missing: int = 0) -> dict[str, Variable]:
    """Percentiles of each row, after `missing` rows without."""
    pairs = np.full((missing + len(rows), len(PROBABILITIES), 2), np.nan)
    for place, row in enumerate(rows, start=missing):
        pairs[place] = np.stack(estimates.quantiles(row, PROBABILITIES), axis=-1)
    return with_error(name, ("strategy", "quantile"), pairs, meaning, unit, _SOURCE)


def _untouched(dataset: xr.Dataset) -> NDArray[np.int64]:
    """Customers whose values are those of the baseline to the last bit, [strategy]."""
    npv = dataset["npv"].transpose("strategy", "customer", "discounting", "path").values
    return np.array([np.count_nonzero((one == npv[0]).all(axis=(1, 2))) for one in npv])
