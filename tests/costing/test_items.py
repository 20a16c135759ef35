"""Where the items of a simulation stand in the statements: what strategies spend, beside its neighbours."""

import pytest

from crcsim.costing.company_result import COMPANY_VALUE, company_amounts
from crcsim.costing.items import (
    ITEMS,
    SIMULATED_CASH_FLOW,
    SIMULATED_CONTRIBUTION,
    SIMULATED_COSTING,
    item_key,
    statement_amounts,
)

CUSTOMER = {
    "gross_sales": 100.0,
    "acquisition": -1.0,
    "relationship_spend": -15.0,
    "executive_cost": -4.0,
    "investment": -10.0,
    "programme_investment": -20.0,
}
LEVELS = [
    ("segment:chemicals", {"relationship_spend:segment": -2.0, "programme_investment:segment": -7.0}),
    (
        "company",
        {
            "relationship_spend:company": -3.0,
            "executive_cost:company": -5.0,
            "programme_investment:company": -8.0,
        },
    ),
]


def test_keys_say_the_level_where_it_is_not_the_customer():
    assert "relationship_spend" == item_key("relationship_spend", "customer")
    assert "programme_investment:segment" == item_key("programme_investment", "segment")
    for key in (*CUSTOMER, *LEVELS[0][1], *LEVELS[1][1]):
        item = ITEMS[key]

        assert key == item_key(item.line, item.level)
        assert (1 if key == "gross_sales" else -1) == item.sign


def test_programmes_are_direct_customer_costs_and_what_they_invest_is_an_investment():
    found = statement_amounts(SIMULATED_CASH_FLOW, CUSTOMER, 0.0)

    assert (1.0, 15.0, 4.0) == tuple(
        found[line] for line in ("acquisition", "relationship_spend", "executive_cost")
    )
    assert 80.0 == found["payment_effective_contribution_1"]
    assert 80.0 == found["payment_effective_contribution"]
    assert (10.0, 20.0, 50.0) == tuple(
        found[line] for line in ("investment", "programme_investment", "cash_flow")
    )


@pytest.mark.parametrize("form", [SIMULATED_CONTRIBUTION, SIMULATED_COSTING])
def test_programmes_stand_in_contribution_1_of_every_form(form):
    found = statement_amounts(form, CUSTOMER, 0.0)

    assert 20.0 == found["direct_customer_costs"]
    assert 80.0 == found["customer_contribution_1"]


def test_programmes_without_a_customer_stay_at_their_level():
    found = company_amounts(COMPANY_VALUE, CUSTOMER, LEVELS, 0.0)

    assert (80.0, 2.0, 8.0) == tuple(
        found[line] for line in ("customer_contribution_2", "segment", "company")
    )
    assert (10.0, 35.0) == (found["investment"], found["programme_investment"])
    assert 80.0 - 2.0 - 8.0 - 45.0 == found["portfolio_value"]
