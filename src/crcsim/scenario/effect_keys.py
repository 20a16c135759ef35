"""The keys of what a lever changes (MODEL 5); each effect is stated at saturation."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from crcsim.scenario.containers import Removable
from crcsim.scenario.kinds import Kind, Text, wrong_type
from crcsim.scenario.levers import Effect
from crcsim.scenario.names import Names
from crcsim.scenario.nodes import ListNode, MapNode, Node, ScalarNode
from crcsim.scenario.quantities import ANNUAL_RATE, FORMS, QuantityKind
from crcsim.scenario.quantity import Quantity
from crcsim.scenario.reading import INVALID, Address, Invalid, Reading
from crcsim.scenario.sections import Alternatives, Key, Section
from crcsim.scenario.values import Interval, MoneyPerYear, Number

__all__ = ["EFFECT_KEYS", "with_levers"]

#: The word that stands for every other lever.
ALL = "all"
_LINE = Key("line", Text(), "The product to which it is limited; without it all lines.", default=None)


class _One(Kind[Effect]):
    """An effect that is one quantity."""

    def __init__(self, name: str, quantity: QuantityKind) -> None:
        self.name, self.quantity = name, quantity

    def read(self, node: Node, at: Address, reading: Reading) -> Effect | Invalid:
        """Return the effect."""
        size = self.quantity.read(node, at, reading)
        return INVALID if isinstance(size, Invalid) else Effect(self.name, size)

    def schema(self) -> dict[str, Any]:
        """Return the schema of a quantity."""
        return self.quantity.schema()


class _Growth(Kind[Effect]):
    """`2% per year`, or `{rate: 2% per year, line: coatings}` for one product."""

    stated = Section(
        lambda values, at: Effect("wallet_growth", values["rate"], values["line"]),
        (Key("rate", ANNUAL_RATE, "Growth of the wallet a year that it adds."), _LINE),
    )

    def read(self, node: Node, at: Address, reading: Reading) -> Effect | Invalid:
        """Return the effect."""
        if isinstance(node, ListNode) or (isinstance(node, ScalarNode) and node.value is None):
            return wrong_type(node, "a rate such as 2% per year, or a map with rate and line", reading)
        return self.stated.read(_with_rate(node), at, reading)

    def merge(self, lower: Node, upper: Node) -> Node:
        """Merge key by key; a bare rate replaces the rate."""
        return self.stated.merge(_with_rate(lower), _with_rate(upper))

    def part(self, key: str) -> Kind[Any] | None:
        """Return the kind of one key."""
        return self.stated.part(key)

    def schema(self) -> dict[str, Any]:
        """Return the schema of both forms."""
        return {"oneOf": [ANNUAL_RATE.schema(), self.stated.schema()]}


def _with_rate(node: Node) -> Node:
    """Return a bare rate as the map that holds it."""
    if isinstance(node, MapNode) and not set(node.entries) & set(FORMS):
        return node
    return MapNode(
        {"rate": node}, {"rate": node.position}, node.position, node.path, node.shared, node.source
    )


class _Levers(Kind[tuple[str, ...]]):
    """A list of levers, or `all`: every other one."""

    names = Names("lever")

    def read(self, node: Node, at: Address, reading: Reading) -> tuple[str, ...] | Invalid:
        """Return the names in order, or `all` alone."""
        if isinstance(node, ScalarNode) and node.text == ALL:
            reading.record(at.path, ALL)
            return (ALL,)
        if not isinstance(node, ListNode):
            return wrong_type(node, "a list of levers, or all", reading)
        return self.names.read(node, at, reading)

    def schema(self) -> dict[str, Any]:
        """Return the schema of a list or the word."""
        return {"oneOf": [{"const": ALL}, self.names.schema()]}


def _share(values: dict[str, Any], at: Address) -> Effect:
    """Return the effect on the target share, in logit points or percentage points."""
    logit: Quantity | None = values["logit"]
    if logit is not None:
        return Effect("share_logit", logit, values["line"])
    return Effect("share_points", values["points"], values["line"])


_RATIO = QuantityKind(Number(), Interval(low=0.0, low_open=True))
_SHARE = Section(
    _share,
    (
        Key("logit", QuantityKind(Number()), "Logit points.", default=None),
        Key(
            "points",
            QuantityKind(Number(ratio=True), Interval(-1.0, 1.0, low_open=True, high_open=True)),
            "Percentage points of wallet, at today's share.",
            default=None,
        ),
        _LINE,
    ),
    (Alternatives((("logit",), ("points",))),),
    scalar_hint="state it as {logit: 0.5} or {points: 5%}",
)
_RETENTION = Section(
    lambda values, at: Effect("takeover_retention", values["logit"]),
    (Key("logit", QuantityKind(Number()), "Logit points."),),
    scalar_hint="state it as {logit: 0.8}",
)
_CREATION = Section(
    lambda values, at: Effect(
        "wallet_creation",
        values["rate"],
        values["line"],
        median=values["median"],
        log_sd=values["log_sd"],
    ),
    (
        Key(
            "rate",
            QuantityKind(Number(per_year=True), Interval(low=0.0)),
            "Expected number of jumps per year.",
        ),
        Key("median", _RATIO, "Median of the factor by which a jump multiplies the wallet."),
        Key(
            "log_sd",
            QuantityKind(Number(), Interval(low=0.0)),
            "Standard deviation of the log of that factor.",
        ),
        _LINE,
    ),
)
_EFFECTIVENESS = Section(
    lambda values, at: Effect("effectiveness", values["ratio"], levers=values["levers"]),
    (
        Key("ratio", _RATIO, "Factor on what their spend builds."),
        Key("levers", _Levers(), "The levers that become more effective, or `all` others."),
    ),
)


def _key(name: str, kind: Kind[Effect], doc: str) -> Key:
    """Return the key of one effect; a preset's is removed by stating nothing."""
    return Key(name, Removable(kind), doc, default=None)


EFFECT_KEYS = (
    _key("share_target", _SHARE, "Added to the long-run share of wallet."),
    _key(
        "churn_hazard_ratio",
        _One("churn_hazard_ratio", _RATIO),
        "Factor on the churn hazard; below 1 fewer customers are lost.",
    ),
    _key("takeover_retention", _RETENTION, "Added to the probability that a takeover is survived."),
    _key("wallet_growth", _Growth(), "Growth of the wallet a year that it adds."),
    _key("wallet_creation", _CREATION, "New wallet in jumps that it brings about."),
    _key(
        "coupling",
        _One("coupling", QuantityKind(Number())),
        "Added to how strongly the wallet follows the customer's success.",
    ),
    _key("effectiveness", _EFFECTIVENESS, "Makes the spend of other levers more effective."),
    _key(
        "variable_cost_ratio",
        _One("variable_cost_ratio", _RATIO),
        "Factor on the variable costs; below 1 they fall.",
    ),
    _key(
        "price_premium",
        _One("price_premium", QuantityKind(Number(ratio=True), Interval(low=-1.0, low_open=True))),
        "Added to the price, as a fraction of the base price.",
    ),
    _key(
        "capacity",
        _One("capacity", QuantityKind(MoneyPerYear(), Interval(low=0.0))),
        "Added to the capacity of the target product, volume per year at base prices.",
    ),
    _key(
        "process_cost_ratio",
        _One("process_cost_ratio", _RATIO),
        "Factor on the process costs of the target customers; below 1 they fall.",
    ),
)


def with_levers(effect: Effect, names: tuple[str, ...]) -> Effect:
    """Return an effect on levers that it names, `all` resolved to `names`."""
    return replace(effect, levers=names) if effect.levers == (ALL,) else effect
