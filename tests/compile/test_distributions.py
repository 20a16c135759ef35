"""From what an analyst states to numbers: parameters, quantiles, moments."""

from collections.abc import Mapping
from dataclasses import FrozenInstanceError, dataclass, field

import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from scipy.special import ndtri

from crcsim.compile.distributions import Fitted, fit

PROBABILITY, MONEY, GROWTH, ANYTHING = (0.0, 1.0), (0.0, np.inf), (-1.0, np.inf), (-np.inf, np.inf)
LOW_MIDDLE_HIGH = (0.05, 0.5, 0.95)


@dataclass(frozen=True)
class Stated:
    """A distribution as a scenario states it."""

    family: str
    parameters: Mapping[str, float] = field(default_factory=dict)
    quantiles: tuple[tuple[float, float], ...] = ()
    support: tuple[float, float] = ANYTHING


def through(
    family: str, values: tuple[float, ...], support: tuple[float, float] = ANYTHING, **given: float
) -> Fitted:
    probabilities = LOW_MIDDLE_HIGH if len(values) == 3 else (0.05, 0.95)
    return fit(Stated(family, given, tuple(zip(probabilities, values, strict=True)), support))


def quantiles(fitted: Fitted, *probabilities: float) -> np.ndarray:
    return fitted.quantile_of_normal(ndtri(np.array(probabilities)))


# --- from parameters
BY_PARAMETERS = {
    "normal": Stated("normal", {"mean": 0.03, "sd": 0.01}),
    "lognormal": Stated("lognormal", {"median": 0.9, "log_sd": 0.3}),
    "lognormal by mean": Stated("lognormal", {"mean": 3.0, "sd": 1.0}),
    "truncated normal": Stated("truncated_normal", {"mean": 1.1, "sd": 0.2, "low": 0.9, "high": 1.8}),
    "half-truncated normal": Stated("truncated_normal", {"mean": 0.1, "sd": 0.2, "low": 0.0}),
    "beta": Stated("beta", {"alpha": 2.0, "beta": 5.0}),
    "beta by mean": Stated("beta", {"mean": 0.3, "sd": 0.1}),
    "beta on a range": Stated("beta", {"mean": 3.0, "sd": 0.5, "low": 1.0, "high": 4.0}),
    "PERT": Stated("pert", {"low": 0.3, "mode": 0.6, "high": 0.9}),
    "triangular": Stated("triangular", {"low": 0.0, "mode": 1.0, "high": 4.0}),
    "uniform": Stated("uniform", {"low": -1.0, "high": 2.0}),
    "bare on probabilities": Stated("quantiles", {}, ((0.05, 0.02), (0.5, 0.05), (0.95, 0.11)), PROBABILITY),
    "bare on money, skewed left": Stated("quantiles", {}, ((0.05, 1.0), (0.5, 3.0), (0.95, 6.0)), MONEY),
    "bare on money, skewed right": Stated("quantiles", {}, ((0.05, 1.0), (0.5, 2.0), (0.95, 6.0)), MONEY),
    "bare on anything": Stated("quantiles", {}, ((0.1, -1.0), (0.5, 0.1), (0.9, 0.6))),
    "bare, two, on growth": Stated("quantiles", {}, ((0.1, -0.02), (0.9, 0.06)), GROWTH),
}


@pytest.mark.parametrize("name", BY_PARAMETERS)
def test_moments_are_those_of_the_values(name: str) -> None:
    """Means over the middles of 10^5 strips of equal probability (no random numbers)."""
    fitted = fit(BY_PARAMETERS[name])
    strips = 100_000
    values = fitted.quantile_of_normal(ndtri((np.arange(strips) + 0.5) / strips))

    assert fitted.mean == pytest.approx(values.mean(), rel=1e-4, abs=1e-6)
    assert fitted.sd == pytest.approx(values.std(), rel=3e-3)
    assert fitted.median == pytest.approx(np.median(values), rel=1e-4)


@pytest.mark.parametrize("name", BY_PARAMETERS)
def test_values_do_not_depend_on_the_block_or_the_shape(name: str) -> None:
    fitted = fit(BY_PARAMETERS[name])
    z = np.random.default_rng(2).standard_normal(600)
    whole = fitted.quantile_of_normal(z)

    np.testing.assert_array_equal(whole[77:310], fitted.quantile_of_normal(z[77:310]))
    np.testing.assert_array_equal(whole[::-2], fitted.quantile_of_normal(z[::-2]))
    np.testing.assert_array_equal(whole.reshape(20, 30), fitted.quantile_of_normal(z.reshape(20, 30)))


