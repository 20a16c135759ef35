"""Presets: data laid below a lever that names one (sources A3 to A8 and A10)."""

from __future__ import annotations

from crcsim.scenario.nodes import MapNode, Node, Path, ScalarNode, with_path
from crcsim.scenario.yaml_reader import read_yaml

__all__ = ["PRESETS", "preset_below"]

#: Capon's six processes and the two product levers; each is a file beside this module.
PRESETS = (
    "identify_potential",
    "align_strategy",
    "invest_in_relationship",
    "expand_wallet",
    "align_organisation",
    "product_mix",
    "product_functionality",
    "product_capacity",
)


def preset_below(lever: Node, path: Path) -> MapNode | None:
    """Return the preset that a lever names, as it would stand at `path`; None where it names no known one."""
    named = lever.entries.get("preset") if isinstance(lever, MapNode) else None
    if not isinstance(named, ScalarNode) or named.text not in PRESETS:
        return None
    from importlib import resources  # 10 ms that only a preset needs

    file = f"presets/{named.text}.yaml"
    content = resources.files("crcsim.scenario").joinpath(file).read_bytes()
    tree, problems = read_yaml(content, file)
    if problems or not isinstance(tree, MapNode):
        raise ValueError(f"{file} is not a map: {problems}")
    placed = with_path(tree, path)
    return placed if isinstance(placed, MapNode) else None
