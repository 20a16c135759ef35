"""Information on small scenarios whose answers follow by hand."""

import numpy as np
import pytest

from crcsim.compile.program import Program
from crcsim.compile.values import FRESH_PATH_STREAM, PATH_STREAM, Sampler
from crcsim.decisions import information
from crcsim.decisions.information.information import CHANCE, OTHERS
from crcsim.decisions.information.sobol import total_order
from crcsim.engine.values import discounted_values

#: Contribution of a year: 100 less material and deductions; both uncertain, nothing else is.
TWO_COSTS = (
    "products: {goods: {variable_costs: {material: {uniform: {low: 0.2, high: 0.4}}, "
    "production: {normal: {mean: 0.1, sd: 0.01}}}}}"
)
LEVER = (
    "levers: {care: {target: {customer: A}, spend: {amount: 10}, response: {decay: 100%, "
    "half_effect_spend: 10}, effects: {price_premium: {normal: {mean: 20%, sd: 10%}}}}}"
)
ACT = "strategies: {act: {levers: {care: {start: now}}}}"
RATE = 0.1
ANNUITY = (1 - 1.1**-10) / RATE


@pytest.fixture
def asked(quiet, small_chunks):
    """The quiet scenario with changes, asked on 128 paths."""

    def run(*changes, **options):
        return information(quiet(*changes), paths=128, paired_paths=100, threads=1, **options)

    return run


def test_indices_and_tornado_of_two_costs(asked):
    """NPV = 100 (1 - material - production) annuity: linear, so that the parts of the variance add up."""
    found = asked(TWO_COSTS, examine=1).sel(parameter="products.goods.variable_costs.material")
    low, high = 0.22, 0.38

    assert low == pytest.approx(float(found["low_quantile"]))
    difference = float(found["at_low"] - found["at_high"])
    assert 100 * ANNUITY * (high - low) == pytest.approx(difference)
    expected = 0.2**2 / 12 / (0.2**2 / 12 + 0.01**2)
    assert abs(float(found["first_order"]) - expected) < 4 * float(found["first_order_standard_error"]) + 0.01
    totals = found["total_order"]
    assert 0.0 == float(totals.sel(factor=CHANCE))
    assert float(totals.sel(factor=OTHERS)) < 0.1
    assert 0.8 < float(totals.sel(factor="products.goods.variable_costs.material")) < 1.2


def test_value_of_a_question_before_a_choice(asked):
    """Acting brings 100 x premium / 2 a year and costs 10: worth it above the mean premium, 20 %."""
    found = asked(LEVER, ACT)
    one = found.sel(parameter="levers.care.effects.price_premium")
    expected = 100 * 0.1 / 2 * ANNUITY / np.sqrt(2 * np.pi)  # E[max(0, N)] of a spread of 100 x 10 % / 2

    assert abs(float(one["evppi"]) - expected) < 4 * float(one["evppi_standard_error"])
    assert 0.3 < float(one["changes_choice"]) < 0.7
    assert float(found["evpi"]) == pytest.approx(float(one["evppi"]), rel=0.1)
    assert float(found["evpi_with_chance"]) == pytest.approx(expected, rel=0.3)


@pytest.mark.jit
def test_errors_of_differences_are_paired(asked):
    """The question that is worth most is behind itself by nothing; another by the paired difference."""
    found = asked(TWO_COSTS, LEVER, ACT, examine=0)
    first = found.attrs["first_question"]
    behind, error = found["evppi_behind"], found["evppi_behind_standard_error"]

    assert "levers.care.effects.price_premium" == first == found["parameter"].values[0]
    assert 0.0 == float(behind.sel(parameter=first)) == float(error.sel(parameter=first))
    assert np.allclose(behind, found["evppi"].sel(parameter=first) - found["evppi"])
    assert (error[1:] <= 1.01 * np.hypot(*found["evppi_standard_error"].values[[0, 0]])).all()
    assert (found["changes_choice_standard_error"] > 0.0).all()


