"""What an analyst may say: the scenario, read from YAML and tables, validated and frozen.

A file goes this way: bytes -> `yaml_reader` (tree with positions) -> `document` (overlays) -> `layers` (each
customer from its defaults, segment, table row and own row) and `lever_layers` (levers over presets,
strategies over what they extend) -> `root` (all parts, by tables of keys) -> `references`, `plausibility` and
the checks of costs, levers and strategies -> Scenario.
"""

from crcsim.scenario.load import expand_sweep, load_scenario
from crcsim.scenario.resolved import difference
from crcsim.scenario.scenario import Scenario, SourceFile
from crcsim.scenario.schema import json_schema

__all__ = ["Scenario", "SourceFile", "difference", "expand_sweep", "json_schema", "load_scenario"]
