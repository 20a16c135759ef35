"""Digits that a standard error supports, and the paths for one more."""

import math

import pytest

from crcsim.measures import convergence
from crcsim.measures.convergence import paths_for_next_digit, safe_digits, verdict
from tests.measures.conftest import result_of, values


@pytest.mark.parametrize(
    ("estimate", "error", "digits"),
    [
        (123.4, 0.25, 3),  # ±0.49: 123 is safe to half a unit
        (123.4, 0.26, 2),  # ±0.51: it is not
        (987.6, 1.5, 2),
        (-0.01234, 0.000025, 3),
        (5.0, 40.0, 0),
        (0.0, 1.0, 0),
        (7.0, 0.0, 15),
        (7.0, math.nan, 0),
        (math.nan, 1.0, 0),
    ],
)
def test_safe_digits(estimate, error, digits):
    assert digits == safe_digits(estimate, error)


@pytest.mark.parametrize(
    ("estimate", "error"), [(123.4, 0.25), (987.6, 1.5), (-0.01234, 0.00003), (5.0, 40.0)]
)
def test_the_paths_named_give_exactly_one_digit_more(estimate, error):
    needed = paths_for_next_digit(estimate, error, 10_000)
    digits = safe_digits(estimate, error)

    assert digits + 1 == safe_digits(estimate, error * math.sqrt(10_000 / needed))
    assert digits == safe_digits(estimate, error * math.sqrt(10_000 / (0.9 * needed)))


def test_no_paths_help_where_the_error_is_zero_or_unknown():
    assert all(
        math.isnan(paths_for_next_digit(*pair, 100)) for pair in ((7.0, 0.0), (7.0, math.nan), (0.0, 1.0))
    )


@pytest.mark.parametrize(
    ("pair", "sentence"),
    [
        ((123.4, 0.2), "mean known to ±0.3%: 3 digits are safe; 4 need about 620,000 paths"),
        ((123.4, 2.0), "mean known to ±3%: 2 digits are safe; 3 need about 620,000 paths"),
        ((123.4, 20.0), "mean known to ±30%: 1 digit is safe; 2 need about 620,000 paths"),
        ((5.0, 5.0), "mean known to ±200%: no digit is safe; 1 needs about 3,900,000 paths"),
        ((5.0, 0.0), "mean the same on every path: all digits are safe"),
        ((5.0, math.nan), "mean of unknown precision: too few paths for a standard error"),
        ((0.0, 1.0), "mean not to be told from 0"),
    ],
)
def test_verdicts(pair, sentence):
    assert sentence == verdict("mean", *pair, 10_000)


def test_every_item_has_a_verdict_on_mean_and_tail(generator):
    found = convergence(result_of(generator.normal(123.4, 40.0, (2, 10_000))))

    assert (1, 2, 3) == found["verdict"].shape
    assert (
        "mean known to ±0.6%" == values(found, "verdict", item="customer 0", statistic="mean").split(":")[0]
    )
    assert values(found, "verdict", item="total", statistic="conditional_value_at_risk").startswith(
        "CVaR known"
    )
    assert 2 == values(found, "digits", item="customer 1", statistic="mean")


def test_the_promised_precision_is_kept(generator):
    """Digits called safe are right in at least 95 % of 400 samples (350: seven standard deviations below)."""
    samples = generator.normal(123.4, 40.0, (400, 1000))
    right = 0
    for sample in samples:
        error = sample.std(ddof=1) / math.sqrt(1000)
        unit = 10.0 ** (2 - safe_digits(sample.mean(), error) + 1)
        right += abs(sample.mean() - 123.4) <= unit / 2

    assert right >= 350
