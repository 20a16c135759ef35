"""Present values and sales of a program are those of a simulation."""

import numpy as np
import pytest

from crcsim import load_scenario, simulate
from crcsim.compile.program import Program
from crcsim.engine.values import path_sales, path_wallets, present_values
from tests.naive.random_scenarios import load, random_document


@pytest.mark.jit
def test_values_and_sales_are_those_of_the_result(tmp_path):
    scenario = load(random_document(2, paths=64), tmp_path)
    program = Program(scenario, scenario.simulation.seed)
    result = simulate(scenario, paths=64, bands=False).isel(strategy=0)
    headline = result.sel(discounting=scenario.capital.discounting)
    found = present_values(program, 64, 1)
    sales = path_sales(program, 64, 1, (0, program.structure.periods - 1))

    assert np.array_equal(headline["npv"].values, found.customers)
    assert np.array_equal(headline["level_npv"].values, found.levels)
    assert np.array_equal(result["sales"].values[[0, -1]], sales.total)
    np.testing.assert_allclose(sales.customers.sum(axis=1), sales.total, rtol=1e-12)


@pytest.mark.jit
def test_horizon_is_the_part_after_the_last_period(tmp_path):
    document = random_document(2, paths=64)
    document["capital"]["horizon_value"] = {"perpetuity": {"growth": -0.05}}
    scenario = load(document, tmp_path)
    found = present_values(Program(scenario, scenario.simulation.seed), 64, 1)
    del document["capital"]["horizon_value"]
    without = present_values(Program(load(document, tmp_path), scenario.simulation.seed), 64, 1)

    np.testing.assert_allclose(found.customers - found.horizon, without.customers, rtol=1e-9, atol=1e-9)
    assert np.any(found.horizon != 0.0)
    assert not np.any(without.horizon)


@pytest.mark.jit
def test_wallets_and_shares_of_paths_are_those_of_the_bands(repository):
    scenario = load_scenario(repository / "scenarios" / "minimal.yaml")
    wallet, share = path_wallets(Program(scenario, 3), 64, 1)
    result = simulate(scenario, paths=64, seed=3, threads=1).isel(strategy=0)
    active = wallet > 0.0

    assert np.allclose(np.quantile(wallet[0], 0.5), result["total_wallet_band"].sel(quantile=0.5)[0])
    assert np.allclose(
        np.quantile(share[0][active[0]], 0.25), result["total_share_band"].sel(quantile=0.25)[0]
    )
    assert (share[~active] == 0.0).all()
