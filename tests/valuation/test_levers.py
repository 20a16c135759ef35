"""Spend, stock and response of a lever: the model of Nerlove and Arrow, and ADBUDG of Little."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crcsim.valuation.levers import (
    amplifier,
    calibrate_judgements,
    constant_spend,
    half_effect_spend,
    hill,
    lagged,
    response,
    single_payment,
    steady_stock,
    stock_gain,
    stock_kept,
    stock_path,
    yearly_payments,
)

GRIDS = (1, 2, 4, 12)
AMOUNTS = st.floats(0.0, 1e9)
DECAYS = st.floats(0.01, 1.0)
HALVES = st.floats(1e-3, 1e9)
STEEPNESSES = st.floats(0.3, 5.0)


# --- spend ---------------------------------------------------------------------------------------------
def test_constant_spend_ends_within_a_period() -> None:
    spend = constant_spend(400.0, 1.375, 4, 8)

    np.testing.assert_array_equal([100.0, 100.0, 100.0, 100.0, 100.0, 50.0, 0.0, 0.0], spend)


def test_constant_spend_goes_on_for_ever_unless_it_ends() -> None:
    np.testing.assert_array_equal(np.full(30, 100.0), constant_spend(1200.0, np.inf, 12, 30))


def test_yearly_payments_are_spread_over_their_years() -> None:
    np.testing.assert_array_equal([4.0, 4.0, 1.0, 1.0, 0.0], yearly_payments((8.0, 2.0), 2, 5))
    np.testing.assert_array_equal([4.0, 4.0, 1.0], yearly_payments((8.0, 2.0, 6.0), 2, 3))


def test_a_single_payment_is_made_at_once() -> None:
    np.testing.assert_array_equal([[7.0, 0.0, 0.0], [9.0, 0.0, 0.0]], single_payment([7.0, 9.0], 3))


@given(amount=AMOUNTS, years=st.floats(0.0, 5.0), grid=st.sampled_from(GRIDS))
def test_no_grid_spends_more_than_another(amount: float, years: float, grid: int) -> None:
    assert amount * years == pytest.approx(constant_spend(amount, years, grid, 6 * grid).sum(), abs=1e-6)


@given(spend=st.lists(AMOUNTS, min_size=1, max_size=8), lag=st.floats(0.0, 12.0))
def test_a_lag_conserves_money(spend: list[float], lag: float) -> None:
    late = lagged([*spend, *np.zeros(14)], lag)

    assert sum(spend) == pytest.approx(late.sum(), rel=1e-12)
    assert np.all(late[: int(lag)] == 0.0)


@given(lag=st.floats(0.0, 6.0))
def test_a_lag_is_kept_on_average(lag: float) -> None:
    late = lagged(single_payment(1.0, 10), lag)

    assert lag == pytest.approx((late * np.arange(10)).sum(), abs=1e-8)


def test_a_lag_is_split_over_two_periods() -> None:
    np.testing.assert_allclose([0.0, 6.0, 14.0, 10.0], lagged([8.0, 16.0, 8.0, 0.0], 1.25), rtol=1e-15)


def test_months_that_make_whole_periods_are_not_split() -> None:
    np.testing.assert_array_equal(
        [0.0, 0.0, 0.0, 0.0, 5.0, 0.0], lagged(single_payment(5.0, 6), 0.1 * 3 / 0.075)
    )


def test_a_negative_lag_is_refused() -> None:
    with pytest.raises(ValueError, match="must not be negative"):
        lagged([1.0], -0.5)


# --- stock ---------------------------------------------------------------------------------------------
def test_present_value_of_one_unit_spent() -> None:
    # Nerlove and Arrow: G_t = (1 - δ) G_(t-1) + A_t, profit b G_t; worth b (1 + d) / (d + δ), steady at 1 / δ
    stocks = stock_path(single_payment(1.0, 400), 1.0, 0.25, 1.0, 0.0)
    value = (0.8 * stocks * 1.1 ** -np.arange(400)).sum()

    assert 2.51428571429 == pytest.approx(value, rel=1e-11)
    assert 4.0 == steady_stock(1.0, 1.0, 0.25)
    assert 0.5 == pytest.approx(stock_kept(0.25, 2.40942083965), rel=1e-11)


@given(effectiveness=st.floats(0.1, 5.0), spend=AMOUNTS, decay=DECAYS, grid=st.sampled_from(GRIDS))
def test_every_grid_keeps_the_same_steady_state(
    effectiveness: float, spend: float, decay: float, grid: int
) -> None:
    steady = float(steady_stock(effectiveness, spend, decay))
    path = stock_path(constant_spend(spend, np.inf, grid, 3 * grid), effectiveness, decay, 1.0 / grid, steady)

    np.testing.assert_allclose(path, steady, rtol=1e-10)


@given(decay=st.floats(0.05, 1.0), grid=st.sampled_from(GRIDS))
def test_constant_spend_leads_to_the_steady_state_from_anywhere(decay: float, grid: int) -> None:
    spend = constant_spend(3.0, np.inf, grid, 400 * grid)
    path = stock_path(spend, 2.0, decay, 1.0 / grid, np.array([0.0, 500.0]))

    np.testing.assert_allclose(path[:, -1], steady_stock(2.0, 3.0, decay), rtol=1e-6)


@given(decay=DECAYS)
def test_years_of_constant_spend_build_the_same_stock_on_every_grid(decay: float) -> None:
    after = [
        stock_path(constant_spend(5.0, np.inf, grid, 3 * grid), 1.0, decay, 1 / grid, 0.0)[-1]
        for grid in GRIDS
    ]

    np.testing.assert_allclose(after, after[0], rtol=1e-10)


def test_nothing_spent_decays() -> None:
    np.testing.assert_allclose([75.0, 56.25], stock_path(np.zeros(2), 1.0, 0.25, 1.0, 100.0), rtol=1e-15)


def test_a_stock_that_decays_within_the_year_is_the_yearly_spend() -> None:
    assert 4.0 == stock_gain(1.0, 0.25)
    np.testing.assert_array_equal([8.0, 0.0], stock_path([2.0, 0.0], 1.0, 1.0, 0.25, 50.0))


def test_paths_have_their_own_parameters() -> None:
    decays, effects = np.array([0.1, 0.2, 0.5]), np.array([1.0, 2.0, 3.0])
    together = stock_path(np.ones(4), effects, decays, 0.5, 10.0)

    apart = [stock_path(np.ones(4), e, d, 0.5, 10.0) for e, d in zip(effects, decays, strict=True)]
    np.testing.assert_array_equal(apart, together)


@pytest.mark.parametrize("decay", [0.0, -0.1, 1.1])
def test_a_decay_outside_its_range_is_refused(decay: float) -> None:
    with pytest.raises(ValueError, match="decay"):
        stock_gain(decay, 0.25)
    with pytest.raises(ValueError, match="decay"):
        steady_stock(1.0, 1.0, decay)


# --- response ------------------------------------------------------------------------------------------
def test_hill_is_one_half_at_the_half_effect_and_safe_at_both_ends() -> None:
    np.testing.assert_array_equal([0.0, 0.0, 0.5, 1.0], hill([-1.0, 0.0, 8.0, np.inf], 8.0, 2.5))
    np.testing.assert_allclose([0.2, 0.8], hill([4.0, 16.0], 8.0, 2.0), rtol=1e-14)


@given(now=st.floats(0.0, 1e6), half=HALVES, n=STEEPNESSES)
def test_response_is_seen_from_today(now: float, half: float, n: float) -> None:
    assert 0.0 == response(now, now, half, n)
    assert 1.0 == response(np.inf, now, half, n)
    assert 0.0 >= response(0.0, now, half, n)


@given(stock=st.floats(0.0, 1e3), now=st.floats(0.0, 1e3), half=st.floats(1.0, 1e3), n=st.floats(0.3, 3.0))
def test_response_is_what_is_gained_of_what_was_left(stock: float, now: float, half: float, n: float) -> None:
    before = hill(now, half, n)
    expected = (hill(stock, half, n) - before) / (1.0 - before)

    np.testing.assert_allclose(response(stock, now, half, n), expected, rtol=1e-6, atol=1e-9)


@given(now=st.floats(0.0, 100.0), stocks=st.lists(st.floats(0.0, 1e4), min_size=2, max_size=9), n=STEEPNESSES)
def test_more_stock_never_brings_less(now: float, stocks: list[float], n: float) -> None:
    assert np.all(np.diff(response(np.sort(stocks), now, 50.0, n)) >= 0.0)


@given(stock=st.floats(1.0, 1e4), half=st.floats(1.0, 1e4), scale=st.floats(0.01, 100.0), n=STEEPNESSES)
def test_response_does_not_depend_on_the_unit_of_money(
    stock: float, half: float, scale: float, n: float
) -> None:
    expected = response(stock, 3.0, half, n)

    np.testing.assert_allclose(
        response(scale * stock, scale * 3.0, scale * half, n), expected, rtol=1e-8, atol=1e-12
    )


def test_a_response_without_steepness_or_half_effect_is_refused() -> None:
    for half, steepness in ((0.0, 1.0), (1.0, 0.0)):
        with pytest.raises(ValueError, match="must be above 0"):
            hill(1.0, half, steepness)


def test_four_judgements_make_a_curve() -> None:
    scale, steepness = calibrate_judgements(0.2, 0.3, 0.36, 0.55)

    def share(relative: float) -> float:
        half = half_effect_spend(1.0, scale, steepness)
        return 0.2 + 0.35 * float(hill(relative, half, steepness))

    assert 2.5 == pytest.approx(scale, rel=1e-12)
    assert 1.8360161209 == pytest.approx(steepness, rel=1e-10)
    assert 0.235262460433 == pytest.approx(share(0.5), rel=1e-10)
    assert 0.405853844086 == pytest.approx(share(2.0), rel=1e-10)
    assert 0.131144008635 == pytest.approx((share(1.0 + 1e-5) - share(1.0 - 1e-5)) / 2e-5, rel=1e-8)


@given(steps=st.tuples(*[st.floats(0.02, 1.0)] * 3), floor=st.floats(0.0, 0.5), spend=st.floats(1.0, 1e6))
def test_the_curve_goes_through_the_judgements(
    steps: tuple[float, float, float], floor: float, spend: float
) -> None:
    kept, more, most = floor + np.cumsum(steps)
    scale, steepness = calibrate_judgements(floor, kept, more, most)
    if steepness < 0.05:
        return  # a curve so flat has its half-effect spend beyond all numbers
    at = hill(np.array([0.0, spend, 1.5 * spend]), half_effect_spend(spend, scale, steepness), steepness)

    np.testing.assert_allclose(floor + (most - floor) * at, [floor, kept, more], rtol=1e-8)


@pytest.mark.parametrize("judgements", [(0.3, 0.3, 0.4, 0.5), (0.2, 0.4, 0.3, 0.5), (0.2, 0.3, 0.5, 0.5)])
def test_judgements_have_to_rise(judgements: tuple[float, float, float, float]) -> None:
    with pytest.raises(ValueError, match="must rise"):
        calibrate_judgements(*judgements)


def test_amplifiers_act_on_the_logarithm() -> None:
    np.testing.assert_allclose(
        [1.0, 1.2, 1.44, 1 / 1.2], amplifier(1.44, 0.5, [0.0, 1.0, 2.0, -1.0]), rtol=1e-14
    )
