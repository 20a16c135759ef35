"""The series of the cascade, their bearers and items, in the order in which the kernel books them (MODEL 8).

A series is one flow of one source; an item is a sum of series times coefficients.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from crcsim.compile.costs.parts import CustomerCosts, LineCosts, Part, Rate
from crcsim.compile.executives import level_costs
from crcsim.compile.levers import lever_level
from crcsim.costing.items import ITEMS, item_key
from crcsim.costing.lines import DIRECT_LINES, TIMING_LINES, VARIABLE_LINES
from crcsim.kernels.arrays import Cascade, Integers
from crcsim.kernels.rows import FLOW
from crcsim.scenario.levers import Lever
from crcsim.scenario.scenario import Scenario

__all__ = ["Layout", "Source", "build_cascade"]

#: Amount of each item per unit of a series.
Coefficients = dict[str, float]

#: Items of the flows that a customer may have beside its lines, fixed costs and reserves.
_FLOW_ITEMS: Mapping[str, Coefficients] = {
    "acquisition": {"acquisition": -1.0},
    "notice": {"notice_costs": -1.0},
    "notice_noncash": {"notice_add_back": 1.0},
    "receivables": {"receivables": 1.0},
    "prepayments_received": {"prepayments_received": 1.0},
    "prepayments_made": {"prepayments_made": 1.0},
    "payables": {"payables": 1.0},
    "write_off": {"write_off": -1.0},
    "tax": {"tax": -1.0},
    "investment": {"investment": -1.0},
    "relationship_spend": {"relationship_spend": -1.0},
    "programme_investment": {"programme_investment": -1.0},
    "executive_cost": {"executive_cost": -1.0},
    "unavoidable": {"unavoidable": -1.0},
    "unavoidable_noncash": {"company_add_back": 1.0},
    "unavoidable_tax": {"tax": -1.0},
}
#: Rows of the amount of a level cost and, after it, of its tax, in `kernels.cash.levels.charge_levels`.
_LEVEL_ROW = 3
_CONCESSION: Coefficients = {"gross_sales": 1.0, "price_concessions": -1.0}
_COMPANY_FLOWS = ("unavoidable", "unavoidable_noncash", "unavoidable_tax")


#: How a saving is shared out to items: (part, share).
SharedOut = Sequence[tuple[Part, float]]


@dataclass(frozen=True)
class Source:
    """A customer as a source of flows: its costs, the products of its lines, which flows it has at all, and
    the first row of its flows within its group.
    """

    customer: int
    costs: CustomerCosts
    products: tuple[int, ...]
    flows: tuple[str, ...]
    concedes: bool
    to_company: bool
    row: int
    savings: Sequence[tuple[SharedOut, SharedOut]]

    @property
    def first_flow(self) -> int:
        """Row of the first FLOW row."""
        c = self.costs
        return self.row + 2 * len(c.lines) + len(c.ratios()) + len(c.charges) + len(c.reserves)


@dataclass(frozen=True)
class _Series:
    bearer: int
    row: int
    product: int
    coefficients: Coefficients


@dataclass(frozen=True)
class Layout:
    """The cascade for the kernel, its items, and by group the first slot and the end of its series."""

    cascade: Cascade
    items: tuple[str, ...]
    slots: list[int]
    rows: list[int]
    slot_start: list[int]
    series_start: list[int]
    series_end: list[int]
    company_series: dict[int, int]
    lever_series: dict[int, int]


def build_cascade(
    scenario: Scenario,
    groups: Sequence[Sequence[Source]],
    levels: Sequence[str],
    level_of_cost: Sequence[int],
    *,
    tax: float | None,
    horizon: bool,
    may_own: Callable[[int, int], bool],
) -> Layout:
    """Lay out the series: level costs first, then group by group, owner by owner, source by source.

    may_own(owner, source) says whether the lines of a customer can come to be another one's by mergers.
    tax: the rate where it is the same on every path; None where it is not, which gives series of their own.
    """
    series = [
        _Series(-1 - level, row, -1, coefficients)
        for cost, level in zip(level_costs(scenario), level_of_cost, strict=True)
        for row, coefficients in enumerate(
            _level_coefficients(cost.line, cost.level, cost.cash_share, tax is None), start=_LEVEL_ROW
        )
    ]
    lever_series: dict[int, int] = {}
    for place, lever in enumerate(scenario.levers):
        if (name := lever_level(lever)) is not None:
            lever_series[place] = len(series)
            series += _lever_series(lever, name, -1 - levels.index(name), tax is None)
    slots: list[int] = []
    slot_start: list[int] = []
    series_start: list[int] = []
    series_end: list[int] = []
    company: dict[int, int] = {}
    for members in groups:
        slot_start.append(len(slots))
        series_start.append(len(series))
        for owner in members:
            for source in members:
                slots.append(len(series))
                if may_own(owner.customer, source.customer):
                    series += _source_series(source, owner.customer)
        slots.append(len(series))
        for source in members:
            if source.to_company:
                company[source.customer] = len(series)
                series += _company_series(source, -1 - levels.index("company"), tax is None)
        series_end.append(len(series))
    if tax:
        series = [dataclasses.replace(each, coefficients=_taxed(each.coefficients, tax)) for each in series]
    items = _used_items(series, horizon)
    rows = [each.row for each in series]
    bounds = (slot_start, series_start, series_end)
    return Layout(_cascade(series, items), items, slots, rows, *bounds, company, lever_series)


def _lever_series(lever: Lever, level: str, bearer: int, taxed: bool) -> Iterator[_Series]:
    """Spend on a lever at a level, and its tax where that is a series of its own."""
    item = "programme_investment" if lever.booked_as == "investment" else "relationship_spend"
    yield _Series(bearer, _LEVEL_ROW, -1, {f"{item}:{level.split(':')[0]}": -1.0})
    if taxed and lever.booked_as == "expense":
        yield _Series(bearer, _LEVEL_ROW + 1, -1, {"tax": -1.0})


def _level_coefficients(line: str, level: str, cash_share: float, taxed: bool) -> Iterator[Coefficients]:
    yield _cost(item_key(line, level), 1.0, cash_share, "company_add_back")
    if taxed:
        yield {"tax": -1.0}


def _cost(item: str, amount: float, cash_share: float, add_back: str) -> Coefficients:
    """A cost, and its payment-ineffective part added back."""
    found = {item: -amount}
    if cash_share < 1.0:
        found[add_back] = amount * (1.0 - cash_share)
    return found


def _taxed(coefficients: Coefficients, tax: float) -> Coefficients:
    """With the tax on what the items add to profit."""
    profit = math.fsum(amount for item, amount in coefficients.items() if item not in _NO_PROFIT)
    return {**coefficients, "tax": -tax * profit} if profit else coefficients


#: Items that move cash and not profit.
_NO_PROFIT = frozenset(
    (
        *(f"{kind}_add_back" for kind in ("variable", "direct", "indirect", "notice", "company")),
        *TIMING_LINES,
        "investment",
        *(f"programme_investment{level}" for level in ("", ":segment", ":company")),
        "tax",
    )
)


def _add_back(item: str) -> str:
    """The line in which the payment-ineffective part of a cost is added back."""
    line = ITEMS[item].line
    if line in VARIABLE_LINES:
        return "variable_add_back"
    return "direct_add_back" if line in DIRECT_LINES else "indirect_add_back"


def _merged(parts: Iterable[Coefficients]) -> Coefficients:
    found: Coefficients = {}
    for part in parts:
        for item, amount in part.items():
            found[item] = found.get(item, 0.0) + amount
    return found


def _rate(rate: Rate, amount: float) -> Coefficients:
    return _cost(rate.part.item, amount, rate.part.cash_share, _add_back(rate.part.item))


def _line_series(line: LineCosts) -> tuple[Coefficients, Coefficients]:
    """Coefficients of a line's sales and of its volume."""
    sales, volume = [{"gross_sales": 1.0}], [Coefficients()]
    for rate in line.rates:
        if rate.fixed:
            (sales if rate.of_sales else volume).append(_rate(rate, rate.fixed))
    return _merged(sales), _merged(volume)


