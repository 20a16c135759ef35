"""No more digits than the standard error supports."""

import math

import pytest

from crcsim.report.numbers import decimals_supported, fixed, money_scale, percent, probability, rounded


@pytest.mark.parametrize(
    ("error", "decimals"),
    [
        (0.827, 1),
        (0.354, 2),
        (0.355, 1),
        (0.119, 2),
        (0.96, 1),
        (1.2, 1),
        (35.0, 0),
        (960.0, -2),
        (0.0031, 4),
    ],
)
def test_decimals_follow_the_rule_of_the_particle_data_group(error, decimals):
    assert decimals == decimals_supported(error)


@pytest.mark.parametrize(
    ("value", "error", "text"),
    [
        (12.3456, 0.0213, "12.346"),
        (1234567.0, 4200.0, "1,235,000"),
        (-0.0004, 0.01, "0.000"),
        (3.0, 0.0, "3"),
        (2.125, 0.0, "2.125"),
        (1.23456, math.nan, "1.2"),
        (math.nan, 0.1, "–"),
        (math.inf, 0.1, "–"),
        (0.0, 0.0, "0"),
    ],
)
def test_rounded(value, error, text):
    assert text == rounded(value, error)


def test_an_error_of_the_size_of_rounding_counts_as_none():
    assert "7.5" == rounded(7.5, 1e-16)


def test_finest_limits_the_decimals():
    assert "7.12" == rounded(7.1234, 0.0001, finest=2)


@pytest.mark.parametrize(
    ("largest", "unit"),
    [(2.5e9, "bn EUR"), (-12e6, "M EUR"), (900e3, "k EUR"), (12.0, "EUR"), (math.nan, "EUR")],
)
def test_money_scale_suits_the_largest_value(largest, unit):
    assert unit == money_scale(largest, "EUR").unit


def test_value_and_error_end_at_the_same_place():
    scale = money_scale(5e6, "EUR")

    assert "4.917 ± 0.003" == scale.with_error(4_917_123.0, 3_200.0)
    assert "4.92 ± 0.08" == scale.with_error(4_917_123.0, 80_000.0)


def test_an_error_below_the_last_decimal_is_bounded_instead_of_zero():
    assert "0.044 ± <0.001" == money_scale(5e9, "EUR").with_error(43.77e6, 70_000.0)


def test_an_exact_value_stands_alone():
    assert "5" == money_scale(5e6, "EUR").with_error(5e6, 0.0)


def test_small_values_in_a_large_unit_keep_two_digits():
    assert "0.0060" == money_scale(5e6, "EUR").text(6_000.0, 1.0)


def test_fixed_never_prints_a_negative_zero():
    assert "0.00" == fixed(-0.001, 2)
    assert "-0.01" == fixed(-0.01, 2)
    assert "12,300" == fixed(12_345.0, -2)


def test_percent():
    assert "12.3%" == percent(0.1234, 0.004)
    assert "2.5%" == percent(0.025)
    assert "–" == percent(math.nan)


@pytest.mark.parametrize(
    ("fraction", "paths", "text"),
    [
        (0.0, 100_000, "<0.003%"),
        (1.0, 100_000, ">99.997%"),
        (0.4985, 100_000, "49.85%"),
        (0.5, 0, "–"),
        (0.0, 1, "<100%"),
    ],
)
def test_probability_of_what_was_never_seen_is_bounded(fraction, paths, text):
    assert text == probability(fraction, paths)
