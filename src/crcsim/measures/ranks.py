"""Ranks with their uncertainty: plain functions of arrays [customer]."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

__all__ = ["kendall_tau", "rank_bounds", "ranks", "threshold"]

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


def ranks(amounts: Floats) -> Integers:
    """Rank of each amount [customer], 1 for the largest; equal amounts share the better rank."""
    return np.asarray(1 + np.count_nonzero(amounts[None, :] > amounts[:, None], axis=1))


def threshold(customers: int, confidence: float = 0.95) -> float:
    """Standard errors that a difference must exceed so that all comparisons of a view hold together.

    Bonferroni over the pairs of customers, two-sided.
    """
    from scipy.special import ndtri

    pairs = max(customers * (customers - 1) // 2, 1)
    return float(-ndtri((1.0 - confidence) / (2.0 * pairs)))


def rank_bounds(amounts: Floats, error_of_difference: Floats, beyond: float) -> tuple[Integers, Integers]:
    """Best and worst rank that each amount [customer] may have.

    The best is 1 + the number of customers surely above, the worst the number of customers not surely below;
    surely: the difference exceeds `beyond` times its standard error, [customer, customer]. With `beyond` of
    `threshold` all bounds together hold with 95 % confidence (Klein, Wright and Wieczorek, 2020). Where an
    error is NaN nothing is sure.
    """
    difference = amounts[None, :] - amounts[:, None]
    with np.errstate(invalid="ignore"):
        above = np.nan_to_num(difference > beyond * error_of_difference) & (difference > 0.0)
        below = np.nan_to_num(-difference > beyond * error_of_difference) & (difference < 0.0)
    return 1 + np.count_nonzero(above, axis=1), len(amounts) - np.count_nonzero(below, axis=1)


def kendall_tau(first: Floats, second: Floats) -> float:
    """Kendall's tau-b of two views [customer]: 1 the same order, -1 the reverse, NaN if one is flat.

    (concordant - discordant pairs) / √(pairs untied in the first x untied in the second) (Kendall, 1945).
    """
    one, two = np.sign(first[:, None] - first[None, :]), np.sign(second[:, None] - second[None, :])
    untied = math.sqrt(float(np.abs(one).sum()) * float(np.abs(two).sum()))
    return float((one * two).sum()) / untied if untied else math.nan
