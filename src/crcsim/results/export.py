"""Tables of a result as CSV files for spreadsheets and other programs."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from crcsim.errors import CrcsimError, StorageError
from crcsim.results.atomic import replacing
from crcsim.results.registry import REGISTRY

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

__all__ = ["TABLES", "Table", "customer_bands", "export", "path_values", "total_bands"]

Table = Callable[["xr.Dataset"], "pd.DataFrame"]

_QUANTITIES = ("cash_flow", "sales", "wallet", "share")


def export(
    dataset: xr.Dataset, folder: str | os.PathLike[str], tables: Mapping[str, Table] | None = None
) -> tuple[Path, ...]:
    """Write one CSV file `<name>.csv` per table into `folder`, made when absent, and return their paths.

    `tables`: functions Dataset -> DataFrame by file name, `TABLES` by default. Numbers are written in full
    (they read back to the same bits), missing ones are empty. All tables are ready before the first old file
    is replaced. Raises StorageError when a file cannot be written, CrcsimError when the result lacks what a
    table shows.
    """
    frames = {name: table(dataset) for name, table in (TABLES if tables is None else tables).items()}
    paths = tuple(Path(folder) / f"{name}.csv" for name in frames)
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
        with replacing(*paths) as temporary:
            for frame, path in zip(frames.values(), temporary, strict=True):
                frame.to_csv(path, index=False)
    except OSError as problem:
        raise StorageError(f"{folder} could not be written: {problem.strerror or problem}.") from problem
    return paths


def customer_bands(dataset: xr.Dataset) -> pd.DataFrame:
    """Mean and percentiles of each customer by period; one row per strategy, quantity, customer and period.

    Wallet and share are statistics of the paths on which the customer is active, empty where there are none.
    """
    import pandas as pd

    return pd.concat([_customer_band(dataset, quantity) for quantity in _QUANTITIES], ignore_index=True)


def _customer_band(dataset: xr.Dataset, quantity: str) -> pd.DataFrame:
    band = _band(dataset, f"customer_{quantity}_band")
    columns = band.transpose("quantile", "strategy", "customer", "period")
    mean = dataset[f"customer_{quantity}_mean"].transpose("strategy", "customer", "period")
    return _frame(dataset, band.name, {"mean": mean, **_percentiles(columns)})


def total_bands(dataset: xr.Dataset) -> pd.DataFrame:
    """Percentiles of the portfolio by period; one row per strategy, quantity and period."""
    import pandas as pd

    names = [f"total_{quantity}_band" for quantity in (*_QUANTITIES, "active")]
    frames = [
        _frame(dataset, name, _percentiles(_band(dataset, name).transpose("quantile", "strategy", "period")))
        for name in names
    ]
    return pd.concat(frames, ignore_index=True)


def _band(dataset: xr.Dataset, name: str) -> xr.DataArray:
    if name not in dataset:
        raise CrcsimError(f"The result holds no {name}: it was simulated without bands.")
    return dataset[name]


def _percentiles(band: xr.DataArray) -> dict[str, xr.DataArray]:
    return {f"P{100 * float(values['quantile']):g}": values for values in band}


def _frame(dataset: xr.Dataset, name: Any, columns: Mapping[str, xr.DataArray]) -> pd.DataFrame:
    """A long table: the labels of the dimensions, year, quantity and unit in front of `columns`."""
    import pandas as pd

    first = next(iter(columns.values()))
    labels = [first[dim].values for dim in first.dims]
    grid = np.meshgrid(*(np.arange(len(label)) for label in labels), indexing="ij")
    rows = {
        str(dim): label[places.ravel()] for dim, label, places in zip(first.dims, labels, grid, strict=True)
    }
    rows["years"] = dataset["years"].values[grid[-1].ravel()]
    rows["quantity"] = np.full(first.size, str(name).removesuffix("_band"))
    rows["unit"] = np.full(first.size, REGISTRY[str(name)].unit_in(str(dataset.attrs["currency"])))
    return pd.DataFrame(rows | {column: values.values.ravel() for column, values in columns.items()})


def path_values(dataset: xr.Dataset) -> pd.DataFrame:
    """Present value of every customer and level on every path, one row per strategy, discounting and path.

    Columns of levels are headed "level: <name>", those of customers by the customer's name. Unit: currency.
    """
    import pandas as pd

    customers = dataset["npv"].transpose("strategy", "discounting", "path", "customer")
    levels = dataset["level_npv"].transpose("strategy", "discounting", "path", "level")
    index = pd.MultiIndex.from_product(
        [dataset[dim].values for dim in customers.dims[:3]], names=list(customers.dims[:3])
    )
    headings = [
        *map(str, dataset["customer"].values),
        *(f"level: {name}" for name in dataset["level"].values),
    ]
    values = np.concatenate([customers.values, levels.values], axis=-1).reshape(len(index), -1)
    return pd.DataFrame(values, index=index, columns=headings).reset_index()


TABLES: Mapping[str, Table] = MappingProxyType({"customer_bands": customer_bands, "total_bands": total_bands})
