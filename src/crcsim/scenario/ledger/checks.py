"""Rows held against each other: what may be stated once, names that must exist, levels and their objects."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from crcsim.scenario.ledger.names import Names, check_known, check_period_of_order, names_in
from crcsim.scenario.ledger.processes import check_processes
from crcsim.scenario.ledger.rows import Row, text_at
from crcsim.scenario.ledger.sections import OPENING, VARIABLE_LINES
from crcsim.scenario.nodes import MapNode
from crcsim.scenario.reading import Reading

__all__ = ["check_rows"]

_TOTAL = "Total"
Rows = Mapping[str, tuple[Row, ...]]
_UNIQUE = {
    "periods": ("name",),
    "customers": ("name", "period"),
    "orders": ("order", "product"),
    "balances": ("customer", "period"),
    "cost_centres": ("name",),
    "sub_processes": ("cost_centre", "name", "period"),
    "process_shares": ("cost_centre", "sub_process", "process"),
    "main_processes": ("name", "period"),
}


def check_rows(root: MapNode, rows: Rows, reading: Reading) -> None:
    """List every row that does not fit to the others."""
    names = names_in(root)
    for table, keys in _UNIQUE.items():
        _check_unique(rows[table], keys, reading)
    _check_orders(rows["orders"], reading)
    for row in rows["periods"]:
        if row["name"] == OPENING:
            row.report(reading, "reserved_name", "name", hint=f"`{OPENING}` names the balances before all")
    for table, key in (("periods", "name"), ("customers", "name"), ("orders", "product")):
        for row in rows[table]:
            if row[key] == _TOTAL:
                row.report(
                    reading, "reserved_name", key, hint=f"`{_TOTAL}` is the sum of a statement's columns"
                )
    for table, key, known in (
        ("customers", "period", names.periods),
        ("orders", "customer", names.customers),
        ("orders", "period", names.periods),
        ("costs", "period", names.periods),
        ("costs", "customer", names.customers),
        ("investments", "period", names.periods),
        ("balances", "customer", names.customers),
        ("balances", "period", {OPENING: None, **names.periods}),
        ("sub_processes", "period", names.periods),
        ("main_processes", "period", names.periods),
        ("consumption", "customer", names.customers),
        ("consumption", "period", names.periods),
    ):
        for row in rows[table]:
            check_known(row, key, known, reading)
    for row in (*rows["costs"], *rows["investments"]):
        _check_level(row, names, reading)
    for row in rows["costs"]:
        _check_cost(row, names, reading)
    actual = text_at(root, "process_rates") == "actual"
    check_processes(rows, names, actual, reading)


def _check_unique(rows: Iterable[Row], keys: Sequence[str], reading: Reading) -> None:
    """List rows that state the same thing twice; one without a period states every period."""
    stated: dict[tuple[object, ...], list[Row]] = defaultdict(list)
    for row in rows:
        before = stated[tuple(row[key] for key in keys if key != "period")]
        twice = [each for each in before if "period" not in keys or _overlap(each["period"], row["period"])]
        if twice:
            row.report(reading, "duplicate_row", keys[0], hint=f"first stated at {twice[0].node.position}")
        before.append(row)


def _overlap(first: str | None, second: str | None) -> bool:
    return first is None or second is None or first == second


def _check_orders(orders: Iterable[Row], reading: Reading) -> None:
    """List an order of two customers or in two periods."""
    first: dict[str, Row] = {}
    for row in orders:
        before = first.setdefault(row["order"], row)
        for key in ("customer", "period"):
            if row[key] != before[key]:
                hint = f"order {row['order']} has {key} {before[key]} at {before.node.position}"
                row.report(reading, "inconsistent", key, hint=hint)


def _check_level(row: Row, names: Names, reading: Reading) -> None:
    """List a cost or payment whose object does not belong to its level."""
    if row["level"] == "company":
        if row["object"] is not None:
            row.report(reading, "inconsistent", "object", hint="the level company has no object")
        return
    if row["object"] is None:
        row.report(reading, "missing_key", "object", hint=f"name the {row['level']} that causes it")
        return
    check_known(row, "object", names.of(row["level"]), reading, row["level"])


def _check_cost(row: Row, names: Names, reading: Reading) -> None:
    """List a cost item that says two things at once."""
    if row["line"] in VARIABLE_LINES and row["level"] != "product":
        hint = "variable costs are caused by products: use the level product, or the line other_direct"
        row.report(reading, "inconsistent", "line", hint=hint)
    if row["line"] == "depreciation" and row["cash_share"] not in (None, Decimal(0)):
        row.report(reading, "inconsistent", "cash_share", hint="depreciation is no payment; leave it out")
    if row["customer"] is not None and row["level"] != "product":
        hint = "only the level product names a customer beside its object"
        row.report(reading, "inconsistent", "customer", hint=hint)
    if row["level"] == "order":
        check_period_of_order(row, names, reading)
