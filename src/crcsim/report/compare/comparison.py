"""Everything that is told of a comparison, gathered from the two results once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from crcsim.decisions import Change, compare, scenario_changes
from crcsim.decisions.compare import RISK_DISCOUNTING
from crcsim.decisions.sides import chosen_strategies
from crcsim.measures.values import Floats, path_values
from crcsim.report.findings import PREVIEW_PATHS
from crcsim.results.strategies import caveats, deeds

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["Comparison", "compared"]


@dataclass(frozen=True)
class Comparison:
    """`decisions.compare` of two sides and what stands beside it.

    `labels` name the sides for people; `totals` are their NPV [path] at the risk-free rate; `changes` is what
    differs between the scenarios: None where a result does not say, empty where nothing does or both sides
    are strategies of one result (`one_result`). `notes` are what a reader should know before the numbers,
    `caveats` what must be told with them, and `deeds` what each strategy of one result does.
    """

    found: xr.Dataset
    labels: tuple[str, str]
    totals: tuple[Floats, Floats]
    changes: tuple[Change, ...] | None
    one_result: bool
    notes: tuple[str, ...]
    caveats: tuple[str, ...] = ()
    deeds: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def words(self) -> tuple[str, str]:
        """What the sides are called within a sentence."""
        return self.labels if self.one_result else ("the first", "the second")

    @property
    def heads(self) -> tuple[str, str]:
        """What the sides are called at the head of a column."""
        return self.labels if self.one_result else ("First", "Second")

    @property
    def apart(self) -> str:
        """What the difference is called: "second less first"."""
        first, second = self.labels if self.one_result else ("first", "second")
        return f"{second} less {first}"

    @property
    def unlike(self) -> tuple[str, str]:
        """The sides in a probability: P(second > first)."""
        return self.labels if self.one_result else ("first", "second")

    def untouched(self, kind: str = "customer") -> list[str]:
        """Names of the items of one kind whose value is the same on every path."""
        chosen = (self.found["kind"].values == kind) & self.found["untouched"].values
        return [str(name) for name in self.found["item"].values[chosen]]

    @property
    def paired(self) -> bool:
        """Whether path n of both sides is the same future."""
        return bool(self.found.attrs["paired"])


def compared(
    first: xr.Dataset,
    second: xr.Dataset | None,
    strategies: tuple[str, str] | None = None,
    *,
    discounting: str | None = None,
    names: tuple[str, str] = ("first", "second"),
) -> Comparison:
    """Compare two results, or two strategies of the first; `names` are those of their files.

    Raises as `decisions.compare` does.
    """
    found = compare(first, second, strategies, discounting=discounting)
    sides = chosen_strategies(first, second, strategies)
    return Comparison(
        found=found,
        labels=_labels(sides, names, second is None),
        totals=(_total(sides[0]), _total(sides[1])),
        changes=() if second is None else scenario_changes(*sides),
        one_result=second is None,
        notes=tuple(_notes(sides)),
        caveats=caveats(*sides),
        deeds=deeds(first, _strategies(sides)) if second is None else {},
    )


def _strategies(sides: tuple[xr.Dataset, xr.Dataset]) -> tuple[str, str]:
    """The strategy of either side."""
    return str(sides[0]["strategy"].values[0]), str(sides[1]["strategy"].values[0])


def _total(side: xr.Dataset) -> Floats:
    total: Floats = path_values(side, RISK_DISCOUNTING).total[0]
    return total


def _labels(
    sides: tuple[xr.Dataset, xr.Dataset], names: tuple[str, str], one_result: bool
) -> tuple[str, str]:
    """Title and file of each result, or the names of the strategies."""
    strategies = _strategies(sides)
    if one_result:
        return strategies
    told = []
    for side, name, strategy in zip(sides, names, strategies, strict=True):
        title = str(side.attrs.get("title", ""))
        label = f"{title} ({name})" if title and title != name else name
        told.append(label if strategies[0] == strategies[1] else f"{label}, {strategy}")
    return told[0], told[1]


def _notes(sides: tuple[xr.Dataset, xr.Dataset]) -> Iterator[str]:
    """What lies behind a difference beside the scenarios, or limits what it says."""
    fewest = min(side.sizes["path"] for side in sides)
    if fewest < PREVIEW_PATHS:
        yield f"Preview: {fewest:,} paths. Use 10,000 or more for numbers that you report."
    versions = [str(side.attrs.get("crcsim_version", "")) for side in sides]
    if versions[0] != versions[1]:
        yield f"Made by different versions of crcsim ({versions[0]} and {versions[1]}), which may differ too."
    years = [_years(side) for side in sides]
    if years[0] != years[1]:
        yield (
            f"The horizons differ ({years[0]:g} and {years[1]:g} years): a part of the difference is time "
            "that only one of the two counts."
        )
    if ("horizon_value" in sides[0]) != ("horizon_value" in sides[1]):
        holder = "first" if "horizon_value" in sides[0] else "second"
        yield f"Only the {holder} counts a value after the last period."


def _years(side: xr.Dataset) -> float:
    """Length of the horizon."""
    return side.sizes.get("period", 0) / float(side.attrs.get("periods_per_year", 1))
