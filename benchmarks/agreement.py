"""Do two peers give the same answer? Three questions, by what the answers have in common.

`same_bits`: the same program with other threads. `same_numbers`: the same function, up to rounding.
`same_distribution`: the same model with other random numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

PERCENTS = (5, 25, 50, 75, 95)
ROUNDING = 1e-10
"""Largest deviation, relative to the largest entry of its row, that passes for rounding."""

FALSE_ALARM = 1e-6
"""Probability that `same_distribution` rejects two equal models, over all its tests together.

It is a bound under the normal approximation of each statistic, which the answers' heavy tails strain in
small samples; tests/benchmarks shows what is found among equal models.
"""


@dataclass(frozen=True)
class Agreement:
    """Whether two answers agree, and in words by how much."""

    agrees: bool
    finding: str
    """Short, for a cell of a table."""


def same_bits(answer: Mapping[str, Floats], baseline: Mapping[str, Floats]) -> Agreement:
    """Every array is the same to the last bit."""
    different = [name for name in baseline if not np.array_equal(answer[name], baseline[name])]
    return Agreement(not different, f"different bits in {', '.join(different)}" if different else "same bits")


def same_numbers(answer: Mapping[str, Floats], baseline: Mapping[str, Floats]) -> Agreement:
    """Every entry is the same up to `ROUNDING`; the arrays are [row, ...]."""
    deviation = max(_relative_deviation(answer[name], baseline[name]) for name in baseline)
    return Agreement(deviation <= ROUNDING, f"{deviation:.0e}")


def same_distribution(answer: Mapping[str, Floats], baseline: Mapping[str, Floats]) -> Agreement:
    """Means, standard deviations and percentiles of every customer's NPV, of the total and of the flows.

    z-scores against the combined Monte Carlo standard errors, with one bound for all of them (Bonferroni)
    such that equal models are rejected with probability `FALSE_ALARM`.
    """
    ours, theirs = distributions(answer), distributions(baseline)
    scores = np.hstack([_moment_scores(ours, theirs), _percentile_scores(ours, theirs)])
    bound = NormalDist().inv_cdf(1 - FALSE_ALARM / (2 * scores.size))
    row, column = np.unravel_index(np.argmax(np.abs(scores)), scores.shape)
    worst = f"z {abs(scores[row, column]):.1f} of {scores.size}, bound {bound:.1f}"
    agrees = bool(np.all(np.abs(scores) <= bound))
    statistic = ("mean", "sd", *(f"P{percent}" for percent in PERCENTS))[column]
    place = _row_name(int(row), customers=len(answer["npv"]))
    return Agreement(agrees, worst if agrees else f"{worst}: {statistic} of {place}")


def distributions(answer: Mapping[str, Floats]) -> Floats:
    """NPV of every customer, of the total, and portfolio cash flow of every period [row, path]."""
    return np.vstack([answer["npv"], answer["npv"].sum(axis=0), answer["cash_flow"]])


def summary(answer: Mapping[str, Floats]) -> dict[str, list[float]]:
    """Mean, its standard error, sd and percentiles of NPV: one entry per customer, and the total last."""
    rows = np.vstack([answer["npv"], answer["npv"].sum(axis=0)])
    mean, error, sd, _ = _moments(rows)
    percentiles = np.percentile(rows, PERCENTS, axis=1)
    named = {"mean": mean, "standard_error": error, "sd": sd}
    named |= {f"p{percent:02d}": values for percent, values in zip(PERCENTS, percentiles, strict=True)}
    return {name: values.tolist() for name, values in named.items()}


def _row_name(row: int, customers: int) -> str:
    """What a row of `distributions` holds; customers and periods count from 1."""
    if row < customers:
        return f"customer {row + 1}"
    return "the total" if row == customers else f"the cash flow of period {row - customers}"


def _relative_deviation(ours: Floats, theirs: Floats) -> float:
    ours, theirs = np.atleast_2d(ours), np.atleast_2d(theirs)
    scale = np.abs(theirs).max(axis=-1, keepdims=True)
    return float(np.max(np.abs(ours - theirs) / np.where(scale > 0, scale, 1.0)))


def _moments(rows: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Mean, its standard error, sd and its standard error, each [row]."""
    paths = rows.shape[1]
    mean = rows.mean(axis=1)
    squares = (rows - mean[:, None]) ** 2
    variance = squares.mean(axis=1)
    sd = np.sqrt(variance)
    variance_error = np.sqrt(squares.var(axis=1) / paths)
    return mean, sd / np.sqrt(paths), sd, variance_error / (2 * sd)


def _moment_scores(ours: Floats, theirs: Floats) -> Floats:
    """z-scores of means and standard deviations [row, 2]."""
    mean, mean_error, sd, sd_error = _moments(ours)
    other_mean, other_mean_error, other_sd, other_sd_error = _moments(theirs)
    of_means = (mean - other_mean) / np.hypot(mean_error, other_mean_error)
    of_sds = (sd - other_sd) / np.hypot(sd_error, other_sd_error)
    return np.column_stack([of_means, of_sds])


def _percentile_scores(ours: Floats, theirs: Floats) -> Floats:
    """z-scores of the frequencies below their percentiles [row, percentile].

    Both frequencies are counted: a customer lost in the first quarter has NPV zero on many paths, and a
    percentile may lie on that atom.
    """
    levels = np.percentile(theirs, PERCENTS, axis=1)
    frequency = np.stack([(ours < level[:, None]).mean(axis=1) for level in levels], axis=1)
    other = np.stack([(theirs < level[:, None]).mean(axis=1) for level in levels], axis=1)
    weight = ours.shape[1] / (ours.shape[1] + theirs.shape[1])
    pooled = weight * frequency + (1 - weight) * other
    errors = np.sqrt(pooled * (1 - pooled) * (1 / ours.shape[1] + 1 / theirs.shape[1]))
    scores: Floats = np.divide(frequency - other, errors, out=np.zeros_like(errors), where=errors > 0)
    return scores
