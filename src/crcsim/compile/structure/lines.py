"""Facts of all lines."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from crcsim.compile.lever_structure import limited
from crcsim.compile.lines import line_owners
from crcsim.compile.ranges import flags
from crcsim.compile.tables import ever_used
from crcsim.kernels import arrays, rows
from crcsim.kernels.arrays import Parameters
from crcsim.scenario.scenario import Scenario

__all__ = ["line_facts"]


def line_facts(
    scenario: Scenario, parameters: Parameters, groups: Sequence[Sequence[str]]
) -> arrays.Integers:
    """Rows LINE_FACT_ROWS of all lines."""
    rationed_of = {name: limited(scenario, names) for names in groups for name in names}
    rationed = [
        1 + rationed_of[customer.name].index(line.product)
        if line.product in rationed_of[customer.name]
        else 0
        for customer, line in line_owners(scenario)
    ]
    facts = {
        "rationed": np.array(rationed, dtype=np.int64),
        "share_moves": flags([line.share.kind == "moving" for _, line in line_owners(scenario)]),
        "wallet_jumps": ever_used(parameters, rows.LINE_TABLE, rows.LINE_ROWS, ["jump_mean"]),
        "premium": ever_used(parameters, rows.LINE_TABLE, rows.LINE_ROWS, ["premium"]),
        "volume_cost": ever_used(parameters, rows.LINE_TABLE, rows.LINE_ROWS, ["volume_cost"]),
    }
    return np.stack([facts[name] for name in rows.LINE_FACT_ROWS])
