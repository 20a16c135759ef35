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
    headline = result.sel(discounting=result.attrs["headline"])
    values = (headline["npv"].sum("customer") + headline["level_npv"].sum("level")).mean("path").values

    for by in BY:
        assert [form for form in FORMS if statement(result, form, by)["amount"].isnull().any()] == []
    for drill in (None, *DRILLS):
        roots = value_tree(result, drill=drill)["mean"].isel(member=-1).sel(node="portfolio_value")
        assert roots.values == pytest.approx(values, rel=1e-9)
    bottom = company_statement(result)["amount"].isel(column=0).sel(line="portfolio_value")
    assert bottom.values == pytest.approx(values, rel=1e-9)
