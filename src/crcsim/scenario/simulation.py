"""How many paths are simulated, and from which seed."""

from __future__ import annotations

from dataclasses import dataclass

from crcsim.scenario.kinds import WholeNumber
from crcsim.scenario.sections import Key, Section

__all__ = ["SIMULATION", "Simulation"]


@dataclass(frozen=True)
class Simulation:
    """Number of paths and the seed of all draws."""

    paths: int
    seed: int


SIMULATION = Section(
    lambda values, at: Simulation(**values),
    (
        Key("paths", WholeNumber(1, 1_000_000_000), "Number of simulated paths.", default=100_000),
        Key("seed", WholeNumber(0, 2**63 - 1), "The seed of all random draws.", default=1),
    ),
)
