"""Quantile functions at a normal score: against an independent library, in both tails, bit by bit."""

from collections.abc import Callable

import numpy as np
import pytest
from scipy import stats
from scipy.special import ndtr

from crcsim.compile import quantile_functions as q

SCORES = np.linspace(-5.0, 5.0, 101)
SYMMETRIC = {
    "uniform": (q.uniform, (-1.0, 1.0)),
    "triangular": (q.triangular, (-1.0, 0.0, 1.0)),
    "beta": (q.beta, (3.0, 3.0, -1.0, 1.0)),
    "truncated_normal": (q.truncated_normal, (0.0, 0.6, -1.0, 1.0)),
}
MEMBERS: dict[str, tuple[Callable[..., np.ndarray], tuple[float, ...]]] = {
    "normal": (q.normal, (0.03, 0.01)),
    "lognormal": (q.lognormal, (0.5, 0.4, -1.0)),
    "skewed": (q.skewed, (2.0, 0.7, 0.3)),
    "log_skewed": (q.log_skewed, (0.5, 0.4, -0.3, 0.0)),
    "logit_skewed": (q.logit_skewed, (-2.0, 0.5, 0.2, 0.0, 1.0)),
    "uniform": (q.uniform, (1.0, 3.0)),
    "triangular": (q.triangular, (1.0, 1.5, 3.0)),
    "beta": (q.beta, (2.5, 7.0, 0.0, 1.0)),
    "truncated_normal": (q.truncated_normal, (1.1, 0.2, 0.4, 1.8)),
}
PEERS = {
    "normal": stats.norm(0.03, 0.01),
    "lognormal": stats.lognorm(0.4, loc=-1.0, scale=np.exp(0.5)),
    "uniform": stats.uniform(1.0, 2.0),
    "triangular": stats.triang(0.25, loc=1.0, scale=2.0),
    "beta": stats.beta(2.5, 7.0),
    "truncated_normal": stats.truncnorm(-3.5, 3.5, loc=1.1, scale=0.2),
}


@pytest.mark.parametrize("name", PEERS)
def test_quantiles_agree_with_an_independent_library(name: str) -> None:
    function, numbers = MEMBERS[name]
    lower, upper = SCORES[SCORES < 0.0], SCORES[SCORES >= 0.0]
    peers = np.concatenate([PEERS[name].ppf(ndtr(lower)), PEERS[name].isf(ndtr(-upper))])

    np.testing.assert_allclose(peers, function(SCORES, *numbers), rtol=1e-10, atol=1e-15)


@pytest.mark.parametrize("name", MEMBERS)
def test_quantiles_rise(name: str) -> None:
    function, numbers = MEMBERS[name]

    assert np.all(np.diff(function(SCORES, *numbers)) > 0.0)


@pytest.mark.parametrize("name", MEMBERS)
def test_a_value_does_not_depend_on_its_block(name: str) -> None:
    function, numbers = MEMBERS[name]
    z = np.random.default_rng(1).standard_normal(1027)
    whole = function(z, *numbers)

    for length in (1, 3, 16, 64, 100):
        parts = [function(z[at : at + length].copy(), *numbers) for at in range(0, z.size, length)]
        np.testing.assert_array_equal(whole, np.concatenate(parts))


@pytest.mark.parametrize("name", SYMMETRIC)
def test_symmetric_families_have_symmetric_tails(name: str) -> None:
    function, numbers = SYMMETRIC[name]
    far = np.array([0.1, 1.0, 4.0, 7.0])

    np.testing.assert_allclose(function(far, *numbers), -function(-far, *numbers), rtol=1e-14)


def test_tails_near_zero_keep_their_digits() -> None:
    # the smallest of 10^12 draws: 7 standard deviations
    z, p = np.array([-7.0]), ndtr(-7.0)

    np.testing.assert_allclose(q.uniform(z, 0.0, 2.0), 2.0 * p, rtol=1e-14)
    np.testing.assert_allclose(q.triangular(z, 0.0, 1.0, 4.0), 2.0 * np.sqrt(p), rtol=1e-14)
    np.testing.assert_allclose(q.beta(z, 2.0, 1.0, 0.0, 1.0), np.sqrt(p), rtol=1e-12)


@pytest.mark.parametrize("mean", [-8.0, 0.5, 9.0])
def test_a_normal_cut_off_in_one_tail(mean: float) -> None:
    values = q.truncated_normal(SCORES, mean, 1.0, 0.0, 1.0)
    peer = stats.truncnorm(-mean, 1.0 - mean, loc=mean)
    interior = slice(20, 81)

    assert np.all((values >= 0.0) & (values <= 1.0))
    np.testing.assert_allclose(ndtr(SCORES[interior]), peer.cdf(values[interior]), rtol=1e-8)


def test_a_normal_that_is_barely_cut_off_is_the_normal() -> None:
    np.testing.assert_allclose(
        SCORES, q.truncated_normal(SCORES, 0.0, 1.0, -30.0, 30.0), rtol=1e-12, atol=1e-15
    )
    np.testing.assert_allclose(SCORES, q.truncated_normal(SCORES, 0.0, 1.0, -np.inf, np.inf), atol=1e-12)


def test_triangles_with_the_mode_at_an_end() -> None:
    p = ndtr(SCORES)

    np.testing.assert_allclose(np.sqrt(p), q.triangular(SCORES, 0.0, 1.0, 1.0), rtol=1e-12)
    np.testing.assert_allclose(1.0 - np.sqrt(ndtr(-SCORES)), q.triangular(SCORES, 0.0, 0.0, 1.0), rtol=1e-9)


def test_tukeys_g_nears_the_normal() -> None:
    np.testing.assert_allclose(q.skewed(SCORES, 1.0, 2.0, 0.0), q.skewed(SCORES, 1.0, 2.0, 1e-9), atol=1e-7)
