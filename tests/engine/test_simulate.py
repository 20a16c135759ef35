"""The verb of the engine: arguments, precision, progress, interruption, estimates."""

from functools import partial

import numpy as np
import pytest

from crcsim import load, save, simulate
from crcsim.engine import estimate, warmup
from crcsim.engine.sinks import pairwise
from crcsim.errors import NumericError
from crcsim.kernels.arrays import Sums
from tests.laws.support import write_scenario

LIVELY = "customers: {A: {volatility: 20%, churn: {hazard: 0.1}}}"


@pytest.fixture
def scenario(tmp_path):
    return partial(write_scenario, tmp_path, 1)


def test_seed_and_paths_come_from_the_scenario_unless_given(scenario):
    loaded = scenario("simulation: {paths: 16, seed: 9}", LIVELY)
    stated, given = simulate(loaded, lanes=8), simulate(loaded, paths=8, seed=3, lanes=8)

    assert (16, "9") == (stated.sizes["path"], stated.attrs["seed"])
    assert (8, "3") == (given.sizes["path"], given.attrs["seed"])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"paths": 0}, "paths must be at least 1"),
        ({"threads": 0}, "threads must be at least 1"),
        ({"precision": 0.0}, "precision must be above 0"),
    ],
)
def test_arguments_out_of_range_are_named(scenario, arguments, message):
    with pytest.raises(ValueError, match=message):
        simulate(scenario(), **arguments)


@pytest.mark.jit
def test_precision_chooses_the_paths(scenario):
    result = simulate(scenario(LIVELY), precision=0.0005, bands=False)
    value = result["npv"].isel(strategy=0, customer=0).sel(discounting="wacc")
    error = float(value.std() / np.sqrt(result.sizes["path"]) / value.mean())

    assert error == pytest.approx(0.0005, rel=0.05)


@pytest.mark.jit
def test_a_precision_out_of_reach_says_how_many_paths_it_needs(scenario):
    with pytest.raises(NumericError, match="ask for a coarser one"):
        simulate(scenario(LIVELY), precision=1e-7)


def test_progress_ends_with_all_paths(scenario):
    seen = []
    simulate(scenario(LIVELY), paths=16, lanes=8, progress=lambda done, total: seen.append((done, total)))

    assert (16, 16) == seen[-1]


@pytest.mark.jit
def test_an_interruption_stops_the_run(scenario):
    def interrupt(done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        simulate(scenario(LIVELY), paths=200_000, progress=interrupt)


def test_few_paths_are_a_preview(scenario):
    assert 1 == simulate(scenario(), paths=8, lanes=8).attrs["preview"]


def test_layers_keep_the_parameters_and_draw_the_paths_anew(scenario):
    uncertain = "customers: {A: {volatility: 0%, growth: {normal: {mean: 2%, sd: 1%}}}}"
    still = simulate(scenario(uncertain), paths=8, lanes=8, layers=True)
    moving = simulate(scenario(LIVELY), paths=8, lanes=8, layers=True)

    assert np.array_equal(still["npv"].sel(discounting="wacc"), still["npv_fresh"].sel(discounting="wacc"))
    assert not np.array_equal(moving["npv"], moving["npv_fresh"])


def test_without_bands_there_are_no_means_by_period(scenario):
    assert not {
        name
        for name in simulate(scenario(), paths=8, lanes=8, bands=False)
        if "band" in name or "mean" in name
    }


def test_no_value_after_the_horizon_where_growth_outruns_discounting_on_a_path(scenario):
    loaded = scenario(
        "capital: {rate: 6%, horizon_value: {perpetuity: {}}}",
        "customers: {A: {growth: {normal: {mean: 2%, sd: 2%}}}}",
    )

    with pytest.raises(NumericError, match=r"no finite value after the horizon for A: .*truncate"):
        simulate(loaded, paths=512, lanes=8)


@pytest.mark.jit
def test_memory_is_estimated_from_the_arrays(scenario):
    small, large = (estimate(scenario(LIVELY), paths=paths).memory_bytes for paths in (100_000, 200_000))
    result = simulate(scenario(LIVELY), paths=100_000, bands=False)

    assert large - small == pytest.approx(result.nbytes, rel=0.1)


@pytest.mark.jit
def test_time_is_estimated_from_a_trial(scenario):
    assert 0.0 < estimate(scenario(LIVELY), paths=4096, threads=1).seconds < 60.0
    assert warmup(scenario(LIVELY)) > 0.0


def test_sums_by_pairs_lose_nothing():
    parts = [Sums(*(np.array([float(n)]) for _ in Sums._fields)) for n in range(6)]

    total = pairwise(parts)

    assert total.quantities == total.series_values == total.series_flows == total.series_phases == 15.0
    assert total.horizon_margin == 0.0


def test_one_path_can_be_kept(scenario, tmp_path):
    made = simulate(scenario(), paths=1, lanes=8)
    save(made, tmp_path / "one.nc")

    assert np.isnan(made["customer_item_npv_mean_standard_error"]).all()
    assert 1 == load(tmp_path / "one.nc").sizes["recorded_path"]


def test_a_notice_beyond_the_horizon_is_one_to_the_horizon(scenario):
    def left(notice):
        cost = f"{{A: {{costs: {{manager: {{amount: 90, notice: {notice}}}}}, churn: {{hazard: 0.3}}}}}}"
        made = simulate(scenario(f"customers: {cost}"), paths=16, lanes=8)
        return made["npv"].values, made["customer_item_npv"].sel(item="notice_costs").values

    (value, costs), (same_value, same_costs) = left("100 years"), left("1000000 years")
    np.testing.assert_array_equal(value, same_value)
    np.testing.assert_array_equal(costs, same_costs)
    assert (costs < 0.0).any()
