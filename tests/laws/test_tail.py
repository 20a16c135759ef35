"""The lower tail: VaR and CVaR of normal and lognormal values, and contributions that add up."""

from statistics import NormalDist

import numpy as np
import pytest

from crcsim.measures import quantiles, tail
from tests.laws.support import agrees, equal, run

pytestmark = pytest.mark.jit

LEVEL = 0.05
SCORE = NormalDist().inv_cdf(LEVEL)


def normal_customer(mean, sd):
    """A customer whose NPV is normal: ten times as much at an uncertain discount, less a fixed cost."""
    price = 10 * sd
    return f"""{{volatility: 0%, discount: {{normal: {{mean: 0, sd: 0.1}}}}, direct_cost: {price - mean},
        lines: {{goods: {{wallet: {price}, share: 100%}}}}}}"""


def measured(law, paths, text, level=LEVEL):
    return tail(run(law("time: {years: 1}", text), paths), level)


def test_lognormal_tail(law, paths):
    """Oracle C30: 5 % quantile and mean below it of a lognormal value."""
    text = f"customers: {{A: {{volatility: 50%, lines: {{goods: {{wallet: {np.exp(4.5 + 0.125)}}}}}}}}}"
    found = measured(law, paths, text).sel(item="total")

    assert agrees(
        39.550296322, found["value_at_risk"], found["value_at_risk_standard_error"], "C30 lognormal VaR"
    )
    assert agrees(
        32.6047293794,
        found["conditional_value_at_risk"],
        found["conditional_value_at_risk_standard_error"],
        "C30 lognormal CVaR",
    )


def test_normal_tail(law, paths):
    """Oracle C30: the same of a normal value of mean 100 and standard deviation 40."""
    found = measured(law, paths, f"customers: {{A: {normal_customer(100, 40)}}}").sel(item="total")

    assert agrees(
        34.2058549219, found["value_at_risk"], found["value_at_risk_standard_error"], "C30 normal VaR"
    )
    assert agrees(
        17.4914876997,
        found["conditional_value_at_risk"],
        found["conditional_value_at_risk_standard_error"],
        "C30 normal CVaR",
    )
    loss = NormalDist(100, 40).cdf(0)
    assert agrees(
        loss, found["loss_probability"], np.sqrt(loss * (1 - loss) / paths), "probability of a loss"
    )


@pytest.mark.parametrize("level", [0.01, 0.05, 0.2])
def test_euler_contributions(law, paths, level):
    """Of independent normals i contributes mean_i - sd_i^2 / sd phi(z) / level; parts add up exactly."""
    means, sds = np.array([100, 50, 20]), np.array([40, 25, 10])
    customers = ", ".join(
        f"{name}: {normal_customer(*pair)}"
        for name, pair in zip("ABC", zip(means, sds, strict=True), strict=True)
    )
    found = measured(
        law, paths, f"{{customers: {{{customers}}}, costs: [{{name: office, amount: 30}}]}}", level
    ).isel(strategy=0)
    score = NormalDist().inv_cdf(level)
    expected = means - sds**2 / np.sqrt((sds**2).sum()) * NormalDist().pdf(score) / level
    contributions = found["cvar_contribution"]

    assert agrees(
        expected,
        contributions.sel(item=list("ABC")),
        found["cvar_contribution_standard_error"].sel(item=list("ABC")),
        "contributions",
    )
    assert equal(-30, contributions.sel(item="company"), "contribution of a certain cost")
    parts = contributions.where(found["kind"] != "total", drop=True).sum()
    assert equal(found["conditional_value_at_risk"].sel(item="total"), parts, "sum of contributions")
    assert equal(contributions.sel(item="total"), parts, "contribution of the total")


def test_percentiles_do_not_add_up_but_means_do(law, paths):
    """Diversification: the total's 5 % quantile lies above the sum of the customers' own."""
    customers = ", ".join(f"{name}: {normal_customer(100, 40)}" for name in "ABC")
    found = quantiles(run(law("time: {years: 1}", f"customers: {{{customers}}}"), paths)).isel(strategy=0)
    p5, error = (
        found[name].sel(quantile=0.05, item="total").item()
        for name in ("percentile", "percentile_standard_error")
    )
    alone = found["percentile"].sel(quantile=0.05, item=list("ABC")).sum().item()

    assert agrees(300 + 40 * np.sqrt(3) * SCORE, p5, error, "5 % quantile of three")
    assert alone < p5
