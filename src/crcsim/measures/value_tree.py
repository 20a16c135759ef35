"""The value tree: what every line adds to the value, in the mean and near its percentiles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from crcsim.costing.value_tree import DEBT, SECURITIES, SHAREHOLDER, Node, value_tree_nodes
from crcsim.errors import ArgumentError
from crcsim.measures import estimates
from crcsim.measures.company_statement import shareholder_terms
from crcsim.measures.conditional import LEAST_PATHS, SHARE_OF_RANKS, Window, window
from crcsim.measures.item_checks import check_products, check_values
from crcsim.measures.item_values import LEVELS, Columns, columns_of_value, item_keys, require_same
from crcsim.measures.values import headline

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["DRILLS", "value_tree"]

Floats = NDArray[np.float64]
#: What the tree can be drilled down by.
DRILLS = ("customer", "product", "segment", "geography")
_NODES_AT_ONCE = 8  # bounds the memory that many paths take
_TREE = ("strategy", "node", "member")
_NEAR = ("strategy", "percentile", "node", "member")


def value_tree(
    dataset: xr.Dataset, *, percentiles: Sequence[float] = (5, 50, 95), drill: str | None = None
) -> xr.Dataset:
    """Present values by line, from the value of the portfolio (or of the shareholders) down to sales.

    Amounts are signed as they enter the value, so that every node is the sum of its children (coordinates
    `label`, `parent`, `sign`, `depth` of `node`). In the result's currency, at the headline discounting:

    - `mean` [strategy, node, member]: over all paths;
    - `conditional_mean` [strategy, percentile, node, member]: over the paths whose portfolio value lies near
      its percentile, in a window of ± 1 % of ranks (200 paths at least, fewer only in a smaller sample).
      Percentiles of lines do not add up to the percentile of their sum; these means do;
    - `root_percentile` [strategy, percentile]: the percentile itself, beside which the conditional mean of
      the root stands; they differ by the width of the window.

    Each has its `_standard_error`. The one `member` is "total", on all paths. With `drill` ("customer",
    "product", "segment", "geography") members are those, what none of them bears, and the total; then
    percentiles and conditional means (not means) are those of the recorded paths, whose number is in the
    attribute `window_sample`. Segments and geographies are sums of customers.

    Raises CrcsimError for a result without items, NumericError where the items do not add up to the value,
    ArgumentError for percentiles outside (0, 100) or another `drill`. Source: SOURCES C12; MODEL 9.
    """
    import xarray as xr

    if drill is not None and drill not in DRILLS:
        raise ArgumentError(f"drill must be one of {', '.join(DRILLS)}, not {drill!r}")
    if len(set(percentiles)) < len(percentiles) or not percentiles:
        raise ArgumentError("percentiles must be given, each once")
    keys = item_keys(dataset)
    check_values(dataset)
    if drill == "product":
        check_products(dataset)
    stated = shareholder_terms(dataset)
    nodes = value_tree_nodes(keys, stated is not None)
    members = _Members(dataset, drill)
    parts = [
        _strategy(dataset, place, nodes, members, percentiles) for place in range(dataset.sizes["strategy"])
    ]
    money = str(dataset.attrs["currency"])
    variables: dict[str, Any] = {}
    for name, (dims, _) in parts[0].items():
        values = np.stack([part[name][1] for part in parts])
        if dims != _NEAR[:2]:
            _add_stated(values, nodes, stated or {}, error=name.endswith("standard_error"))
        variables[name] = (dims, values, {"units": money})
    attributes = {
        "currency": money,
        "discounting": headline(dataset),
        "paths": dataset.sizes["path"],
        "window_sample": members.sample,
        "window": f"± {100 * SHARE_OF_RANKS:g} % of ranks, at least {LEAST_PATHS} paths",
        "window_paths": window(members.root(0), percentiles[0] / 100).count,
        "drill": drill or "",
    }
    found = xr.Dataset(variables, _coordinates(dataset, nodes, members, percentiles), attributes)
    _check_tree(found)
    return found


class _Members:
    """Who the tree is split by, with the items of each: means over all paths, and paths of the sample."""

    def __init__(self, dataset: xr.Dataset, drill: str | None) -> None:
        self.dataset = dataset
        self.columns: Columns | None = None if drill is None else columns_of_value(dataset, drill)
        if self.columns is None:
            self.names: tuple[str, ...] = ("total",)
            self.kinds: tuple[str, ...] = ("total",)
        else:
            self.names = (*self.columns.names[:-1], LEVELS, "total")
            self.kinds = (*self.columns.kinds[:-1], "level", "total")
        self.sample = dataset.sizes["path" if drill is None else "recorded_path"]

    def root(self, strategy: int) -> Floats:
        """Value of the portfolio on the paths of the sample."""
        values: Floats = self._total(strategy).sum(axis=0)
        return values

    def paths(self, strategy: int) -> Iterator[Floats]:
        """Items [item, path] of each member on the paths of the sample; they add up to the last."""
        if self.columns is not None:
            for column in range(len(self.columns.names) - 1):
                yield self.columns.paths(self.dataset, strategy, column)
            levels = self.dataset["level_item_npv"].isel(strategy=strategy)
            yield levels.transpose("level", "item", "recorded_path").values.sum(axis=0)
        yield self._total(strategy)

    def means(self, strategy: int) -> Floats:
        """Mean items over all paths [member, item]."""
        items = self.dataset["item_npv"].isel(strategy=strategy).transpose("item", "path")
        total: Floats = items.values.mean(axis=1)
        if self.columns is None:
            return total[None]
        levels = self.dataset["level_item_npv_mean"].isel(strategy=strategy).transpose("level", "item")
        own = self.columns.means(self.dataset)[strategy, :-1]
        return np.vstack([own, levels.values.sum(axis=0), total])

    def _total(self, strategy: int) -> Floats:
        values: Floats = self.dataset["item_npv"].isel(strategy=strategy).transpose("item", "path").values
        return values[:, : self.sample]


def _strategy(
    dataset: xr.Dataset,
    strategy: int,
    nodes: tuple[Node, ...],
    members: _Members,
    percentiles: Sequence[float],
) -> dict[str, tuple[tuple[str, ...], Floats]]:
    """Everything of one strategy: name -> dimensions, values without the strategy."""
    keys, root = item_keys(dataset), members.root(strategy)
    sums = np.array([[float(key in node.items) for key in keys] for node in nodes])
    windows = [window(root, percentile / 100) for percentile in percentiles]
    errors = np.empty((len(nodes), len(members.names)))
    near = np.empty((2, len(percentiles), len(nodes), len(members.names)))
    for place, items in enumerate(members.paths(strategy)):
        errors[:, place] = _spread(sums, items) / np.sqrt(dataset.sizes["path"])
        for row, one in enumerate(windows):
            near[:, row, :, place] = _near(one, sums, items)
    found = estimates.quantiles(root, [percentile / 100 for percentile in percentiles])
    return {
        "mean": (_TREE, sums @ members.means(strategy).T),
        "mean_standard_error": (_TREE, errors),
        "conditional_mean": (_NEAR, near[0]),
        "conditional_mean_standard_error": (_NEAR, near[1]),
        "root_percentile": (_NEAR[:2], found[0]),
        "root_percentile_standard_error": (_NEAR[:2], found[1]),
    }


def _spread(sums: Floats, items: Floats) -> Floats:
    """Standard deviations of the nodes over the paths, a few nodes at a time; NaN for a single path."""
    if items.shape[1] < 2:
        return np.full(len(sums), np.nan)
    steps = range(0, len(sums), _NODES_AT_ONCE)
    return np.concatenate(
        [(sums[step : step + _NODES_AT_ONCE] @ items).std(axis=1, ddof=1) for step in steps]
    )


def _near(one: Window, sums: Floats, items: Floats) -> Floats:
    """Conditional means of the nodes and their standard errors [2, node]."""
    nodes = sums @ items[:, one.band]
    return np.array([one.mean(values) for values in nodes]).T


def _add_stated(values: Floats, nodes: tuple[Node, ...], stated: dict[str, float], *, error: bool) -> None:
    """Securities and debt: certain, borne by no customer, so in the columns of the levels and of the total;
    values [strategy, ..., node, member].
    """
    if not stated or error:
        return
    amounts = {SECURITIES: stated["securities"], DEBT: -stated["debt"]}
    amounts[SHAREHOLDER] = amounts[SECURITIES] + amounts[DEBT]
    for place, node in enumerate(nodes):
        values[..., place, -2:] += amounts.get(node.key, 0.0)  # without a drill the total stands alone


def _coordinates(
    dataset: xr.Dataset, nodes: tuple[Node, ...], members: _Members, percentiles: Sequence[float]
) -> dict[str, Any]:
    return {
        "strategy": dataset["strategy"].values,
        "percentile": [float(percentile) for percentile in percentiles],
        "node": [node.key for node in nodes],
        "label": ("node", [node.label for node in nodes]),
        "parent": ("node", [node.parent for node in nodes]),
        "sign": ("node", [node.sign for node in nodes]),
        "depth": ("node", [node.depth for node in nodes]),
        "member": list(members.names),
        "kind": ("member", list(members.kinds)),
    }


def _check_tree(found: xr.Dataset) -> None:
    """Children add up to their parent, members to the total."""
    parents, names = found["parent"].values, found["node"].values
    for name in ("mean", "conditional_mean"):
        values = found[name].transpose(..., "node", "member").values
        scale = np.abs(values).sum(axis=-2)
        for place, key in enumerate(names):
            below = np.flatnonzero(parents == key)
            if below.size:
                what = f"The children of {found['label'].values[place]}"
                require_same(what, values[..., below, :].sum(axis=-2), values[..., place, :], scale)
        if len(found["member"]) > 1:
            reach = np.abs(values).sum(axis=(-1, -2))[..., None]
            require_same("The members and their total", values[..., :-1].sum(axis=-1), values[..., -1], reach)
