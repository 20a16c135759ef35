"""Parts of a value: collected one by one as paths of all items, kept as means, errors and totals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from crcsim.decisions.coalitions import TOTAL
from crcsim.decisions.switches import FEATURES
from crcsim.engine.run import BAND_PATHS
from crcsim.kernels.arrays import Floats
from crcsim.measures.estimates import mean

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["HORIZON", "PARTS", "TODAY", "Parts"]

TODAY, HORIZON = "today's wallet", "horizon value"

#: Group and meaning of every part, in the order in which they are stated.
PARTS: dict[str, tuple[str, str]] = {
    TODAY: ("today", "today's wallet at today's share and prices, after deductions and variable costs"),
    **{name: (feature.group, feature.meaning) for name, feature in FEATURES.items()},
    HORIZON: ("horizon", "value after the last period"),
}


class Parts:
    """Collects the parts of the value of some items (customers and levels) on some paths."""

    def __init__(self, names: tuple[str, ...], kinds: tuple[str, ...], paths: int) -> None:
        self._names, self._kinds, self._recorded = names, kinds, min(paths, BAND_PATHS)
        self._totals = np.zeros((len(PARTS), paths))
        self._items = np.zeros((len(PARTS), len(names), self._recorded))
        self._moments = np.zeros((len(PARTS), len(names) + 1, 2))

    def keep(self, part: str, values: Floats, by_orders: Floats | None = None) -> None:
        """Keep one part [item, path]; `by_orders` [pair of orders, item] are the means over paths of samples
        whose mean it is, and add their sampling to the error (decomposition 4).
        """
        place = list(PARTS).index(part)
        total = values.sum(axis=0)
        self._totals[place] = total
        self._items[place] = values[:, : self._recorded]
        rows = [*values, total]
        self._moments[place] = [mean(row) for row in rows]
        if by_orders is not None:
            sampled = np.concatenate([by_orders, by_orders.sum(axis=1, keepdims=True)], axis=1)
            variance = sampled.var(axis=0, ddof=1) / sampled.shape[0]
            self._moments[place, :, 1] = np.sqrt(self._moments[place, :, 1] ** 2 + variance)

    def dataset(self, npv: Floats, attributes: dict[str, Any]) -> xr.Dataset:
        """All parts with labels, units and meanings; npv [item, path] is what they add up to."""
        import xarray as xr

        money, total = str(attributes["currency"]), npv.sum(axis=0)
        whole = np.array([mean(row) for row in (*npv, total)])
        named = {
            "part_value": (("part", "path"), self._totals, "what a part adds to the portfolio's NPV"),
            "item_part_value": (("part", "item", "recorded_path"), self._of_items(), "the same of an item"),
            "part_mean": (("part", "item"), self._moments[..., 0], "what a part adds to the mean NPV"),
            "part_mean_standard_error": (
                ("part", "item"),
                self._moments[..., 1],
                "standard error of part_mean",
            ),
            "npv": ("path", total, "NPV of the portfolio"),
            "npv_mean": ("item", whole[:, 0], "mean NPV"),
            "npv_mean_standard_error": ("item", whole[:, 1], "standard error of npv_mean"),
        }
        variables = {
            name: (dims, values, {"long_name": meaning, "units": money, "source": "A2, MODEL 9"})
            for name, (dims, values, meaning) in named.items()
        }
        return xr.Dataset(variables, self._coordinates(total.size), attributes)

    def _of_items(self) -> Floats:
        """The recorded paths [part, item, recorded_path] with the total as last item."""
        totals = self._totals[:, np.newaxis, : self._recorded]
        return np.concatenate([self._items, totals], axis=1)

    def _coordinates(self, paths: int) -> dict[str, Any]:
        groups, meanings = zip(*PARTS.values(), strict=True)
        return {
            "part": list(PARTS),
            "part_group": ("part", list(groups)),
            "part_meaning": ("part", list(meanings)),
            "item": [*self._names, TOTAL],
            "kind": ("item", [*self._kinds, "total"]),
            "path": np.arange(paths),
            "recorded_path": np.arange(self._recorded),
        }
