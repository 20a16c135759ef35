"""Values of the scenario's quantities: central ones, or drawn on a chunk of paths.

A draw of a parameter is a pure function of (seed, stream version, place, path): quantities with the same
place share one draw, and adding or removing others changes none. Correlated places (a Gaussian copula)
depend on their own connected block only.
"""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from crcsim.compile.copula import Block, blocks, correlate
from crcsim.compile.distributions import Fitted, fit
from crcsim.errors import NumericError
from crcsim.kernels.rng import entity_words, fill_normals, seed_key
from crcsim.scenario.quantity import Distribution, Quantity
from crcsim.scenario.scenario import Scenario

Floats = NDArray[np.float64]

#: Streams of the generator: path draws, parameter draws, and fresh path draws for the two layers of
#: uncertainty.
PATH_STREAM, PARAMETER_STREAM, FRESH_PATH_STREAM = 0, 1, 2


def quantities(part: Any) -> Iterator[Quantity]:
    """All quantities inside a part of a scenario, in the order in which they stand there."""
    if isinstance(part, Quantity):
        yield part
    elif dataclasses.is_dataclass(part):
        for field in dataclasses.fields(part):
            if isinstance(part, Scenario) and field.name == "ledger":
                continue  # rows of the past, all of them numbers
            yield from quantities(getattr(part, field.name))
    elif isinstance(part, Mapping):
        for key in part:
            yield from quantities(part[key])
    elif isinstance(part, tuple | list):
        for item in part:
            yield from quantities(item)


def uncertain_places(scenario: Scenario) -> dict[str, Distribution]:
    """Every place that is drawn, with its distribution, sorted by place."""
    found = {q.place: q.value for q in quantities(scenario) if isinstance(q.value, Distribution)}
    return dict(sorted(found.items()))


def correlated_blocks(scenario: Scenario) -> tuple[Block, ...]:
    """Connected blocks of correlated places. Shared places stand first, so that no customer's presence
    changes their draws.
    """
    stated = [(correlation.names, correlation.matrix) for correlation in scenario.correlations]
    places = {place for names, _ in stated for place in names}
    shared = {place for place in places if not place.startswith("customers.")}
    return blocks(stated, [*sorted(shared), *sorted(places - shared)], shared)


def _fit(place: str, distribution: Distribution) -> Fitted:
    """The fitted distribution of a place; what cannot be fitted is named."""
    try:
        return fit(distribution)
    except ValueError as problem:
        raise NumericError(f"{place}: {problem}") from problem


class Values:
    """Numbers of quantities on some paths: `of` gives shape (1,) or (paths,), `matrix` (members, 1) or
    (members, paths).
    """

    def __init__(self, drawn: Mapping[str, Floats], paths: int) -> None:
        self._drawn, self.paths = drawn, paths

    @property
    def draws(self) -> Mapping[str, Floats]:
        """The values [path] of every uncertain place; central ones [1]."""
        return self._drawn

    def of(self, quantity: Quantity) -> Floats:
        """The values of one quantity: one number where it is fixed, else one per path."""
        if isinstance(quantity.value, Distribution):
            return self._drawn[quantity.place]
        return np.array([quantity.value], dtype=np.float64)

    def matrix(self, members: Sequence[Quantity]) -> Floats:
        """The values of one parameter of many members; one column where it is fixed for all of them."""
        drawn = [place for place, member in enumerate(members) if isinstance(member.value, Distribution)]
        fixed = np.array([0.0 if isinstance(m.value, Distribution) else m.value for m in members])
        if not drawn:
            return fixed[:, np.newaxis]
        result = np.repeat(fixed[:, np.newaxis], self.paths, axis=1)
        for place in drawn:
            result[place] = self._drawn[members[place].place]
        return result


class Sampler:
    """Draws all uncertain quantities of a scenario on any chunk of paths."""

    def __init__(self, scenario: Scenario, seed: int) -> None:
        stated = uncertain_places(scenario)
        self._fitted = {place: _fit(place, distribution) for place, distribution in stated.items()}
        self._support = {place: distribution.support for place, distribution in stated.items()}
        self._key = seed_key(seed)
        self._words = {place: entity_words(f"parameter:{place}") for place in self._fitted}
        if len(set(self._words.values())) != len(self._words):
            raise NumericError(
                "two uncertain quantities share one random stream; give one of their customers an `id`"
            )
        self._blocks = correlated_blocks(scenario)
        self._pinned: dict[str, float] = {}
        self._elsewhere: dict[str, Sampler] = {}

    def pinned(self, place: str, value: float) -> Sampler:
        """A sampler that gives one place the same value on every path, and all others what this one does."""
        changed = copy.copy(self)
        changed._pinned = {**self._pinned, place: value}
        return changed

    def exchanged(self, other: Sampler, places: Iterable[str]) -> Sampler:
        """A sampler that takes the values of some places from another one; correlated places go together."""
        changed = copy.copy(self)
        changed._elsewhere = {**self._elsewhere, **dict.fromkeys(places, other)}
        return changed

    @property
    def fitted(self) -> Mapping[str, Fitted]:
        """The fitted distribution of every uncertain place."""
        return self._fitted

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The connected blocks of correlated places."""
        return self._blocks

    def central(self) -> Values:
        """Every quantity at its mean."""
        return Values({place: np.array([fitted.mean]) for place, fitted in self._fitted.items()}, 1)

    def draw(self, first_path: int, paths: int) -> Values:
        """Every uncertain quantity on the paths first_path..first_path+paths-1."""
        scores = {place: self._scores(place, first_path, paths) for place in self._fitted}
        for block in self._blocks:
            correlated = correlate(block.factor, np.stack([scores[place] for place in block.names]))
            scores.update(zip(block.names, correlated, strict=True))
        drawn = {place: self._values(place, scores[place]) for place in self._fitted}
        for other in set(self._elsewhere.values()):
            fresh = other.draw(first_path, paths).draws
            drawn |= {place: fresh[place] for place, source in self._elsewhere.items() if source is other}
        drawn |= {place: np.full(paths, value) for place, value in self._pinned.items()}
        return Values(drawn, paths)

    def _values(self, place: str, scores: Floats) -> Floats:
        """Values at normal scores; a draw outside the natural range of the parameter is an error, never cut
        off.
        """
        values = self._fitted[place].quantile_of_normal(scores)
        low, high = self._support[place]
        if not np.all((values >= low) & (values <= high)):
            worst = float(values[np.argmax(np.maximum(low - values, values - high))])
            raise NumericError(
                f"{place} is drawn as {worst:.6g}, outside its range {low:g} to {high:g}; state a family "
                "that stays inside (truncated_normal, beta, pert) or bare quantiles"
            )
        return values

    def _scores(self, place: str, first_path: int, paths: int) -> Floats:
        """Independent standard normals of one place."""
        low, high = self._words[place]
        first, second = np.empty(paths), np.empty(paths)
        word = np.uint64(PARAMETER_STREAM << 24)
        fill_normals(np.uint64(first_path), np.uint64(low), np.uint64(high), word, *self._key, first, second)
        return first
