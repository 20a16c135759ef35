"""Probabilities of ends against the closed form of competing risks with constant hazards."""

import numpy as np
import pytest
import xarray as xr

from crcsim.measures import ends
from tests.measures.conftest import values

PERIODS, PATHS = 8, 100_000
HAZARDS = np.array([0.05, 0.02, 0.008, 0.0])  # churn, takeover, insolvency, merger, per year
YEARS = np.arange(1, PERIODS + 1) / 4


def result_of_ends(causes, periods):
    """Ends [customer, path] as a result."""
    dims = ("strategy", "customer", "path")
    return xr.Dataset(
        {
            "end_cause": (dims, causes[None].astype(np.int8)),
            "end_period": (dims, periods[None].astype(np.int16)),
        },
        {
            "strategy": ["baseline"],
            "customer": [f"customer {place}" for place in range(len(causes))],
            "period": np.arange(1, PERIODS + 1),
            "years": ("period", YEARS),
        },
    )


@pytest.fixture
def found(generator):
    time = generator.exponential(1.0 / HAZARDS.sum(), (2, PATHS))
    ended = time < YEARS[-1]
    cause = 1 + generator.choice(4, (2, PATHS), p=HAZARDS / HAZARDS.sum())
    return ends(result_of_ends(np.where(ended, cause, 0), np.where(ended, np.floor(time * 4) + 1, 0)))


def exact(years):
    """Cumulative incidence h_k/h (1 - e^{-h τ}): [cause, period]."""
    total = HAZARDS.sum()
    return HAZARDS[:, None] / total * (1.0 - np.exp(-total * np.atleast_1d(years)))


def test_cumulative_incidence_is_that_of_competing_risks(found):
    value, error = (values(found, f"cumulative_incidence{end}") for end in ("", "_standard_error"))

    # 64 numbers, but those of later periods hold the earlier ones: false alarms below 1e-3
    assert np.all(np.abs(np.array(value) - exact(YEARS)) <= 4.3 * np.array(error))


def test_survival_and_causes_add_up_to_one(found):
    cumulative = np.array(values(found, "cumulative_incidence"))
    survival, error = (np.array(values(found, f"survival{end}")) for end in ("", "_standard_error"))

    assert np.ones((2, PERIODS)) == pytest.approx(survival + cumulative.sum(axis=1))
    assert np.all(np.abs(survival - np.exp(-HAZARDS.sum() * YEARS)) <= 4.3 * error)


def test_incidences_add_up_to_the_probability_of_each_end(found):
    incidence = np.array(values(found, "incidence"))

    assert values(found, "end_probability") == pytest.approx(incidence.sum(axis=-1))
    assert values(found, "cumulative_incidence") == pytest.approx(incidence.cumsum(axis=-1))


def test_an_end_never_seen_is_not_certain_never_to_come(found):
    never = {"cause": "merger", "customer": "customer 0"}

    assert 0.0 == values(found, "end_probability", **never)
    assert 0.0 < values(found, "end_probability_standard_error", **never) < 1e-4


def test_ends_are_counted_by_cause_and_period():
    causes, periods = np.array([[0, 1, 1, 4], [2, 3, 3, 3]]), np.array([[0, 1, 8, 8], [1, 2, 2, 5]])
    found = ends(result_of_ends(causes, periods))

    assert [0.5, 0.0, 0.0, 0.25] == values(found, "end_probability", customer="customer 0")
    assert [0.75, 0.25, 0.25, 0.25, 0.0, 0.0, 0.0, 0.0] == values(found, "survival", customer="customer 1")
    assert 0.5 == values(found, "incidence", customer="customer 1", cause="insolvency", period=2)
