"""Present values of items by phase of the relation: means over the recorded paths."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from crcsim.errors import CrcsimError, NumericError
from crcsim.kernels.rows import PHASES
from crcsim.measures.item_values import columns_of_value, item_keys, require_same

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["NO_PHASES", "PHASE", "check_phases", "holds_phases", "phase_columns"]

Floats = NDArray[np.float64]

#: How a statement is split by phase.
PHASE = "phase"
NO_PHASES = (
    "The result does not say in which phase of the relation its items arise: it was made by an earlier "
    "version. Run its scenario again with `crcsim run`."
)
_BY_PHASE = "customer_phase_item_npv_mean"


def holds_phases(dataset: xr.Dataset) -> bool:
    """Whether a result holds the items of customers by phase of the relation."""
    return _BY_PHASE in dataset


def check_phases(dataset: xr.Dataset) -> None:
    """Every item of every customer: the sum over phases against `customer_item_npv` on the recorded paths.

    The value after the last period stands in no phase. Raises CrcsimError for a result without phases,
    NumericError where a phase is unknown, or sums differ by more than 1e-9 of the customer's sum of absolute
    items. Source: SOURCES C8.
    """
    phases, whole = _by_phase(dataset), _whole(dataset)
    names = [str(name) for name in dataset["relation_phase"].values]
    if sorted(names) != sorted(PHASES):
        raise NumericError(f"The phases of the result are {', '.join(names)}, not {', '.join(PHASES)}.")
    if phases[..., ~_paid(dataset)].any():
        raise NumericError("A phase of the relation holds value after the last period, which has no phase.")
    scale = np.abs(phases).sum(axis=(2, 3)) + np.abs(whole).sum(axis=2)
    require_same(
        "Items of a customer by phase and its present value by item",
        phases.sum(axis=2),
        whole,
        scale[..., None],
    )


def phase_columns(
    dataset: xr.Dataset, customer: str | None = None
) -> tuple[tuple[str, ...], tuple[str, ...], Floats]:
    """Names and kinds of the columns, and mean present values of items [strategy, column, item].

    Columns are the phases, in the order of a relation, in which anything is booked under any strategy, then
    the present value of all items but `horizon_value`. Raises CrcsimError for a result without phases or an
    unknown customer.
    """
    chosen = columns_of_value(dataset, "total", customer).weights[0]
    phases = np.einsum("c,scpi->spi", chosen, _by_phase(dataset))
    total = np.einsum("c,sci->si", chosen, _whole(dataset))[:, None]
    places = {str(name): place for place, name in enumerate(dataset["relation_phase"].values)}
    names = tuple(name for name in PHASES if name in places and phases[:, places[name]].any())
    shown = phases[:, [places[name] for name in names]]
    return (*names, "total"), (*(PHASE,) * len(names), "total"), np.concatenate([shown, total], axis=1)


def _paid(dataset: xr.Dataset) -> NDArray[np.bool_]:
    """Which items are flows: all but the value after the last period."""
    return np.array([key != "horizon_value" for key in item_keys(dataset)])


def _by_phase(dataset: xr.Dataset) -> Floats:
    if not holds_phases(dataset):
        raise CrcsimError(NO_PHASES)
    values: Floats = dataset[_BY_PHASE].transpose("strategy", "customer", "relation_phase", "item").values
    return values


def _whole(dataset: xr.Dataset) -> Floats:
    """Items over all phases, mean over the recorded paths [strategy, customer, item]; 0 for the value after
    the last period.
    """
    items = dataset["customer_item_npv"].transpose("strategy", "customer", "item", "recorded_path")
    values = items.values.mean(axis=-1)
    found: Floats = np.where(_paid(dataset), values, 0.0)
    return found
