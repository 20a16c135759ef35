"""The keys of a strategy: plans of levers, products dropped, costs cut, roles (MODEL 5, 6 and 7)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from crcsim.scenario.containers import MapOf, Removable
from crcsim.scenario.executives import MIX, ROLES
from crcsim.scenario.kinds import Choice, FixedNumber, Flag, Kind, Text, WholeNumber
from crcsim.scenario.names import Names
from crcsim.scenario.nodes import MapNode, Node, ScalarNode
from crcsim.scenario.reading import INVALID, Address, Invalid, Reading
from crcsim.scenario.sections import Alternatives, Key, Section
from crcsim.scenario.strategies import MARKET_TRIGGERS, SHARE_TRIGGERS, TRIGGERS, Plan, Trigger
from crcsim.scenario.values import Duration, Interval, Number

__all__ = ["STRATEGIES", "STRATEGY", "StatedDrop", "StatedStrategy"]

_NOW = "now"


@dataclass(frozen=True)
class StatedDrop:
    """A drop as stated: for some customers, those of a segment, or all."""

    at: float
    customers: tuple[str, ...] | None
    segment: str | None


@dataclass(frozen=True)
class StatedStrategy:
    """A strategy as stated, before customers and lines are filled in."""

    plans: tuple[Plan, ...]
    drops: dict[str, StatedDrop]
    roles: dict[str, str]
    sponsor_programme: bool
    extends: str | None


class _Moment(Kind[float]):
    """`now`, or the time after the valuation date."""

    span = FixedNumber(Duration(), Interval(low=0.0))

    def read(self, node: Node, at: Address, reading: Reading) -> float | Invalid:
        """Return years after the valuation date."""
        if isinstance(node, ScalarNode) and node.text == _NOW:
            reading.record(at.path, _NOW)
            return 0.0
        found = self.span.read(node, at, reading)
        if found == 0.0:
            reading.record(at.path, _NOW)
        return found

    def schema(self) -> dict[str, Any]:
        """Return the schema of the word or a duration."""
        return {"oneOf": [{"const": _NOW}, {**self.span.schema(), "not": {"const": _NOW}}]}


def _trigger(values: dict[str, Any], at: Address) -> Trigger:
    """Return the trigger; its customer and line may still be filled in."""
    kind = next(name for name in TRIGGERS if values[name] is not None)
    return Trigger(kind, float(values[kind]), values["line"], values["customer"])


def _check_trigger(values: dict[str, Any], node: MapNode, reading: Reading) -> bool:
    """List what says whose state is judged where that of the market is."""
    kind = next(name for name in TRIGGERS if values[name] is not None)
    useless = "customer" if kind in MARKET_TRIGGERS else None
    useless = "line" if kind not in SHARE_TRIGGERS and values["line"] is not None else useless
    if useless is None or useless not in node.entries:
        return True
    stated = node.entries[useless]
    hint = f"{kind} is not judged by a {useless}; leave it out"
    reading.report("inconsistent", stated.position, stated.path, value=useless, hint=hint)
    return False


_WHEN = Section(
    _trigger,
    (
        Key(
            "share_below",
            FixedNumber(Number(ratio=True), Interval(0.0, 1.0, low_open=True, high_open=True)),
            "The share of wallet of a line has fallen below this.",
            default=None,
        ),
        Key(
            "share_above",
            FixedNumber(Number(ratio=True), Interval(0.0, 1.0, low_open=True, high_open=True)),
            "The share of wallet of a line has risen above this.",
            default=None,
        ),
        Key(
            "churn_hazard_above",
            FixedNumber(Number(ratio=True, per_year=True), Interval(low=0.0, low_open=True)),
            "The churn hazard per year has risen above this.",
            default=None,
        ),
        Key(
            "bad_years",
            WholeNumber(1, 1000),
            "So many years in a row had a lower volume than the year before.",
            default=None,
        ),
        Key(
            "good_years",
            WholeNumber(1, 1000),
            "So many years in a row had a higher volume than the year before.",
            default=None,
        ),
        Key(
            "market_below",
            FixedNumber(Number(ratio=True), Interval(low=0.0, low_open=True)),
            "The market index has fallen below this fraction of today's.",
            default=None,
        ),
        Key(
            "market_above",
            FixedNumber(Number(ratio=True), Interval(low=0.0, low_open=True)),
            "The market index has risen above this multiple of today's.",
            default=None,
        ),
        Key("line", Text(), "The product of the share, where the customer buys several.", default=None),
        Key("customer", Text(), "Whose state is judged, where the lever has several.", default=None),
    ),
    (Alternatives(tuple((name,) for name in TRIGGERS)),),
    check=_check_trigger,
)


class _Start(Kind[tuple[float, Trigger | None]]):
    """`now`, a time after the valuation date, or `{when: ..}`: what it waits for."""

    moment = _Moment()
    waiting = Section(
        lambda values, at: values["when"],
        (Key("when", _WHEN, "What it waits for, on each path; judged at the end of a period."),),
    )

    def read(self, node: Node, at: Address, reading: Reading) -> tuple[float, Trigger | None] | Invalid:
        """Return the start in years and the trigger; what waits may start from today on."""
        if isinstance(node, MapNode):
            trigger = self.waiting.read(node, at, reading)
            return INVALID if isinstance(trigger, Invalid) else (0.0, trigger)
        start = self.moment.read(node, at, reading)
        return INVALID if isinstance(start, Invalid) else (start, None)

    def merge(self, lower: Node, upper: Node) -> Node:
        """Merge two triggers key by key; anything else is replaced."""
        return self.waiting.merge(lower, upper)

    def part(self, key: str) -> Kind[Any] | None:
        """Return the kind of one key."""
        return self.waiting.part(key)

    def schema(self) -> dict[str, Any]:
        """Return the schema of the three forms."""
        return {"oneOf": [*self.moment.schema()["oneOf"], self.waiting.schema()]}


def _plan(values: dict[str, Any], at: Address) -> Plan:
    start, trigger = values["start"]
    return Plan(str(at.path[-1]), start, trigger, values["spend"])


def _cut(values: dict[str, Any], at: Address) -> Plan:
    start, trigger = values["start"]
    return Plan(values["lever"], start, trigger, 0.0, values["maintenance"], str(at.path[-1]))


_FACTOR = FixedNumber(Number(ratio=True), Interval(low=0.0))
_START = _Start()
_PLAN = Section(
    _plan,
    (
        Key("start", _START, "When it starts: `now`, a time after the valuation date, or `{when: ..}`."),
        Key("spend", _FACTOR, "Factor on the stated spend.", default=1.0),
    ),
    scalar_hint="state it as {start: now}",
)
_CUT = Section(
    _cut,
    (
        Key("lever", Text(), "The lever whose maintenance is cut."),
        Key(
            "maintenance",
            FixedNumber(Number(ratio=True), Interval(0.0, 1.0, high_open=True)),
            "What is left of the maintenance.",
        ),
        Key("start", _START, "When it starts: `now`, a time after the valuation date, or `{when: ..}`."),
    ),
)
_DROP = Section(
    lambda values, at: StatedDrop(values["drop"], values["customers"], values["segment"]),
    (
        Key("drop", _Moment(), "When it is no longer sold: `now`, or a time after the valuation date."),
        Key(
            "customers",
            Names("customer"),
            "The customers that lose it; by default all that buy it.",
            default=None,
        ),
        Key("segment", Text(), "Instead: those of a segment that buy it.", default=None),
    ),
    (Alternatives((("customers",), ("segment",)), required=False),),
    scalar_hint="state it as {drop: now}",
)


def _strategy(values: dict[str, Any], at: Address) -> StatedStrategy:
    """Return what is left after removals; plans are sorted by lever."""
    plans = [*values["levers"].values(), *values["cost_programmes"].values()]
    return StatedStrategy(
        tuple(sorted((plan for plan in plans if plan is not None), key=lambda plan: plan.lever)),
        {name: drop for name, drop in values["product_mix"].items() if drop is not None},
        {name: role for name, role in values["roles"].items() if role is not None},
        values["sponsor_programme"],
        values["extends"],
    )


def _check_levers(values: dict[str, Any], node: MapNode, reading: Reading) -> bool:
    """List a lever that a strategy names twice."""
    named = {name: f"levers.{name}" for name, plan in values["levers"].items() if plan is not None}
    sound = True
    for name, plan in values["cost_programmes"].items():
        if plan is None:
            continue
        if plan.lever in named:
            programmes = node.entries["cost_programmes"]
            programme = programmes.entries[name] if isinstance(programmes, MapNode) else programmes
            stated = programme.entries["lever"] if isinstance(programme, MapNode) else programme
            hint = f"{named[plan.lever]} names it already; a strategy names each lever once"
            reading.report("duplicate_lever", stated.position, stated.path, value=plan.lever, hint=hint)
            sound = False
        named.setdefault(plan.lever, f"cost_programmes.{name}")
    return sound


STRATEGY = Section(
    _strategy,
    (
        Key("extends", Text(), "A strategy that this one is laid over.", default=None),
        Key("levers", MapOf(Removable(_PLAN), "lever"), "The levers that it uses, by name.", default={}),
        Key(
            "product_mix",
            MapOf(Removable(_DROP), "product"),
            "The products that it drops, by name.",
            default={},
        ),
        Key(
            "cost_programmes",
            MapOf(Removable(_CUT), "programme"),
            "Cuts of the maintenance of levers, by a name of their own.",
            default={},
        ),
        Key(
            "roles",
            MapOf(Removable(Choice((*ROLES, MIX))), "customer"),
            "The executive role for each customer; `mix`: drawn from the mix of roles.",
            default={},
        ),
        Key(
            "sponsor_programme",
            Flag(),
            "Whether the sponsor programme runs; it shifts what `mix` draws.",
            default=False,
        ),
    ),
    check=_check_levers,
    unknown_hint="a strategy changes levers, product_mix, cost_programmes, roles and sponsor_programme only; "
    "another economy, other customers or draws are another scenario",
)
STRATEGIES = MapOf(STRATEGY, "strategy")
