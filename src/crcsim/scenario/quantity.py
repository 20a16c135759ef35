"""Numbers that an analyst states: a fixed value, or a distribution that is drawn once per path and held."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from crcsim.errors import Position

__all__ = ["Distribution", "Position", "Quantity", "Risk"]


@dataclass(frozen=True)
class Distribution:
    """A probability distribution of a parameter, as stated (MODEL 1).

    `family` is one of normal, truncated_normal, lognormal, beta, pert, triangular, uniform, or `quantiles`
    when only quantiles are stated. `parameters` holds what was stated, in the unit of the parameter.
    `quantiles` holds two or three pairs (probability, value), rising in both, when the distribution was
    elicited, else nothing. `support` is the natural range of the parameter; bare quantiles are fitted in it.
    """

    family: str
    parameters: Mapping[str, float]
    quantiles: tuple[tuple[float, float], ...]
    support: tuple[float, float]


@dataclass(frozen=True)
class Quantity:
    """A number of the scenario in canonical units: fractions, currency per year, years.

    `place` identifies the draw: quantities with the same place share one draw on every path.
    """

    value: float | Distribution
    place: str
    source: str | None = None
    position: Position | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Risk:
    """A risk with its meaning: `kind` is `hazard` (per year) or `yearly_probability`; never a bare number."""

    kind: str
    rate: Quantity
