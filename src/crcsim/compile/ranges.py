"""Ranges, flags, stream words and periods: how parts of a scenario become whole numbers of the kernel."""

from __future__ import annotations

import numpy as np

from crcsim.errors import NumericError
from crcsim.kernels.arrays import Integers
from crcsim.kernels.rng import entity_words

__all__ = ["bounds", "flags", "period_of", "starts", "words"]

#: A date this close below a period's end, in periods, belongs to the next one.
_ROUNDING = 1e-9


def period_of(years: float, periods_per_year: int) -> int:
    """The period, from 0, in which a date lies that is so many years after the valuation date."""
    return int(years * periods_per_year + _ROUNDING)


def words(names: list[str]) -> np.ndarray[tuple[int, int], np.dtype[np.uint64]]:
    """Stream words of the named entities; equal words would share draws and are refused."""
    found = np.array([entity_words(name) for name in names], dtype=np.uint64).reshape(-1, 2)
    if len({tuple(pair) for pair in found.tolist()}) != len(names):
        raise NumericError("two entities share one random stream; give one of the customers another `id`")
    return found


def starts(counts: list[int]) -> Integers:
    return np.concatenate([[0], np.cumsum(counts, dtype=np.int64)]).astype(np.int64)


def bounds(counts: list[int]) -> list[Integers]:
    """First and last + 1 of consecutive ranges."""
    edges = starts(counts)
    return [edges[:-1], edges[1:]]


def flags(conditions: list[bool]) -> Integers:
    return np.array(conditions, dtype=np.int64)
