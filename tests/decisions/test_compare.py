"""Comparisons of results with known answers; errors and refusals."""

import math

import numpy as np
import pytest
import xarray as xr

from crcsim.decisions import compare
from crcsim.errors import ComparisonError
from crcsim.measures import moments, quantiles, tail
from tests.decisions.results import result_of

PATHS = 4_000


@pytest.fixture
def generator():
    return np.random.default_rng(20260101)


@pytest.fixture
def values(generator):
    return {"Nordwerk": generator.normal(10.0, 2.0, PATHS), "Ostkamm": generator.normal(5.0, 1.0, PATHS)}


def number(found, name, item="total", **place):
    return float(found[name].sel(item=item, **place))


def test_results_that_differ_by_a_constant(values):
    """The difference is known exactly, whatever the paths."""
    found = compare(result_of(values), result_of(values | {"Nordwerk": values["Nordwerk"] + 3.0}))

    assert 1 == found.attrs["paired"]
    assert 3.0 == pytest.approx(number(found, "value_mean_difference"))
    assert number(found, "value_mean_difference_standard_error") < 1e-12
    assert 3.0 == pytest.approx(number(found, "risk_conditional_value_at_risk_difference"))
    assert 0.0 == pytest.approx(number(found, "risk_sd_difference"), abs=1e-12)
    assert np.allclose(3.0, found["difference_percentile"].sel(item="total"))
    assert 1.0 == number(found, "second_worth_more")
    assert (0.0, 1.0) == (
        number(found, "second_worth_more", "Ostkamm"),
        number(found, "equally_worth", "Ostkamm"),
    )
    assert math.inf == number(found, "variance_reduction")
    assert "second" == str(found["first_order_dominance"].sel(item="Nordwerk").values)
    assert "equal" == str(found["first_order_dominance"].sel(item="Ostkamm").values)


def test_what_nothing_changes_is_untouched(values):
    one = result_of(values)
    found = compare(one, result_of(values | {"Nordwerk": values["Nordwerk"] + 3.0}))

    assert [False, True, False] == found["untouched"].values.tolist()
    assert found.attrs["paired"]
    assert not compare(one, one.assign_attrs(seed="8"))["untouched"].any()


def test_a_pair_of_known_correlation(generator):
    """X₂ = ρ X₁ + √(1-ρ²) Z: Var(X₂ - X₁) = 2 (1-ρ), so that pairing saves a factor 1 / (1-ρ)."""
    rho = 0.9
    one = generator.standard_normal(PATHS)
    two = rho * one + math.sqrt(1 - rho**2) * generator.standard_normal(PATHS) + 0.1
    found = compare(result_of({"Nordwerk": one}), result_of({"Nordwerk": two}))
    error = math.sqrt(2 * (1 - rho) / PATHS)

    # relative standard error of a sample variance is √(2/n); 4 of them
    assert 1 / (1 - rho) == pytest.approx(number(found, "variance_reduction"), rel=4 * math.sqrt(4 / PATHS))
    assert math.sqrt(2 * (1 - rho)) == pytest.approx(
        number(found, "difference_sd"), rel=4 / math.sqrt(2 * PATHS)
    )
    assert math.sqrt(2) == pytest.approx(number(found, "independent_sd"), rel=4 / math.sqrt(2 * PATHS))
    assert rho == pytest.approx(number(found, "correlation"), abs=4 * (1 - rho**2) / math.sqrt(PATHS))
    assert error == pytest.approx(
        number(found, "value_mean_difference_standard_error"), rel=4 * math.sqrt(1 / (2 * PATHS))
    )
    assert 0.1 == pytest.approx(number(found, "value_mean_difference"), abs=4 * error)
    # P(N(0.1, 0.2) > 0) = Φ(0.1 / √0.2)
    expected = 0.5 * (1 + math.erf(0.1 / math.sqrt(2 * (1 - rho)) / math.sqrt(2)))
    assert expected == pytest.approx(
        number(found, "second_worth_more"), abs=4 * number(found, "second_worth_more_standard_error")
    )


def test_unpaired_errors_are_those_of_independent_samples(values, generator):
    other = {"Nordwerk": generator.normal(11.0, 3.0, 2_500), "Ostkamm": generator.normal(5.0, 1.0, 2_500)}
    found = compare(result_of(values), result_of(other, seed="8"))
    expected = math.hypot(
        values["Nordwerk"].std(ddof=1) / math.sqrt(PATHS), other["Nordwerk"].std(ddof=1) / 50.0
    )

    assert 0 == found.attrs["paired"]
    assert "seeds differ (7 and 8)" in found.attrs["unpaired_reason"]
    assert "numbers of paths differ (4,000 and 2,500)" in found.attrs["unpaired_reason"]
    assert expected == pytest.approx(number(found, "value_mean_difference_standard_error", "Nordwerk"))
    for name in ("second_worth_more", "equally_worth", "variance_reduction", "correlation"):
        assert found[name].isnull().all()
    assert found["difference_percentile"].isnull().all()
    assert math.isfinite(number(found, "risk_conditional_value_at_risk_difference_standard_error"))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"seed": "8"}, "seeds differ (7 and 8)"),
        ({"stream_version": 2}, "versions of the random streams differ (1 and 2)"),
        ({"periods_per_year": 1}, "periods per year differ (4 and 1)"),
    ],
)
def test_other_draws_are_never_paired(values, change, reason):
    found = compare(result_of(values), result_of(values, **change))

    assert (0, f"their {reason}") == (found.attrs["paired"], found.attrs["unpaired_reason"])


