"""The keys of a lever: target, spend, response and effects (MODEL 5)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Any

from crcsim.scenario.containers import ListOf, MapOf
from crcsim.scenario.effect_keys import EFFECT_KEYS, with_levers
from crcsim.scenario.kinds import Choice, FixedNumber, Kind, Text
from crcsim.scenario.levers import Effect, Judgements, Lever, Response, Spend, Target
from crcsim.scenario.names import Names
from crcsim.scenario.nodes import MapNode, Node, ScalarNode, describe, join
from crcsim.scenario.presets import PRESETS
from crcsim.scenario.quantities import QuantityKind
from crcsim.scenario.quantity import Quantity
from crcsim.scenario.reading import INVALID, Address, Invalid, Reading
from crcsim.scenario.sections import Alternatives, Key, Section
from crcsim.scenario.values import Amount, Duration, Interval, MoneyPerYear, Number

__all__ = ["LEVER", "LEVERS"]

_EVERYTHING = "all"


def _target(values: dict[str, Any], at: Address) -> Target:
    """Return the target; one customer is a list of one."""
    if values["customer"] is not None:
        return Target("customers", (values["customer"],))
    if values["customers"] is not None:
        return Target("customers", values["customers"])
    kind = "segment" if values["segment"] is not None else "product"
    return Target(kind, (values[kind],))


class _TargetKind(Kind[Target]):
    """A map with one of its keys, or `all`."""

    stated = Section(
        _target,
        (
            Key("customer", Text(), "One customer.", default=None),
            Key("customers", Names("customer"), "Several customers.", default=None),
            Key("segment", Text(), "All customers of a segment.", default=None),
            Key("product", Text(), "A product, and its lines at all customers.", default=None),
        ),
        (Alternatives((("customer",), ("customers",), ("segment",), ("product",))),),
        scalar_hint="state it as {customer: ..}, {customers: [..]}, {segment: ..}, {product: ..} or all",
    )

    def read(self, node: Node, at: Address, reading: Reading) -> Target | Invalid:
        """Return the target."""
        if isinstance(node, ScalarNode) and node.text == _EVERYTHING:
            reading.record(at.path, _EVERYTHING)
            return Target(_EVERYTHING, ())
        return self.stated.read(node, at, reading)

    def merge(self, lower: Node, upper: Node) -> Node:
        """Merge two maps; another form of the target drops the first."""
        return self.stated.merge(lower, upper)

    def part(self, key: str) -> Kind[Any] | None:
        """Return the kind of one key."""
        return self.stated.part(key)

    def without_overridden(self, lower: MapNode, upper: MapNode) -> MapNode:
        """Return `lower` without what another form of the target overrides."""
        return self.stated.without_overridden(lower, upper)

    def schema(self) -> dict[str, Any]:
        """Return the schema of a map or the word."""
        return {"oneOf": [{"const": _EVERYTHING}, self.stated.schema()]}


def _spend(values: dict[str, Any], at: Address) -> Spend:
    """Return the spend; the forms that are not stated are zero."""
    return Spend(
        values["amount"] or 0.0, values["duration"] or math.inf, values["payments"], values["once"] or 0.0
    )


def _check_spend(values: dict[str, Any], node: MapNode, reading: Reading) -> bool:
    """List a duration without its amount, and payments of nothing."""
    if "duration" in node.entries and values["amount"] is None:
        hint = "state the amount per year that is spent for this duration"
        reading.report("missing_key", node.position, (*node.path, "amount"), hint=hint)
        return False
    stated = node.entries.get("payments")
    if stated is not None and not any(values["payments"]):
        reading.report("empty", stated.position, stated.path, allowed="at least one payment above 0")
        return False
    return True


def _unless(other: str, value: float) -> Any:
    """Return a default that holds only where another key is not stated."""

    def default(entries: Mapping[str, Node]) -> float | None:
        return None if other in entries else value

    return default


def _while_amount(entries: Mapping[str, Node]) -> float | None:
    """Return the default of a duration: spending without end, where it is an amount per year."""
    return math.inf if "amount" in entries else None


_POSITIVE = Interval(low=0.0, low_open=True)
_SPEND = Section(
    _spend,
    (
        Key(
            "amount",
            FixedNumber(MoneyPerYear(), _POSITIVE),
            "Spend per year, at prices of the valuation date.",
            default=None,
        ),
        Key(
            "duration",
            FixedNumber(Duration(), _POSITIVE, endless=True),
            "How long the amount is spent; by default without end.",
            default=None,
            derived=_while_amount,
        ),
        Key(
            "payments",
            ListOf(
                FixedNumber(Amount(reason="it is spent within one year", figure="1 M"), Interval(low=0.0)),
                "year",
            ),
            "Instead: what is spent in each year from the start on, spread evenly over the year.",
            default=None,
        ),
        Key(
            "once",
            FixedNumber(Amount(reason="it is spent once", figure="1.2 M"), _POSITIVE),
            "Instead: what is spent in the first period.",
            default=None,
        ),
    ),
    (Alternatives((("amount", "duration"), ("payments",), ("once",))),),
    _check_spend,
    "state it as {amount: 400 k EUR per year}, {payments: [..]} or {once: ..}",
)


def _check_judgements(values: dict[str, Any], node: MapNode, reading: Reading) -> bool:
    """List judgements that do not rise."""
    for lower, upper in pairwise(("floor", "maintenance", "plus_half", "saturation")):
        if values[upper] <= values[lower]:
            at = node.entries[upper]
            hint = "the judgements rise: floor, maintenance, plus_half, saturation"
            allowed = f"above {lower}, which is {values[lower] * 100:.12g}%"
            reading.report(
                "out_of_range", at.position, at.path, value=describe(at), allowed=allowed, hint=hint
            )
            return False
    return True


_LEVEL = FixedNumber(Number(ratio=True), Interval(low=0.0))
_JUDGEMENTS = Section(
    lambda values, at: Judgements(**values),
    (
        Key("floor", _LEVEL, "The outcome without any spend."),
        Key("maintenance", _LEVEL, "The outcome at the maintenance spend."),
        Key("plus_half", _LEVEL, "The outcome at one and a half times the maintenance spend."),
        Key("saturation", _LEVEL, "The outcome however much is spent."),
    ),
    check=_check_judgements,
)


def _response(values: dict[str, Any], at: Address) -> Response:
    """Return the response; judgements say what steepness would."""
    steepness = values["steepness"] or Quantity(1.0, join(at.child("steepness").place))
    return Response(**{**values, "steepness": steepness})


def _check_response(values: dict[str, Any], node: MapNode, reading: Reading) -> bool:
    """List a steepness without the spend that it belongs to."""
    if values["judgements"] is not None or values["half_effect_spend"] is not None:
        return True
    hint = "state the yearly spend that has half of the effect in the long run, or four judgements"
    path = (*node.path, "half_effect_spend")
    reading.report("missing_key", node.position, path, allowed="half_effect_spend or judgements", hint=hint)
    return False


_RESPONSE = Section(
    _response,
    (
        Key(
            "lag",
            FixedNumber(Duration(), Interval(low=0.0)),
            "Time from the spend to its effect.",
            default=0.0,
        ),
        Key(
            "decay",
            QuantityKind(Number(ratio=True, per_year=True), Interval(0.0, 1.0, low_open=True)),
            "The part of what was built that fades within a year.",
        ),
        Key(
            "half_effect_spend",
            QuantityKind(MoneyPerYear(), _POSITIVE),
            "The yearly spend that has half of the effect in the long run.",
            default=None,
        ),
        Key(
            "steepness",
            QuantityKind(Number(), _POSITIVE),
            "Exponent of the response. At 1, the default, every further amount brings less; above 1 it first "
            "needs a critical mass.",
            default=None,
            derived=_unless("judgements", 1.0),
        ),
        Key(
            "effectiveness",
            QuantityKind(Number(), _POSITIVE),
            "What one unit of spend builds, relative to what half_effect_spend was judged at.",
            default=1.0,
        ),
        Key(
            "judgements",
            _JUDGEMENTS,
            "Instead of half_effect_spend and steepness: four judgements of the outcome.",
            default=None,
        ),
    ),
    (Alternatives((("half_effect_spend", "steepness"), ("judgements",)), required=False),),
    _check_response,
)


def _effects(values: dict[str, Any], at: Address) -> tuple[Effect, ...]:
    """Return what is stated, sorted by kind and line."""
    stated = [effect for effect in values.values() if effect is not None]
    return tuple(sorted(stated, key=lambda effect: (effect.kind, effect.line or "")))


def _check_effects(values: dict[str, Any], node: MapNode, reading: Reading) -> bool:
    """List a lever that does nothing."""
    if any(effect is not None for effect in values.values()):
        return True
    reading.report("empty", node.position, node.path, allowed="at least one effect")
    return False


def _check_lever(values: dict[str, Any], node: MapNode, reading: Reading) -> bool:
    """List judgements of a spend that is nothing."""
    if values["response"].judgements is None or values["maintenance"] > 0:
        return True
    hint = "the judgements are made at the maintenance spend and at half as much again"
    reading.report("missing_key", node.position, (*node.path, "maintenance"), hint=hint)
    return False


LEVER = Section(
    lambda values, at: Lever(name=str(at.path[-1]), **values),
    (
        Key(
            "preset", Choice(PRESETS), "A preset laid below the lever; every key overrides it.", default=None
        ),
        Key("target", _TargetKind(), "On what it acts."),
        Key("spend", _SPEND, "What it costs while it is active."),
        Key(
            "booked_as",
            Choice(("expense", "investment")),
            "An expense lowers profit and tax; an investment is paid out of cash flow alone.",
            default="expense",
        ),
        Key(
            "maintenance",
            FixedNumber(MoneyPerYear(), Interval(low=0.0)),
            "Spend per year, in the baseline too, that keeps what was built before the valuation date.",
            default=0.0,
        ),
        Key("response", _RESPONSE, "How spend becomes effect."),
        Key(
            "effects", Section(_effects, EFFECT_KEYS, check=_check_effects), "What it changes, at saturation."
        ),
        Key(
            "causal_share",
            QuantityKind(Number(ratio=True), Interval(0.0, 1.0)),
            "The part of the effects that the lever causes; the rest would have come without it.",
            default=1.0,
        ),
    ),
    check=_check_lever,
)


class _Levers(MapOf[Lever]):
    """All levers by name."""

    def read(self, node: Node, at: Address, reading: Reading) -> dict[str, Lever] | Invalid:
        """Return the levers; an effect on all others names them."""
        found = super().read(node, at, reading)
        if isinstance(found, Invalid):
            return INVALID
        return {name: _with_others(lever, tuple(found)) for name, lever in found.items()}


def _with_others(lever: Lever, names: tuple[str, ...]) -> Lever:
    """Return a lever whose effect on all others names them."""
    others = tuple(name for name in names if name != lever.name)
    return replace(lever, effects=tuple(with_levers(effect, others) for effect in lever.effects))


LEVERS = _Levers(LEVER, "lever")