@pytest.mark.parametrize(
    ("name", "mean", "sd"),
    [
        ("lognormal by mean", 3.0, 1.0),
        ("beta by mean", 0.3, 0.1),
        ("beta on a range", 3.0, 0.5),
        ("PERT", 0.6, np.sqrt((0.6 - 0.3) * (0.9 - 0.6) / 7.0)),  # (μ - low)(high - μ) / 7
        ("triangular", 5.0 / 3.0, np.sqrt(13.0 / 18.0)),
        ("uniform", 0.5, 3.0 / np.sqrt(12.0)),
    ],
)
def test_stated_moments_come_back(name: str, mean: float, sd: float) -> None:
    fitted = fit(BY_PARAMETERS[name])

    assert mean == pytest.approx(fitted.mean, rel=1e-12)
    assert sd == pytest.approx(fitted.sd, rel=1e-12)


def test_moments_of_a_truncated_normal() -> None:
    # half-normal: mean sd √(2/π), sd √(1 - 2/π)
    fitted = fit(Stated("truncated_normal", {"mean": 0.0, "sd": 2.0, "low": 0.0}))

    assert 2.0 * np.sqrt(2.0 / np.pi) == pytest.approx(fitted.mean, rel=1e-9)
    assert 2.0 * np.sqrt(1.0 - 2.0 / np.pi) == pytest.approx(fitted.sd, rel=1e-9)


def test_fitted_numbers_are_frozen() -> None:
    fitted = fit(BY_PARAMETERS["normal"])

    with pytest.raises(FrozenInstanceError):
        fitted.mean = 1.0  # type: ignore[misc]


