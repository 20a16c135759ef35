"""Everything that is reported per customer, group and total, in one Dataset."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from crcsim.measures.concentration import concentration
from crcsim.measures.discount import discount
from crcsim.measures.ends import ends
from crcsim.measures.groups import grouped
from crcsim.measures.horizon import horizon_share
from crcsim.measures.moments import moments
from crcsim.measures.quantiles import quantiles
from crcsim.measures.tail import tail

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

__all__ = ["summary", "summary_table"]


def summary(dataset: xr.Dataset, by: str | None = None) -> xr.Dataset:
    """What MODEL 9 reports per customer and total, each number with its standard error.

    Items are customers, levels and their total, or with `by` ("segment" or "geography") the groups instead of
    the customers. The first word of a name says under which discounting a number was taken; so does its
    attribute `discounting`:

    - `value_...` under the headline (`wacc` unless the scenario says otherwise): `value_mean`,
      `value_horizon_mean`, `value_horizon_share` [strategy, item]; over customers or groups
      `value_herfindahl_index`, `value_effective_number`, `value_negative_share` [strategy],
      `value_share_of_top` [strategy, top].
    - `risk_...` under `risk_free`, so that risk is not charged twice: `risk_mean`, `risk_sd`,
      `risk_value_at_risk`, `risk_conditional_value_at_risk`, `risk_cvar_contribution`,
      `risk_loss_probability` [strategy, item], `risk_percentile` [strategy, item, quantile]; with a horizon
      value all but the mean and sd also as `risk_..._without_horizon`.
    - `rate_...` of `discount`, only without `by`: `rate_certainty_equivalent_rate`, `rate_implied_beta` ...
    - `end_probability` [strategy, item, cause], only without `by`; NaN for levels and the total.

    Definitions, units and NaN policy: at the function of each measure. Raises NumericError when a value is
    not finite.
    """
    import xarray as xr

    source = grouped(dataset, by) if by else dataset
    parts = [
        _named("value", moments(source)[["mean", "mean_standard_error"]]),
        _named("value", horizon_share(source)),
        _named("value", concentration(source)),
        _named("risk", moments(source, "risk_free")),
        *_risk(source, ""),
        *(_risk(source, "_without_horizon", horizon=False) if "horizon_value" in source else ()),
    ]
    if not by:
        if "customer_cash_flow_mean" in source:  # not kept by a run without bands
            parts.append(_named("rate", discount(source)))
        parts.append(_ends(source, parts[0]))
    found: xr.Dataset = xr.merge(parts, join="exact", compat="equals", combine_attrs="drop_conflicts")
    return found.assign_attrs(
        currency=dataset.attrs["currency"], paths=dataset.sizes["path"], headline=dataset.attrs["headline"]
    )


def _risk(source: xr.Dataset, suffix: str, *, horizon: bool = True) -> list[xr.Dataset]:
    measured = (quantiles(source, horizon=horizon), tail(source, horizon=horizon))
    return [_named("risk", measure, suffix) for measure in measured]


def _named(word: str, measure: xr.Dataset, suffix: str = "") -> xr.Dataset:
    """The measure's variables as `<word>_<name><suffix>`, each with its discounting as an attribute."""
    ending = "_standard_error"

    def renamed(name: str) -> str:
        base = name.removesuffix(ending)
        return f"{word}_{base}{suffix}{ending if name != base else ''}"

    found = measure.rename({name: renamed(str(name)) for name in measure.data_vars})
    for name in found.data_vars:
        found[name].attrs |= {key: measure.attrs[key] for key in ("discounting", "horizon_value")}
    return found.drop_attrs(deep=False)


def _ends(dataset: xr.Dataset, items: xr.Dataset) -> xr.Dataset:
    """Probability of each end by item: NaN where the item is no customer."""
    import xarray as xr

    found = ends(dataset)
    variables = {}
    for name in ("end_probability", "end_probability_standard_error"):
        values = found[name].values
        padded = np.full((len(values), items.sizes["item"], values.shape[2]), np.nan)
        padded[:, : values.shape[1]] = values
        variables[name] = (("strategy", "item", "cause"), padded, found[name].attrs)
    return xr.Dataset(variables, {**items.coords, "cause": found["cause"]})


def summary_table(dataset: xr.Dataset, by: str | None = None) -> pd.DataFrame:
    """`summary` as a table for export: one row per strategy and item, one column per number.

    Percentiles become columns such as `risk_percentile_P5`, causes such as `end_probability_churn`. Numbers
    of the customers together (concentration) stand in the row of the total; elsewhere they are empty.
    """
    import pandas as pd

    found = summary(dataset, by)
    strategies, items = found["strategy"].values, found["item"].values
    columns = {
        "strategy": np.repeat(strategies, len(items)),
        "item": np.tile(items, len(strategies)),
        "kind": np.tile(found["kind"].values, len(strategies)),
    }
    for name, values in found.data_vars.items():
        columns |= _columns(str(name), values, len(items))
    return pd.DataFrame(columns)


def _columns(name: str, values: xr.DataArray, items: int) -> dict[str, np.ndarray]:
    """One column per label beyond strategy and item."""
    if "item" not in values.dims:
        padded = np.full((items, *values.shape), np.nan)
        padded[-1] = values.values
        values = values.expand_dims(item=items, axis=1).copy(data=np.moveaxis(padded, 0, 1))
    rest = [dim for dim in values.dims if dim not in ("strategy", "item")]
    flat = values.transpose("strategy", "item", *rest)
    if not rest:
        return {name: flat.values.ravel()}
    labels = flat[rest[0]].values
    heads = [f"P{100 * float(label):g}" if rest[0] == "quantile" else str(label) for label in labels]
    return {f"{name}_{head}": flat.values[..., place].ravel() for place, head in enumerate(heads)}
