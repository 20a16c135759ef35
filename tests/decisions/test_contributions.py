"""Contributions to value and risk, against the closed form of a Gaussian portfolio."""

import math

import numpy as np
import pytest
from scipy.stats import norm

from crcsim.decisions import contributions
from crcsim.errors import CrcsimError
from tests.decisions.results import result_of, with_items

MEANS = np.array([10.0, 6.0, 4.0])
COVARIANCE = np.array([[9.0, 2.0, -1.0], [2.0, 4.0, 0.5], [-1.0, 0.5, 1.0]])
NAMES = ("A", "B", "C")


def gaussian(paths=200_000, level_cost=-2.0):
    draws = np.random.default_rng(11).multivariate_normal(MEANS, COVARIANCE, paths)
    return result_of(dict(zip(NAMES, draws.T, strict=True)), {"company": np.full(paths, level_cost)})


@pytest.fixture(scope="module")
def found():
    return contributions(gaussian())


def within(found, name, expected, errors=3.5):
    """Whether estimates agree with the truth; false alarms below 1 in 2,000 for each."""
    return np.abs(found[name] - expected) <= errors * found[f"{name}_standard_error"]


def test_gaussian_portfolio_has_its_closed_form(found):
    """E[X_i | T ≤ q] = μ_i - Cov(X_i, T)/σ_T φ(z)/α, z = Φ⁻¹(α)."""
    spread = math.sqrt(COVARIANCE.sum())
    factor = norm.pdf(norm.ppf(0.05)) / 0.05
    risk = COVARIANCE.sum(axis=1) / spread * factor
    items = found.sel(item=list(NAMES))
    for name, expected in zip(NAMES, MEANS - risk, strict=True):
        got, error = (
            float(items[f"cvar_contribution{end}"].sel(item=name)) for end in ("", "_standard_error")
        )
        print(f"contribution of {name}: {got:.4f} ± {error:.4f} against {expected:.4f}")

    assert within(items, "cvar_contribution", MEANS - risk).all()
    assert within(items, "risk_contribution", risk).all()
    assert within(items, "risk_share", risk / (spread * factor)).all()
    assert within(items, "value_share", MEANS / (MEANS.sum() - 2.0)).all()
    assert items["risk_contribution_standard_error"].values.max() < 0.03


def test_parts_add_up_to_the_total(found):
    items, total = found.isel(item=slice(-1)), found.isel(item=-1)

    for name in ("mean", "cvar_contribution", "risk_contribution", "value_share", "risk_share"):
        assert float(total[name]) == pytest.approx(float(items[name].sum()), rel=1e-12)
    assert 1.0 == pytest.approx(float(total["risk_share"]))
    assert 0.0 == pytest.approx(float(items["risk_contribution"].sel(item="company")))


def test_standard_errors_are_those_of_repetition():
    """The spread of 100 estimates; its error is 7 %, false alarms 1 in 10,000."""
    runs = []
    for seed in range(100):
        draws = np.random.default_rng(seed).multivariate_normal(MEANS, COVARIANCE, 2_000)
        runs.append(contributions(result_of(dict(zip(NAMES, draws.T, strict=True)))))
    for name in ("cvar_contribution", "risk_share", "cvar_without_top", "cvar_change_without_top"):
        spread = np.std([each[name].values[:2] for each in runs], axis=0, ddof=1)
        stated = np.mean([each[f"{name}_standard_error"].values[:2] for each in runs], axis=0)

        assert np.allclose(1.0, stated / spread, atol=0.28)


def test_without_the_largest(found):
    """The Gaussian CVaR of what is left: mean - sd φ(z)/α."""
    rest = COVARIANCE[1:, 1:].sum()
    factor = norm.pdf(norm.ppf(0.05)) / 0.05
    expected = 10.0 - 2.0 - math.sqrt(rest) * factor
    whole = 20.0 - 2.0 - math.sqrt(COVARIANCE.sum()) * factor

    assert within(found.sel(top=1), "cvar_without_top", expected)
    assert within(found.sel(top=1), "cvar_change_without_top", expected - whole)
    assert within(found.sel(top=1), "mean_without_top", 8.0)
    assert -2.0 == pytest.approx(float(found["cvar_without_top"].sel(top=3)))