@pytest.mark.parametrize(
    ("stated", "message"),
    [
        (Stated("normal", {"mean": 0.0, "sd": -1.0}), "must not be negative"),
        (Stated("normal", {"mean": np.nan, "sd": 1.0}), "must be finite"),
        (Stated("lognormal", {"median": 0.0, "log_sd": 1.0}), "must be above 0"),
        (Stated("lognormal", {"median": 1.0, "log_sd": 50.0}), "too wide"),
        (Stated("truncated_normal", {"mean": 0.0, "sd": 1.0, "low": 2.0, "high": 1.0}), "low below high"),
        (Stated("truncated_normal", {"mean": 99.0, "sd": 1.0, "low": 0.0, "high": 1.0}), "no probability"),
        (Stated("beta", {"mean": 0.5, "sd": 0.6}), "no beta distribution between"),
        (Stated("beta", {"mean": 0.5, "sd": 0.0}), "an sd above 0"),
        (Stated("beta", {"mean": 0.5, "sd": 0.1, "low": 1.0, "high": 0.0}), "low below high"),
        (Stated("pert", {"low": 1.0, "mode": 3.0, "high": 2.0}), "in this order"),
        (Stated("triangular", {"low": 1.0, "mode": 1.0, "high": 1.0}), "in this order"),
        (Stated("uniform", {"low": 1.0, "high": 1.0}), "low below high"),
    ],
)
def test_numbers_that_contradict_each_other_are_refused(stated: Stated, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        fit(stated)


# --- within a family, from quantiles
@pytest.mark.parametrize(
    "family", ["normal", "lognormal", "uniform", "beta", "triangular", "pert", "truncated_normal"]
)
def test_every_family_goes_through_two_quantiles(family: str) -> None:
    fitted = through(family, (0.2, 0.6), PROBABILITY)

    np.testing.assert_allclose([0.2, 0.6], quantiles(fitted, 0.05, 0.95), rtol=1e-10)
    assert fitted.misfit < 1e-10


@pytest.mark.parametrize("family", ["triangular", "pert"])
@given(mode=st.floats(0.06, 0.94), width=st.floats(0.1, 100.0))
def test_low_mode_and_high_are_found_from_three_quantiles(family: str, mode: float, width: float) -> None:
    given_numbers = {"low": 1.0, "mode": 1.0 + mode * width, "high": 1.0 + width}
    wanted = fit(Stated(family, given_numbers))
    found = through(family, tuple(quantiles(wanted, *LOW_MIDDLE_HIGH)))

    np.testing.assert_allclose(wanted.numbers, found.numbers, rtol=1e-7, atol=1e-7 * width)
    assert found.misfit < 1e-12


def test_a_mode_below_the_lowest_quantile_is_put_at_the_end() -> None:
    wanted = fit(Stated("triangular", {"low": 1.0, "mode": 1.03, "high": 2.0}))
    found = through("triangular", tuple(quantiles(wanted, *LOW_MIDDLE_HIGH)))

    assert found.numbers[0] == pytest.approx(found.numbers[1], abs=1e-6)
    np.testing.assert_allclose(
        quantiles(wanted, 0.05, 0.2, 0.9), quantiles(found, 0.05, 0.2, 0.9), rtol=1e-12
    )


@pytest.mark.parametrize("family", ["triangular", "pert"])
def test_two_quantiles_put_the_mode_in_the_middle(family: str) -> None:
    fitted = through(family, (1.0, 3.0))

    assert 2.0 == pytest.approx(fitted.mean, rel=1e-14)
    assert 2.0 == pytest.approx(fitted.median, rel=1e-14)


def test_families_without_enough_skew_say_so() -> None:
    with pytest.raises(ValueError, match="no triangular distribution is as skewed"):
        through("triangular", (1.0, 1.1, 9.0))


@pytest.mark.parametrize("family", ["normal", "lognormal", "uniform", "beta", "truncated_normal"])
def test_three_quantiles_of_a_member_have_no_misfit(family: str) -> None:
    member = through(family, (0.2, 0.6), PROBABILITY)
    found = through(family, tuple(quantiles(member, *LOW_MIDDLE_HIGH)), PROBABILITY)

    np.testing.assert_allclose(member.numbers, found.numbers, rtol=1e-6)
    assert found.misfit < 1e-8


def test_least_squares_of_a_normal_meets_the_mean_of_the_quantiles() -> None:
    fitted = through("normal", (1.0, 1.5, 3.0))

    assert 5.5 / 3.0 == pytest.approx(fitted.mean, rel=1e-14)
    assert (3.0 - 1.0) / (2.0 * ndtri(0.95)) == pytest.approx(fitted.sd, rel=1e-14)
    assert (5.5 / 3.0 - 1.5) / 2.0 == pytest.approx(fitted.misfit, rel=1e-12)


def test_least_squares_of_a_lognormal_are_relative() -> None:
    # in logarithms: the geometric mean of the three
    assert (1.0 * 2.0 * 6.0) ** (1.0 / 3.0) == pytest.approx(
        through("lognormal", (1.0, 2.0, 6.0)).median, rel=1e-12
    )


@given(alpha=st.floats(0.5, 200.0), beta=st.floats(0.5, 200.0))
def test_a_beta_is_found_from_its_quantiles(alpha: float, beta: float) -> None:
    wanted = fit(Stated("beta", {"alpha": alpha, "beta": beta}))
    found = through("beta", tuple(quantiles(wanted, 0.05, 0.95)))

    np.testing.assert_allclose(wanted.numbers, found.numbers, rtol=1e-5)


@given(mean=st.floats(0.2, 1.6), sd=st.floats(0.1, 0.6))
def test_a_truncated_normal_is_found_from_its_quantiles(mean: float, sd: float) -> None:
    wanted = fit(Stated("truncated_normal", {"mean": mean, "sd": sd, "low": 0.4, "high": 1.4}))
    found = through("truncated_normal", tuple(quantiles(wanted, 0.05, 0.95)), low=0.4, high=1.4)

    np.testing.assert_allclose(
        quantiles(wanted, 0.01, 0.3, 0.99), quantiles(found, 0.01, 0.3, 0.99), rtol=1e-6
    )


def test_a_truncated_normal_cannot_be_wider_than_uniform() -> None:
    with pytest.raises(ValueError, match="no truncated normal distribution goes through"):
        through("truncated_normal", (0.01, 0.99), PROBABILITY)


@pytest.mark.parametrize("family", ["beta", "truncated_normal"])
def test_quantiles_lie_between_low_and_high(family: str) -> None:
    with pytest.raises(ValueError, match="must lie between low and high"):
        through(family, (0.1, 1.2), PROBABILITY)


def test_a_lognormal_has_positive_quantiles() -> None:
    with pytest.raises(ValueError, match="must be above 0"):
        through("lognormal", (-1.0, 2.0))


@pytest.mark.parametrize(
    ("stated", "message"),
    [
        (((0.5, 1.0),), "two or three quantiles"),
        (((0.1, 1.0), (0.3, 2.0), (0.5, 3.0), (0.7, 4.0)), "two or three quantiles"),
        (((0.0, 1.0), (0.5, 2.0)), "between 0% and 100%"),
        (((0.5, 1.0), (0.5, 2.0)), "must differ"),
        (((0.1, 2.0), (0.5, 1.0)), "must rise"),
        (((0.1, 1.0), (0.5, np.inf)), "must rise"),
    ],
)
def test_quantiles_that_are_none_are_refused(stated: tuple[tuple[float, float], ...], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        fit(Stated("normal", {}, stated))


# --- bare quantiles
@pytest.mark.parametrize("support", [PROBABILITY, MONEY, GROWTH, ANYTHING])
@given(
    first=st.floats(0.01, 0.9),
    second=st.floats(0.01, 0.9),
    third=st.floats(0.01, 0.9),
    middle=st.floats(0.2, 0.8),
)
@example(first=0.1, second=0.2, third=0.3, middle=0.5)
@example(first=0.1, second=0.2, third=0.4, middle=0.5)
def test_bare_quantiles_are_met_exactly_and_inside_the_support(
    support: tuple[float, float], first: float, second: float, third: float, middle: float
) -> None:
    values = sorted([first, second, third])
    assume(min(np.diff(values)) > 0.01)
    fitted = fit(Stated("quantiles", {}, tuple(zip((0.05, middle, 0.95), values, strict=True)), support))
    far = quantiles(fitted, 1e-9, 1.0 - 1e-9)

    np.testing.assert_allclose(values, quantiles(fitted, 0.05, middle, 0.95), rtol=1e-9)
    assert support[0] <= far[0] < values[0]
    assert values[-1] < far[1] <= support[1]
    assert np.isfinite([fitted.mean, fitted.sd]).all()


@pytest.mark.parametrize(
    ("support", "function"),
    [(PROBABILITY, "logit_skewed"), (MONEY, "lognormal"), (GROWTH, "lognormal"), (ANYTHING, "normal")],
)
def test_two_bare_quantiles_are_normal_on_the_scale_of_the_support(
    support: tuple[float, float], function: str
) -> None:
    fitted = through("quantiles", (0.02, 0.11), support)

    assert function == fitted.function
    np.testing.assert_allclose([0.02, 0.11], quantiles(fitted, 0.05, 0.95), rtol=1e-13)


def test_symmetric_quantiles_without_a_range_are_normal() -> None:
    assert ("normal", 2.0) == (
        through("quantiles", (1.0, 2.0, 3.0)).function,
        through("quantiles", (1.0, 2.0, 3.0)).mean,
    )


def test_quantiles_in_a_geometric_row_are_lognormal() -> None:
    fitted = through("quantiles", (1.0, 3.0, 9.0), MONEY)

    assert "lognormal" == fitted.function
    assert np.log(9.0) / (2.0 * ndtri(0.95)) == pytest.approx(fitted.numbers[1], rel=1e-12)


def test_money_skewed_to_the_right_even_in_logarithms_keeps_a_mean() -> None:
    # the shifted lognormal through 1, 2, 6 begins at (x1 x3 - x2²) / (x1 + x3 - 2 x2) = 2/3
    fitted = through("quantiles", (1.0, 2.0, 6.0), MONEY)

    assert "skewed" == fitted.function
    assert 2.0 / 3.0 == pytest.approx(fitted.quantile_of_normal(np.array([-40.0]))[0], rel=1e-12)
    assert np.isfinite(fitted.mean)


def test_both_sides_of_the_lognormal_meet() -> None:
    less, more = (through("quantiles", (1.0, 3.0 + change, 9.0), MONEY) for change in (-1e-6, 1e-6))

    assert ("skewed", "log_skewed") == (less.function, more.function)
    np.testing.assert_allclose(quantiles(less, 0.01, 0.99), quantiles(more, 0.01, 0.99), rtol=1e-5)


def test_bare_quantiles_lie_inside_the_range() -> None:
    with pytest.raises(ValueError, match=r"inside the range \(0, 1\)"):
        through("quantiles", (0.1, 1.0), PROBABILITY)


def test_a_range_with_only_an_upper_end_is_refused() -> None:
    with pytest.raises(ValueError, match="needs a lower end"):
        through("quantiles", (0.1, 0.5), (-np.inf, 1.0))


def test_a_middle_that_nearly_coincides_is_refused() -> None:
    with pytest.raises(ValueError, match="too close to one of the others"):
        through("quantiles", (0.0, 1e-9, 1.0))
