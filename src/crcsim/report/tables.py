"""The tables of a result: value of customers, ends of relations, discounting, risk and concentration.

All take the Dataset of `measures.summary` for one strategy; every number is rounded by its standard error.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from crcsim.report.numbers import MoneyScale, money_scale, percent, probability, rounded
from crcsim.report.table import Table

if TYPE_CHECKING:
    import xarray as xr

__all__ = [
    "DISCOUNTINGS",
    "ENDS",
    "beta_table",
    "concentration_table",
    "discounting_table",
    "ends_table",
    "group_table",
    "has_horizon",
    "layer_table",
    "ranked",
    "risk_table",
    "scale_of",
    "scale_of_items",
    "value_table",
]

DISCOUNTINGS = {"wacc": "the WACC", "risk_free": "the risk-free rate", "deflator": "state prices"}
ENDS = {"churn": "churned", "takeover": "taken over", "insolvency": "insolvent", "merger": "merged"}


def scale_of(found: xr.Dataset) -> MoneyScale:
    """The unit of money where only the total is shown."""
    return money_scale(float(found["value_mean"].sel(item="total")), str(found.attrs["currency"]))


def scale_of_items(found: xr.Dataset) -> MoneyScale:
    """The unit of money in tables of many items: the one that suits the largest customer, not the total."""
    items = found["value_mean"].values[found["kind"].values != "total"]
    return money_scale(float(np.nanmax(np.abs(items), initial=0.0)), str(found.attrs["currency"]))


def ranked(found: xr.Dataset, kind: str = "customer") -> list[str]:
    """Names of the items of one kind, the most valuable first."""
    items = found["item"].values[found["kind"].values == kind]
    means = found["value_mean"].sel(item=items).values
    return [str(items[place]) for place in np.argsort(-means, kind="stable")]


def value_table(found: xr.Dataset, most: int | None = None) -> Table:
    """Value with its standard error, and the spread of outcomes: customers by value, levels, total."""
    scale, names = scale_of_items(found), ranked(found)
    notes = [
        f"Value: mean NPV at {DISCOUNTINGS[found.attrs['headline']]}, ± one standard error, in {scale.unit}. "
        "P5 to P95 and P(NPV<0): NPV at the risk-free rate, so that risk is not charged twice."
    ]
    if most is not None and most < len(names):
        notes.append(f"{len(names) - most} more in the report; the total holds all of them.")
    title = f"Value at {DISCOUNTINGS[found.attrs['headline']]}"
    return _values(found, title, "Customer", names[:most], tuple(notes))


def group_table(found: xr.Dataset, by: str) -> Table:
    """The same for groups of customers; `found` is the summary by segment or geography."""
    title = f"Value at {DISCOUNTINGS[found.attrs['headline']]} by {by}"
    return _values(found, title, by.capitalize(), ranked(found), ("Read as the table of customers.",))


def _values(found: xr.Dataset, title: str, heading: str, names: list[str], notes: tuple[str, ...]) -> Table:
    scale, rest, later = scale_of_items(found), [*ranked(found, "level"), "total"], has_horizon(found)
    rows = tuple(_value_row(found.sel(item=name), scale, later) for name in (*names, *rest))
    columns: tuple[str, ...] = (heading, "Value", "±", "P5", "P50", "P95", "P(NPV<0) %")
    if later:
        columns += ("Horizon %",)
        notes += ("Horizon: share of the value that comes after the last period.",)
    align = "l" + "r" * (len(columns) - 1)
    return Table(f"{title} ({scale.unit})", columns, align, rows, notes, totals=len(rest))


def has_horizon(found: xr.Dataset) -> bool:
    """Whether the result holds a value after the last period."""
    return "risk_percentile_without_horizon" in found


def _value_row(item: xr.Dataset, scale: MoneyScale, later: bool) -> tuple[str, ...]:
    value, error = _pair(item, "value_mean")
    percentiles = (_pair(item.sel(quantile=level), "risk_percentile") for level in (0.05, 0.5, 0.95))
    cells = [
        _shown(str(item["item"].values)),
        scale.text(value, error),
        scale.error_text(value, error),
        *(scale.text(*pair) for pair in percentiles),
        probability(float(item["risk_loss_probability"]), int(item.attrs["paths"])).removesuffix("%"),
    ]
    if later:
        cells.append(percent(*_pair(item, "value_horizon_share"), finest=1).removesuffix("%"))
    return tuple(cells)


def _pair(item: xr.Dataset, name: str) -> tuple[float, float]:
    """An estimate and its standard error."""
    return float(item[name]), float(item[f"{name}_standard_error"])


def _shown(name: str) -> str:
    """The name of an item for people."""
    return name.replace("segment:", "segment ", 1) if name.startswith("segment:") else name


def ends_table(found: xr.Dataset, most: int | None = None) -> Table:
    """How the relation with each customer stands at the end of the last period, in % of the paths."""
    names, paths = ranked(found), int(found.attrs["paths"])
    ends = found["end_probability"].sel(item=names)
    active = found["active_at_end"].sel(item=names)
    states = {"active": active, "not active": 1.0 - ends.sum("cause") - active}
    states |= {ENDS[cause]: ends.sel(cause=cause) for cause in ENDS}
    seen = [state for state, share in states.items() if state == "active" or float(share.max()) > 0.5 / paths]
    rows = [
        (name, *(_state_share(state, float(states[state].sel(item=name)), paths) for state in seen))
        for name in names[:most]
    ]
    title, notes = "What becomes of the relation (% of paths)", ["State after the last period."]
    if "not active" in seen:
        notes = ["State after the last period; not active: a prospect still, or lost and perhaps to return."]
    return Table(title, ("Customer", *seen), "l" + "r" * len(seen), tuple(rows), tuple(notes))


def _state_share(state: str, share: float, paths: int) -> str:
    """In %; empty for a merger never seen, which is hardly ever possible."""
    if state in ("merged", "not active") and share < 0.5 / paths:
        return ""
    return probability(share, paths).removesuffix("%")


def discounting_table(
    means: dict[str, tuple[float, float]], found: xr.Dataset, rates: tuple[float, float]
) -> Table:
    """The total under the three discountings, from `means`: (mean, standard error) by discounting.

    `rates`: mean cost of capital and mean risk-free rate of the paths.
    """
    scale = scale_of(found)
    beta = float(found["rate_implied_beta"].sel(item="total"))
    beta_error = float(found["rate_implied_beta_standard_error"].sel(item="total"))
    implied = f"; implied beta {rounded(beta, beta_error)}" if np.isfinite(beta) else ""
    meanings = {
        "wacc": f"expected flows at the firm's cost of capital, {100 * rates[0]:.2f}% on average",
        "risk_free": f"at {100 * rates[1]:.2f}% on average, nothing charged for risk: basis of risk measures",
        "deflator": f"risk priced by how flows move with the market{implied}",
    }
    headline = found.attrs["headline"]
    rows = tuple(
        (
            DISCOUNTINGS[name].removeprefix("the ") + (" (headline)" if name == headline else ""),
            scale.text(mean, error),
            scale.error_text(mean, error),
            meanings[name],
        )
        for name, (mean, error) in means.items()
    )
    return Table(
        f"Total under three discountings ({scale.unit})",
        ("Discounted by", "Value", "±", "Meaning"),
        "lrrl",
        rows,
    )


def risk_table(found: xr.Dataset, horizon: bool = True) -> Table:
    """What each customer adds to value and to the mean of the worst 5% of paths (Euler contributions).

    `horizon=False` leaves out the value after the last period.
    """
    scale, suffix = scale_of_items(found), "" if horizon else "_without_horizon"
    numbers = [
        f"risk_{name}{suffix}" for name in ("cvar_contribution", "conditional_value_at_risk", "value_at_risk")
    ]
    if horizon:
        numbers.insert(0, "risk_mean")
    rest = [*ranked(found, "level"), "total"]
    rows = tuple(
        (_shown(name), *(scale.text(*_pair(found.sel(item=name), number)) for number in numbers))
        for name in (*ranked(found), *rest)
    )
    title = (
        f"Tail of the distribution{'' if horizon else ' without the value after the horizon'} ({scale.unit})"
    )
    columns = ("Customer", *(["Mean"] if horizon else []), "On the worst 5%", "CVaR alone", "VaR alone")
    note = (
        "At the risk-free rate. On the worst 5%: mean NPV on the worst 5% of the paths of the total (Euler "
        "contribution); these add up. CVaR and VaR alone: mean of, and border of, the worst 5% of the item's "
        "own paths; these do not add up. Never subtract any of them from the value at the WACC."
    )
    return Table(title, columns, "l" + "r" * len(numbers), rows, (note,) if horizon else (), totals=len(rest))


def beta_table(found: xr.Dataset) -> Table:
    """Beta stated in the scenario beside the one that the simulated flows imply."""
    rows = []
    for name in (*ranked(found), "total"):
        item = found.sel(item=name)
        assumed = float(
            found["rate_value_weighted_assumed_beta"] if name == "total" else item["rate_assumed_beta"]
        )
        rate = percent(*_pair(item, "rate_certainty_equivalent_rate"), finest=2).removesuffix("%")
        rows.append((name, f"{assumed:.2f}", rounded(*_pair(item, "rate_implied_beta"), finest=2), rate))
    note = (
        "Assumed: loading of the customer's business on the market, as stated (total: value-weighted). "
        "Implied: beta at which the mean flows are worth what state prices make of them. Equivalent rate: "
        "the single rate that gives the value at the WACC."
    )
    gap = float(found["rate_firm_beta_difference"])
    if np.isfinite(gap):
        note += (
            f" The customers' assumed betas, weighted with value, lie {abs(gap):.2f} "
            f"{'above' if gap > 0 else 'below'} the firm's beta without its debt."
        )
    columns = ("Customer", "Assumed beta", "Implied beta", "Equivalent rate %")
    return Table("Market risk", columns, "lrrr", tuple(rows), (note,), totals=1)


def concentration_table(found: xr.Dataset) -> Table:
    """How far the value rests on few customers."""
    tops = [top for top in (1, 3, 5, 10) if top < found.sizes["top"]]
    rows = [
        (
            "share of the largest customer" if top == 1 else f"share of the {top} largest customers",
            percent(*_pair(found.sel(top=top), "value_share_of_top"), finest=1),
        )
        for top in tops
    ]
    rows.append(("effective number of customers", rounded(*_pair(found, "value_effective_number"), finest=1)))
    rows.append(("Herfindahl index", rounded(*_pair(found, "value_herfindahl_index"), finest=3)))
    if float(found["value_negative_share"]) > 0:
        negative = percent(*_pair(found, "value_negative_share"), finest=1)
        rows.append(("value destroyed by customers worth less than nothing", negative))
    return Table("Concentration of value", ("", ""), "ll", tuple(rows))


def layer_table(layers: xr.Dataset, names: Sequence[str], most: int | None = None) -> Table:
    """Share of the variance of NPV that comes from not knowing the parameters, the rest being chance.

    `layers` is the measure of one strategy, `names` the customers; the total comes last.
    """
    rows = []
    for name in (*names[:most], "total"):
        share, error = _pair(layers.sel(item=name), "parameter_share")
        texts = (percent(part, error, finest=1) for part in (share, error, 1.0 - share))
        rows.append((name, *(text.removesuffix("%") for text in texts)))
    note = (
        f"Variance of NPV at {DISCOUNTINGS[layers.attrs['discounting']]}. Parameters: what better knowledge "
        "could remove, ± one standard error. Chance: what would remain with all parameters known."
    )
    columns = ("Customer", "parameters", "±", "chance")
    return Table(
        "What the uncertainty is made of (% of variance)", columns, "lrrr", tuple(rows), (note,), totals=1
    )
