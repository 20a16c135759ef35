"""The reverse stress test finds what was put in, and nothing where nothing is."""

import math

import numpy as np
import pytest

from crcsim.decisions import reverse_stress
from crcsim.decisions.stress.reverse import standardised_difference
from tests.decisions.results import result_of

PATHS = 20_000


def result(value, gone=None):
    """A result of two customers of which one is worth `value`; it is gone where `gone` says so."""
    made = result_of({"A": value, "B": np.zeros(PATHS)}, title="made")
    gone = np.zeros(PATHS, dtype=bool) if gone is None else gone
    causes = np.stack([gone.astype(np.int8), np.zeros(PATHS, dtype=np.int8)])[None]
    dims = ("strategy", "customer", "path")
    return made.assign(
        end_cause=(dims, causes),
        end_period=(dims, 4 * causes.astype(np.int16)),
        sales=(("strategy", "period", "path"), np.ones((1, 16, PATHS))),
        cost_of_capital=("path", np.full(PATHS, 0.08)),
        risk_free_rate=("path", np.full(PATHS, 0.03)),
    ).assign_coords(period=np.arange(1, 17))


def test_difference_of_a_gaussian_driver_has_its_closed_form():
    """T = ρ X + √(1-ρ²) Y: E[X | worst α] = -ρ φ(z)/α, E[X | rest] = ρ φ(z)/(1-α), and of the rest
    Var X = 1 + ρ² z φ(z)/(1-α) - E[X | rest]².
    """
    from scipy.stats import norm

    rho, level = 0.6, 0.01
    x, y = np.random.default_rng(1).normal(size=(2, PATHS))
    found = reverse_stress(
        result(rho * x + 0.8 * y), {"x": x, "noise": y * 0 + np.arange(PATHS) % 7}, worst=level
    )
    density = norm.pdf(norm.ppf(level))
    mean_rest = rho * density / (1.0 - level)
    sd_rest = math.sqrt(1.0 + rho**2 * norm.ppf(level) * density / (1.0 - level) - mean_rest**2)
    expected = (-rho * density / level - mean_rest) / sd_rest
    one = found.sel(driver="x")

    assert abs(float(one["difference"]) - expected) < 4 * float(one["difference_standard_error"])
    assert 1 == int(one["stands_out"])
    assert "x" == found["driver"].values[0]
    assert float(one["worst_low"]) < float(one["worst_level"]) < float(one["worst_high"])
    assert 0 == int(found.sel(driver="noise")["stands_out"])


def test_standard_error_is_that_of_repetition():
    """The spread of 200 repetitions; its own error is 5 %, false alarms below 1 in 10,000."""
    generator = np.random.default_rng(4)
    bad = np.arange(1000) < 50
    found = np.array(
        [
            standardised_difference(generator.normal(size=1000) * np.where(bad, 0.7, 1.0) - 1.5 * bad, bad)
            for _ in range(200)
        ]
    )

    assert 1.0 == pytest.approx(found[:, 1].mean() / found[:, 0].std(ddof=1), abs=0.2)


def test_nothing_stands_out_among_drivers_that_have_nothing_to_do_with_it():
    """Twenty independent drivers; by Bonferroni and the least effect far below 5 % false alarms."""
    generator = np.random.default_rng(8)
    unrelated = {f"p{k}": generator.normal(size=PATHS) for k in range(20)}
    found = reverse_stress(result(generator.normal(size=PATHS)), unrelated)

    assert 20 == found.sizes["driver"]
    assert 0 == int(found["stands_out"].sum())


def test_a_loss_is_told_as_a_share_of_the_worst_paths():
    generator = np.random.default_rng(9)
    gone = generator.random(PATHS) < 0.05
    found = reverse_stress(result(generator.normal(5.0, 1.0, PATHS) - 4.0 * gone, gone)).sel(driver="A gone")

    assert "event" == str(found["driver_unit"].values)
    assert float(found["usual_level"]) == pytest.approx(gone.mean())
    assert float(found["worst_low"]) > 0.8
    assert 1 == int(found["stands_out"])


def test_the_same_on_all_bad_paths_is_not_taken_for_certain():
    bad = np.arange(1000) < 20
    difference, error = standardised_difference(np.where(bad, 1.0, np.arange(1000) % 2.0), bad)

    assert 1.0 == pytest.approx(difference, rel=0.01)
    assert error > 0.05


@pytest.mark.parametrize("worst", [0.0, 1.0, 1e-5, math.nan])
def test_too_few_worst_paths_are_refused(worst):
    with pytest.raises(ValueError, match="with at least 10 of them"):
        reverse_stress(result(np.arange(PATHS) * 1.0), worst=worst)


def test_wallets_may_be_of_the_first_paths_only():
    """A wallet that follows the value, on 4,000 of 20,000 paths; on 500 too few are among the worst."""
    value = np.random.default_rng(3).normal(5.0, 1.0, PATHS)
    wallet = np.exp(np.repeat(value[None], 16, axis=0))
    few, many = (
        reverse_stress(result(value), wallets=(wallet[:, :count], 0.0 * wallet[:, :count] + 0.3))
        for count in (500, 4000)
    )

    assert "wallet after 4 years against today" in many["driver"].values
    assert 1 == int(many.sel(driver="wallet after 4 years against today")["stands_out"])
    assert not any(str(name).startswith("wallet") for name in few["driver"].values)


def test_ties_are_on_neither_side():
    """The worst 1 % have 0; of the others half have 0 too, a quarter each 1 and 2."""
    value = np.arange(PATHS, dtype=float)
    counts = np.choose(np.arange(PATHS) % 4, [0.0, 0.0, 1.0, 2.0])
    counts[:200] = 0.0
    one = reverse_stress(result(value), {"x": counts}, worst=0.01).sel(driver="x")

    assert 0.0 == float(one["worst_level"]) == float(one["usual_below"])
    assert np.mean(counts > 0.0) == float(one["usual_above"])
