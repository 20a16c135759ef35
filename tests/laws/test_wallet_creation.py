"""Wallet created: compound Poisson jumps of the wallet (Merton 1976)."""

import numpy as np
import pytest

from tests.laws.support import equal, expected_value, mean_agrees, sales, share_agrees, values

pytestmark = pytest.mark.jit

RATE, MEDIAN, LOG_SD = 0.4, 1.3, 0.2
CREATION = f"wallet_creation: {{rate: {RATE} per year, median: {MEDIAN}, log_sd: {LOG_SD}}}"
YEARS = np.array([1, 3, 5])


def created(law, periods_per_year, text=CREATION):
    grid = f"time: {{years: 5, periods_per_year: {periods_per_year}}}"
    return law(grid, f"customers: {{A: {{lines: {{goods: {{wallet: {periods_per_year}, {text}}}}}}}}}")


def moment(order):
    """E[J^order] = exp(nu tau (E[e^(order Y)] - 1)) (eq. 3.4)."""
    size = MEDIAN**order * np.exp((order * LOG_SD) ** 2 / 2)
    return np.exp(RATE * YEARS * (size - 1))


@pytest.mark.parametrize("periods_per_year", [1, 4, 12])
def test_mean_and_variance_of_wallet_created(law, paths, periods_per_year):
    jumps = sales(created(law, periods_per_year), paths)[YEARS * periods_per_year - 1]
    mean = moment(1)

    assert mean_agrees(mean, jumps, "mean of J")
    assert mean_agrees(moment(2) - mean**2, (jumps - mean[:, None]) ** 2, "variance of J")


def test_mean_and_variance_of_the_log(law, paths):
    """ln J has mean nu tau E[Y] and variance nu tau E[Y^2]."""
    log_jumps = np.log(sales(created(law, 1), paths)[YEARS - 1])
    mean = RATE * YEARS * np.log(MEDIAN)
    variance = RATE * YEARS * (np.log(MEDIAN) ** 2 + LOG_SD**2)

    assert mean_agrees(mean, log_jumps, "mean of ln J")
    assert mean_agrees(variance, (log_jumps - mean[:, None]) ** 2, "variance of ln J")


def test_number_of_jumps_is_poisson(law, paths):
    """With a jump that doubles, log2 of the wallet counts the jumps."""
    scenario = created(law, 1, "wallet_creation: {rate: 1.5 per year, median: 2}")
    count = np.rint(np.log2(sales(scenario, paths)[0]))
    expected = [np.exp(-1.5) * 1.5**n / np.prod(np.arange(1, n + 1), initial=1.0) for n in range(6)]

    assert share_agrees(expected, count == np.arange(6)[:, None], "Poisson counts")


def test_value_of_a_customer_that_grows_by_creation(law, paths):
    """Undamped flows with E[J] as growth: an annuity in q = E[J in a year] / (1 + k)."""
    scenario = created(law, 1, CREATION)
    q = np.exp(RATE * (MEDIAN * np.exp(LOG_SD**2 / 2) - 1)) / 1.1
    expected = q * (1 - q**5) / (1 - q)

    assert equal(expected, expected_value(scenario), "value explained")
    assert mean_agrees(expected, values(scenario, paths), "value")


def test_many_jumps_in_a_year(law, paths):
    """The mean holds at a high rate too: twelve small jumps a year, or the rate is refused."""
    scenario = created(law, 1, "wallet_creation: {rate: 12 per year, median: 1.05}")

    assert mean_agrees(
        np.exp(12 * 0.05 * YEARS), sales(scenario, paths)[YEARS - 1], "mean of J at twelve a year"
    )
