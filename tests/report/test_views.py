"""What the views of value say in sentences, tables and facts."""

import json

import numpy as np
import pytest

from crcsim.report import customer_value as forms
from crcsim.report import horizons, rates, shareholder
from crcsim.report.views import Views
from tests.measures.booked import booked
from tests.measures.test_horizons import exact, ranked_result
from tests.measures.test_rates import capital
from tests.report.conftest import reconciled

CLAIMS = {"securities": 25.0e3, "debt": 300.0e3}


def cells(table):
    """{first cell: other cells} of the rows."""
    return {row[0]: row[1:] for row in table.rows}


def build_up(**more):
    """Flows of 100, 110, 120 k EUR at 10 % and a residual, oracle B06 in thousands."""
    residual = {"A": 120.0e3 * 1.02 / 0.08 / 1.1**3}
    items = {"gross_sales": [110.0e3, 121.0e3, 132.0e3]}
    levels = {"company": {"other_direct:company": [-10.0e3, -11.0e3, -12.0e3]}}
    result = booked({"A": items}, [1, 2, 3], [0.1, 0.1], **({"levels": levels, "residual": residual} | more))
    return Views.of(result)


def test_shareholder_value_in_a_sentence():
    said = shareholder.sentence(build_up(shareholder_value=CLAIMS).shareholder)

    assert said.startswith("Shareholder value 1.146 M EUR at the WACC: company value 1.446 less debt 0.3.")


def test_company_value_says_how_to_state_the_rest():
    views = build_up()
    said = shareholder.sentence(views.shareholder)

    assert said.startswith("Company value 1.421 M EUR at the WACC.")
    assert "`shareholder_value: {securities: 5 M EUR, debt: 20 M EUR}`" in said
    assert [] == [each for each in views.sentences(brief=True) if "ompany value" in each]
    assert said in list(views.sentences())
    assert any("shareholder_value:" in note for note in shareholder.bridge_table(views.shareholder).notes)


def test_bridge_table_adds_up_in_the_order_of_the_source():
    table = shareholder.bridge_table(build_up(shareholder_value=CLAIMS).shareholder)

    assert [
        "A",
        "unallocated: company",
        "residual value",
        "marketable securities",
        "company value",
        "market value of debt",
        "shareholder value",
    ] == [row[0] for row in table.rows]
    assert 5 == table.totals
    numbers = [float(row[1]) for row in table.rows]
    assert numbers[4] == pytest.approx(sum(numbers[:4]), abs=2e-3)
    assert numbers[6] == pytest.approx(numbers[4] + numbers[5], abs=2e-3)
    assert any("Residual: 80.9%" in note for note in table.notes)


def test_shareholder_facts_are_json_and_hold_every_line():
    facts = json.loads(json.dumps(build_up(shareholder_value=CLAIMS).facts(), allow_nan=False))
    lines = {line["kind"]: line["mean"] for line in facts["shareholder_value"]["lines"]}

    assert 1146487.60331 == pytest.approx(lines["shareholder"], rel=1e-10)
    assert 0.80866807611 == pytest.approx(facts["shareholder_value"]["residual_share"], rel=1e-10)
    assert facts["rates"] is None
    assert 1421487.60331 == pytest.approx(facts["customer_value"]["items"][-1]["value"]["value"], rel=1e-10)


def test_customer_value_table_shows_both_forms():
    items = {
        "gross_sales": [0.0, 120.0, 130.0, 140.0],
        "material": [0.0, -70.0, -75.0, -80.0],
        "investment": [-50.0, 0.0, 0.0, 0.0],
    }
    table = forms.table(Views.of(booked({"A": items}, [0, 1, 2, 3], [0.1, 0.1])).customer_value)
    row = dict(zip(table.columns[1:4], cells(table)["A"][:3], strict=True))

    assert {"Receipts": "321.713", "less payments": "235.725", "value": "85.988"} == row
    assert ("135.988", "50", "85.988", "85.988", "") == cells(table)["A"][3:]
    assert "after horizon" not in table.columns


