"""From what a ledger says to what costing calculates with: defaults filled in, rows written out by period."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from crcsim.costing.ledger import (
    Balance,
    Consumption,
    CostItem,
    Investment,
    Ledger,
    MainProcess,
    OrderLine,
    ProcessShare,
    Relation,
    SubProcess,
)
from crcsim.scenario.ledger import OPENING, LedgerDocument, Values

__all__ = ["compiled_ledger"]

Periods = tuple[str, ...]


def compiled_ledger(document: LedgerDocument) -> Ledger:
    """The ledger with one row per period and no default open."""
    tables = document.tables
    periods = tuple(row["name"] for row in tables["periods"])
    of_order = {row["order"]: (row["period"],) for row in tables["orders"]}
    levels = {row["name"]: row["level"] for row in tables["main_processes"]}

    def cost_periods(row: Values) -> Periods:
        return of_order[row["object"]] if row["level"] == "order" else periods

    def consumption_periods(row: Values) -> Periods:
        return of_order[row["object"]] if levels[row["process"]] == "order" else periods

    def every(row: Values) -> Periods:
        return periods

    return Ledger(
        name=document.name,
        currency=document.currency,
        periods=periods,
        relations=tuple(_relation(row) for row in _spread(tables["customers"], every)),
        orders=tuple(OrderLine(**row) for row in tables["orders"]),
        costs=tuple(_cost(row) for row in _spread(tables["costs"], cost_periods)),
        investments=tuple(Investment(**row) for row in tables["investments"]),
        balances=tuple(_balance(row) for row in tables["balances"]),
        surcharge_bases={row["name"]: row["surcharge_base"] for row in tables["cost_centres"]},
        sub_processes=tuple(_sub_process(row) for row in _spread(tables["sub_processes"], every)),
        process_shares=tuple(ProcessShare(**row) for row in tables["process_shares"]),
        main_processes=tuple(_main_process(row) for row in _spread(tables["main_processes"], every)),
        consumption=tuple(_consumption(row) for row in _spread(tables["consumption"], consumption_periods)),
        process_rates=document.process_rates,
        order_sizes=document.order_sizes,
    )


def _spread(rows: tuple[Values, ...], periods_of: Callable[[Values], Periods]) -> Iterator[dict[str, Any]]:
    """Write a row without a period out for the periods in which it holds."""
    for row in rows:
        for period in (row["period"],) if row["period"] is not None else periods_of(row):
            yield {**row, "period": period}


def _relation(row: dict[str, Any]) -> Relation:
    return Relation(row["name"], row["period"], row["segment"], row["phase"])


def _cost(row: dict[str, Any]) -> CostItem:
    """Depreciation is no payment; of other costs all is, unless stated."""
    share = row["cash_share"]
    if share is None:
        share = Decimal(0 if row["line"] == "depreciation" else 1)
    return CostItem(**{**row, "cash_share": share})


def _balance(row: Values) -> Balance:
    return Balance(**{**row, "period": None if row["period"] == OPENING else row["period"]})


def _sub_process(row: dict[str, Any]) -> SubProcess:
    """Cost that varies with its driver can be given up with it; neutral cost cannot, unless stated."""
    induced = row.pop("behaviour") == "induced"
    notice = row["notice"] if row["notice"] is not None else (0.0 if induced else math.inf)
    maximum = row["quantity"] if row["maximum_quantity"] is None else row["maximum_quantity"]
    return SubProcess(**{**row, "induced": induced, "notice": notice, "maximum_quantity": maximum})


def _main_process(row: dict[str, Any]) -> MainProcess:
    maximum = row["quantity"] if row["maximum_quantity"] is None else row["maximum_quantity"]
    return MainProcess(**{**row, "maximum_quantity": maximum})


def _consumption(row: dict[str, Any]) -> Consumption:
    reserved = row["quantity"] if row["reserved"] is None else row["reserved"]
    return Consumption(**{**row, "reserved": reserved})
