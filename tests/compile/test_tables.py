"""Parameter tables: what is fixed costs one number, what is drawn one row of paths."""

import numpy as np

from crcsim.compile.program import Program
from crcsim.compile.tables import cells
from crcsim.kernels.rows import CUSTOMER, CUSTOMER_TABLE, FACT, LINE, LINE_TABLE


def test_a_parameter_drawn_for_one_customer_takes_one_row(scenario):
    loaded = scenario(
        "customers: {A: {beta: {normal: {mean: 1, sd: 0.1}}}, B: {lines: {goods: {wallet: 1, share: 50%}}}}"
    )
    parameters, _ = Program(loaded, 1).parameters(0)
    beta = cells(parameters, CUSTOMER_TABLE, CUSTOMER.beta)

    assert np.ptp(beta[0]) > 0
    assert np.all(beta[1] == 0)
    assert np.array_equal(np.unique(parameters.column), np.arange(-1, parameters.uncertain.shape[0]))


def test_wallet_follows_from_sales_share_and_price(scenario):
    loaded = scenario(
        """
products: {goods: {premium: 25%}}
customers: {A: {discount: 20%, lines: {goods: {wallet: null, sales: 50, share: 40%}}}}
"""
    )
    parameters, _ = Program(loaded, 1).parameters(0)

    assert np.allclose(50 / (0.4 * 1.25 * 0.8), cells(parameters, LINE_TABLE, LINE.wallet), rtol=1e-15)


def test_what_no_path_uses_is_switched_off(scenario):
    quiet, lively = Program(scenario(), 1), Program(scenario("customer_defaults: {churn: {hazard: 0.1}}"), 1)

    assert [0] == quiet.structure.customers[FACT.events].tolist()
    assert [1] == lively.structure.customers[FACT.events].tolist()