@pytest.mark.jit
def test_levers_that_no_alternative_uses_are_left_out(asked):
    """Waiting and doing nothing: the premium of care is worth nothing, and costs the others no confidence."""
    idle = "strategies: {act: {levers: {care: {start: now}}}, wait: {}}"
    found = asked(TWO_COSTS, LEVER, idle, strategies=["baseline", "wait"], examine=0)

    assert '["levers.care.effects.price_premium"]' == found.attrs["left_out"]
    assert "levers.care.effects.price_premium" not in found["parameter"].values
    assert "[]" == asked(TWO_COSTS, LEVER, idle, examine=0).attrs["left_out"]


@pytest.mark.jit
def test_what_is_correlated_with_what_is_used_is_kept(asked):
    tied = (
        "correlations: [{rank: 0.5, between: [levers.care.effects.price_premium, "
        "products.goods.variable_costs.material]}]"
    )
    found = asked(TWO_COSTS, LEVER, ACT, tied, strategies=["baseline"], examine=0)

    assert "[]" == found.attrs["left_out"]


def test_correlated_parameters_are_one_factor(asked):
    together = (
        "correlations: [{rank: 0.5, between: [products.goods.variable_costs.material, "
        "products.goods.variable_costs.production]}]"
    )
    found = asked(TWO_COSTS, together, examine=1)
    name = "products.goods.variable_costs.material with products.goods.variable_costs.production"

    assert {name, CHANCE} == set(found["factor"].values.tolist())
    assert 0.8 < float(found["total_order"].sel(factor=name)) < 1.2


def test_nothing_uncertain_is_an_empty_answer(asked):
    found = asked()

    assert 0 == found.sizes["parameter"]
    assert 0.0 == float(found["evpi"])


def test_bad_arguments_are_named(asked, quiet):
    with pytest.raises(ValueError, match="no strategy is called later; known: baseline"):
        asked(strategies=["later"])
    with pytest.raises(ValueError, match="at least 100"):
        information(quiet(), paths=10)


@pytest.mark.jit
def test_salib_agrees_on_the_runs_of_the_model(quiet):
    """Total order of two parameters and of chance from the same runs; SALib's error is a bootstrap."""
    from SALib.analyze import sobol

    paths = 4096
    scenario = quiet(TWO_COSTS, "customers: {A: {volatility: 10%}}")
    ours, second = Sampler(scenario, 1), Sampler(scenario, 2)
    names = ["products.goods.variable_costs.material", "products.goods.variable_costs.production"]

    def npv(sampler, stream=PATH_STREAM):
        program = Program(scenario, 1, sampler=sampler)
        (found,) = discounted_values(program, paths, 1, stream=stream)
        return found.at("wacc").sum(axis=0)

    output = npv(ours)
    exchanged = [npv(ours.exchanged(second, [name])) for name in names]
    exchanged.append(npv(ours, FRESH_PATH_STREAM))
    found = np.array([total_order(output, each) for each in exchanged])
    runs = np.stack([output, *exchanged, npv(second, FRESH_PATH_STREAM)], axis=1)
    problem = {"num_vars": 3, "names": [*names, CHANCE], "bounds": [[0, 1]] * 3}
    theirs = sobol.analyze(problem, runs.ravel(), calc_second_order=False, seed=1)

    assert np.allclose(theirs["ST"], found[:, 0], rtol=0.03)
    assert np.allclose(theirs["ST_conf"], 1.96 * found[:, 1], rtol=0.5)


def test_a_pinned_parameter_changes_no_other(quiet):
    scenario = quiet(TWO_COSTS)
    place, other = "products.goods.variable_costs.material", "products.goods.variable_costs.production"
    plain, pinned = Sampler(scenario, 1).draw(0, 50), Sampler(scenario, 1).pinned(place, 0.3).draw(0, 50)
    moved = Sampler(scenario, 1).exchanged(Sampler(scenario, 2), [place]).draw(0, 50)

    assert (pinned.draws[place] == 0.3).all()
    assert (pinned.draws[other] == plain.draws[other]).all()
    assert (moved.draws[other] == plain.draws[other]).all()
    assert (moved.draws[place] != plain.draws[place]).all()
