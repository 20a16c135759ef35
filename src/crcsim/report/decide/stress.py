"""The answer of `decide stress`: what shocks take away, and what the worst paths have in common."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from crcsim.measures.estimates import INTERVAL
from crcsim.report.decide.answer import Answer, Part, estimate
from crcsim.report.numbers import money_scale, number, percent, rounded
from crcsim.report.table import Table
from crcsim.report.tables import DISCOUNTINGS

if TYPE_CHECKING:
    import xarray as xr

    from crcsim.report.pictures import Chart

__all__ = ["answer", "statements"]

_MOST_ROWS = 15
_MOST_STATEMENTS = 8
_MOST_IN_FINDING = 2


def answer(found: xr.Dataset) -> Answer:
    """The answer of `decisions.stress`, or of `reverse_stress` alone, for people."""
    parts = []
    if "shock" in found.dims and found.sizes["shock"]:
        parts.append(
            Part(
                "Shocks",
                (_shock_table(found), _customer_table(found)),
                lambda: _shock_charts(found),
                (
                    "Each shock happens at the valuation date and stays; everything else is as in the "
                    "scenario, on the same draws. Value: mean NPV at "
                    f"{DISCOUNTINGS[str(found.attrs['discounting'])]}. CVaR: mean of the worst 5% of the "
                    "paths at the risk-free rate.",
                ),
            )
        )
    parts.append(
        Part("What the worst paths have in common", (_driver_table(found),), lambda: _driver_charts(found))
    )
    told = statements(found)
    question = "what would hurt, and what the worst paths have in common"
    return Answer(question, _finding(found, told), found, tuple(parts), told)


def _finding(found: xr.Dataset, told: tuple[str, ...]) -> str:
    worst = percent(float(found.attrs["worst"]), finest=2)
    if told:
        common = f"what sets the worst {worst} of the paths apart most: {_most_telling(found)}"
    else:
        common = f"nothing surely stands out on the worst {worst} of the paths"
    if "shock" not in found.dims or not found.sizes["shock"]:
        return f"{common[:1].upper()}{common[1:]}."
    single = [place for place, name in enumerate(found["shock"].values) if name != "all together"]
    changes = found["value_change"].sel(item="total").values
    errors = found["value_change_standard_error"].sel(item="total").values
    order = sorted(single, key=lambda place: changes[place])
    if not order:
        order = list(range(found.sizes["shock"]))
    first = order[0]
    scale = money_scale(float(changes[first]), str(found.attrs["currency"]))
    cost = scale.with_error(-float(changes[first]), float(errors[first]))
    before = float(found["value_mean"].sel(item="total"))
    share = f", {percent(-changes[first] / before, 0.005)} of the value" if before > 0.0 else ""
    return (
        f"The worst of the shocks is \N{LEFT DOUBLE QUOTATION MARK}{found['shock'].values[first]}"
        f"\N{RIGHT DOUBLE QUOTATION MARK}, which takes {cost} {scale.unit}{share}; {common}."
    )


def _most_telling(found: xr.Dataset) -> str:
    """The first drivers that stand out, each on the worst paths (with its interval) and on all."""
    told = []
    for place in np.flatnonzero(found["stands_out"].values == 1)[:_MOST_IN_FINDING]:
        one = found.isel(driver=place)
        worst, low, high, usual = _levels(one)
        told.append(f"{one['driver'].values} ({worst}, {low} to {high}; all paths {usual})")
    return " and ".join(told)


def _levels(one: xr.Dataset) -> list[str]:
    """Of one driver: level on the worst paths, the ends of its interval, level on all paths."""
    unit = str(one["driver_unit"].values)
    return [
        _level(float(one[key]), unit) for key in ("worst_level", "worst_low", "worst_high", "usual_level")
    ]


def statements(found: xr.Dataset) -> tuple[str, ...]:
    """What stands out on the worst paths, the most telling first; empty when nothing surely does."""
    chosen = np.flatnonzero(found["stands_out"].values == 1)[:_MOST_STATEMENTS]
    worst = percent(float(found.attrs["worst"]), finest=2)
    return tuple(f"Worst {worst}, {_statement(found.isel(driver=place))}." for place in chosen)


def _statement(one: xr.Dataset) -> str:
    name, (worst, low, high, usual) = str(one["driver"].values), _levels(one)
    if str(one["driver_unit"].values) == "event":
        return f"{name}: on {worst} of them ({low} to {high}), against {usual} of all paths"
    told = f"{name}: {worst} in the median ({low} to {high})"
    level, median = float(one["worst_level"]), float(one["usual_level"])
    if level == median:
        return f"{told}, as of all paths"
    beyond = ("lower", "usual_above") if level < median else ("higher", "usual_below")
    share = _share(float(one[beyond[1]]))
    return f"{told}, {beyond[0]} than on {share} of all paths (median {usual})"


def _share(value: float) -> str:
    """A share of the paths in whole percent, never a rounded 100 %."""
    return f"{min(math.floor(100 * value), 99)}%"


def _level(value: float, unit: str) -> str:
    if unit == "event":
        return f"{100 * value:.0f}%"
    return percent(value, 0.0005, 1) if unit in ("1 per year", "share", "multiple") else number(value)


def _shock_table(found: xr.Dataset) -> Table:
    total = found.sel(item="total")
    changes = total["value_change"].values
    scale = money_scale(
        float(np.abs([*changes, float(total["value_mean"])]).max()), str(found.attrs["currency"])
    )
    before = float(total["value_mean"])
    rows = []
    for place, name in enumerate(found["shock"].values):
        one = total.isel(shock=place)
        value, error = estimate(one, "value_change")
        chance, chance_error = estimate(one, "loss_probability_change")
        rows.append(
            (
                str(name),
                scale.text(value, error),
                scale.error_text(value, error),
                percent(value / before, error / abs(before), 1).removesuffix("%") if before else "",
                scale.with_error(*estimate(one, "cvar_change")),
                percent(chance, chance_error, 2).removesuffix("%"),
                str(one["shock_meaning"].values),
            )
        )
    columns = ("Shock", "Change of value", "±", "%", "Change of CVaR", "P(NPV<0), points", "What happens")
    note = (
        f"Without a shock: value {scale.with_error(*estimate(total, 'value_mean'))}, CVaR "
        f"{scale.with_error(*estimate(found, 'cvar'))} {scale.unit}. ±: one standard error of paired "
        "differences."
    )
    return Table(f"Named shocks ({scale.unit})", columns, "lrrrrrl", tuple(rows), (note,))


def _customer_table(found: xr.Dataset) -> Table:
    """Change of value by customer and shock, those that lose most on the whole first."""
    names = found["item"].values[found["kind"].values != "total"]
    changes, errors = (
        found[f"value_change{end}"].sel(item=names).transpose("item", "shock").values
        for end in ("", "_standard_error")
    )
    order = np.argsort(changes.min(axis=1), kind="stable")[:_MOST_ROWS]
    scale = money_scale(float(np.abs(changes).max()), str(found.attrs["currency"]))
    rows = tuple(
        (
            str(names[place]).replace("segment:", "segment ", 1),
            *(
                scale.text(float(change), float(error)) if change else ""
                for change, error in zip(changes[place], errors[place], strict=True)
            ),
        )
        for place in order
    )
    columns = ("Customer", *(str(name) for name in found["shock"].values))
    notes = ["Empty: the same on every path."]
    if len(names) > len(order):
        notes.append(f"{len(names) - len(order)} more in the file.")
    title = f"Change of value by customer ({scale.unit})"
    return Table(title, columns, "l" + "r" * (len(columns) - 1), rows, tuple(notes))


def _driver_table(found: xr.Dataset) -> Table:
    rows = []
    for place in range(min(found.sizes["driver"], _MOST_ROWS)):
        one = found.isel(driver=place)
        size, error = estimate(one, "difference")
        shown = _levels(one)
        rows.append(
            (
                str(one["driver"].values),
                shown[0],
                f"{shown[1]} to {shown[2]}",
                shown[3],
                rounded(size, error, 2),
                rounded(error, error, 2),
                "yes" if int(one["stands_out"]) else "",
            )
        )
    worst = percent(float(found.attrs["worst"]), finest=2)
    columns = ("Driver", f"Worst {worst}", "95% interval", "All paths", "Difference", "±", "Stands out")
    note = (
        f"The worst {worst} of the paths by NPV of the portfolio at the risk-free rate "
        f"({int(found.attrs['worst_paths']):,} of {int(found.attrs['paths']):,}). Medians, or shares of "
        "the paths with the event. Difference: of the means, in standard deviations of the other paths; it "
        "stands out when it is beyond 0.5, surely (95% for all drivers together). What goes together is not "
        "what causes: sales fall with the market."
    )
    more = found.sizes["driver"] - len(rows)
    notes = (note, f"{more} more in the file.") if more > 0 else (note,)
    return Table("What sets the worst paths apart", columns, "lrlrrrl", tuple(rows), notes)


def _shock_charts(found: xr.Dataset) -> Iterator[Chart]:
    from crcsim.report import figures
    from crcsim.report.pictures import Chart

    total = found.sel(item="total")
    pairs = [
        [estimate(total.isel(shock=place), name) for place in range(found.sizes["shock"])]
        for name in ("value_change", "cvar_change")
    ]
    scale = money_scale(max(abs(value) for row in pairs for value, _ in row), str(found.attrs["currency"]))
    panels = [
        (
            title,
            [
                figures.Estimate(
                    value / scale.factor, INTERVAL * error / scale.factor, scale.text(value, error)
                )
                for value, error in row
            ],
        )
        for title, row in zip(("mean value", "CVaR, worst 5%"), pairs, strict=True)
    ]
    heading = "What each shock takes away"
    names = [str(name) for name in found["shock"].values]
    label = f"Change against no shock ({scale.unit}); lines: 95% intervals"
    yield Chart("shocks", heading, figures.side_by_side(names, panels, label, heading))


def _driver_charts(found: xr.Dataset) -> Iterator[Chart]:
    from crcsim.report import figures
    from crcsim.report.pictures import Chart

    bars = []
    for place in range(min(found.sizes["driver"], _MOST_ROWS)):
        one = found.isel(driver=place)
        size, error = estimate(one, "difference")
        if math.isfinite(size):
            name = str(one["driver"].values)
            text = f"{rounded(size, error, 2)} ± {rounded(error, error, 2)}"
            bars.append(figures.Bar(name, size, error, text, bool(int(one["stands_out"]))))
    if bars:
        worst = percent(float(found.attrs["worst"]), finest=2)
        heading = f"What the worst {worst} of the paths have in common"
        label = (
            f"Mean on the worst {worst} less mean on the others (standard deviations)\n"
            "full colour: stands out; thin: 95% intervals"
        )
        yield Chart("worst_paths", heading, figures.signed_bars(bars, label, heading))
