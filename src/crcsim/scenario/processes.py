"""Processes: what one costs, in which lines, and how many a customer causes (MODEL 8, sources C2 to C4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from crcsim.scenario.containers import ListOf, MapOf
from crcsim.scenario.cost_keys import CASH_SHARE, NOTICE, PAID
from crcsim.scenario.kinds import Choice, FixedNumber
from crcsim.scenario.ledger.sections import INDIRECT_LINES
from crcsim.scenario.nodes import MapNode, Node
from crcsim.scenario.quantities import QuantityKind
from crcsim.scenario.quantity import Quantity
from crcsim.scenario.reading import Address, Reading
from crcsim.scenario.sections import Alternatives, Key, Section
from crcsim.scenario.values import Amount, CountPerYear, Interval, Number, PerMoney

__all__ = ["PROCESS", "PROCESS_USES", "Process", "ProcessPart", "ProcessUse"]

#: How far the shares of the parts may be from 100 %.
_ROUNDING = 1e-9


@dataclass(frozen=True)
class ProcessPart:
    """A part of the cost of a process; `notice` in years, `inf`: it can never be reduced."""

    line: str
    share: float
    cash_share: float
    notice: float


@dataclass(frozen=True)
class Process:
    """A main process: `cost_rate` is currency per process at prices of the valuation date.

    `level` is `product`, `order` or `customer`; the shares of the parts add up to 1.
    """

    name: str
    level: str
    cost_rate: Quantity
    parts: tuple[ProcessPart, ...]


@dataclass(frozen=True)
class ProcessUse:
    """How many processes a customer causes.

    `fixed` and `reserved` are processes per year, `per_order` processes per order, `per_volume` processes
    per unit of currency of volume at base prices; `reserved` 0: no capacity is kept ready.
    """

    process: str
    fixed: float
    per_order: float
    per_volume: float
    reserved: float


def _process(values: dict[str, Any], at: Address) -> Process:
    """Return the process; one line is one part."""
    parts = values["parts"] or (ProcessPart(values["line"], 1.0, values["cash_share"], values["notice"]),)
    return Process(str(at.path[-1]), values["level"], values["cost_rate"], parts)


def _check(values: dict[str, Any], node: MapNode, reading: Reading) -> bool:
    """List a process without a line, and parts that are not the whole."""
    stated = node.entries.get("parts")
    if stated is None:
        if values["line"] is None:
            hint = "state the line of the cost, or parts with a line each"
            reading.report("missing_key", node.position, (*node.path, "line"), hint=hint)
        return values["line"] is not None
    total = sum(part.share for part in values["parts"])
    if abs(total - 1.0) > _ROUNDING:
        value = f"{total * 100:.12g}%"
        hint = "the shares of the parts add up to this"
        reading.report(
            "wrong_shares", stated.position, stated.path, value=value, allowed="100% together", hint=hint
        )
        return False
    return True


def _with_one_line(value: float) -> Any:
    """Return the default of a key that stands beside `line`: nothing where parts are stated."""

    def default(entries: Mapping[str, Node]) -> float | None:
        return None if "parts" in entries else value

    return default


_LINE = Choice(INDIRECT_LINES)
_PART = Section(
    lambda values, at: ProcessPart(**values),
    (
        Key("line", _LINE, "The line of the cash-flow statement."),
        Key("share", FixedNumber(Number(ratio=True), Interval(0.0, 1.0)), "Its share of the cost."),
        CASH_SHARE,
        NOTICE,
    ),
)
PROCESS = Section(
    _process,
    (
        Key("level", Choice(("product", "order", "customer")), "What the process is done for."),
        Key(
            "cost_rate",
            QuantityKind(Amount(reason="it is the cost of one process", figure="120"), Interval(low=0.0)),
            "Cost of one process at prices of the valuation date.",
        ),
        Key("line", _LINE, "The line of the cash-flow statement, where it is one.", default=None),
        Key("cash_share", PAID, f"{CASH_SHARE.doc} By default 1.", default=None, derived=_with_one_line(1.0)),
        Key("notice", NOTICE.kind, f"{NOTICE.doc} By default 0.", default=None, derived=_with_one_line(0.0)),
        Key("parts", ListOf(_PART, "part"), "Parts of the cost, instead of one line.", default=None),
    ),
    (Alternatives((("line", "cash_share", "notice"), ("parts",))),),
    check=_check,
)
_COUNT = FixedNumber(CountPerYear(), Interval(low=0.0))
_USE = Section(
    lambda values, at: ProcessUse(str(at.path[-1]), **values),
    (
        Key("fixed", _COUNT, "Processes per year, whatever is bought.", default=0.0),
        Key("per_order", FixedNumber(Number(), Interval(low=0.0)), "Processes per order.", default=0.0),
        Key(
            "per_volume",
            FixedNumber(PerMoney(), Interval(low=0.0)),
            "Processes per amount of volume at base prices; a bare number is per unit of the currency.",
            default=0.0,
        ),
        Key(
            "reserved",
            _COUNT,
            "Processes per year for which capacity is kept ready; 0: none is.",
            default=0.0,
        ),
    ),
)
PROCESS_USES = MapOf(_USE, "process")
