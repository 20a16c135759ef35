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
    "strategy": "baseline",
    "binding": "the budget is spent",
}


def told(
    sure=True, spend=(1.5e6, 0.5e6), price=1.25, points=(True, True), ahead=(), allowed=True, **attributes
):
    """An answer on two levers; the plan of the whole budget on the first is behind, surely or not.

    points: whether those of the frontier are surely behind; ahead: plans and points that are surely ahead.
    """
    plans = ["best", "nothing", "all on relation", "even split"]
    plan_spend = np.array([spend, (0.0, 0.0), (2e6, 0.0), (1e6, 1e6)])
    frontier_spend = np.array([(1.2e6, 0.8e6), (1.4e6, 0.6e6)])
    behind = [
        -1e6 if name in ahead else more for name, more in zip(plans, (0.0, 10e6, 1e6, 5e6), strict=True)
    ]
    levers = {
        "spend": np.array(spend),
        "spend_factor": np.array(spend) / 2e6,
        "spend_low": np.array(spend) * 0.9,
        "spend_high": np.array(spend) * 1.1,
        "funded": np.ones(2),
        "rank": np.array([1, 2]),
        "rank_held": np.array([0.9, 0.8]),
    }
    by_plan = {
        "value": [310e6, 300e6, 309e6, 305e6],
        "gain": [10e6, 0.0, 9e6, 5e6],
        "tail_mean": [130e6, 125e6, 129e6, 127e6],
        "behind_best": behind,
    }
    made = xr.Dataset(
        {
            **{name: ("lever", row) for name, row in levers.items()},
            **{name: ("plan", row) for name, row in by_plan.items()},
            **{f"{name}_standard_error": ("plan", [1e5, 0.0, 1e5, 1e5]) for name in by_plan},
            "behind_established": ("plan", [False, True, sure, True]),
            "ahead_established": ("plan", [name in ahead for name in plans]),
            "ahead_share": ("plan", [np.nan, 1.0, 0.98, 1.0]),
            "allowed": ("plan", [True, allowed, True, True]),
            "order_held": 0.8,
            "plan_spend": (("plan", "lever"), plan_spend),
            "frontier_value": ("point", [308e6, 310e6]),
            "frontier_value_standard_error": ("point", [1e5, 1e5]),
            "frontier_tail_mean": ("point", [132e6, 130e6]),
            "frontier_tail_mean_standard_error": ("point", [1e5, 1e5]),
            "frontier_spend": (("point", "lever"), frontier_spend),
            "frontier_behind_best": ("point", [0.2e6, 0.1e6]),
            "frontier_behind_best_standard_error": ("point", [0.1e6, 0.1e6]),
            "frontier_behind_established": ("point", list(points)),
            "frontier_ahead_established": ("point", [False, False]),
            "frontier_allowed": ("point", [True, True]),
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
        ATTRIBUTES | attributes,
    )
    return answer(made)


def test_the_plan_is_told_with_its_worth_and_the_price_of_the_budget():
    finding = told().finding

    assert finding.startswith("Of 2 M EUR go 1.50 M EUR to premium and 0.50 M EUR to relation, worth 10")
    assert "ahead of the other plans and of the frontier beyond the sampling error" in finding
    assert "the next EUR of budget would add 1.25 ± 0.04 EUR to the mean NPV." in finding


def test_plans_that_are_as_good_are_named():
    assert "but not distinguishable from all on relation;" in told(sure=False).finding

    finding = told(points=(False, False)).finding
    assert (
        "not distinguishable from plans of the frontier that give 1.20 to 1.40 M EUR to premium and "
        "0.60 to 0.80 M EUR to relation" in finding
    )
    assert "ahead" not in finding


def test_a_plan_that_is_better_on_fresh_draws_is_told():
    assert ", but even split is ahead by 1.00 ± 0.10 M EUR there;" in told(ahead=("even split",)).finding


def test_nothing_is_spent_on_what_does_not_improve_the_objective():
    """The support is told with it: the nearest other plan, and how far it is behind."""
    none = {"spend": (0.0, 0.0)}

    assert (
        "Of 2 M EUR nothing is best spent: nothing improves the mean NPV; the best alternative, a plan of "
        "the frontier (1.40 M EUR to premium and 0.60 M EUR to relation), is behind by 100 ± 100 k EUR on "
        "fresh draws." == told(**none).finding
    )
    careful = told(**none, objective="cvar", floor=290e6, points=(False, True)).finding
    assert (
        "no plan improves the mean of the worst 5% of the paths with a mean NPV of at least 290 M EUR "
        "beyond the sampling error; a plan of the frontier (1.20 M EUR to premium and 0.80 M EUR to "
        "relation) is behind by 200 ± 100 k EUR, not distinguishable on fresh draws." in careful
    )
    better = told(**none, objective="mean-cvar", risk_weight=0.5, ahead=("even split",)).finding
    assert (
        "the search found no plan that improves the mean NPV less 0.5 times CVaR, but on fresh draws even "
        "split is ahead by 1.00 ± 0.10 M EUR." in better
    )
    assert "lever pays" not in careful + better
    assert told(price=0.05).finding.endswith("more budget would add nothing that can be told from zero.")


def test_what_is_maximised_what_is_beside_and_what_binds_are_named():
    binding = (
        "the budget is spent; premium is at its upper bound; premium, relation together are at their limit"
    )
    found = told(strategy="grow", objective="mean-cvar", risk_weight=1.0, binding=binding, allowed=False)

    assert found.headline.startswith(
        "With strategy grow: To maximise the mean NPV less 1 times CVaR, of 2 M EUR go 1.50 M EUR to"
    )
    assert "more than nothing (which the limits do not allow) in mean NPV and" in found.finding
    assert (
        "; premium is at its upper bound; premium, relation together are at their limit; the next"
        in found.finding
    )
    for part in found.parts:
        assert all(table.title.endswith(": beside strategy grow") for table in part.tables)
    assert "not allowed" == found.parts[1].tables[0].rows[1][5]


def test_tables_and_pictures():
    parts = told().parts

    assert ["premium", "relation", "total"] == [row[0] for row in parts[0].tables[0].rows]
    assert ("1.35 to 1.65", "100", "90") == parts[0].tables[0].rows[0][3:6]
    assert "all levers have theirs in 80%" in parts[0].tables[0].notes[0]
    assert ("yes", "100") == parts[1].tables[0].rows[1][-2:]
    assert "their objectives differ by at most 100 k EUR" in parts[1].texts[0]
    assert "200 ± 100" == parts[2].tables[0].rows[0][-2]
    assert [1, 0, 1] == [len(list(part.charts())) for part in parts]
