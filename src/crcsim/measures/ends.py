"""How customer relations end: probability of each cause, incidence by period, survival."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from crcsim.kernels.rows import CAUSES
from crcsim.measures import estimates
from crcsim.measures.values import Variable, with_error

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["ends"]


def ends(dataset: xr.Dataset) -> xr.Dataset:
    """Probabilities of the ends of every customer relation, from the last end on each path.

    A relation that was won back counts as ended only when it ends again; prospects never converted count as
    not ended. Returned, each with `_standard_error` (Agresti-Coull, never 0), no NaN:

    - `end_probability` [strategy, customer, cause]: the relation has ended by this cause at the horizon.
    - `incidence` [strategy, customer, cause, period]: it ends by this cause in this period.
    - `cumulative_incidence` [strategy, customer, cause, period]: ... up to this period (the incidence
      function of competing risks: causes add up to 1 - survival, they are never treated as independent).
    - `survival` [strategy, customer, period]: it has not ended up to this period.

    Source: MODEL 4 and 9.
    """
    import xarray as xr

    paths, counts = dataset.sizes["path"], _counts(dataset)
    cumulative = counts.cumsum(axis=-1)
    alive = paths - cumulative.sum(axis=2)
    customer, cause, period = ("strategy", "customer"), ("cause",), ("period",)
    shares = {
        "end_probability": (cumulative[..., -1], customer + cause, "probability of an end by this cause"),
        "incidence": (
            counts,
            customer + cause + period,
            "probability of an end by this cause in this period",
        ),
        "cumulative_incidence": (
            cumulative,
            customer + cause + period,
            "probability of an end up to this period",
        ),
        "survival": (alive, customer + period, "probability of no end up to this period"),
    }
    variables: dict[str, Variable] = {}
    for name, (count, dims, meaning) in shares.items():
        pair = np.stack(estimates.proportion(count, paths), axis=-1)
        variables |= with_error(name, dims, pair, meaning, "1", "MODEL 4")
    coords = {name: dataset[name].values for name in ("strategy", "customer", "period")}
    return xr.Dataset(variables, coords | {"cause": list(CAUSES)}, {"paths": paths}).assign_coords(
        years=("period", dataset["years"].values)
    )


def _counts(dataset: xr.Dataset) -> NDArray[np.int64]:
    """Number of paths whose relation ends by a cause in a period: [strategy, customer, cause, period]."""
    dims = ("strategy", "customer", "path")
    causes = dataset["end_cause"].transpose(*dims).values
    periods = dataset["end_period"].transpose(*dims).values
    columns, rows = dataset.sizes["period"] + 1, len(CAUSES) + 1
    counts = np.zeros((*causes.shape[:2], rows, columns), dtype=np.int64)
    for place in np.ndindex(causes.shape[:2]):
        cell = causes[place].astype(np.int64) * columns + periods[place]
        counts[place] = np.bincount(cell, minlength=rows * columns).reshape(rows, columns)
    return counts[:, :, 1:, 1:]
