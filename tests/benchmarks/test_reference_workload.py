"""The numbers of the workload and the scenario that says them."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
import yaml

from benchmarks.peers.coefficients import ENDED, coefficients
from benchmarks.reference_workload import CASES, crc_ref, scenario_text, write_scenario


def test_quarterly_shares_revert_by_fifteen_percent() -> None:
    model = coefficients(crc_ref())

    assert model.pull == pytest.approx(0.15, abs=1e-15)
    assert model.logit_sd.min() >= 0.10
    assert model.logit_sd.max() <= 0.30


def test_log_wallets_grow_by_the_quarterly_rate() -> None:
    """Drift 0 to 1.5 % and noise 4 to 12 % a quarter, as in the first definition."""
    model = coefficients(crc_ref())

    assert 0.0 <= model.drift.min()
    assert model.drift.max() <= 0.015
    assert 0.04 <= model.own_sd.min()
    assert model.own_sd.max() <= 0.12
    assert model.market_sd == pytest.approx(0.08)


def test_churn_takeover_and_the_end_of_a_phase_share_one_uniform() -> None:
    model = coefficients(crc_ref())
    phases = slice(0, ENDED)

    assert np.all(model.churn_below[:, phases] < model.event_below[:, phases])
    assert np.all(model.event_below[:, :3] < model.leave_below[:, :3])
    assert np.array_equal(model.event_below[:, 3], model.leave_below[:, 3])
    assert np.all(model.leave_below[:, ENDED] == 0.0)


def test_expected_discount_is_the_mean_rate_with_a_lognormal_spread() -> None:
    """WACC 0.7 (2.5 % + 1.1 x 5.5 %) + 0.3 x 2.88 %."""
    model = coefficients(crc_ref())

    assert math.expm1(model.log_rate_mean) == pytest.approx(0.06849, abs=1e-5)


def test_the_scenario_names_customers_in_the_order_of_the_arrays() -> None:
    document = yaml.safe_load(scenario_text(crc_ref()))
    names = list(document["customers"])

    assert names == sorted(names)
    assert len(names) == 50
    assert len(document["products"]) == 50


@pytest.mark.parametrize("case", CASES)
def test_a_scenario_is_valid_and_says_the_same_numbers(case: str, tmp_path: Path) -> None:
    load_scenario = pytest.importorskip("crcsim").load_scenario
    workload = CASES[case]()

    scenario = load_scenario(write_scenario(case, tmp_path))

    customers = scenario.customers
    stated = {
        "wallet": [customer.lines[0].wallet.value for customer in customers],
        "growth": [customer.growth.value for customer in customers],
        "volatility": [customer.volatility.value for customer in customers],
        "share_now": [customer.lines[0].share.now.value for customer in customers],
        "churn_hazard": [customer.churn.risk.rate.value for customer in customers],
        "takeover_hazard": [customer.takeover.risk.rate.value for customer in customers],
        "direct_cost": [customer.direct_cost.value for customer in customers],
    }
    for name, values in stated.items():
        np.testing.assert_allclose(values, getattr(workload, name), rtol=1e-14, atol=0, err_msg=name)
