"""Both forms of customer value, from items booked by hand and from the worked example."""

import numpy as np
import pytest

from crcsim.costing.items import SIMULATED_CASH_FLOW
from crcsim.errors import CrcsimError, NumericError
from crcsim.measures import customer_value
from tests.measures.booked import booked
from tests.measures.conftest import values

YEARS = [0.0, 1.0, 2.0, 3.0]  # flows at the begin of a period: the first is e0 - a0
RECEIPTS, PAID = np.array([0.0, 120.0, 130.0, 140.0]), np.array([0.0, 70.0, 75.0, 80.0])


def example(rates=(0.1,), **more):
    """Oracle B04: receipts 0, 120, 130, 140; expenses 70, 75, 80 and an investment of 50 at once."""
    items = {"gross_sales": RECEIPTS, "material": -PAID, "investment": [-50.0, 0.0, 0.0, 0.0]}
    return booked({"A": items}, YEARS, rates, **more)


def test_both_forms_of_the_published_formula():
    found = customer_value(example())

    receipts = 120 / 1.1 + 130 / 1.21 + 140 / 1.331
    assert 85.9879789632 == pytest.approx(values(found, "value_of_flows", item="A"), rel=1e-11)
    assert 85.9879789632 == pytest.approx(values(found, "value_of_contributions", item="A"), rel=1e-11)
    assert 85.9879789632 == pytest.approx(values(found, "value", item="A"), rel=1e-11)
    assert receipts == pytest.approx(values(found, "receipts", item="A"), rel=1e-12)
    assert 50.0 + 70 / 1.1 + 75 / 1.21 + 80 / 1.331 == pytest.approx(values(found, "payments", item="A"))
    assert 50.0 == values(found, "investments", item="A")
    assert 135.9879789632 == pytest.approx(values(found, "contributions", item="A"), rel=1e-11)


def test_what_is_not_cash_and_what_is_not_yet_cash_stays_out_of_receipts_and_payments():
    items = {
        "gross_sales": [100.0],
        "price_concessions": [-2.0],
        "sales_deductions": [-3.0],
        "depreciation": [-7.0],
        "direct_add_back": [7.0],
        "receivables": [-20.0],
        "prepayments_received": [4.0],
        "payables": [5.0],
        "material": [-30.0],
        "notice_costs": [-6.0],
        "write_off": [-1.0],
        "tax": [-8.0],
        "acquisition": [-9.0],
        "investment": [-11.0],
    }
    found = customer_value(booked({"A": items}, [0.0], [0.05]))

    assert 95.0 - 20.0 + 4.0 == values(found, "receipts", item="A")
    assert 30.0 - 5.0 + 6.0 + 1.0 + 8.0 + 9.0 + 11.0 == values(found, "payments", item="A")
    assert 79.0 - 49.0 == values(found, "contributions", item="A")
    assert 19.0 == values(found, "value", item="A")


def test_levels_pay_and_all_of_it_is_in_the_total():
    levels = {
        "company": {"other_direct:company": [-10.0, -10.0, -10.0, -10.0], "unavoidable": [0, 0, 0, -5.0]}
    }
    found = customer_value(example(levels=levels))

    annuity = 1 + 1 / 1.1 + 1 / 1.21 + 1 / 1.331
    costs = 10 * annuity + 5 / 1.331
    assert 0.0 == values(found, "receipts", item="company")
    assert -costs == pytest.approx(values(found, "contributions", item="company"))
    assert 85.9879789632 - costs == pytest.approx(values(found, "value_of_contributions", item="total"))
    assert 85.9879789632 - costs == pytest.approx(values(found, "value", item="total"))


def test_what_programmes_invest_is_no_contribution_wherever_it_is_borne():
    items = {"gross_sales": [100.0], "relationship_spend": [-15.0], "programme_investment": [-20.0]}
    levels = {"company": {"relationship_spend:company": [-4.0], "programme_investment:company": [-6.0]}}
    found = customer_value(booked({"A": items}, [0.0], [0.05], levels=levels))

    assert (85.0, 20.0) == tuple(values(found, each, item="A") for each in ("contributions", "investments"))
    assert (-4.0, 6.0) == tuple(
        values(found, each, item="company") for each in ("contributions", "investments")
    )
    assert (81.0, 26.0, 55.0) == tuple(
        values(found, each, item="total") for each in ("contributions", "investments", "value")
    )


def test_the_value_after_the_horizon_stands_beside_the_forms():
    found = customer_value(example(residual={"A": [40.0]}))

    assert 85.9879789632 == pytest.approx(values(found, "value_of_flows", item="A"))
    assert 40.0 == pytest.approx(values(found, "horizon_value", item="A"))
    assert 125.9879789632 == pytest.approx(values(found, "value", item="A"))


def test_errors_are_those_of_the_paths(generator):
    rates = np.full(400, 0.1)
    sales = RECEIPTS[:, None] * generator.lognormal(0.0, 0.2, (4, 400))
    found = customer_value(booked({"A": {"gross_sales": sales}}, YEARS, rates))

    worth = (sales * 1.1 ** -np.array(YEARS)[:, None]).sum(axis=0)
    assert worth.std(ddof=1) / 20.0 == pytest.approx(values(found, "receipts_standard_error", item="A"))
    assert 0.0 == values(found, "investments_standard_error", item="A")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("customer_item_npv", "value of A differs on a recorded path: receipts less payments"),
        ("customer_item_npv_mean", "value of A differs in the mean: receipts less payments"),
        ("customer_cash_flow_mean", "mean cash flow of A by period is worth"),
        ("cash_flow", "customers and levels do not add up to the portfolio's cash flow"),
        ("npv", "do not add up"),
    ],
)
def test_damaged_numbers_are_refused(name, message):
    result = example(rates=[0.1] * 5)
    result[name].values.reshape(-1)[0] += 1e-4

    with pytest.raises(NumericError, match=message):
        customer_value(result)


def test_an_item_that_the_statement_does_not_know_is_refused(monkeypatch):
    """The second form is the statement's: what the statement leaves out is missed."""
    form = tuple(line for line in SIMULATED_CASH_FLOW if line.key != "material")
    monkeypatch.setitem(customer_value.__globals__, "SIMULATED_CASH_FLOW", form)

    with pytest.raises(NumericError, match="contributions less investments"):
        customer_value(example())


def test_an_uncertain_rate_discounts_every_path_by_itself():
    found = customer_value(example(rates=[0.05, 0.15]))

    by_hand = [sum((RECEIPTS - PAID) * (1 + i) ** -np.array(YEARS)) - 50 for i in (0.05, 0.15)]
    assert np.mean(by_hand) == pytest.approx(values(found, "value_of_flows", item="A"))


def test_a_result_without_items_says_so():
    result = example().drop_vars("customer_item_npv_mean")

    with pytest.raises(CrcsimError, match="holds no items"):
        customer_value(result)
