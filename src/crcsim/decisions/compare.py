"""Two plans held against each other: the distribution of the difference, and the drivers that moved it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from crcsim.decisions import differences
from crcsim.decisions.cascade import cascade_difference
from crcsim.decisions.dominance import CONFIDENCE, DEVIATION, PROBABILITY, dominance
from crcsim.decisions.products import product_differences
from crcsim.decisions.sides import Item, chosen_strategies, common_discounting, items_of, unpaired_reason
from crcsim.measures import estimates, moments, quantiles, tail
from crcsim.measures.quantiles import PROBABILITIES
from crcsim.measures.values import Floats, headline, with_error

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["RISK_DISCOUNTING", "SIDES", "compare"]

SIDES = ("first", "second")
#: Distributions are compared at the risk-free rate, so that risk is not charged twice.
RISK_DISCOUNTING = "risk_free"

_MEASURES: dict[str, Callable[[Floats], differences.Estimate]] = {
    "risk_mean": differences.mean,
    "risk_sd": differences.sd,
    "risk_conditional_value_at_risk": differences.cvar,
}


def compare(
    first: xr.Dataset,
    second: xr.Dataset | None = None,
    strategies: tuple[str, str] | None = None,
    *,
    discounting: str | None = None,
) -> xr.Dataset:
    """Second less first, for two results or, without `second`, for two strategies of one result.

    `strategies`: that of the first and that of the second side; by default the first strategy of both, or the
    two of a result that has no more. `discounting` of the values: by default the headline, which must then be
    the same. Items are customers, levels and their total; `presence` says on which sides an item is, and one
    that is missing counts as zero in the differences of means. All money in the currency of the results:

    - `value_mean`; `risk_mean`, `risk_sd`, `risk_conditional_value_at_risk` (worst 5 %),
      `risk_loss_probability` [side, item]; `risk_percentile` [side, item, quantile]: as in
      `measures.summary`, `value_...` under `discounting`, `risk_...` at the risk-free rate. NaN where the
      side lacks the item.
    - `value_mean_difference`, `risk_mean_difference`, `risk_sd_difference`,
      `risk_conditional_value_at_risk_difference`, `risk_loss_probability_difference` [item]. Means of items
      add up to that of the total. All but the means are NaN for an item of one side.
    - only when paired, else NaN, all at the risk-free rate: `difference_percentile` [item, quantile],
      `second_worth_more` (probability), `equally_worth` (probability) [item].
    - only when paired: `variance_reduction`, `correlation` [item] of the values, see `differences.reduction`,
      and `difference_sd`, `independent_sd` [item]: standard deviation of the difference of the values path by
      path, and with independent draws on either side.
    - `untouched` [item]: paired, and the same on every path to the last bit.
    - `first_order_dominance`, `second_order_dominance` [item]: `first`, `second`, `neither`, `equal`,
      `undecided`, see `dominance`; empty for an item of one side.
    - `line_difference` [item, cascade_item]: see `cascade.cascade_difference`, and `product_...` [product]:
      see `products.product_differences`; absent when a result holds no items of the cascade (of products),
      or `discounting` is not its headline.

    Each estimate stands beside its `_standard_error`, of paired or of independent samples. The attribute
    `paired` is 1 when path n of both is the same future (seed, stream version, periods per year and paths
    agree), else 0 with `unpaired_reason`. Raises ComparisonError when the results must not be subtracted
    (currency, valuation date, headline) or lack a strategy, NumericError when a value is not finite.
    Source: MODEL 10, SOURCES C14.
    """
    one, two = chosen_strategies(first, second, strategies)
    values = common_discounting(one, two, discounting)
    reason = unpaired_reason(one, two)
    items, risks = items_of(one, two, values), items_of(one, two, RISK_DISCOUNTING)
    paired, currency = not reason, str(one.attrs["currency"])
    variables = {
        **_sides((one, two), [item.name for item in items], values),
        **_differences(items, {"value_mean": differences.mean}, paired, currency),
        **_differences(risks, _MEASURES, paired, currency),
        **_losses(risks, paired),
        **_by_path(items, risks, paired, currency),
        **_dominances(risks, paired),
    }
    attributes = {
        "paired": int(paired),
        "unpaired_reason": reason,
        "discounting": values,
        "risk_discounting": RISK_DISCOUNTING,
        "currency": currency,
        "valuation_date": str(one.attrs.get("valuation_date", "")),
        "dominance_confidence": CONFIDENCE,
        "dominance_tolerance_probability": PROBABILITY,
        "dominance_tolerance_deviation": DEVIATION,
    }
    for side, result in zip(SIDES, (one, two), strict=True):
        attributes[f"{side}_paths"] = result.sizes["path"]
        attributes[f"{side}_strategy"] = str(result["strategy"].values[0])
    return _assembled(variables, items, (one, two), values, attributes)


def _assembled(
    variables: dict[str, Any],
    items: Sequence[Item],
    results: tuple[xr.Dataset, xr.Dataset],
    discounting: str,
    attributes: dict[str, Any],
) -> xr.Dataset:
    import xarray as xr

    coords = {
        "side": list(SIDES),
        "item": [item.name for item in items],
        "kind": ("item", [item.kind for item in items]),
        "presence": ("item", [item.presence for item in items]),
        "quantile": list(PROBABILITIES),
    }
    found = xr.Dataset(variables, coords, attributes)
    if all(headline(result) == discounting for result in results):
        names = [(item.kind, item.name) for item in items]
        lines = cascade_difference(*results, names, paired=bool(attributes["paired"]))
        products = product_differences(*results, paired=bool(attributes["paired"]))
        for part in (lines, products):
            if part is not None:
                found = found.merge(part, join="exact", combine_attrs="no_conflicts")
    return found


def _sides(
    results: tuple[xr.Dataset, xr.Dataset], names: list[str], discounting: str
) -> dict[str, tuple[Any, ...]]:
    """The measures of either result, NaN for items that it lacks."""
    import xarray as xr

    measured = []
    for result in results:
        risk = xr.merge(
            [
                measure.drop_attrs(deep=False)
                for measure in (
                    moments(result, RISK_DISCOUNTING).rename(
                        {f"{name}{end}": f"risk_{name}{end}" for name in ("mean", "sd") for end in _ENDS}
                    ),
                    _named(tail(result), "conditional_value_at_risk", "loss_probability"),
                    _named(quantiles(result), "percentile"),
                )
            ],
            join="exact",
            compat="equals",
        )
        value = moments(result, discounting)[["mean", "mean_standard_error"]]
        risk = risk.assign({f"value_{name}": variable for name, variable in value.data_vars.items()})
        measured.append(risk.isel(strategy=0, drop=True).reset_coords(drop=True).reindex(item=names))
    both = xr.concat(measured, dim="side")
    dims = {name: ("side", "item", *(["quantile"] if "quantile" in both[name].dims else [])) for name in both}
    return {
        str(name): (shape, both[name].transpose(*shape).values, dict(both[name].attrs))
        for name, shape in dims.items()
    }


_ENDS = ("", "_standard_error")


def _named(measure: xr.Dataset, *names: str) -> xr.Dataset:
    """These variables of a measure with their errors, as `risk_...`."""
    wanted = [f"{name}{end}" for name in names for end in _ENDS]
    return measure[wanted].rename({name: f"risk_{name}" for name in wanted})


def _differences(
    items: Sequence[Item],
    measures: dict[str, Callable[[Floats], differences.Estimate]],
    paired: bool,
    currency: str,
) -> dict[str, Any]:
    """Differences of estimates with their errors [item]; of means also where one side lacks the item."""
    found: dict[str, Any] = {}
    for name, measure in measures.items():
        pairs = []
        for item in items:
            one, two = item.first, item.second
            if measure is differences.mean:
                one = np.zeros_like(two) if one is None else one
                two = np.zeros_like(one) if two is None else two
            if one is None or two is None:
                pairs.append((np.nan, np.nan))
            else:
                pairs.append(differences.difference(measure(one), measure(two), paired=paired))
        found |= with_error(
            f"{name}_difference", ("item",), np.array(pairs), f"difference of {name}", currency, "MODEL 10"
        )
    return found


def _losses(items: Sequence[Item], paired: bool) -> dict[str, Any]:
    """The difference of the probabilities of a negative value [item]."""
    pairs = [
        (np.nan, np.nan)
        if item.first is None or item.second is None
        else differences.frequency_difference(item.first < 0.0, item.second < 0.0, paired=paired)
        for item in items
    ]
    words = "difference of risk_loss_probability"
    return with_error("risk_loss_probability_difference", ("item",), np.array(pairs), words, "1", "MODEL 10")


def _by_path(values: Sequence[Item], risks: Sequence[Item], paired: bool, currency: str) -> dict[str, Any]:
    """What only paired paths can say; NaN otherwise, and for items of one side."""
    count = len(risks)
    percentiles = np.full((count, len(PROBABILITIES), 2), np.nan)
    more, equal = np.full((count, 2), np.nan), np.full((count, 2), np.nan)
    reductions, spreads = np.full((count, 2), np.nan), np.full((count, 2), np.nan)
    untouched = np.zeros(count, dtype=bool)
    for place, (value, risk) in enumerate(zip(values, risks, strict=True)):
        if not paired or risk.first is None or risk.second is None:
            continue
        apart = risk.second - risk.first
        percentiles[place] = np.stack(estimates.quantiles(apart, PROBABILITIES), axis=-1)
        more[place] = estimates.proportion(np.count_nonzero(apart > 0.0), apart.size)
        equal[place] = estimates.proportion(np.count_nonzero(apart == 0.0), apart.size)
        assert value.first is not None
        assert value.second is not None
        reductions[place] = differences.reduction(value.first, value.second)
        spreads[place] = differences.spreads(value.first, value.second)
        untouched[place] = equal[place, 0] == 1.0 and np.array_equal(value.first, value.second)
    one = ("item",)
    words = "variance of the mean difference with independent draws, relative to that of the paired ones"
    return {
        **with_error(
            "difference_percentile",
            ("item", "quantile"),
            percentiles,
            "percentile of the difference of NPV, second less first",
            currency,
            "MODEL 10",
        ),
        **with_error("second_worth_more", one, more, "P(NPV second > NPV first)", "1", "MODEL 10"),
        **with_error("equally_worth", one, equal, "P(NPV second = NPV first)", "1", "MODEL 10"),
        "variance_reduction": (one, reductions[:, 0], {"long_name": words, "units": "1"}),
        "correlation": (
            one,
            reductions[:, 1],
            {"long_name": "correlation of the values of both sides", "units": "1"},
        ),
        "difference_sd": (
            one,
            spreads[:, 0],
            {"long_name": "standard deviation of the paired difference", "units": currency},
        ),
        "independent_sd": (
            one,
            spreads[:, 1],
            {"long_name": "standard deviation of the difference with independent draws", "units": currency},
        ),
        "untouched": (one, untouched, {"long_name": "the same on every path", "units": "1"}),
    }


def _dominances(items: Sequence[Item], paired: bool) -> dict[str, Any]:
    decided = [
        ("", "") if item.first is None or item.second is None else _orders(item.first, item.second, paired)
        for item in items
    ]
    return {
        f"{order}_order_dominance": (
            ("item",),
            [orders[place] for orders in decided],
            {"long_name": f"which side dominates stochastically in the {order} order", "source": "MODEL 10"},
        )
        for place, order in enumerate(("first", "second"))
    }


def _orders(first: Floats, second: Floats, paired: bool) -> tuple[str, str]:
    found = dominance(first, second, paired=paired)
    return found.first_order, found.second_order
