"""Every effect of the levers on its own scale: today, furthest in the strategy, at saturation (eq. 5.3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from crcsim.report.expectation.shifts import Acting, affected_lines
from crcsim.report.explained_strategies.known import KnownStrategies
from crcsim.report.table import Table
from crcsim.scenario.customers import Customer
from crcsim.scenario.levers import Effect
from crcsim.scenario.lines import Line
from crcsim.valuation.share import expit, logit

__all__ = ["effect_facts", "effect_table"]

#: Of every kind of effect: its words, the scale on which it shifts, how its numbers are written.
_KINDS = {
    "share_logit": ("share target", "logit", "%"),
    "share_points": ("share target", "logit", "%"),
    "churn_hazard_ratio": ("churn hazard a year", "log", "%"),
    "takeover_retention": ("stays after a takeover", "logit", "%"),
    "wallet_growth": ("wallet trend a year", "growth", "%"),
    "wallet_creation": ("wallets created a year", "plain", ""),
    "coupling": ("coupling", "plain", ""),
    "effectiveness": ("effectiveness", "log", ""),
    "variable_cost_ratio": ("variable cost", "log", "%"),
    "price_premium": ("premium", "plain", "%"),
    "capacity": ("capacity a year", "plain", "money"),
    "process_cost_ratio": ("process cost rates", "log", ""),
}
_OF_SHARES = ("share_logit", "share_points")  # of those that move
_OF_CUSTOMERS = ("churn_hazard_ratio", "takeover_retention", "coupling", "process_cost_ratio")


@dataclass(frozen=True)
class Moved:
    """One number that an effect moves: of whom, from where, by which shift at saturation."""

    kind: str
    on: str
    today: float
    shift: float  # at saturation, causal share included, on the scale of the effect
    weight: float  # sales of the customer, by which the one to be shown is chosen

    def at(self, response: float) -> float:
        """The number at a response."""
        scale, shift = _KINDS[self.kind][1], self.shift * response
        if scale == "logit":
            return float(expit(logit(self.today) + shift)) if 0.0 < self.today < 1.0 else self.today
        if scale == "log":
            return self.today * float(np.exp(shift))
        if scale == "growth":
            return float(np.expm1(np.log1p(self.today) + shift))
        return max(0.0, self.today + shift) if self.kind == "wallet_creation" else self.today + shift


def _moved(known: KnownStrategies, each: Acting, effect: Effect) -> Iterator[Moved]:
    """All numbers that an effect of a lever moves."""
    causal_share = known.mean(each.lever.causal_share)
    size = known.mean(effect.size)
    plain = {"log": np.log(size) if size > 0.0 else -np.inf, "growth": np.log1p(size)}
    shift = float(plain.get(_KINDS[effect.kind][1], size)) * causal_share
    if effect.kind == "effectiveness":
        yield from (Moved(effect.kind, name, 1.0, shift, 0.0) for name in effect.levers)
    elif effect.kind == "capacity":
        for name in each.lever.target.names:
            capacity = known.scenario.products[name].capacity
            yield Moved(effect.kind, name, known.mean(capacity) if capacity else np.inf, shift, 0.0)
    else:
        yield from _moved_of_customers(known, each, effect, shift)


def _moved_of_customers(
    known: KnownStrategies, each: Acting, effect: Effect, shift: float
) -> Iterator[Moved]:
    first = 0
    for place, (customer, expected) in enumerate(zip(known.scenario.customers, known.expected, strict=True)):
        lines = affected_lines(each.lever.target, customer, effect.line)
        if lines and effect.kind in _OF_CUSTOMERS:
            today = _today_of_customer(known, effect.kind, customer, place)
            yield Moved(effect.kind, customer.name, today, shift, expected.sales_now)
        elif effect.kind not in _OF_CUSTOMERS:
            for line in lines:
                stated = customer.lines[line]
                if effect.kind in _OF_SHARES and stated.share.kind != "moving":
                    continue
                today = _today_of_line(known, effect.kind, customer, first + line)
                own = _points(known, each, effect, stated) if effect.kind == "share_points" else shift
                name = f"{customer.name}, {stated.product}"
                yield Moved(effect.kind, name, today, own, expected.sales_now)
        first += len(customer.lines)


def _points(known: KnownStrategies, each: Acting, effect: Effect, line: Line) -> float:
    """Percentage points of share as logit points at today's share."""
    now, points = known.mean(line.share.now), known.mean(effect.size)
    return float(logit(now + points) - logit(now)) * known.mean(each.lever.causal_share)