def test_products_and_what_none_brings_add_up():
    draws = np.random.default_rng(3).normal(5.0, 2.0, (2, 1000))
    result = with_items(result_of({"A": draws.sum(axis=0) - 1.0}), {"A": {"gross_sales": draws.sum(axis=0)}})
    result = result.assign(
        product_item_npv=(("strategy", "product", "item", "recorded_path"), draws[None, :, None])
    ).assign_coords(product=["X", "Y"])
    found = contributions(result)

    assert ["X", "Y", "(no product)", "total"] == found["product_item"].values.tolist()
    assert float(found["product_cvar_contribution"][-1]) == pytest.approx(
        float(found["product_cvar_contribution"][:-1].sum())
    )
    assert -1.0 == pytest.approx(float(found["product_mean"].sel(product_item="(no product)")))
    assert float(found["product_cvar_contribution"][-1]) == pytest.approx(
        float(found["cvar_contribution"][-1])
    )


def test_too_few_paths_have_no_error():
    found = contributions(gaussian(paths=100))

    assert np.isnan(found["cvar_contribution_standard_error"]).all()
    assert np.isnan(found["risk_share_standard_error"]).all()
    assert np.isfinite(found["mean_standard_error"]).all()


@pytest.mark.parametrize("level", [0.0, 1.0, math.nan])
def test_a_level_is_a_share(level):
    with pytest.raises(ValueError, match="between 0 and 1"):
        contributions(gaussian(paths=100), level=level)


def test_an_unknown_strategy_is_named():
    with pytest.raises(CrcsimError, match="No strategy later"):
        contributions(gaussian(paths=100), strategy="later")


def test_shares_of_value_have_one_base(found):
    """The largest customer's share beside its removal is the one beside its risk; one distribution here."""
    top = found.sel(top=1)

    assert float(found["value_share"].sel(item="A")) == pytest.approx(float(top["share_of_top"]), rel=1e-12)
    left = float(top["mean_without_top"]) / float(found["mean"].sel(item="total"))
    assert 1.0 - left == pytest.approx(float(top["share_of_top"]), rel=1e-12)
    assert float(found["value_share_standard_error"].sel(item="A")) == pytest.approx(
        float(top["share_of_top_standard_error"]), rel=1e-9
    )


def test_concentration_is_at_the_rate_of_the_shares():
    """Values that differ between the discountings: all shares are of those at the risk-free rate."""
    made = result_of({"A": np.linspace(8.0, 10.0, 100), "B": np.linspace(0.8, 1.2, 100)})
    made["npv"] = made["npv"].copy()
    made["npv"].loc[{"discounting": "risk_free", "customer": "B"}] = np.linspace(8.0, 10.0, 100)
    found = contributions(made)

    assert 2.0 == pytest.approx(float(found["effective_number"]))
    assert 0.5 == pytest.approx(float(found["share_of_top"].sel(top=1)))


def test_nothing_is_left_without_all_customers():
    draws = np.random.default_rng(4).normal(1.0, 0.3, (3, 1000)) * [[0.1], [0.7], [1e3]]
    found = contributions(result_of(dict(zip(NAMES, draws, strict=True)))).sel(top=3)

    assert 0.0 == float(found["mean_without_top"]) == float(found["cvar_without_top"])
    assert 1.0 == float(found["share_of_top"])


def test_customers_and_products_on_one_footing():
    """Two customers and two products share the same sales; customers also pay tax, which no product sees."""
    sales = np.random.default_rng(6).normal(5.0, 1.0, (2, 2, 1000))  # customer, product, path
    tax = -0.25 * sales.sum(axis=1)
    rows = {name: {"gross_sales": sales[k].sum(axis=0), "tax": tax[k]} for k, name in enumerate("AB")}
    result = with_items(result_of({name: sum(items.values()) for name, items in rows.items()}), rows)
    items = np.stack([sales.sum(axis=0), np.zeros((2, 1000))], axis=1)
    result = result.assign(
        product_item_npv=(("strategy", "product", "item", "recorded_path"), items[None])
    ).assign_coords(product=["X", "Y"])
    found = contributions(result)

    for name in ("mean", "value_share", "risk_share", "cvar_contribution"):
        products = float(found[f"product_{name}"][:2].sum())
        customers = float(found[f"margin_{name}"][:2].sum())
        assert products == pytest.approx(customers, rel=1e-12)
        assert float(found[f"margin_{name}"][-1]) == pytest.approx(float(found[f"product_{name}"][-1]))
    assert np.allclose(found["margin_mean"][:2], sales.sum(axis=1).mean(axis=-1))
