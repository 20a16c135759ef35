"""The firm's cost of capital and the horizon value (MODEL 2 and 9, source C11)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from crcsim.scenario.containers import ListOf
from crcsim.scenario.families import central
from crcsim.scenario.kinds import Choice, Kind
from crcsim.scenario.nodes import ListNode, MapNode, Node, describe, join
from crcsim.scenario.quantities import ANNUAL_RATE, QuantityKind
from crcsim.scenario.quantity import Quantity
from crcsim.scenario.reading import INVALID, Address, Invalid, Reading, nearest
from crcsim.scenario.sections import Key, Section
from crcsim.scenario.values import Interval, Number

__all__ = ["CAPITAL", "Capital", "Perpetuity"]


@dataclass(frozen=True)
class Perpetuity:
    """Horizon value of customers active at the end; without `growth` each customer's own growth holds."""

    growth: Quantity | None


@dataclass(frozen=True)
class Capital:
    """Discounting and cost of capital, effective annual; `cost_of_debt` is averaged over its items.

    `rate` is the firm's WACC where it is stated directly; otherwise it follows from the CAPM.
    """

    discounting: str
    rate: Quantity | None
    form: str
    beta: Quantity
    equity_share: Quantity
    cost_of_debt: tuple[Quantity, ...]
    tax_rate: Quantity
    horizon_value: Perpetuity | None


class CostOfDebt(Kind[tuple[Quantity, ...]]):
    """One quantity, or a list of them over the planning period."""

    one = QuantityKind(Number(ratio=True, per_year=True), Interval(low=-1.0, low_open=True))
    several = ListOf(one, "year or loan")

    def read(self, node: Node, at: Address, reading: Reading) -> tuple[Quantity, ...] | Invalid:
        """Return one or more quantities."""
        if isinstance(node, ListNode):
            if not node.items:
                return reading.report("empty", node.position, node.path, allowed="at least one rate")
            return self.several.read(node, at, reading)
        found = self.one.read(node, at, reading)
        return INVALID if isinstance(found, Invalid) else (found,)

    def absent(self, default: Any, at: Address, reading: Reading) -> Any:
        """Return the default as the only item."""
        return (self.one.absent(default, at, reading),)

    def schema(self) -> dict[str, Any]:
        """Return the schema of a quantity or a list of them."""
        return {"oneOf": [self.one.schema(), self.several.schema()]}


class HorizonValue(Kind[Perpetuity | None]):
    """`none`, `perpetuity`, or `{perpetuity: {growth: 1%}}`."""

    words = ("none", "perpetuity")
    perpetuity = Section(
        lambda values, at: Perpetuity(**values),
        (Key("growth", ANNUAL_RATE, "Growth for ever after; without it each customer's own.", default=None),),
    )
    stated = Section(
        lambda values, at: values["perpetuity"],
        (Key("perpetuity", perpetuity, "Cash goes on for ever, with growth and the risk of loss."),),
    )

    def read(self, node: Node, at: Address, reading: Reading) -> Perpetuity | Invalid | None:
        """Return the perpetuity, or None for `none`."""
        if isinstance(node, MapNode):
            reading.record((*at.path, "perpetuity"), {})
            return self.stated.read(node, at, reading)
        word = Choice(self.words).read(node, at, Reading())
        if isinstance(word, Invalid):
            near = nearest(describe(node), self.words)
            allowed = "none, perpetuity or {perpetuity: {growth: 1%}}"
            return reading.report(
                "unknown_word", node.position, node.path, value=describe(node), allowed=allowed, nearest=near
            )
        reading.record(at.path, word)
        return None if word == "none" else Perpetuity(None)

    def absent(self, default: Any, at: Address, reading: Reading) -> Any:
        """Return no horizon value."""
        reading.record(at.path, "none")
        return default

    def merge(self, lower: Node, upper: Node) -> Node:
        """Merge two perpetuities key by key."""
        return self.stated.merge(lower, upper)

    def part(self, key: str) -> Kind[Any] | None:
        """Return the kind of one key."""
        return self.stated.part(key)

    def schema(self) -> dict[str, Any]:
        """Return the schema of the three forms."""
        return {"oneOf": [{"enum": list(self.words)}, self.stated.schema()]}


def _capital(values: dict[str, Any], at: Address) -> Capital:
    """Return the capital; a firm that states its rate needs no beta, which is then 1."""
    beta = values["beta"] or Quantity(1.0, join(at.child("beta").place))
    return Capital(**{**values, "beta": beta})


def _check(values: dict[str, Any], node: MapNode, reading: Reading) -> bool:
    """List a cost of capital that nothing determines: neither rate nor beta, or debt without a cost."""
    if values["rate"] is None and values["beta"] is None:
        path = (*node.path, "beta")
        hint = "state the firm's equity beta for the CAPM, or its cost of capital as `rate`"
        reading.report("missing_key", node.position, path, allowed="beta or rate", hint=hint)
        return False
    share = central(values["equity_share"].value)
    if share < 1 and "cost_of_debt" not in node.entries and values["rate"] is None:
        path = (*node.path, "cost_of_debt")
        hint = f"equity_share is {share:.4g}: state what the debt costs per year"
        reading.report("missing_key", node.position, path, hint=hint)
        return False
    return True


_SHARE = Interval(0.0, 1.0, low_open=True)
CAPITAL = Section(
    _capital,
    (
        Key(
            "discounting",
            Choice(("wacc", "risk_free", "deflator")),
            "The headline discounting; all three are reported.",
            default="wacc",
        ),
        Key("rate", ANNUAL_RATE, "The firm's cost of capital, stated instead of the CAPM.", default=None),
        Key(
            "form",
            Choice(("effective", "log")),
            "Whether the CAPM adds effective rates or log rates.",
            default="effective",
        ),
        Key("beta", QuantityKind(Number()), "The firm's equity beta.", default=None),
        Key(
            "equity_share", QuantityKind(Number(ratio=True), _SHARE), "Equity over total value.", default=1.0
        ),
        Key("cost_of_debt", CostOfDebt(), "Cost of debt per year, averaged over its items.", default=0.0),
        Key(
            "tax_rate",
            QuantityKind(Number(ratio=True), Interval(0.0, 1.0, high_open=True)),
            "One tax rate for the tax shield and the flows.",
            default=0.0,
        ),
        Key(
            "horizon_value", HorizonValue(), "What customers still active at the end are worth.", default=None
        ),
    ),
    check=_check,
)
