"""How far the best plan hangs on the sample: solved again on resampled paths (Efron, 1979)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from crcsim.decisions.allocate.plans import Plans
from crcsim.decisions.allocation import Objective, Problem, solve
from crcsim.errors import NumericError
from crcsim.kernels.arrays import Floats

__all__ = ["resampled"]

RESAMPLES = 40


def resampled(plans: Plans, spend: Floats, around: Problem, objective: Objective) -> Floats:
    """Best plans [resample, lever] of resampled paths, with what levers bring around a plan of these spends.

    The seed is fixed: the same scenario and draws give the same resamples.
    """
    generator = np.random.default_rng(20260101)
    values, base = _value_rows(plans, spend, around)
    paths, spends = base.size, []
    for _ in range(RESAMPLES):
        drawn = generator.integers(paths, size=paths)
        problem = replace(
            around,
            value=tuple(row[:, drawn].mean(axis=1) for row in values),
            risk=tuple(row[:, drawn] for row in around.risk),
            base_value=float(base[drawn].mean()),
            base_risk=around.base_risk[drawn],
        )
        try:
            spends.append(solve(problem, objective).spend)
        except NumericError:  # the floor is out of reach in this sample
            continue
    return np.array(spends).reshape(-1, spend.size)


def _value_rows(plans: Plans, centre: Floats, around: Problem) -> tuple[list[Floats], Floats]:
    """Changes of the value by lever [node, path], and the value of the plan [path]."""
    base = plans.totals(centre[np.newaxis]).value[0]
    rows = []
    for lever, spends in enumerate(around.spend):
        moved = np.repeat(centre[np.newaxis], spends.size, axis=0)
        moved[:, lever] = spends
        rows.append(plans.totals(moved).value - base)
    return rows, base
