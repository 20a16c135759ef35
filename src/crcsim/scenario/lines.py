"""A line: what a customer buys of one product, and our share of it (MODEL 3, sources A2 and A6)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from crcsim.scenario.kinds import Choice, Kind, wrong_type
from crcsim.scenario.nodes import MapNode, Node, ScalarNode
from crcsim.scenario.products import ORDER_VALUE
from crcsim.scenario.quantities import ANNUAL_RATE, FORMS, QuantityKind
from crcsim.scenario.quantity import Quantity
from crcsim.scenario.reading import Address, Invalid, Reading
from crcsim.scenario.sections import Alternatives, Key, Section
from crcsim.scenario.values import Interval, MoneyPerYear, Number

__all__ = ["LINE", "Line", "Share", "WalletCreation"]


@dataclass(frozen=True)
class Share:
    """Share of wallet; `fixed`, or `moving` on the logit scale from `now` to `target`.

    `reversion` is per year, `volatility` in logit points per square root of a year, `value_advantage`
    in logit points. `stated_as` says whether `now` and `target` are means or medians.
    """

    kind: str
    now: Quantity
    target: Quantity
    stated_as: str
    reversion: Quantity
    volatility: Quantity
    value_advantage: Quantity


@dataclass(frozen=True)
class WalletCreation:
    """New wallet in jumps: `rate` per year, jump factor lognormal with `median` and `log_sd`."""

    rate: Quantity
    median: Quantity
    log_sd: Quantity


@dataclass(frozen=True)
class Line:
    """One product bought by one customer; exactly one of `wallet` and `sales` is stated, per year.

    `trend` is growth of the wallet a year on top of the growth of the customer's business; `order_value` is
    currency per order at base prices, None: that of the product.
    """

    product: str
    wallet: Quantity | None
    sales: Quantity | None
    share: Share
    trend: Quantity
    wallet_creation: WalletCreation | None
    order_value: float | None


_AMOUNT = QuantityKind(MoneyPerYear(), Interval(low=0.0, low_open=True))
_LOGIT_POINTS = QuantityKind(Number())
_FIXED = Section(
    lambda values, at: _fixed_share(values["fixed"]),
    (
        Key(
            "fixed",
            QuantityKind(Number(ratio=True), Interval(0.0, 1.0, low_open=True)),
            "A share of wallet that does not move; 100% is allowed.",
        ),
    ),
)
_BETWEEN = QuantityKind(Number(ratio=True), Interval(0.0, 1.0, low_open=True, high_open=True))
_MOVING = Section(
    lambda values, at: Share("moving", **{**values, "target": values["target"] or values["now"]}),
    (
        Key("now", _BETWEEN, "Share of wallet today."),
        Key(
            "target",
            _BETWEEN,
            "Share of wallet in the long run; without it the share of today.",
            default=None,
        ),
        Key("stated_as", Choice(("mean", "median")), "What now and target are.", default="mean"),
        Key(
            "reversion",
            QuantityKind(Number(per_year=True), Interval(low=0.0, low_open=True)),
            "Speed towards the target per year; ln 2 over it is the half-life of a gap.",
            default=0.5,
        ),
        Key(
            "volatility",
            QuantityKind(Number(), Interval(low=0.0)),
            "Volatility in logit points per square root of a year.",
            default=0.0,
        ),
        Key(
            "value_advantage",
            _LOGIT_POINTS,
            "Value created for the customer beyond competitors, in logit points.",
            default=0.0,
        ),
    ),
)
_EITHER = Section(
    lambda values, at: values,
    (*_FIXED.keys, *_MOVING.keys),
    (Alternatives((("fixed",), tuple(key.name for key in _MOVING.keys))),),
)


def _fixed_share(now: Quantity) -> Share:
    """Return a share that stays; nothing moves it."""
    still = Quantity(0.0, now.place)
    return Share("fixed", now, now, "mean", still, still, still)


class ShareKind(Kind[Share]):
    """`share: 28%` and `{fixed: 28%}` stay; `{now: 28%, target: 30%}` moves."""

    def read(self, node: Node, at: Address, reading: Reading) -> Share | Invalid:
        """Return the share of wallet."""
        if not isinstance(node, MapNode) or set(node.entries) & set(FORMS):
            if not isinstance(node, MapNode) and not isinstance(node, ScalarNode):
                return wrong_type(node, "a share such as 28%, or a map with now and target", reading)
            node = MapNode({"fixed": node}, {"fixed": node.position}, node.position, node.path)
        if "fixed" not in node.entries:
            return _MOVING.read(node, at, reading)
        moving = [key.name for key in _MOVING.keys if key.name in node.entries]
        if moving:
            value = f"fixed and {moving[0]}"
            return reading.report(
                "conflicting_keys", node.position, node.path, value=value, allowed="only fixed or now"
            )
        return _FIXED.read(node, at, reading)

    def merge(self, lower: Node, upper: Node) -> Node:
        """Merge key by key; a fixed share drops what moved it and the other way round."""
        return _EITHER.merge(lower, upper)

    def part(self, key: str) -> Kind[Any] | None:
        """Return the kind of one key."""
        return _EITHER.part(key)

    def without_overridden(self, lower: MapNode, upper: MapNode) -> MapNode:
        """Return `lower` without what the other form of a share overrides."""
        return _EITHER.without_overridden(lower, upper)

    def schema(self) -> dict[str, Any]:
        """Return the schema of the forms."""
        return {"oneOf": [QuantityKind(Number(ratio=True)).schema(), _FIXED.schema(), _MOVING.schema()]}


WALLET_CREATION = Section(
    lambda values, at: WalletCreation(**values),
    (
        Key(
            "rate",
            QuantityKind(Number(per_year=True), Interval(low=0.0)),
            "Expected number of jumps per year.",
        ),
        Key(
            "median",
            QuantityKind(Number(), Interval(low=0.0, low_open=True)),
            "Median of the factor by which a jump multiplies the wallet.",
        ),
        Key(
            "log_sd",
            QuantityKind(Number(), Interval(low=0.0)),
            "Standard deviation of the log of that factor.",
            default=0.0,
        ),
    ),
)
LINE = Section(
    lambda values, at: Line(product=str(at.path[-1]), **values),
    (
        Key(
            "wallet",
            _AMOUNT,
            "What the customer spends on such products per year, with anyone.",
            default=None,
        ),
        Key("sales", _AMOUNT, "Our sales of today per year, instead of the wallet.", default=None),
        Key("share", ShareKind(), "Our share of the wallet."),
        Key("trend", ANNUAL_RATE, "Growth of the wallet a year beyond that of the customer.", default=0.0),
        Key("wallet_creation", WALLET_CREATION, "New wallet in jumps.", default=None),
        Key("order_value", ORDER_VALUE, "Volume of one order, instead of the product's.", default=None),
    ),
    (Alternatives((("wallet",), ("sales",))),),
)