def test_paths_of_a_result_without_a_seed_are_not_paired(values):
    result = result_of(values)
    del result.attrs["seed"]

    assert "not both results state their seeds" == compare(result, result).attrs["unpaired_reason"]


def test_sides_are_as_the_measures_of_each_result_say(values):
    one, two = result_of(values), result_of({name: 1.5 * row for name, row in values.items()})
    found = compare(one, two)
    for side, result in (("first", one), ("second", two)):
        shown = found.sel(side=side)

        assert np.array_equal(moments(result)["mean"][0], shown["value_mean"])
        assert np.array_equal(
            tail(result)["conditional_value_at_risk"][0], shown["risk_conditional_value_at_risk"]
        )
        assert np.array_equal(quantiles(result)["percentile"][0], shown["risk_percentile"])


def test_customers_of_one_side_count_with_their_whole_value(values, generator):
    added = {"Südgrat": generator.normal(2.0, 0.5, PATHS)}
    company = {"company": np.full(PATHS, -1.0)}
    found = compare(result_of(values, company), result_of({"Nordwerk": values["Nordwerk"]} | added, company))

    assert ["Nordwerk", "Ostkamm", "Südgrat", "company", "total"] == found["item"].values.tolist()
    assert ["both", "first", "second", "both", "both"] == found["presence"].values.tolist()
    assert -values["Ostkamm"].mean() == pytest.approx(number(found, "value_mean_difference", "Ostkamm"))
    assert math.isnan(number(found, "risk_sd_difference", "Südgrat"))
    assert "" == str(found["second_order_dominance"].sel(item="Südgrat").values)
    assert number(found, "value_mean_difference") == pytest.approx(
        float(found["value_mean_difference"][:-1].sum())
    )


def test_strategies_of_one_result(values):
    both = result_of({name: np.stack([row, row + 1.0]) for name, row in values.items()})
    found = compare(both)

    assert ("baseline", "act now") == (found.attrs["first_strategy"], found.attrs["second_strategy"])
    assert 2.0 == pytest.approx(number(found, "value_mean_difference"))
    assert -2.0 == pytest.approx(
        number(compare(both, strategies=("act now", "baseline")), "value_mean_difference")
    )
    assert 1.0 == pytest.approx(
        number(compare(both, both, ("baseline", "act now")), "value_mean_difference", "Ostkamm")
    )


@pytest.mark.parametrize(
    ("first", "second", "words"),
    [
        ({}, {"currency": "USD"}, "Currencies differ (EUR and USD)"),
        ({}, {"valuation_date": "2027-01-01"}, "Valuation dates differ (2026-01-01 and 2027-01-01)"),
        ({}, {"headline": "deflator"}, "Discountings of the headline differ (wacc and deflator)"),
    ],
)
def test_what_must_not_be_subtracted_is_refused(values, first, second, words):
    with pytest.raises(ComparisonError) as caught:
        compare(result_of(values, **first), result_of(values, **second))

    assert words in str(caught.value)
    assert 2 == caught.value.exit_code


def test_everything_that_stands_against_a_comparison_is_said_at_once(values):
    with pytest.raises(ComparisonError, match=r"Currencies differ .* Valuation dates differ"):
        compare(result_of(values), result_of(values, currency="USD", valuation_date="2027-01-01"))


def test_a_common_discounting_may_be_chosen(values):
    one, two = result_of(values), result_of(values, headline="deflator")

    assert "deflator" == compare(one, two, discounting="deflator").attrs["discounting"]
    with pytest.raises(ComparisonError, match="No discounting wac in the first result; known: wacc"):
        compare(one, two, discounting="wac")


@pytest.mark.parametrize(
    ("strategies", "wanted", "words"),
    [
        (1, None, "one strategy only"),
        (3, None, "Name two of the strategies: baseline, act now, wait"),
        (2, ("baseline", "never"), "No strategy never in the result; known: baseline, act now"),
    ],
)
def test_strategies_that_are_not_there(values, strategies, wanted, words):
    result = result_of({name: np.stack([row] * strategies) for name, row in values.items()})

    with pytest.raises(ComparisonError, match=words):
        compare(result, strategies=wanted)


def test_a_single_path_has_no_standard_errors():
    found = compare(result_of({"N": np.array([1.0])}), result_of({"N": np.array([2.0])}))

    assert 1.0 == number(found, "value_mean_difference")
    assert math.isnan(number(found, "value_mean_difference_standard_error"))


def test_the_answer_is_a_dataset_with_its_meaning(values):
    found = compare(result_of(values), result_of(values))

    assert isinstance(found, xr.Dataset)
    assert all(variable.attrs.get("long_name") for variable in found.data_vars.values())
    assert "line_difference" not in found
