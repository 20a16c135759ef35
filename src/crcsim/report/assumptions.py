"""What a scenario assumes: every stated number with its source, and every uncertain one with its range."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from crcsim.compile.values import quantities, uncertain_places
from crcsim.report.numbers import money_scale
from crcsim.report.table import Table
from crcsim.scenario.nodes import split

if TYPE_CHECKING:
    from crcsim.compile.distributions import Fitted
    from crcsim.compile.program import Program
    from crcsim.scenario.quantity import Distribution

__all__ = ["Assumption", "Draw", "assumption_tables", "assumptions", "draw_table", "draws"]

_MOST_OWN = 30  # rows of customers' own assumptions that are listed one by one
_NORMAL_95 = 1.6448536269514722  # 95% quantile of the standard normal

#: How the last key of a place is read; a percentage unless it stands here.
_UNITS = {
    **dict.fromkeys(
        ("wallet", "sales", "direct_cost", "spend", "amount", "cost_rate", "half_effect_spend", "capacity"),
        "money",
    ),
    **dict.fromkeys(("duration", "premium_half_life"), "years"),
    **dict.fromkeys(
        ("receivable_days", "payable_days", "prepayment_received_days", "prepayment_made_days"), "days"
    ),
    **dict.fromkeys(("beta", "coupling", "reversion", "value_advantage", "median", "tenure_shape"), ""),
    **dict.fromkeys(
        (
            "log_sd",
            "success_exponent",
            "rho",
            "share_factor",
            "direct_cost_factor",
            "churn_factor",
            "process_factor",
            "steepness",
            "effectiveness",
            "logit",
            "churn_hazard_ratio",
            "ratio",
        ),
        "",
    ),
}


@dataclass(frozen=True)
class Assumption:
    """A number as stated: where, what, on what grounds, and by how many quantities it is used."""

    place: str
    value: float | Distribution
    mean: float
    source: str
    used: int


@dataclass(frozen=True)
class Draw:
    """An uncertain number: where, its family and fitted distribution, and how many quantities share it."""

    place: str
    family: str
    fitted: Fitted
    used: int

    def range(self) -> tuple[float, float]:
        """P5 and P95."""
        low, high = self.fitted.quantile_of_normal(np.array([-_NORMAL_95, _NORMAL_95]))
        return float(low), float(high)


def assumptions(program: Program) -> Iterator[Assumption]:
    """Everything that is stated in the scenario, each place once."""
    stated = [quantity for quantity in quantities(program.scenario) if quantity.position is not None]
    used, central = Counter(quantity.place for quantity in stated), program.sampler.central()
    for place, quantity in {quantity.place: quantity for quantity in stated}.items():
        mean = float(central.of(quantity)[0])
        yield Assumption(place, quantity.value, mean, quantity.source or "", used[place])


def draws(program: Program) -> Iterator[Draw]:
    """Every uncertain quantity, in order of its place."""
    used = Counter(quantity.place for quantity in quantities(program.scenario))
    for place, distribution in uncertain_places(program.scenario).items():
        yield Draw(place, distribution.family, program.sampler.fitted[place], used[place])


def assumption_tables(program: Program) -> list[Table]:
    """Shared assumptions; customers' own one by one, or over all customers where there are many."""
    stated, currency = list(assumptions(program)), program.scenario.money.currency
    own = [item for item in stated if _owner(item.place)]
    shared = [item for item in stated if not _owner(item.place)]
    rows = tuple(
        (
            item.place,
            value_text(item.place, item.value, currency),
            f"{item.used} x" if item.used > 1 else "",
            item.source,
        )
        for item in shared
    )
    tables = [Table("Shared assumptions", ("Place", "Value", "Used", "Source"), "llll", rows)]
    tables.append(_list_of_own(own, currency) if len(own) <= _MOST_OWN else _ranges_of_own(own, currency))
    return [table for table in tables if table.rows]


def _owner(place: str) -> str:
    """The customer whose own assumption it is, or nothing."""
    keys = split(place)
    return keys[1] if keys[0] == "customers" else ""


def _list_of_own(own: list[Assumption], currency: str) -> Table:
    rows = tuple((item.place, value_text(item.place, item.value, currency), item.source) for item in own)
    return Table("Customers' own assumptions", ("Place", "Value", "Source"), "lll", rows)


def _ranges_of_own(own: list[Assumption], currency: str) -> Table:
    """One row per parameter: how many customers state it, between which means, from which sources."""
    by_parameter: dict[str, list[Assumption]] = defaultdict(list)
    for item in own:
        by_parameter[".".join(split(item.place)[2:])].append(item)
    rows = []
    for parameter, items in sorted(by_parameter.items()):
        means = [item.mean for item in items]
        sources = list(dict.fromkeys(item.source for item in items if item.source))
        more = f" (and {len(sources) - 1} more)" if len(sources) > 1 else ""
        ends = [number_text(parameter, end, currency, 3) for end in (min(means), max(means))]
        rows.append((parameter, str(len(items)), *ends, sources[0] + more if sources else ""))
    return Table(
        "Customers' own assumptions (range of the means)",
        ("Parameter", "Customers", "Lowest", "Highest", "Source"),
        "lrrrl",
        tuple(rows),
        ("Each with its source: --json.",),
    )


def draw_table(program: Program) -> Table:
    """What is drawn once per path."""
    currency, rows = program.scenario.money.currency, []
    for draw in draws(program):
        texts = [number_text(draw.place, number, currency, 3) for number in (draw.fitted.mean, *draw.range())]
        shared = f"one draw, shared {draw.used} x" if draw.used > 1 else "own draw"
        rows.append((draw.place, draw.family.replace("_", " "), *texts, shared))
    note = (
        "Drawn once per path and held. Shocks of market, industries, customers and shares, and events, "
        "are drawn every period."
    )
    return Table(
        "Uncertain numbers", ("Place", "Family", "Mean", "P5", "P95", "Draw"), "llrrrl", tuple(rows), (note,)
    )


def value_text(place: str, value: float | Distribution, currency: str) -> str:
    """A stated number or distribution in the unit of its place."""
    if isinstance(value, int | float):
        return number_text(place, float(value), currency)
    stated = {f"P{100 * p:g}": x for p, x in value.quantiles} or dict(value.parameters)
    inside = ", ".join(f"{name} {number_text(place, x, currency)}" for name, x in stated.items())
    family = "" if value.family == "quantiles" else f"{value.family.replace('_', ' ')}: "
    return family + inside


def number_text(place: str, value: float, currency: str, digits: int = 4) -> str:
    """A number in the unit that its place implies, with at most so many significant digits."""
    keys = split(place)
    unit = "" if keys[-2:] == ("share", "volatility") else _UNITS.get(keys[-1], "%")
    if not np.isfinite(value):
        return "endless"
    if unit == "money":
        scale = money_scale(value, currency)
        return f"{value / scale.factor:.{digits}g} {scale.unit}"
    if unit == "%":
        return f"{100 * value:.{digits}g}%"
    return f"{value:.{digits}g} {unit}".rstrip()
