"""Scenarios put together at random, with every kind of cost: their statements and value trees add up."""

import pytest

from crcsim import simulate
from crcsim.measures import company_statement, statement, value_tree
from crcsim.measures.statements import BY, FORMS
from crcsim.measures.value_tree import DRILLS
from tests.naive.random_scenarios import load, random_document

pytestmark = pytest.mark.jit


@pytest.mark.parametrize("seed", range(8))
def test_the_accounts_of_random_scenarios_add_up(seed, tmp_path):
    """Each of these functions raises NumericError where an item is missing, doubled or misplaced."""
    result = simulate(load(random_document(seed), tmp_path), paths=64, threads=1)
    value = float(result["npv"].sel(discounting=result.attrs["headline"]).sum("customer").mean())
    value += float(result["level_npv"].sel(discounting=result.attrs["headline"]).sum("level").mean())

    for by in BY:
        assert [form for form in FORMS if statement(result, form, by)["amount"].isnull().any()] == []
    for drill in (None, *DRILLS):
        root = value_tree(result, drill=drill)["mean"].isel(strategy=0, member=-1).sel(node="portfolio_value")
        assert float(root) == pytest.approx(value, rel=1e-9)
    bottom = company_statement(result)["amount"].isel(strategy=0, column=0).sel(line="portfolio_value")
    assert float(bottom) == pytest.approx(value, rel=1e-9)