def _source_series(source: Source, owner: int) -> Iterator[_Series]:
    """Series of all flows of a source that an owner has, in the order of the group's rows."""
    costs, row = source.costs, source.row
    for line, product in zip(costs.lines, source.products, strict=True):
        for coefficients in _line_series(line):
            yield _Series(owner, row, product, coefficients)
            row += 1
    for place, rate in costs.ratios():
        yield _Series(owner, row, source.products[place], _rate(rate, 1.0))
        row += 1
    for parts in costs.fixed_parts:
        shares = (_cost(part.item, part.share, part.cash_share, _add_back(part.item)) for part in parts)
        yield _Series(owner, row, -1, _merged(shares))
        row += 1
    for name in source.flows:
        yield _Series(owner, row + FLOW._fields.index(name), -1, _FLOW_ITEMS[name])
    row += len(FLOW)
    for place, product in enumerate(source.products if source.concedes else ()):
        yield _Series(owner, row + place, product, _CONCESSION)
    row += len(costs.lines)
    for place, kinds in enumerate(source.savings):
        for kind, shared in enumerate(kinds):
            saved = (
                _cost(part.item, -share, part.cash_share, _add_back(part.item)) for part, share in shared
            )
            saving = row + kind * len(costs.lines) + place
            yield _Series(owner, saving, source.products[place], _merged(saved))


def _company_series(source: Source, bearer: int, taxed: bool) -> Iterator[_Series]:
    for name in _COMPANY_FLOWS if taxed else _COMPANY_FLOWS[:2]:
        yield _Series(bearer, source.first_flow + FLOW._fields.index(name), -1, _FLOW_ITEMS[name])


def _used_items(series: Sequence[_Series], horizon: bool) -> tuple[str, ...]:
    """Items that any series feeds, in the order of the statement."""
    used = {item for each in series for item in each.coefficients}
    return tuple(key for key in ITEMS if key in used or (horizon and key == "horizon_value"))


def _cascade(series: Sequence[_Series], items: Sequence[str]) -> Cascade:
    position = {item: place for place, item in enumerate(items)}
    entries = [(position[item], amount) for each in series for item, amount in each.coefficients.items()]
    counts = [len(each.coefficients) for each in series]
    return Cascade(
        bearer=_integers([each.bearer for each in series]),
        product=_integers([each.product for each in series]),
        start=_integers([0, *np.cumsum(counts, dtype=np.int64)]),
        item=_integers([item for item, _ in entries]),
        coefficient=np.array([amount for _, amount in entries], dtype=np.float64),
    )


def _integers(values: Sequence[int]) -> Integers:
    return np.array(values, dtype=np.int64)