def _today_of_customer(known: KnownStrategies, kind: str, customer: Customer, place: int) -> float:
    rows = known.customer_rows
    if kind == "churn_hazard_ratio":
        return float(rows[f"churn_{customer.phase}"][place]) * known.per_year
    if kind == "process_cost_ratio":
        return 1.0
    return float(rows["retained" if kind == "takeover_retention" else "coupling"][place])


def _today_of_line(known: KnownStrategies, kind: str, customer: Customer, place: int) -> float:
    rows = known.line_rows
    if kind in _OF_SHARES:
        return float(expit(rows[f"logit_target_{customer.phase}"][place]))
    if kind == "wallet_growth":
        return float(np.expm1(np.log(rows["trend"][place]) * known.per_year))
    if kind == "wallet_creation":
        return float(rows["jump_mean"][place]) * known.per_year
    return float(rows["premium" if kind == "price_premium" else "variable_cost"][place])


def effect_table(known: KnownStrategies) -> Table:
    """One row for every effect; of several customers the largest."""
    rows = []
    for strategy in known.scenario.strategies:
        for each in known.acting[strategy.name]:
            for effect in each.lever.effects:
                moved = list(_moved(known, each, effect))
                if moved:
                    rows.append((strategy.name, each.lever.name, *_cells(known, each, moved)))
    notes = (
        "At the means of sizes and causal shares. Furthest: at the largest response of the lever in the "
        "strategy, so many years after the valuation date; at saturation: with unlimited spend. The share "
        "target is that of a customer in its phase of today (median). Of several the largest one is shown; "
        "all: --json.",
    )
    columns = ("Strategy", "Lever", "Effect", "Of", "Today", "Furthest", "year", "At saturation")
    return Table("Effects of the levers, each alone", columns, "llllrrrr", tuple(rows), notes)


def _cells(known: KnownStrategies, each: Acting, moved: list[Moved]) -> tuple[str, ...]:
    shown = max(moved, key=lambda one: one.weight)
    place, response = _furthest(each)
    more = f" and {len(moved) - 1} more" if len(moved) > 1 else ""
    numbers = [_text(known, shown.kind, value) for value in (shown.today, shown.at(response), shown.at(1.0))]
    year = f"{(place + 1) / known.per_year:.3g}"
    return (_KINDS[shown.kind][0], shown.on + more, numbers[0], numbers[1], year, numbers[2])


def _furthest(each: Acting) -> tuple[int, float]:
    """Period and size of the response that is furthest from today's."""
    place = int(np.argmax(np.abs(each.course.response)))
    return place, float(each.course.response[place])


def _text(known: KnownStrategies, kind: str, value: float) -> str:
    unit = _KINDS[kind][2]
    if not np.isfinite(value):
        return "no limit"
    if unit == "money":
        return known.money(value)
    return f"{100 * value:.2f}%" if unit == "%" else f"{value:.3f}"


def effect_facts(known: KnownStrategies, each: Acting) -> list[dict[str, Any]]:
    """Every number that a lever moves, by year."""
    responses = known.year_ends(each.course.response)
    return [
        {
            "effect": effect.kind,
            "of": moved.on,
            "today": moved.today if np.isfinite(moved.today) else None,
            "by_year": [moved.at(float(part)) for part in responses] if np.isfinite(moved.today) else None,
            "at_saturation": moved.at(1.0) if np.isfinite(moved.today) else None,
        }
        for effect in each.lever.effects
        for moved in _moved(known, each, effect)
    ]
