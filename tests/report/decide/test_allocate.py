"""The sentence of `decide allocate` never says more than fresh draws support."""

import numpy as np
import xarray as xr

from crcsim.report.decide.allocate import answer

ATTRIBUTES = {
    "decision": "allocate",
    "title": "made",
    "currency": "EUR",
    "headline": "wacc",
    "paths": 20_000,
    "search_paths": 4_096,
    "fresh_seed": "2",
    "budget": 2e6,
    "objective": "mean",
    "risk_weight": 0.0,
    "binding": "the budget is spent",
}


def told(sure=True, spend=(1.5e6, 0.5e6), price=1.25):
    """An answer on two levers; the plan of the whole budget on the first is behind, surely or not."""
    plans = ["best", "nothing", "all on relation", "even split"]
    plan_spend = np.array([spend, (0.0, 0.0), (2e6, 0.0), (1e6, 1e6)])
    levers = {
        "spend": np.array(spend),
        "spend_factor": np.array(spend) / 2e6,
        "spend_low": np.array(spend) * 0.9,
        "spend_high": np.array(spend) * 1.1,
        "funded": np.ones(2),
    }
    by_plan = {
        "value": [310e6, 300e6, 309e6, 305e6],
        "gain": [10e6, 0.0, 9e6, 5e6],
        "tail_mean": [130e6, 125e6, 129e6, 127e6],
        "behind_best": [0.0, 10e6, 1e6, 5e6],
    }
    made = xr.Dataset(
        {
            **{name: ("lever", row) for name, row in levers.items()},
            **{name: ("plan", row) for name, row in by_plan.items()},
            **{f"{name}_standard_error": ("plan", [1e5, 0.0, 1e5, 1e5]) for name in by_plan},
            "behind_established": ("plan", [False, True, sure, True]),
            "plan_spend": (("plan", "lever"), plan_spend),
            "frontier_value": ("point", [308e6, 310e6]),
            "frontier_value_standard_error": ("point", [1e5, 1e5]),
            "frontier_tail_mean": ("point", [132e6, 130e6]),
            "frontier_tail_mean_standard_error": ("point", [1e5, 1e5]),
            "frontier_spend": (("point", "lever"), plan_spend[[2, 0]]),
            "frontier_beaten": ("point", [False, False]),
            "start_objective": ("start", [310e6, 309.9e6]),
            "converged": ("start", [True, True]),
            **dict.fromkeys(("search_gain", "fresh_gain", "optimism"), 10000000.0),
            "shadow_price": price,
            "shadow_price_standard_error": 0.04,
            **{f"{name}_standard_error": 1e5 for name in ("search_gain", "fresh_gain", "optimism")},
        },
        {
            "lever": ["premium", "relation"],
            "side": ("lever", ["product", "customer"]),
            "bound": ("lever", ["", ""]),
            "plan": plans,
            "point": [1, 2],
            "start": ["nothing", "even split"],
        },
        ATTRIBUTES,
    )
    return answer(made)


def test_the_plan_is_told_with_its_worth_and_the_price_of_the_budget():
    finding = told().finding

    assert finding.startswith("Of 2 M EUR go 1.50 M EUR to premium and 0.50 M EUR to relation, worth 10")
    assert "ahead of the other plans beyond the sampling error" in finding
    assert "the next EUR of budget would add 1.25 ± 0.04 EUR to the mean NPV." in finding


def test_a_plan_that_is_as_good_is_named():
    assert "but not distinguishable from all on relation" in told(sure=False).finding


def test_nothing_is_spent_on_what_does_not_pay():
    assert "Of 2 M EUR nothing is best spent: no lever pays." == told(spend=(0.0, 0.0)).finding
    assert told(price=0.05).finding.endswith("more budget would add nothing that can be told from zero.")


def test_tables_and_pictures():
    parts = told().parts

    assert ["premium", "relation", "total"] == [row[0] for row in parts[0].tables[0].rows]
    assert "yes" == parts[1].tables[0].rows[1][-1]
    assert "their objectives differ by at most 100 k EUR" in parts[1].texts[0]
    assert [1, 0, 1] == [len(list(part.charts())) for part in parts]
