"""Every measure of a result with several strategies is, of each, the measure of that strategy alone."""

from functools import partial

import pytest
import xarray as xr

from crcsim import load_scenario, measures, simulate
from crcsim.measures.statements import BY, FORMS
from crcsim.measures.value_tree import DRILLS
from crcsim.results.strategies import of_strategy, strategy_names
from tests.strategies import beside

PLANS = {"baseline": ("350 k EUR", "5%"), "cheap": ("250 k EUR", "5%"), "care": ("450 k EUR", "3%")}
MEASURES = {
    **{
        name: getattr(measures, name)
        for name in (
            "company_statement",
            "concentration",
            "convergence",
            "customer_rates",
            "customer_value",
            "discount",
            "ends",
            "horizon_share",
            "layers",
            "moments",
            "quantiles",
            "shareholder_value",
            "summary",
            "tail",
            "three_horizons",
            "value_tree",
        )
    },
    "summary by segment": partial(measures.summary, by="segment"),
    "company by year": partial(measures.company_statement, by="year"),
    **{f"{form} by {by}": partial(measures.statement, form=form, by=by) for form in FORMS for by in BY},
    **{f"tree by {drill}": partial(measures.value_tree, drill=drill) for drill in DRILLS},
}


@pytest.fixture(scope="module")
def several(repository, tmp_path_factory):
    text = (repository / "scenarios" / "minimal.yaml").read_text("utf-8")
    text = text.replace("years: 10, periods_per_year: 4", "years: 3, periods_per_year: 1")
    results = {}
    for name, (cost, churn) in PLANS.items():
        path = tmp_path_factory.mktemp("plans") / f"{name}.yaml"
        path.write_text(
            text.replace("350 k EUR", cost).replace("yearly_probability: 5%", f"yearly_probability: {churn}"),
            "utf-8",
        )
        results[name] = simulate(load_scenario(path), paths=300, seed=3, layers=True)
    return beside(results)


def test_the_strategies_differ(several):
    means = several["npv"].sel(discounting="wacc").mean(("customer", "path")).values

    assert 3 == len(set(means.tolist()))


@pytest.mark.parametrize("name", MEASURES)
def test_a_measure_of_several_is_that_of_each(several, name):
    measure = MEASURES[name]
    together = measure(several)
    for strategy in strategy_names(several):
        own = measure(of_strategy(several, strategy))
        found = together.sel(strategy=[strategy]) if "strategy" in together.dims else together

        xr.testing.assert_allclose(own, found, rtol=1e-12)