def three(sales, profit, values):
    from crcsim.measures import three_horizons

    return three_horizons(ranked_result(sales, profit, exact(values))).isel(strategy=0)


def test_disagreements_in_words():
    found = three([100.0, 80.0, 60.0, 40.0], [10.0, 9.0, 8.0, 7.0], [1.0, 4.0, 3.0, 2.0])

    assert (
        "customer 0 is 1st by revenue but 4th by value (Kendall's tau of revenue and value 0.00)."
        == horizons.sentence(found)
    )


def test_single_ranks_are_named_where_nothing_larger_is():
    found = three([100.0, 80.0], [10.0, 9.0], [1.0, 4.0])

    assert horizons.sentence(found).startswith("customer 0 is 1st by revenue but 2nd by value; customer 1")


def test_agreement_in_words():
    said = horizons.sentence(three([100.0, 80.0], [10.0, 9.0], [4.0, 1.0]))

    assert said.startswith("Revenue, profit and value rank the customers alike")
    assert "1.00" in said


def test_horizons_table_is_ordered_by_value():
    table = horizons.table(three([100e3, 80e3], [10e3, 9e3], [1e3, 4e3]))

    assert ["customer 1", "customer 0"] == [row[0] for row in table.rows]
    assert ("Sales, 12 months", "Contribution II, 3 years", "Value") == table.columns[1::3]
    assert ("160", "", "2", "54", "", "2", "4", "", "1") == table.rows[0][1:]
    assert any("customer 0 1st by revenue, 2nd by value" in note for note in table.notes)


@pytest.mark.parametrize(
    ("rank", "text"),
    [
        (1, "1st"),
        (2, "2nd"),
        (3, "3rd"),
        (4, "4th"),
        (11, "11th"),
        (12, "12th"),
        (113, "113th"),
        (21, "21st"),
    ],
)
def test_ordinals(rank, text):
    assert text == horizons.ordinal(rank)


def test_rates_in_percent_and_betas_as_numbers():
    from crcsim.measures import rate_build_up

    table = rates.build_up_table(rate_build_up(capital(paths=200)))

    assert ("8.05",) * 4 == cells(table)["WACC %"]
    assert ("1.2",) * 4 == cells(table)["equity beta of the firm"]
    assert "cost of capital that discounts %" == table.rows[-1][0]


def test_rates_of_customers_end_with_the_difference():
    from crcsim.measures import customer_rates, rate_build_up

    worth = np.array([[3.0] * 200, [1.0] * 200])
    result = capital(betas=[0.0, 2.4 / 1.3], worth=worth, paths=200)
    table = rates.customer_rate_table(
        customer_rates(result).isel(strategy=0), rate_build_up(result), ["customer 1", "customer 0"]
    )

    assert ("1.85", "2.40", "12.25", "12.25", "12.25", "12.25", "the firm's") == cells(table)["customer 1"]
    assert ["5.95", "8.05", "-2.1"] == [row[4] for row in table.rows[-3:]]


def test_rate_facts_are_json():
    result = capital(betas=[0.5, 1.0], paths=200)
    from crcsim.measures import customer_rates, rate_build_up

    facts = rates.facts(rate_build_up(result), customer_rates(result).isel(strategy=0))
    again = json.loads(json.dumps(facts, allow_nan=False))

    assert 0.0805 == pytest.approx(again["firm"]["cost_of_capital"]["central"])
    assert 0.5 == again["customers"][0]["business_beta"]


def test_a_result_from_before_items_and_inputs_has_the_other_views(result):
    views = Views.of(result)

    assert views.customer_value is None
    assert views.build_up is None
    assert ["Three horizons", "Shareholder value"] == [title for title, _, _ in views.sections()]


def test_one_customer_has_no_rank(result):
    views = Views.of(reconciled(result.isel(customer=[0])))

    assert 1 == len(list(views.sentences()))
