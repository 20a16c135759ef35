"""The names that a ledger makes known, and rows that refer to them.

Names are looked up in the text of all rows, so that a row with a mistake elsewhere makes no false alarm.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass

from crcsim.scenario.ledger.rows import Row, text_at
from crcsim.scenario.nodes import ListNode, MapNode, Node
from crcsim.scenario.reading import Reading, nearest

__all__ = ["Known", "Names", "check_known", "check_period_of_order", "names_in", "some_of"]

#: Names in the order in which they are first written.
Known = Mapping[str, object]


@dataclass(frozen=True)
class Names:
    """The names that a ledger makes known, by what they name.

    Orders have their period, main processes their level, sub-processes (by cost centre and name) their
    behaviour; `done` holds main processes with the periods of their rows, None for all.
    """

    periods: Known
    customers: Known
    segments: Known
    products: Known
    orders: Mapping[str, str | None]
    processes: Mapping[str, str | None]
    sub_processes: Mapping[tuple[str | None, str | None], str | None]
    done: Set[tuple[str | None, str | None]]

    def of(self, level: str) -> Known:
        """Return the objects of a level of the hierarchy."""
        by_level = {"product": self.products, "order": self.orders, "customer": self.customers}
        return {**by_level, "segment": self.segments}.get(level, {})


def names_in(root: MapNode) -> Names:
    """Return the names in all rows, sound or not."""

    def items(table: str) -> tuple[Node, ...]:
        node = root.entries.get(table)
        return node.items if isinstance(node, ListNode) else ()

    def pairs(table: str, key: str, other: str) -> dict[str, str | None]:
        found = ((text_at(item, key), text_at(item, other)) for item in items(table))
        return {text: beside for text, beside in found if text is not None}

    return Names(
        periods=pairs("periods", "name", "years"),
        customers=pairs("customers", "name", "segment"),
        segments=pairs("customers", "segment", "name"),
        products=pairs("orders", "product", "order"),
        orders=pairs("orders", "order", "period"),
        processes=pairs("main_processes", "name", "level"),
        sub_processes={
            (text_at(item, "cost_centre"), text_at(item, "name")): text_at(item, "behaviour")
            for item in items("sub_processes")
        },
        done={(text_at(item, "name"), text_at(item, "period")) for item in items("main_processes")},
    )


def some_of(known: Iterable[str]) -> str:
    """Return the first names of many, for a message."""
    names = list(known)
    return ", ".join(names[:12]) + (" ..." if len(names) > 12 else "") or "none"


def check_known(row: Row, key: str, known: Known, reading: Reading, noun: str | None = None) -> None:
    """List a name that nothing has."""
    name = row[key]
    if name is not None and name not in known:
        near = nearest(name, known)
        hint = None if near else f"known: {some_of(known)}"
        row.report(reading, f"unknown_{noun or key}", key, nearest=near, hint=hint)


def check_period_of_order(row: Row, names: Names, reading: Reading) -> None:
    """List what is stated for an order in another period than that of the order."""
    of_order = names.orders.get(row["object"])
    if row["period"] is not None and of_order is not None and row["period"] != of_order:
        row.report(reading, "inconsistent", "period", hint=f"order {row['object']} is in {of_order}")
