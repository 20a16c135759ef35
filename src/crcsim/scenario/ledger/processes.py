"""Checks of the process tables: drivers, shares, capacities and what is consumed of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from crcsim.scenario.ledger.names import Names, check_known, check_period_of_order, some_of
from crcsim.scenario.ledger.rows import Row
from crcsim.scenario.reading import Reading

__all__ = ["check_processes"]

Rows = Mapping[str, tuple[Row, ...]]
_LEVELS = ("product", "order", "customer")
_DRIVEN = ("driver", "quantity", "maximum_quantity")


def check_processes(rows: Rows, names: Names, actual: bool, reading: Reading) -> None:
    """List every row of the process tables that does not fit; `actual`: rates are on actual quantity."""
    for row in rows["sub_processes"]:
        _check_sub_process(row, reading)
    for row in rows["main_processes"]:
        _check_maximum(row, "maximum_quantity", reading)
    for row in rows["consumption"]:
        _check_maximum(row, "reserved", reading)
    _check_shares(rows, names, reading)
    _check_consumers(rows, names, reading)
    for period in names.periods:
        _check_capacities(rows, names, period, actual, reading)


def _check_sub_process(row: Row, reading: Reading) -> None:
    """List an induced sub-process without a rate, and a neutral one with a driver."""
    if row["behaviour"] == "neutral":
        for key in _DRIVEN:
            if row[key] is not None:
                hint = "a neutral sub-process has no driver: its cost follows the induced ones of its centre"
                row.report(reading, "inconsistent", key, hint=hint)
        return
    for key in ("driver", "quantity"):
        if row[key] is None:
            hint = "an induced sub-process needs its driver and the quantity of it"
            row.report(reading, "missing_key", key, hint=hint)
    if row["quantity"] == 0 and row["cost"] > 0:
        hint = f"{row['cost']} would be a cost per nothing; state the quantity, or behaviour neutral"
        row.report(reading, "zero_quantity_with_cost", "quantity", allowed="above 0", hint=hint)
    if row["quantity"] is not None:
        _check_maximum(row, "maximum_quantity", reading)


def _check_maximum(row: Row, key: str, reading: Reading) -> None:
    """List a capacity below the quantity."""
    if row[key] is not None and row[key] < row["quantity"]:
        allowed = f"at least the quantity, {_shown(row['quantity'])}"
        row.report(reading, "out_of_range", key, allowed=allowed)


def _check_shares(rows: Rows, names: Names, reading: Reading) -> None:
    """List shares of unknown or neutral sub-processes, of unknown processes, and those above 100 %."""
    behaviours = names.sub_processes
    total: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for row in rows["process_shares"]:
        name = (row["cost_centre"], row["sub_process"])
        if name not in behaviours:
            known = some_of(sub for centre, sub in behaviours if sub and centre == row["cost_centre"])
            hint = f"sub-processes of cost centre {row['cost_centre']}: {known}"
            row.report(reading, "unknown_sub_process", "sub_process", hint=hint)
        elif behaviours[name] == "neutral":
            hint = "the cost of a neutral sub-process follows the induced ones of its centre"
            row.report(reading, "inconsistent", "sub_process", hint=hint)
        check_known(row, "process", names.processes, reading)
        total[name] += row["share"]
        if total[name] > 1:
            hint = f"with this row the shares of {row['sub_process']} are {float(100 * total[name]):g}%"
            row.report(reading, "shares_above_100%", "share", allowed="100% together", hint=hint)


def _check_consumers(rows: Rows, names: Names, reading: Reading) -> None:
    """List consumption of unknown processes, or by an object that is not of the process's level."""
    for row in rows["consumption"]:
        check_known(row, "process", names.processes, reading)
        level = names.processes.get(row["process"])
        if level not in _LEVELS:  # listed where the process stands
            continue
        check_known(row, "object", names.of(level), reading, level)
        if row["customer"] is not None and level != "product":
            hint = "only a product names a customer beside its object"
            row.report(reading, "inconsistent", "customer", hint=hint)
        if level == "order":
            check_period_of_order(row, names, reading)
        period = _period_of(row, names, level)
        if period is not None and not {(row["process"], None), (row["process"], period)} & names.done:
            row.report(reading, "process_not_done", "process", hint=f"there is no row of it for {period}")


def _period_of(row: Row, names: Names, level: str) -> str | None:
    """Return the period of a row of consumption: its own, that of its order, or None for all."""
    own: str | None = row["period"]
    return names.orders.get(row["object"]) if own is None and level == "order" else own


def _check_capacities(rows: Rows, names: Names, period: str, actual: bool, reading: Reading) -> None:
    """List what is consumed beyond the quantities of a main process, and a rate without a basis."""
    loaded = _processes_with_cost(rows, period)
    consumers = _consumers(rows, names, period)
    for process in _in_period(rows["main_processes"], period):
        basis = process["quantity"] if actual else _maximum(process)
        if not basis and process["name"] in loaded:
            hint = "sub-processes bring cost into it, so that its rate would be a cost per nothing"
            process.report(reading, "zero_quantity_with_cost", "quantity", allowed="above 0", hint=hint)
            continue
        _check_consumed(process, consumers[process["name"]], period, reading)


def _consumers(rows: Rows, names: Names, period: str) -> dict[str, list[Row]]:
    """Return the rows of consumption in a period by main process."""
    levels = {row["name"]: row["level"] for row in rows["main_processes"]}
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows["consumption"]:
        if _period_of(row, names, levels.get(row["process"], "")) in (None, period):
            found[row["process"]].append(row)
    return found


def _check_consumed(process: Row, consumers: Iterable[Row], period: str, reading: Reading) -> None:
    """List the row with which the quantity or the capacity of a process is exceeded, and those after it."""
    left, spare = process["quantity"], _maximum(process) - process["quantity"]
    stated = f"{process.node.position}, in {period}"
    for row in consumers:
        left -= row["quantity"]
        if left < 0:
            allowed = f"together the quantity of the process, {_shown(process['quantity'])} ({stated})"
            row.report(reading, "more_than_was_done", "quantity", allowed=allowed)
        if row["reserved"] is not None:
            spare -= row["reserved"] - row["quantity"]
        if spare < 0:
            allowed = f"together the capacity of the process, {_shown(_maximum(process))} ({stated})"
            row.report(reading, "more_than_the_capacity", "reserved", allowed=allowed)


def _maximum(process: Row) -> Decimal:
    stated: Decimal | None = process["maximum_quantity"]
    quantity: Decimal = process["quantity"]
    return quantity if stated is None else stated


def _processes_with_cost(rows: Rows, period: str) -> set[str]:
    """Return the main processes into which an induced sub-process brings cost."""
    costly = {
        (row["cost_centre"], row["name"])
        for row in _in_period(rows["sub_processes"], period)
        if row["behaviour"] == "induced" and row["cost"] > 0
    }
    return {
        row["process"]
        for row in rows["process_shares"]
        if (row["cost_centre"], row["sub_process"]) in costly and row["share"] > 0
    }


def _in_period(rows: Iterable[Row], period: str) -> Iterator[Row]:
    return (row for row in rows if row["period"] in (None, period))


def _shown(quantity: Decimal) -> str:
    return f"{quantity.normalize():f}"
