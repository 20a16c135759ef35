"""Value of customers in both forms of the source, from the items of the cash flow (SOURCES C10)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from crcsim.costing.items import (
    COMPANY_LEVELS,
    INVESTMENT_LINES,
    ITEMS,
    SIMULATED_CASH_FLOW,
    statement_amounts,
)
from crcsim.errors import CrcsimError, NumericError
from crcsim.measures.estimates import mean, standard_error
from crcsim.measures.flows import AGREE, check_flows, discount_rates
from crcsim.measures.values import Floats, PathValues, Variable, headline, path_values, with_error

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["customer_value", "has_items"]

_DIMS = ("strategy", "item")
#: Lines of the cash-flow statement that are money received from the customer: sign in the receipts.
_RECEIPTS = {"net_revenue": 1.0, "receivables": -1.0, "prepayments_received": 1.0}


def has_items(dataset: xr.Dataset) -> bool:
    """Whether a result holds the items of the cash flow."""
    return "customer_item_npv_mean" in dataset and "customer_item_npv" in dataset


def customer_value(dataset: xr.Dataset) -> xr.Dataset:
    """Value of every customer, level and their total in both forms (C10), currency, at the headline.

    First form, Σ (e - a)(1+i)^-τ: `receipts` (net revenue when it is paid, prepayments received) less
    `payments` (all other cash, tax included) is `value_of_flows`. Second form: `contributions`
    (payment-effective customer contribution after timing, write-offs and tax) less `investments` is
    `value_of_contributions`. All [strategy, item] and present values of expected flows, each with
    `_standard_error`. Segments and the company receive nothing: what they pay is a negative contribution or
    an investment.
    Flows at τ = 0 are e0, a0, I0 and PECC0 of the source; they are not discounted.

    `horizon_value` is what the forms leave out, so `value_of_flows` + `horizon_value` = `value`, the mean
    NPV. `difference` is the larger distance of either form from `value` less `horizon_value`, relative to
    the sum of all amounts.

    Checked, each with NumericError when it fails: both forms on every recorded path and in the mean over all
    paths against NPV, which the simulation accumulates apart from the items; the portfolio's cash flow by
    period, discounted at each path's rate, against the total; and where the rate is certain each customer's
    mean cash flow by period, discounted, against its first form. Raises CrcsimError when the result has no
    items. Source: SOURCES C10.
    """
    if not has_items(dataset):
        raise CrcsimError(
            "The result holds no items of the cash flow, which the two forms of customer value are made of. "
            "Run the scenario again with this version."
        )
    chosen = headline(dataset)
    whole, before = path_values(dataset, chosen), path_values(dataset, chosen, horizon=False)
    check_flows(dataset, before)
    recorded = _Forms(dataset, whole, before)
    _check_certain(dataset, recorded.means["value_of_flows"], whole)
    found: dict[str, Variable] = {}
    for name, meaning in _MEANINGS.items():
        pairs = np.stack([recorded.means[name], recorded.errors[name]], axis=-1)
        found |= with_error(name, _DIMS, pairs, meaning, whole.currency, "SOURCES C10")
    later = np.array(
        [
            [mean(all_of_it - part) for all_of_it, part in _pairs(whole, before, strategy)]
            for strategy in range(len(whole.strategies))
        ]
    )
    found |= with_error("horizon_value", _DIMS, later, "mean value after the last period", whole.currency)
    found |= with_error("value", _DIMS, whole.each(mean), "mean NPV", whole.currency)
    attributes = {"long_name": "distance of the forms from NPV", "units": "1", "source": "SOURCES C10"}
    found["difference"] = (_DIMS, recorded.difference, attributes)
    return whole.dataset(found).assign_attrs(currency=whole.currency)


_MEANINGS = {
    "receipts": "present value of receipts",
    "payments": "present value of payments",
    "value_of_flows": "present value of receipts less payments",
    "contributions": "present value of payment-effective contributions",
    "investments": "present value of investment payments",
    "value_of_contributions": "present value of contributions less investments",
}


def _pairs(whole: PathValues, before: PathValues, strategy: int) -> list[tuple[Floats, Floats]]:
    return list(zip(whole.rows(strategy), before.rows(strategy), strict=True))


class _Forms:
    """Both forms of all items: means over all paths, errors from the recorded ones, [strategy, item]."""

    def __init__(self, dataset: xr.Dataset, whole: PathValues, before: PathValues) -> None:
        keys = [str(key) for key in dataset["item"].values]
        self._names, self._keys = whole.names, keys
        paths = np.searchsorted(dataset["path"].values, dataset["recorded_path"].values)
        shape = (len(whole.strategies), len(whole.names))
        self.means = {name: np.zeros(shape) for name in _MEANINGS}
        self.errors = {name: np.zeros(shape) for name in _MEANINGS}
        self.difference = np.zeros(shape)
        scale = float(np.sqrt(len(paths) / whole.paths))
        for strategy in range(shape[0]):
            mean_items, path_items = _bearers(dataset, strategy, "_mean"), _bearers(dataset, strategy, "")
            rows = zip(mean_items, path_items, before.rows(strategy), strict=True)
            for item, (on_average, on_paths, exact) in enumerate(rows):
                place = (strategy, item)
                means, values = _forms(keys, on_average), _forms(keys, on_paths)
                self.difference[place] = self._check(item, means, on_average, exact.mean(), "in the mean")
                self._check(item, values, on_paths, exact[paths], "on a recorded path")
                for name in _MEANINGS:
                    self.means[name][place] = means[name]
                    self.errors[name][place] = standard_error(values[name]) * scale

    def _check(self, item: int, forms: dict[str, Floats], items: Floats, exact: Floats, where: str) -> float:
        """Largest distance of both forms from NPV relative to all amounts; NumericError above 1e-9."""
        size = np.abs(exact) + sum(np.abs(row) for key, row in zip(self._keys, items, strict=True))
        largest = 0.0
        for form, meaning in _FORMS.items():
            distance = np.atleast_1d(np.abs(forms[form] - exact) / np.where(size > 0.0, size, 1.0))
            largest = max(largest, float(distance.max()))
            if not largest <= AGREE:
                worst = int(np.argmax(distance))
                raise NumericError(
                    f"the value of {self._names[item]} differs {where}: {meaning} are worth "
                    f"{np.atleast_1d(forms[form])[worst]:.8g}, the cash flow "
                    f"{np.atleast_1d(exact)[worst]:.8g}. The result is damaged; run the scenario again."
                )
        return largest


_FORMS = {
    "value_of_flows": "receipts less payments",
    "value_of_contributions": "contributions less investments",
}


def _bearers(dataset: xr.Dataset, strategy: int, suffix: str) -> Iterator[Floats]:
    """Signed items [item] or [item, recorded path] of customers, levels and their total, one by one."""
    total: Floats | float = 0.0
    for bearer in ("customer", "level"):
        name = f"{bearer}_item_npv{suffix}"
        for place in range(dataset.sizes.get(bearer, 0) if name in dataset else 0):
            one = dataset[name].isel({"strategy": strategy, bearer: place})
            values = np.asarray(one.transpose("item", ...).values)
            total = total + values
            yield values
    yield np.asarray(total)


def _forms(keys: list[str], items: Floats) -> dict[str, Floats]:
    """The parts of both forms from signed items [item, ...]."""
    signed = dict(zip(keys, items, strict=True))
    nothing = np.zeros(items.shape[1:])
    lines = statement_amounts(SIMULATED_CASH_FLOW, signed, nothing)
    # the statement leaves out what no customer causes
    of_levels = [key for key in keys if ITEMS[key].level in COMPANY_LEVELS]
    invested = [key for key in of_levels if ITEMS[key].line in INVESTMENT_LINES]
    company = sum((signed[key] for key in of_levels if key not in invested), start=nothing)
    investments = sum((lines[line] for line in INVESTMENT_LINES), start=nothing)
    investments = investments - sum((signed[key] for key in invested), start=nothing)
    flows = sum((signed[key] for key in keys if key != "horizon_value"), start=nothing)
    receipts = sum((sign * lines[key] for key, sign in _RECEIPTS.items()), start=nothing)
    contributions = lines["payment_effective_contribution"] + company
    return {
        "receipts": receipts,
        "payments": receipts - flows,
        "value_of_flows": flows,
        "contributions": contributions,
        "investments": investments,
        "value_of_contributions": contributions - investments,
    }


def _check_certain(dataset: xr.Dataset, flows: Floats, whole: PathValues) -> None:
    """Each customer's mean flows against its first form, where one certain rate discounts all flows."""
    rates = discount_rates(dataset, whole.discounting)
    if rates is None or np.ptp(rates) > 0.0 or "customer_cash_flow_mean" not in dataset:
        return
    means = dataset["customer_cash_flow_mean"].transpose("strategy", "customer", "period").values
    terms = means * (1.0 + rates[0]) ** -dataset["years"].values
    value, size = terms.sum(axis=-1), np.abs(terms).sum(axis=-1)
    distance = np.abs(value - flows[:, : means.shape[1]]) / np.where(size > 0.0, size, 1.0)
    if not float(distance.max(initial=0.0)) <= AGREE:
        place = np.unravel_index(int(np.argmax(distance)), distance.shape)
        raise NumericError(
            f"the mean cash flow of {whole.names[place[1]]} by period is worth {value[place]:.8g} at the "
            f"certain rate, its items {flows[place]:.8g}. The result is damaged; run the scenario again."
        )
