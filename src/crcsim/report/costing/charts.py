"""From a ledger to its pictures: each chart says in its heading what it shows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction

import numpy as np

from crcsim.costing.comparison import ORDER_SIZES, REST, AllocationEffect, ComplexityEffect, break_even_size
from crcsim.costing.hierarchy import hierarchy
from crcsim.costing.journal import Booking
from crcsim.costing.ledger import Ledger
from crcsim.costing.statements import customer_contribution
from crcsim.report import figures
from crcsim.report.costing.tables import CostingTables
from crcsim.report.figures.complexity import Complexity
from crcsim.report.figures.degression import Degression
from crcsim.report.numbers import MoneyScale, fixed, money_scale
from crcsim.report.pictures import Chart

__all__ = ["CHART_NAMES", "draw_charts"]

CHART_NAMES = (
    "customer-contributions",
    "cost-by-level",
    "allocation-effect",
    "complexity-effect",
    "degression-effect",
)
_MOST_CUSTOMERS = 30
_MOST_PRODUCTS = 20
_MOST_PANELS = 6
_REACH = 3.0  # how far beyond the stated order sizes a break-even size is still drawn
_POINTS = 200


def draw_charts(tables: CostingTables) -> Iterator[Chart]:
    """All charts of a ledger: what it has no data for is left out. Draw inside `figures.look()`."""
    ledger, effects = tables.ledger, tables.effects
    if ledger.customers:
        yield _contributions(ledger, tables.bookings)
    if any(level.amount for level in hierarchy(tables.bookings)):
        yield _levels(ledger, tables.bookings)
    if effects is not None:
        if ledger.customers:
            yield _allocation(ledger, effects.allocation)
        if effects.complexity:
            yield _complexity(ledger, effects.complexity)
            yield _degression(ledger, effects.complexity)


def _scale(ledger: Ledger, amounts: Sequence[Decimal]) -> MoneyScale:
    return money_scale(float(max((abs(amount) for amount in amounts), default=0)), ledger.currency)


def _cut(shown: int, all_of_them: int, noun: str) -> str:
    """What a label adds when not all have a row."""
    return f"\nThe {shown} largest of {all_of_them:,} {noun}" if shown < all_of_them else ""


def _contributions(ledger: Ledger, bookings: Sequence[Booking]) -> Chart:
    names = ledger.customers
    amounts = customer_contribution(bookings, names, lambda booking: booking.customer).amounts
    first = dict(zip(names, amounts["customer_contribution_1"], strict=False))
    second = dict(zip(names, amounts["customer_contribution_2"], strict=False))
    size = {name: max(abs(first[name]), abs(second[name])) for name in names}
    losses = sorted((name for name in names if second[name] < 0), key=lambda name: second[name])
    largest = sorted(names, key=lambda name: -size[name])
    shown = list(dict.fromkeys([*losses[: _MOST_CUSTOMERS // 2], *largest]))[:_MOST_CUSTOMERS]
    shown.sort(key=lambda name: -second[name])
    scale = _scale(ledger, list(size.values()))
    heading = f"Customer contribution I and II: {_losses(len(names), first, second)}"
    label = f"Contribution over all periods ({scale.unit}); the line between is process costs"
    if len(shown) < len(names):
        label += f"\nThe {len(shown)} largest of {len(names):,} customers, the largest losses among them"
    one, two = ([float(each[name]) / scale.factor for name in shown] for each in (first, second))
    return Chart(CHART_NAMES[0], heading, figures.contribution_dots(shown, one, two, label, heading))


def _losses(customers: int, first: dict[str, Decimal], second: dict[str, Decimal]) -> str:
    before, after = (sum(amount < 0 for amount in each.values()) for each in (first, second))
    if not before and not after:
        return "none below zero"
    return f"{before} and {after} of {customers:,} customers below zero"


def _levels(ledger: Ledger, bookings: Sequence[Booking]) -> Chart:
    levels = hierarchy(bookings)
    later = [sum((amount for _, amount in level.after_notice), Decimal(0)) for level in levels]
    scale = _scale(ledger, [level.amount for level in levels])
    parts = {
        "reducible in the period": [level.in_period for level in levels],
        "after notice": later,
        "not reducible": [level.not_reducible for level in levels],
    }
    whole = sum((level.amount for level in levels), Decimal(0))
    shares = [float(100 * sum(amounts, Decimal(0)) / whole) for amounts in parts.values()]
    heading = (
        f"Costs by level: {shares[0]:.0f}% reducible in the period, {shares[1]:.0f}% after notice, "
        f"{shares[2]:.0f}% not"
    )
    scaled = {name: [float(amount) / scale.factor for amount in each] for name, each in parts.items()}
    texts = [_short(float(level.amount) / scale.factor) for level in levels]
    label = f"Costs over all periods at the level that causes them ({scale.unit})"
    names = [level.level for level in levels]
    return Chart(CHART_NAMES[1], heading, figures.stacked_bars(names, scaled, texts, label, heading))


def _short(amount: float) -> str:
    """Three digits, of very small amounts that they are small."""
    return "<0.001" if 0 < amount < 0.001 else f"{amount:.3g}"


def _allocation(ledger: Ledger, effects: Sequence[AllocationEffect]) -> Chart:
    own = [each for each in effects if each.customer != REST]
    shown = _of_both_sides(sorted(own, key=lambda each: -each.difference))
    scale = _scale(ledger, [each.difference for each in own])
    heading = f"Allocation effect: {_better(sum(each.difference > 0 for each in own), len(own), 'customer')}"
    rest = next(each.difference for each in effects if each.customer == REST)
    label = f"Overhead by processes less that by surcharges, all periods ({scale.unit})"
    if len(shown) < len(own):
        label += f"\nThe {len(shown)} largest of {len(own):,} customers, of both sides"
    if rest:
        amount = fixed(abs(float(rest)) / scale.factor, 1)
        more = "more" if rest > 0 else "less"
        label += f"\nProcesses leave {amount} {scale.unit} {more} with the company than surcharges do"
    sides = ("subsidised: its processes cost more", "subsidises: its processes cost less")
    values = [float(each.difference) / scale.factor for each in shown]
    names = [each.customer for each in shown]
    return Chart(CHART_NAMES[2], heading, figures.two_sided_bars(names, values, sides, label, heading))


def _of_both_sides(ordered: Sequence[AllocationEffect]) -> list[AllocationEffect]:
    """The largest of either side, half of each where both have so many; `ordered` from the top down."""
    above = sum(each.difference > 0 for each in ordered)
    below = len(ordered) - above
    half = _MOST_CUSTOMERS // 2
    first = min(above, max(half, _MOST_CUSTOMERS - below))
    last = min(below, _MOST_CUSTOMERS - first)
    return [*ordered[:first], *ordered[len(ordered) - last :]]


def _better(number: int, all_of_them: int, noun: str) -> str:
    """How many the surcharges flatter."""
    if not number:
        return f"surcharges make no {noun} look better than it is"
    if all_of_them == 1:
        return f"surcharges make the {noun} look better than it is"
    return f"surcharges make {number:,} of {all_of_them:,} {noun}s look better than they are"


def _complexity(ledger: Ledger, effects: Sequence[ComplexityEffect]) -> Chart:
    shown = _with_most_overhead(effects, _MOST_PRODUCTS)
    shown.sort(key=lambda each: -each.processes_per_unit)
    rows = [
        Complexity(each.product, float(each.by_surcharge), float(each.by_process), _ratio(each))
        for each in shown
    ]
    better = _better(sum(each.difference > 0 for each in effects), len(effects), "product")
    heading = f"Complexity effect: {better}"
    label = (
        f"Overhead per unit ({ledger.currency}); at the right processes / surcharges, and product processes "
        "per unit"
    )
    label += _cut(len(shown), len(effects), "products")
    return Chart(CHART_NAMES[3], heading, figures.complexity_dots(rows, label, heading))


def _ratio(effect: ComplexityEffect) -> str:
    ratio = f"×{float(effect.by_process / effect.by_surcharge):.3g}" if effect.by_surcharge else "–"
    return f"{ratio};  {float(effect.processes_per_unit):.2g}"


def _with_most_overhead(effects: Sequence[ComplexityEffect], most: int) -> list[ComplexityEffect]:
    """The products that bear most by processes, in their own order."""
    largest = sorted(effects, key=lambda each: -each.by_process * Fraction(each.units))[:most]
    return [each for each in effects if each in largest]


def _degression(ledger: Ledger, effects: Sequence[ComplexityEffect]) -> Chart:
    shown = _with_most_overhead(effects, _MOST_PANELS)
    sizes = [float(size) for size in ledger.order_sizes or ORDER_SIZES]
    panels = [_panel(each, min(sizes), max(sizes)) for each in shown]
    heading = "Degression effect: what small orders cost"
    for panel in panels:
        if panel.crossing is not None:
            heading = (
                f"Degression effect: orders of {figures.shortened(panel.product, 22)} below "
                f"{figures.number(panel.crossing)} units cost more than surcharges say"
            )
            break
    if len(shown) < len(effects):
        heading += f"\n(the {len(shown)} of {len(effects):,} products with the most overhead)"
    unit = f"{ledger.currency} per unit"
    return Chart(CHART_NAMES[4], heading, figures.degression_panels(panels, unit, heading))


def _panel(effect: ComplexityEffect, low: float, high: float) -> Degression:
    """The curve over the stated sizes, widened to the mean order, and to the break-even size if near."""
    mean, meets = float(effect.mean_size), break_even_size(effect)
    crossing = None if meets is None else float(meets)
    low, high = min(low, mean / 1.2), max(high, mean * 1.2)
    if crossing is not None and low / _REACH <= crossing <= high * _REACH:
        low, high = min(low, crossing / 1.5), max(high, crossing * 1.5)
    grid = np.geomspace(low, high, _POINTS)
    costs = float(effect.per_unit) + float(effect.per_order) / grid
    at_mean = (mean, float(effect.by_process))
    return Degression(effect.product, grid, costs, float(effect.by_surcharge), crossing, at_mean)
