"""Keys that all costs share: line of the statement, part that is paid, notice (MODEL 8, source C6)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crcsim.scenario.kinds import Choice, FixedNumber
from crcsim.scenario.ledger.sections import DIRECT_LINES, INDIRECT_LINES
from crcsim.scenario.nodes import MapNode, Node, ScalarNode, describe
from crcsim.scenario.reading import Reading
from crcsim.scenario.sections import Key
from crcsim.scenario.values import Duration, Interval, Number

__all__ = ["CASH_SHARE", "NOTICE", "PAID", "PAID_UNLESS_DEPRECIATION", "check_depreciation", "line_key"]

PAID = FixedNumber(Number(ratio=True), Interval(0.0, 1.0))
CASH_SHARE = Key("cash_share", PAID, "The part of the cost that is paid.", default=1.0)
NOTICE = Key(
    "notice",
    FixedNumber(Duration(), Interval(low=0.0), endless=True),
    "Time until the cost ends once it is not needed: 0 at once, `6 months`, `inf` never.",
    default=0.0,
)


def line_key(default: str, lines: tuple[str, ...] = (*DIRECT_LINES, *INDIRECT_LINES)) -> Key:
    """Return the key of the line in which a cost stands."""
    return Key("line", Choice(lines), "The line of the cash-flow statement.", default=default)


def _paid(entries: Mapping[str, Node]) -> float:
    """Return the share that is paid where none is stated: all of a cost, nothing of depreciation."""
    line = entries.get("line")
    return 0.0 if isinstance(line, ScalarNode) and line.text == "depreciation" else 1.0


PAID_UNLESS_DEPRECIATION = Key(
    "cash_share",
    PAID,
    "The part of the cost that is paid; by default 1, 0 for depreciation.",
    default=None,
    derived=_paid,
)


def check_depreciation(values: dict[str, Any], node: MapNode, reading: Reading) -> bool:
    """List depreciation that would be paid."""
    if values["line"] != "depreciation" or values["cash_share"] == 0.0:
        return True
    stated = node.entries["cash_share"]
    hint = "depreciation is no payment; leave it out"
    reading.report("inconsistent", stated.position, stated.path, value=describe(stated), hint=hint)
    return False
