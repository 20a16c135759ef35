"""Statements of a simulated result: hand-computed amounts, standard errors, and checks that can fail."""

import json

import numpy as np
import pytest

from crcsim.errors import CrcsimError, NumericError
from crcsim.measures.company_statement import company_statement
from crcsim.measures.statements import BY, FORMS, check_statement, statement
from tests.measures.cascade_results import cascade_result, normal_cascade

ITEMS = (
    "gross_sales",
    "price_concessions",
    "sales_deductions",
    "material",
    "variable_add_back",
    "other_direct:order",
    "depreciation",
    "acquisition",
    "direct_add_back",
    "indirect_material:product",
    "indirect_administration:order",
    "indirect_administration:idle",
    "indirect_add_back",
    "notice_costs",
    "receivables",
    "tax",
    "investment",
    "other_direct:segment",
    "unavoidable",
    "company_add_back",
    "horizon_value",
)
FIRST = (100, -2, -3, -40, 4, -1, -5, -2, 5, -6, -7, -1, 1, -3, -8, -10, -20, 0, 0, 0, 50)
SECOND = (50, 0, 0, -10, 0, 0, 0, 0, 0, 0, -4, 0, 0, 0, 0, -5, 0, 0, 0, 0, 0)
COMPANY = (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 6, 0, 0, -9, 2, 0)
SEGMENT = (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, -4, 0, 0, 0)
EARLY = (20, -2, -1, -10, 1, -1, -5, -2, 5, -3, -4, -1, 1, 0, -4, 2, -20, 0, 0, 0, 0)  # of FIRST
PRODUCT = (100, -2, -3, -30, 4, -1, 0, 0, 0, -6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
OTHER = (50, 0, 0, -20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)


def phases():
    """Nordwerk loses in the build-up and gains in growth; Ostkamm is in maturity alone."""
    found = np.zeros((2, 5, len(ITEMS)))
    found[0, 1], found[0, 2], found[1, 3] = EARLY, np.array(FIRST) - np.array(EARLY), SECOND
    found[0, 2, ITEMS.index("horizon_value")] = 0.0
    return found


def by_path(*rows):
    """Two paths, half as much on the first and half as much again on the second: [bearer, item, path]."""
    return np.stack([0.5 * np.array(rows), 1.5 * np.array(rows)], axis=-1)


def small(**more):
    """Two customers, two levels, two products, four half-years."""
    shares = np.array([0.1, 0.2, 0.3, 0.4])[:, None]
    flows = np.array([shares * np.array(row) for row in (FIRST, SECOND)])
    levels = np.array([shares * np.array(row) for row in (COMPANY, SEGMENT)])
    flows[..., -1] = 0.0  # nothing of the horizon flows in a period
    return cascade_result(
        ITEMS,
        by_path(FIRST, SECOND),
        by_path(COMPANY, SEGMENT),
        by_path(PRODUCT, OTHER),
        flows,
        levels,
        **{
            "phases": phases(),
            "periods_per_year": 2,
            "customer": ["Nordwerk", "Ostkamm"],
            "segment": ["industry", ""],
            "geography": ["north", "north"],
        }
        | more,
    )


def lines(found, column="total"):
    return {
        str(key): float(value)
        for key, value in zip(
            found["line"].values, found["amount"].isel(strategy=0).sel(column=column).values, strict=True
        )
    }


def test_cash_flow_of_a_customer_line_by_line():
    found = lines(statement(small(), "cash-flow", "customer"), "Nordwerk")
    expected = {
        "gross_sales": 100,
        "price_concessions": 2,
        "sales": 98,
        "sales_deductions": 3,
        "net_revenue": 95,
        "material": 40,
        "variable_add_back": 4,
        "payment_effective_product_contribution": 59,
        "depreciation": 5,
        "other_direct": 1,
        "acquisition": 2,
        "direct_add_back": 5,
        "payment_effective_contribution_1": 56,
        "indirect_material": 6,
        "indirect_administration": 8,
        "indirect_add_back": 1,
        "notice_costs": 3,
        "payment_effective_contribution_2": 40,
        "receivables": 8,
        "tax": 10,
        "payment_effective_contribution": 22,
        "investment": 20,
        "cash_flow": 2,
        "horizon_value": 50,
        "value": 52,
    }

    assert expected == {key: value for key, value in found.items() if value != 0.0}


def test_contribution_by_level_of_cost():
    found = lines(statement(small(), "contribution", "customer"), "Nordwerk")
    expected = {
        "gross_sales": 100,
        "price_concessions": 2,
        "sales": 98,
        "sales_deductions": 3,
        "net_revenue": 95,
        "direct_product_costs": 40,
        "direct_order_costs": 1,
        "direct_customer_costs": 7,
        "customer_contribution_1": 47,
        "product_processing_costs": 6,
        "order_processing_costs": 7,
        "non_required_capacity": 1,
        "customer_contribution_2": 33,
    }

    assert expected == {key: value for key, value in found.items() if value != 0.0}


def test_costing_by_kind_of_cost():
    found = lines(statement(small(), "costing", "customer"), "Nordwerk")

    assert (40, 8, 14, 33) == tuple(
        found[key]
        for key in (
            "variable_costs",
            "direct_customer_costs",
            "indirect_customer_costs",
            "customer_contribution_2",
        )
    )


def test_from_the_customers_to_the_value_of_the_shareholders():
    resolved = json.dumps({"shareholder_value": {"securities": 7.0, "debt": 30.0}})
    found = lines(company_statement(small(scenario_resolved=resolved)))
    expected = {
        "customer_contribution_2": 33 + 36,
        "segment": 4,
        "segment_contribution": 65,
        "company": 0,
        "unavoidable": 9,
        "notice_costs": 3,
        "write_off": 0,
        "result_before_tax": 53,
        "tax": 10 + 5 - 6 - 1,
        "result": 45,
        "add_back": 4 + 5 + 1 + 2,
        "working_capital": 8,
        "investment": 20,
        "programme_investment": 0,
        "portfolio_cash_flow": 29,
        "horizon_value": 50,
        "portfolio_value": 79,
        "securities": 7,
        "company_value": 86,
        "debt": 30,
        "shareholder_value": 56,
    }

    assert expected == found


def test_without_securities_and_debt_the_value_of_the_portfolio_ends_the_statement():
    assert "portfolio_value" == str(company_statement(small())["line"].values[-1])


def test_products_leave_a_rest_that_no_product_causes():
    found = statement(small(), "cash-flow", "product")

    assert ["product 0", "product 1", "(no product)", "total"] == found["column"].values.tolist()
    rest = {key: value for key, value in lines(found, "(no product)").items() if value != 0.0}
    assert (0, 0, 0, 5, 8) == tuple(
        lines(found, "(no product)")[key]
        for key in ("sales", "sales_deductions", "material", "depreciation", "receivables")
    )
    assert 2 + 31 == lines(found)["cash_flow"]
    assert rest["cash_flow"] == 33 - (62 + 30)


def test_groups_are_sums_of_customers():
    found = statement(small(), "contribution", "segment")

    assert ["(none)", "industry", "total"] == found["column"].values.tolist()
    assert 36 == lines(found, "(none)")["customer_contribution_2"]
    assert 33 == lines(found, "industry")["customer_contribution_2"]


def test_flows_by_period_and_by_year():
    periods = statement(small(), "cash-flow", "period", "Nordwerk")
    years = statement(small(), "cash-flow", "year")
    company = company_statement(small(), "year")

    assert ["1", "2", "3", "4", "total"] == periods["column"].values.tolist()
    np.testing.assert_allclose(2.0 * np.array([0.1, 0.2, 0.3, 0.4, 1.0]), _row(periods, "cash_flow"))
    np.testing.assert_allclose(33.0 * np.array([0.3, 0.7, 1.0]), _row(years, "cash_flow"))
    np.testing.assert_allclose(29.0 * np.array([0.3, 0.7, 1.0]), _row(company, "portfolio_cash_flow"))
    assert "value" not in years["line"].values
    assert "amount_standard_error" not in years


def _row(found, line):
    return found["amount"].isel(strategy=0).sel(line=line).values


def test_standard_errors_of_subtotals_come_from_sums_on_every_path():
    result = normal_cascade(np.random.default_rng(4), 2_000)
    found = statement(result, "cash-flow", "total")
    error = float(found["amount_standard_error"].isel(strategy=0, column=0).sel(line="cash_flow"))
    npv = result["npv"].sel(discounting="wacc").sum("customer").values

    assert error == pytest.approx(npv.std(ddof=1) / np.sqrt(2_000))
    whole = company_statement(result)["amount_standard_error"].isel(strategy=0, column=0)
    total = result["item_npv"].sum("item").values
    assert float(whole.sel(line="portfolio_value")) == pytest.approx(total.std(ddof=1) / np.sqrt(2_000))


def test_fewer_recorded_paths_change_errors_but_no_amount():
    every = statement(normal_cascade(np.random.default_rng(4), 2_000), by="customer")
    few = statement(normal_cascade(np.random.default_rng(4), 2_000, recorded=500), by="customer")

    assert every["amount"].equals(few["amount"])
    np.testing.assert_allclose(
        few["amount_standard_error"], every["amount_standard_error"], rtol=5 / np.sqrt(2 * 500)
    )


@pytest.mark.parametrize("by", BY)
@pytest.mark.parametrize("form", FORMS)
def test_every_statement_stands_with_its_labels(form, by):
    found = statement(small(), form, by)

    assert {line.key for line in FORMS[form]} <= set(found["line"].values.tolist())
    assert (form, by) == (found.attrs["form"], found.attrs["by"])


@pytest.mark.parametrize(
    ("name", "by", "message"),
    [
        ("customer_item_npv_mean", "total", "Items of a customer and its present value do not add up"),
        ("customer_item_npv", "total", "on a path do not add up"),
        ("level_item_npv_mean", "total", "Items of a level and its present value"),
        ("item_npv", "customer", "Items of the portfolio"),
        ("npv", "segment", "do not add up"),
        ("product_item_npv_mean", "product", "Items of products and of customers"),
        ("customer_item_mean", "year", "Items of a customer and its cash flow"),
        ("customer_cash_flow_mean", "period", "Items of a customer and its cash flow"),
        ("level_item_mean", "period", "the portfolio's cash flow"),
        ("cash_flow", "period", "the portfolio's cash flow"),
    ],
)
def test_a_corrupted_result_is_refused(name, by, message):
    result = small()
    result[name].values.flat[0] += 1e-3

    with pytest.raises(NumericError, match=message):
        statement(result, "cash-flow", by)


def test_items_that_cancel_out_in_the_sum_are_found_by_the_portfolio():
    result = small()
    result["item_npv"].values[0, 0, 0] += 1.0
    result["item_npv"].values[0, 1, 0] -= 1.0

    with pytest.raises(NumericError, match="those of customers and levels"):
        statement(result)


def test_an_item_that_no_customer_may_bear_is_refused():
    amounts = by_path(FIRST, SECOND)
    amounts[0, ITEMS.index("unavoidable")] = -1.0

    with pytest.raises(NumericError, match="All items and the customer cash flow"):
        statement(cascade_result(ITEMS, amounts))


@pytest.mark.parametrize("line", ["net_revenue", "sales_deductions", "cash_flow", "value"])
def test_a_statement_whose_lines_do_not_add_up_is_refused(line):
    found = statement(small(), "cash-flow", "customer")
    found["amount"].loc[{"line": line}] += 1e-4

    with pytest.raises(NumericError, match="do not add up"):
        check_statement(found)


def test_a_statement_whose_columns_do_not_add_up_is_refused():
    found = statement(small(), "cash-flow", "customer")
    found["amount"].loc[{"column": "total"}] *= 1.001

    with pytest.raises(NumericError, match="The columns and their total"):
        check_statement(found)


def test_labels_of_another_item_are_refused():
    result = small()
    result["item_sign"].values[0] = -1

    with pytest.raises(NumericError, match="gross_sales has labels of another item"):
        statement(result)


def test_an_unknown_item_is_refused():
    result = small().assign_coords(item=["turnover", *ITEMS[1:]])

    with pytest.raises(NumericError, match="an item turnover that no statement knows"):
        statement(result)


def test_what_cannot_be_answered_is_said():
    result = small()

    with pytest.raises(CrcsimError, match="holds no items of the cash flow"):
        statement(result.drop_vars("item_npv"))
    with pytest.raises(CrcsimError, match="No customer Nobody in the result"):
        statement(result, customer="Nobody")
    with pytest.raises(CrcsimError, match="no items of products"):
        statement(result.isel(product=[]), by="product")
    with pytest.raises(ValueError, match="form must be one of"):
        statement(result, "balance")
    with pytest.raises(ValueError, match="by must be one of"):
        statement(result, by="colour")
    with pytest.raises(ValueError, match="cannot be split"):
        statement(result, by="segment", customer="Nordwerk")
    for by in ("customer", "phase"):
        with pytest.raises(ValueError, match="by must be one of"):
            company_statement(result, by)


def test_flows_of_a_result_without_means_by_customer_are_refused():
    bare = small().drop_vars("customer_cash_flow_mean")
    with pytest.raises(CrcsimError, match="no means by customer"):
        statement(bare, by="period")
