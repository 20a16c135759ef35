"""The uncertain parameters of a scenario as they were drawn, path by path."""

from __future__ import annotations

from crcsim.compile.values import Sampler
from crcsim.kernels.arrays import Floats
from crcsim.scenario.scenario import Scenario

__all__ = ["parameter_draws"]


def parameter_draws(scenario: Scenario, seed: int, paths: int) -> dict[str, Floats]:
    """The values [path] of every uncertain parameter by its place in the scenario, in order of the places.

    They are the ones that a run of the scenario with this seed uses: draws are pure functions of seed, place
    and path. Raises NumericError for a draw outside the range of its parameter.
    """
    return dict(sorted(Sampler(scenario, seed).draw(0, paths).draws.items()))
