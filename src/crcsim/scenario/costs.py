"""Costs that stay at the level of a segment or of the company (MODEL 8, source C6)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from crcsim.scenario.containers import ListOf
from crcsim.scenario.cost_keys import NOTICE, PAID_UNLESS_DEPRECIATION, check_depreciation, line_key
from crcsim.scenario.kinds import Choice, Text
from crcsim.scenario.nodes import MapNode, Node, describe
from crcsim.scenario.quantities import QuantityKind
from crcsim.scenario.quantity import Quantity
from crcsim.scenario.reading import Address, Reading
from crcsim.scenario.sections import Key, Section
from crcsim.scenario.values import Interval, MoneyPerYear

__all__ = ["COSTS", "LevelCost"]


@dataclass(frozen=True)
class LevelCost:
    """A cost per year of a segment or of the company; `segment` is None at the level of the company.

    `cash_share` is the part that is paid; `notice` in years says how soon it could be given up.
    """

    name: str
    level: str
    segment: str | None
    amount: Quantity
    line: str
    cash_share: float
    notice: float


def _check(values: dict[str, Any], node: MapNode, reading: Reading) -> bool:
    """List a segment cost without its segment, and a company cost with one."""
    if values["level"] == "segment" and values["segment"] is None:
        hint = "name the segment that bears this cost"
        reading.report("missing_key", node.position, (*node.path, "segment"), hint=hint)
        return False
    if values["level"] == "company" and values["segment"] is not None:
        stated = node.entries["segment"]
        hint = "a cost of the company has no segment; write level: segment, or leave the segment out"
        reading.report("inconsistent", stated.position, stated.path, value=describe(stated), hint=hint)
        return False
    return check_depreciation(values, node, reading)


LEVEL_COST = Section(
    lambda values, at: LevelCost(**values),
    (
        Key("name", Text(), "A name for tables; unique."),
        Key("level", Choice(("segment", "company")), "The level that bears the cost.", default="company"),
        Key("segment", Text(), "The segment, at that level.", default=None),
        Key("amount", QuantityKind(MoneyPerYear(), Interval(low=0.0)), "The cost per year."),
        line_key("indirect_administration"),
        PAID_UNLESS_DEPRECIATION,
        NOTICE,
    ),
    check=_check,
)


class _Costs(ListOf[LevelCost]):
    """All level costs; the draw of a cost belongs to its name, not to its number in the list."""

    def address(self, at: Address, index: int, node: Node) -> Address:
        """Return the address of one cost."""
        name = node.entries.get("name") if isinstance(node, MapNode) else None
        return Address((*at.path, index), (*at.place, describe(name) if name is not None else index))


COSTS = _Costs(LEVEL_COST, "cost")
