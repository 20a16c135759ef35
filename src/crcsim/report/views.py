"""Views of value: rates, customer value, shareholder value and horizons, as parts of the report."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crcsim.measures import customer_rates, customer_value, rate_build_up, shareholder_value, three_horizons
from crcsim.measures.customer_value import has_items
from crcsim.measures.rates import has_customer_rates, has_inputs
from crcsim.report import customer_value as forms
from crcsim.report import horizons, rates, shareholder
from crcsim.report.table import Table
from crcsim.report.tables import ranked
from crcsim.results.strategies import alone

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["Views"]


@dataclass(frozen=True)
class Views:
    """The measures of one strategy; None where the result lacks what one is made of."""

    shareholder: xr.Dataset
    horizons: xr.Dataset | None
    customer_value: xr.Dataset | None
    build_up: xr.Dataset | None
    customer_rates: xr.Dataset | None

    @classmethod
    def of(cls, dataset: xr.Dataset) -> Views:
        """Measure a result of one strategy.

        Raises CrcsimError for several strategies, NumericError when one of the checks fails.
        """
        return cls(
            alone(shareholder_value(dataset)),
            alone(three_horizons(dataset)) if "customer_sales_mean" in dataset else None,
            alone(customer_value(dataset)) if has_items(dataset) else None,
            rate_build_up(dataset) if has_inputs(dataset) else None,
            alone(customer_rates(dataset)) if has_customer_rates(dataset) else None,
        )

    def sections(self) -> Iterator[tuple[str, tuple[str, ...], list[Table]]]:
        """(title, names of its pictures, tables) of each section."""
        if self.horizons is not None:
            yield "Three horizons", ("horizons",), [horizons.table(self.horizons)]
        if self.customer_value is not None:
            yield "Customer value", (), [forms.table(self.customer_value)]
        made = [shareholder.bridge_table(self.shareholder), shareholder.distribution_table(self.shareholder)]
        yield "Shareholder value", ("shareholder",), made

    def rate_tables(self, found: xr.Dataset) -> list[Table]:
        """Tables of the rates; `found` is the summary."""
        made = []
        if self.build_up is not None:
            made.append(rates.build_up_table(self.build_up))
        if "rate_value" in found and self._rate_varies():
            made.append(rates.effect_table(found))
        if self.customer_rates is not None and self.build_up is not None:
            made.append(rates.customer_rate_table(self.customer_rates, self.build_up, ranked(found)))
        return made

    def _rate_varies(self) -> bool:
        """Whether the cost of capital differs between paths, as far as the result can tell."""
        if self.build_up is None:
            return True
        low, high = self.build_up["percentile"].sel(rate="cost_of_capital").values[[0, -1]]
        return bool(high > low)

    def sentences(self, *, brief: bool = False) -> Iterator[str]:
        """What the views say in words; `brief` leaves out what the scenario does not ask for."""
        if self.shareholder.attrs["stated"] or not brief:
            yield shareholder.sentence(self.shareholder)
        if self.horizons is not None and self.horizons.sizes["customer"] > 1:
            yield horizons.sentence(self.horizons)

    def facts(self) -> dict[str, Any]:
        """All numbers for machines, None where a view is missing."""
        return {
            "rates": rates.facts(self.build_up, self.customer_rates) if self.build_up is not None else None,
            "customer_value": forms.facts(self.customer_value) if self.customer_value is not None else None,
            "shareholder_value": shareholder.facts(self.shareholder),
            "horizons": horizons.facts(self.horizons) if self.horizons is not None else None,
        }
