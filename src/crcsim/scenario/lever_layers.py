"""Levers over their presets, strategies over those that they extend: what holds for each."""

from __future__ import annotations

from dataclasses import replace

from crcsim.scenario.containers import without_removals
from crcsim.scenario.lever_keys import LEVER
from crcsim.scenario.nodes import MapNode, Node, ScalarNode, describe
from crcsim.scenario.presets import preset_below
from crcsim.scenario.reading import Reading, nearest
from crcsim.scenario.strategies import BASELINE
from crcsim.scenario.strategy_keys import STRATEGY

__all__ = ["levers_in_layers", "strategies_in_layers"]


def levers_in_layers(stated: MapNode) -> MapNode:
    """Return the map of all levers, each laid over the preset that it names."""
    return replace(stated, entries={name: _over_preset(node) for name, node in stated.entries.items()})


def _over_preset(lever: Node) -> Node:
    if not isinstance(lever, MapNode):
        return lever
    preset = preset_below(lever, lever.path)
    if preset is None:  # where its name is unknown, so is what may be removed
        return LEVER.merge(lever, lever) if "preset" in lever.entries else _without(lever, None, "effects")
    return _without(LEVER.merge(_at(preset, lever), lever), preset, "effects")


def _at(preset: MapNode, lever: MapNode) -> MapNode:
    """Return a preset whose parts stand where the lever does: what they lack is to be stated there."""
    parts = {key: replace(part, position=lever.position) for key, part in preset.entries.items()}
    return replace(preset, entries=parts)


def _without(node: Node, lower: MapNode | None, *keys: str) -> Node:
    """Return a map whose parts hold no removals of what the parts of `lower` do not state."""
    if not isinstance(node, MapNode):
        return node
    entries = dict(node.entries)
    for key in keys:
        if key in entries:
            entries[key] = without_removals(entries[key], lower.entries.get(key) if lower else None)
    return replace(node, entries=entries)


def strategies_in_layers(stated: MapNode, reading: Reading) -> MapNode:
    """Return the map of all strategies, each laid over the one that it extends."""
    found: dict[str, Node] = {}
    for name in stated.entries:
        _layer(name, (), stated, found, reading)
    return replace(stated, entries={name: found[name] for name in stated.entries})


_MAPS = ("levers", "product_mix", "cost_programmes", "roles")


def _layer(
    name: str, below: tuple[str, ...], stated: MapNode, found: dict[str, Node], reading: Reading
) -> Node:
    """Return one strategy over the one that it extends; `below` are the strategies that lead here."""
    if name in found:
        return found[name]
    own = stated.entries[name]
    base = own.entries.get("extends") if isinstance(own, MapNode) else None
    if not isinstance(base, ScalarNode) or not base.text.strip():
        found[name] = _without(own, None, *_MAPS)
    elif base.text in (name, *below):
        chain = " -> ".join([*below, name, base.text])
        hint = "remove one `extends:` of this circle"
        reading.report("extends_itself", base.position, base.path, value=chain, hint=hint)
        found[name] = STRATEGY.merge(own, own)
    elif base.text not in stated.entries:
        _report_unknown(base, [other for other in stated.entries if other != name], reading)
        found[name] = STRATEGY.merge(own, own)
    else:
        lower = _layer(base.text, (*below, name), stated, found, reading)
        whole = STRATEGY.merge(lower, own)
        found[name] = _without(whole, lower if isinstance(lower, MapNode) else None, *_MAPS)
    return found[name]


def _report_unknown(base: ScalarNode, names: list[str], reading: Reading) -> None:
    """List a strategy that is extended and not there; the baseline is there, and empty."""
    near = nearest(base.text, names)
    known = f"known: {', '.join(names[:12])}" if names else "there is no other strategy"
    hint = None if near else known
    if describe(base) == BASELINE:
        near, hint = None, "nothing happens in the baseline; leave `extends` out"
    reading.report("unknown_strategy", base.position, base.path, value=base.text, nearest=near, hint=hint)
