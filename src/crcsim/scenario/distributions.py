"""Reading of one distribution: parameters or elicited quantiles, checked against each other and the range."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from crcsim.scenario.families import FAMILIES, Family, inconsistency, probability_outside
from crcsim.scenario.kinds import parse_number, wrong_type
from crcsim.scenario.nodes import MapNode, Node, ScalarNode, describe
from crcsim.scenario.quantity import Distribution
from crcsim.scenario.reading import INVALID, Invalid, Json, Reading, nearest
from crcsim.scenario.values import Interval, Number, Unit
from crcsim.scenario.yaml_types import plain_value

__all__ = ["distribution_json", "distribution_schema", "read_distribution"]

_NEGLIGIBLE = 1e-9
_NOT_NEGATIVE = Interval(low=0.0)
_POSITIVE = Interval(low=0.0, low_open=True)
_PROBABILITY = Interval(0.0, 1.0, low_open=True, high_open=True)


def read_distribution(
    form: str, node: Node, unit: Unit, interval: Interval, reading: Reading
) -> Distribution | Invalid:
    """Return the distribution of a family, or of bare quantiles, that `node` states."""
    support = (interval.low, interval.high)
    if form == "quantiles":
        quantiles = _read_quantiles(node, unit, interval, reading)
        if isinstance(quantiles, Invalid):
            return INVALID
        return _checked(Distribution("quantiles", {}, quantiles, support), node, unit, interval, reading)
    stated = _read_parameters(form, node, unit, interval, reading)
    if isinstance(stated, Invalid):
        return INVALID
    return _checked(Distribution(form, *stated, support), node, unit, interval, reading)


Stated = tuple[dict[str, float], tuple[tuple[float, float], ...]]


def _read_parameters(
    name: str, node: Node, unit: Unit, interval: Interval, reading: Reading
) -> Stated | Invalid:
    """Return parameters and quantiles of a family."""
    family = FAMILIES[name]
    if not isinstance(node, MapNode):
        return wrong_type(node, f"a map with {', '.join(family.names())}", reading)
    sound = _report_keys(family, node, reading)
    parameters: dict[str, float] = {}
    quantiles: tuple[tuple[float, float], ...] = ()
    for key, child in node.entries.items():
        if key == "quantiles":
            found = _read_quantiles(child, unit, interval, reading)
            quantiles = () if isinstance(found, Invalid) else found
            sound &= not isinstance(found, Invalid)
        elif key in family.names():
            number = _read_parameter(name, key, child, unit, interval, reading)
            sound &= not isinstance(number, Invalid)
            parameters[key] = 0.0 if isinstance(number, Invalid) else number
    return (dict(sorted(parameters.items())), quantiles) if sound else INVALID


def _read_parameter(
    family: str, key: str, node: Node, unit: Unit, interval: Interval, reading: Reading
) -> float | Invalid:
    """Return one parameter: a location in the unit and range of the quantity, a spread, or a shape."""
    if key in ("alpha", "beta"):
        return parse_number(node, Number(), _POSITIVE, reading)
    if key == "log_sd":
        return parse_number(node, Number(), _NOT_NEGATIVE, reading)
    if key == "sd":
        return parse_number(node, unit, _NOT_NEGATIVE, reading)
    closed = Interval(interval.low, interval.high)
    if family == "lognormal":
        closed = Interval(max(interval.low, 0.0), interval.high, low_open=True)
    return parse_number(node, unit, closed, reading)


def _report_keys(family: Family, node: MapNode, reading: Reading) -> bool:
    """List unknown, missing and conflicting parameters."""
    known = family.names()
    unknown = [key for key in node.entries if key not in known]
    for key in unknown:
        near = nearest(key, known)
        hint = None if near else f"known keys: {', '.join(known)}"
        reading.report("unknown_key", node.keys[key], (*node.path, key), value=key, nearest=near, hint=hint)
    bounds = {"low", "high"} if family.bounds else set[str]()
    stated = {key for key in node.entries if key in known}
    forms = [set(form) for form in (*family.forms, ("quantiles",))]
    if stated - bounds in [form - bounds for form in forms]:
        missing = bounds - stated if family.bounded or bounds & stated else set[str]()
        if not missing:
            return not unknown
    if not unknown:
        needed = [", ".join(form) for form in (*family.forms, ("quantiles",))]
        extra = " with low, high" if family.bounded else " (low, high beside them)" if family.bounds else ""
        reading.report(
            "incomplete_distribution",
            node.position,
            node.path,
            value=", ".join(sorted(stated)) or "nothing",
            allowed=" or ".join(needed) + extra,
        )
    return False


def _read_quantiles(
    node: Node, unit: Unit, interval: Interval, reading: Reading
) -> tuple[tuple[float, float], ...] | Invalid:
    """Return two or three pairs (probability, value), rising in both."""
    if not isinstance(node, MapNode):
        return wrong_type(node, "a map such as {5%: 2%, 95%: 11%}", reading)
    if len(node.entries) not in (2, 3):
        return reading.report(
            "wrong_number_of_quantiles",
            node.position,
            node.path,
            value=len(node.entries),
            allowed="two or three",
        )
    points: list[tuple[float, float]] = []
    inner = Interval(interval.low, interval.high, low_open=True, high_open=True)
    for key, child in node.entries.items():
        written = ScalarNode(plain_value(key), key, node.keys[key], (*node.path, key))
        probability = parse_number(written, Number(ratio=True), _PROBABILITY, reading)
        value = parse_number(child, unit, inner, reading)
        if not isinstance(probability, Invalid) and not isinstance(value, Invalid):
            points.append((probability, value))
    if len(points) < len(node.entries):
        return INVALID
    points.sort()
    if any(a[0] == b[0] or a[1] >= b[1] for a, b in pairwise(points)):
        shown = ", ".join(f"{key}: {describe(child)}" for key, child in node.entries.items())
        return reading.report(
            "quantiles_not_increasing",
            node.position,
            node.path,
            value=shown,
            allowed="a larger value at a larger probability",
        )
    return tuple(points)


def _checked(
    distribution: Distribution, node: Node, unit: Unit, interval: Interval, reading: Reading
) -> Distribution | Invalid:
    """Return the distribution if its parameters fit each other and its draws stay in the allowed range."""
    found = inconsistency(distribution.family, distribution.parameters, distribution.quantiles, unit.show)
    if found is not None:
        name, allowed = found
        at = node.entries.get(name, node) if isinstance(node, MapNode) else node
        return reading.report(
            "inconsistent_distribution", at.position, at.path, value=describe(at), allowed=allowed
        )
    outside = probability_outside(distribution, interval)
    if outside > _NEGLIGIBLE:
        hint = f"{outside:.2g} of its draws would fall outside; use truncated_normal, beta, pert or quantiles"
        return reading.report(
            "distribution_leaves_range",
            node.position,
            node.path,
            value=distribution.family,
            allowed=interval.text(unit),
            hint=hint,
        )
    return distribution


def distribution_json(distribution: Distribution) -> dict[str, Json]:
    """Return a distribution in the spelling of the input, in canonical units."""
    quantiles: dict[str, Json] = {repr(probability): value for probability, value in distribution.quantiles}
    if distribution.family == "quantiles":
        return {"quantiles": quantiles}
    parameters: dict[str, Json] = dict(distribution.parameters)
    if quantiles:
        parameters["quantiles"] = quantiles
    return {distribution.family: parameters}


def distribution_schema() -> dict[str, Any]:
    """Return the schema of every family by its key."""
    number = {"type": ["number", "string"]}
    quantiles = {"type": "object", "additionalProperties": number, "minProperties": 2, "maxProperties": 3}
    schemas: dict[str, Any] = {"quantiles": quantiles}
    for name, family in FAMILIES.items():
        properties: dict[str, Any] = dict.fromkeys(family.names(), number)
        properties["quantiles"] = quantiles
        schemas[name] = {"type": "object", "properties": properties, "additionalProperties": False}
    return schemas
