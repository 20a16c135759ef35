"""Share of wallet on the logit scale."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crcsim.valuation.share import (
    expit,
    logit,
    logit_for_mean_share,
    mean_share,
    ornstein_uhlenbeck,
    stationary_sd,
)


@given(st.floats(1e-300, 0.99))
def test_expit_undoes_logit(share: float) -> None:
    assert share == pytest.approx(expit(logit(share)), rel=1e-12)


def test_ends_of_the_logit_scale() -> None:
    np.testing.assert_array_equal([-np.inf, 0.0, np.inf], logit([0.0, 0.5, 1.0]))
    np.testing.assert_array_equal([0.0, 0.5, 1.0], expit([-np.inf, 0.0, np.inf]))
    assert np.isnan(logit(1.1))


def test_two_half_steps_of_the_share_make_one() -> None:
    pull, noise = ornstein_uhlenbeck(0.6, 0.25, 0.25)
    half_pull, half_noise = ornstein_uhlenbeck(0.6, 0.25, 0.125)

    assert pull == pytest.approx(1.0 - (1.0 - half_pull) ** 2, rel=1e-13)
    assert noise == pytest.approx(half_noise * np.sqrt(1.0 + (1.0 - half_pull) ** 2), rel=1e-13)


def test_share_without_reversion_is_a_random_walk() -> None:
    assert (0.0, 0.25 * 0.5) == ornstein_uhlenbeck(0.0, 0.25, 0.25)
    np.testing.assert_allclose((0.0, 0.125), ornstein_uhlenbeck(1e-12, 0.25, 0.25), atol=1e-12)


def test_one_long_step_has_the_stationary_spread() -> None:
    pull, noise = ornstein_uhlenbeck(0.6, 0.25, 200.0)

    assert 1.0 == pytest.approx(pull, rel=1e-14)
    assert stationary_sd(0.6, 0.25) == pytest.approx(noise, rel=1e-14)


def test_stationary_spread_without_reversion_or_volatility() -> None:
    np.testing.assert_array_equal([np.inf, 0.0], stationary_sd(0.0, [0.25, 0.0]))


def test_mean_of_a_logistic_normal_share() -> None:
    # ∫ expit(μ + s z) φ(z) dz
    shares = mean_share([0.0, -1.0, 0.5, -2.0], [1.0, 1.0, 0.8, 2.0])
    of_median_30 = mean_share(logit(0.3), [0.6, 1.5])

    np.testing.assert_allclose([0.5, 0.303265329856, 0.607948937919, 0.224799754603], shares, rtol=1e-11)
    np.testing.assert_allclose([0.313347929898, 0.353936278994], of_median_30, rtol=1e-11)


@given(mean=st.floats(-8.0, 8.0), sd=st.floats(0.0, 0.8))
def test_mean_share_agrees_with_gauss_hermite(mean: float, sd: float) -> None:
    nodes, weights = np.polynomial.hermite_e.hermegauss(80)
    integral = np.sum(weights * expit(mean + sd * nodes)) / np.sqrt(2.0 * np.pi)

    assert integral == pytest.approx(mean_share(mean, sd), rel=1e-11)


@given(mean=st.floats(-6.0, 6.0), sd=st.floats(0.0, 5.0))
def test_mean_shares_mirrored_at_one_half_add_up_to_one(mean: float, sd: float) -> None:
    assert 1.0 == pytest.approx(mean_share(mean, sd) + mean_share(-mean, sd), abs=1e-14)


def test_mean_share_of_a_wide_spread_nears_a_coin() -> None:
    # at a large spread the share is 0 or 1: Φ(μ/s)
    assert 0.6914624612740131 == pytest.approx(mean_share(100.0, 200.0), abs=1e-4)


@given(share=st.floats(0.001, 0.999), sd=st.floats(0.0, 4.0))
def test_a_stated_mean_share_is_met(share: float, sd: float) -> None:
    assert share == pytest.approx(mean_share(logit_for_mean_share(share, sd), sd), rel=1e-12)


def test_without_spread_mean_and_median_are_the_same() -> None:
    np.testing.assert_allclose(logit([0.1, 0.5, 0.9]), logit_for_mean_share([0.1, 0.5, 0.9], 0.0), atol=1e-14)


def test_a_mean_share_does_not_depend_on_its_neighbours() -> None:
    rng = np.random.default_rng(9)
    shares, sds = rng.uniform(0.05, 0.95, 301), rng.uniform(0.0, 3.0, 301)
    together = logit_for_mean_share(shares, sds)

    np.testing.assert_array_equal(together[37:150], logit_for_mean_share(shares[37:150], sds[37:150]))
    np.testing.assert_array_equal(
        together, [logit_for_mean_share(share, sd) for share, sd in zip(shares, sds, strict=True)]
    )


@pytest.mark.parametrize("share", [0.0, 1.0, -0.1, np.nan])
def test_a_mean_share_lies_between_nothing_and_all(share: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        logit_for_mean_share(share, 0.5)


def test_a_spread_is_finite() -> None:
    with pytest.raises(ValueError, match="must be finite and not negative"):
        mean_share(0.0, np.inf)
