"""Executive roles: how top executives deal with customers (MODEL 7, sources B1 to B7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from crcsim.scenario.kinds import FixedNumber, Flag, Kind, WholeNumber
from crcsim.scenario.nodes import MapNode, describe
from crcsim.scenario.quantities import QuantityKind
from crcsim.scenario.quantity import Distribution, Quantity
from crcsim.scenario.reading import Address, Reading
from crcsim.scenario.sections import Key, Section
from crcsim.scenario.values import Duration, Interval, MoneyPerYear, Number

__all__ = ["EXECUTIVES", "MIX", "ROLES", "Executives"]

ROLES = ("hands_off", "loose_cannon", "social_visitor", "dealmaker", "growth_champion")
#: What stands in place of a role where it is drawn.
MIX = "mix"
#: How far the reference mix may be from 100 %.
_ROUNDING = 1e-9
#: The shares of executives in the survey (source B1).
_SURVEYED = {
    "hands_off": 0.28,
    "loose_cannon": 0.21,
    "social_visitor": 0.19,
    "dealmaker": 0.18,
    "growth_champion": 0.14,
}
_EVOLUTION = {
    "social_visitor": {"loose_cannon": 0.1, "growth_champion": 0.1},
    "dealmaker": {"growth_champion": 0.1},
}
_SMALL = Distribution("pert", {"low": 0.0, "mode": 0.1, "high": 0.3}, (), (0.0, 1.0))


@dataclass(frozen=True)
class Executives:
    """What is known of executive roles; tuples are in the order of ROLES.

    `term`, `fade` (a half-life), `damage_setback` and `concession_duration` are in years; `transitions` holds
    the probabilities at the end of a term, from row to column; `cost` is per customer and year, `limit` the
    most customers at a time (None: no limit). Rates are events per year; `damage_share` and `deal_share` are
    logit points, `concession_price` a fraction. The sponsor programme costs `sponsor_cost` per year; with it
    `sponsor_champions` of the executives are growth champions, without it `sponsor_without`.
    """

    causal_share: Quantity
    reference_mix: tuple[float, ...]
    term: float
    renewed: bool
    fade: float
    transitions: tuple[tuple[float, ...], ...]
    cost: tuple[float, ...]
    limit: tuple[int | None, ...]
    damage_rate: Quantity
    damage_setback: float
    damage_share: Quantity
    concession_rate: Quantity
    concession_price: Quantity
    concession_duration: float
    deal_rate: Quantity
    deal_share: Quantity
    sponsor_cost: float
    sponsor_champions: float
    sponsor_without: float


def by_role(kind: Kind[Any], doc: str, default: Any) -> Section[dict[str, Any]]:
    """Return a map from each role; a role that is not stated has the default."""
    return Section(lambda values, at: values, tuple(Key(role, kind, doc, default=default) for role in ROLES))


def _executives(values: dict[str, Any], at: Address) -> Executives:
    """Return the executives; what is left of a row of transitions stays in its role."""
    moves = values["transitions"]
    rows = [
        tuple(1.0 - sum(moves[role].values()) if to == role else moves[role][to] for to in ROLES)
        for role in ROLES
    ]
    named: dict[str, Any] = {
        f"{part}_{name}": value for part in _PARTS for name, value in values[part].items()
    }
    programme: dict[str, Any] = {
        f"sponsor_{name}": value for name, value in values["sponsor_programme"].items()
    }
    kept: dict[str, Any] = {key: values[key] for key in ("causal_share", "term", "renewed", "fade")}
    listed: dict[str, Any] = {
        key: tuple(values[key][role] for role in ROLES) for key in ("reference_mix", "cost", "limit")
    }
    return Executives(transitions=tuple(rows), **kept, **listed, **named, **programme)


_PARTS = ("damage", "concession", "deal")


def _check(values: dict[str, Any], node: MapNode, reading: Reading) -> bool:
    """List a mix that is not the whole, and warn of a term that the source advises against."""
    if (term := node.entries.get("term")) is not None and not 2.0 <= values["term"] <= 3.0:
        reading.warn(term.position, term.path, f"{describe(term)}; sponsors should serve two to three years")
    total = sum(values["reference_mix"].values())
    if abs(total - 1.0) <= _ROUNDING:
        return True
    stated = node.entries["reference_mix"]
    hint = "the shares of the roles add up to this; a role that is not stated has none"
    value = f"{total * 100:.12g}%"
    reading.report(
        "wrong_shares", stated.position, stated.path, value=value, allowed="100% together", hint=hint
    )
    return False


def _check_moves(values: dict[str, Any], node: MapNode, reading: Reading) -> bool:
    """List roles that more than all leave, and a role that moves to itself."""
    sound = True
    for role in ROLES:
        stated = node.entries.get(role)
        if not isinstance(stated, MapNode):
            continue
        if values[role][role] > 0:
            at = stated.entries[role]
            hint = "state the moves to other roles; the rest stays"
            reading.report("inconsistent", at.position, at.path, value=describe(at), hint=hint)
            sound = False
        elif (total := sum(values[role].values())) > 1.0 + _ROUNDING:
            value = f"{total * 100:.12g}%"
            reading.report(
                "wrong_shares", stated.position, stated.path, value=value, allowed="at most 100% together"
            )
            sound = False
    return sound


def _check_programme(values: dict[str, Any], node: MapNode, reading: Reading) -> bool:
    """List a programme that leaves fewer growth champions than there are without it."""
    if values["champions"] >= values["without"]:
        return True
    at: Mapping[str, Any] = node.entries
    stated = at.get("champions", at.get("without", node))
    allowed = f"at least {values['without'] * 100:.12g}%, as many as without the programme"
    value = f"{values['champions'] * 100:.12g}%"
    reading.report("out_of_range", stated.position, stated.path, value=value, allowed=allowed)
    return False


_FRACTION = FixedNumber(Number(ratio=True), Interval(0.0, 1.0))
_SPAN = FixedNumber(Duration(), Interval(low=0.0, low_open=True))
_RATE = QuantityKind(Number(per_year=True), Interval(low=0.0))
_MIX = by_role(_FRACTION, "Share of the executives with this role.", 0.0)
_MOVES = by_role(_FRACTION, "Probability of this role after the term.", 0.0)
_TRANSITIONS = Section(
    lambda values, at: values,
    tuple(Key(role, _MOVES, f"What comes after a term as {role}.", default={}) for role in ROLES),
    check=_check_moves,
)
_COST = by_role(
    FixedNumber(MoneyPerYear(), Interval(low=0.0)),
    "Cost of this role per customer and year, at prices of the valuation date.",
    0.0,
)
_LIMIT = by_role(
    WholeNumber(0, 1_000_000),
    "The most customers at a time with this role; without it as many as are wanted.",
    None,
)
_SETBACK = Section(
    lambda values, at: values["logit"],
    (
        Key(
            "logit",
            QuantityKind(Number(), Interval(high=0.0)),
            "Logit points by which the share falls.",
            default=-0.3,
        ),
    ),
)
_GAIN = Section(
    lambda values, at: values["logit"],
    (
        Key(
            "logit",
            QuantityKind(Number(), Interval(low=0.0)),
            "Logit points by which the share rises.",
            default=0.3,
        ),
    ),
)
_DAMAGE = Section(
    lambda values, at: values,
    (
        Key("rate", _RATE, "Expected number of damages per year.", default=0.3),
        Key("setback", _SPAN, "Time by which the relation is set back.", default=1.0),
        Key("share", _SETBACK, "What the share of wallet loses.", default={}),
    ),
)
_CONCESSION = Section(
    lambda values, at: values,
    (
        Key("rate", _RATE, "Expected number of concessions per year.", default=0.3),
        Key(
            "price",
            QuantityKind(Number(ratio=True), Interval(0.0, 1.0, high_open=True)),
            "The fraction by which prices are cut.",
            default=0.03,
        ),
        Key("duration", _SPAN, "How long the cut holds.", default=1.0),
    ),
)
_DEAL = Section(
    lambda values, at: values,
    (
        Key("rate", _RATE, "Expected number of deals won or rescued per year.", default=0.2),
        Key("share", _GAIN, "What the share of wallet gains.", default={}),
    ),
)
_PROGRAMME = Section(
    lambda values, at: values,
    (
        Key(
            "cost",
            FixedNumber(MoneyPerYear(), Interval(low=0.0)),
            "Cost of the programme per year, borne by the company, at prices of the valuation date.",
            default=0.0,
        ),
        Key("champions", _FRACTION, "Growth champions among executives with the programme.", default=0.26),
        Key("without", _FRACTION, "Growth champions among executives without it.", default=0.04),
    ),
    check=_check_programme,
)
EXECUTIVES = Section(
    _executives,
    (
        Key(
            "causal_share",
            QuantityKind(Number(ratio=True), Interval(0.0, 1.0)),
            "The part of the difference between roles that the role causes; the survey shows correlation.",
            default=_SMALL,
        ),
        Key(
            "reference_mix",
            _MIX,
            "The mix of roles that customers have today, by default that of the survey.",
            default=_SURVEYED,
        ),
        Key("term", _SPAN, "How long one executive serves a customer.", default=2.5),
        Key("renewed", Flag(), "Whether a next term follows; without it the effect fades.", default=True),
        Key("fade", _SPAN, "Half-life of the effect after the last term.", default=1.0),
        Key(
            "transitions",
            _TRANSITIONS,
            "How roles change at the end of a term, by judgement; what is not stated stays.",
            default=_EVOLUTION,
        ),
        Key("cost", _COST, "What each role costs.", default={}),
        Key("limit", _LIMIT, "How many customers each role can serve.", default={}),
        Key(
            "damage",
            _DAMAGE,
            "Visits of a loose cannon that set a relation back; the numbers are judgements.",
            default={},
        ),
        Key(
            "concession",
            _CONCESSION,
            "Prices that a dealmaker gives away; the numbers are judgements.",
            default={},
        ),
        Key(
            "deal",
            _DEAL,
            "Deals that a dealmaker or a growth champion wins; the numbers are judgements.",
            default={},
        ),
        Key(
            "sponsor_programme",
            _PROGRAMME,
            "A programme that makes more executives growth champions.",
            default={},
        ),
    ),
    check=_check,
)
