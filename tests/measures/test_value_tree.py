"""The value tree: conditional means add up, and agree with the joint normal law."""

import json

import numpy as np
import pytest
from scipy.stats import norm

from crcsim.costing.value_tree import value_tree_nodes
from crcsim.errors import CrcsimError, NumericError
from crcsim.measures.value_tree import DRILLS, value_tree
from tests.measures.cascade_results import normal_cascade

PATHS = 5_000


@pytest.fixture(scope="module")
def result():
    return normal_cascade(np.random.default_rng(11), PATHS)


@pytest.fixture(scope="module")
def tree(result):
    return value_tree(result)


def paths_of_nodes(result):
    """Values of the nodes [node, path], node by node."""
    items = {str(key): result["item_npv"].values[0, place] for place, key in enumerate(result["item"].values)}
    return {node.key: sum(items[key] for key in node.items) for node in value_tree_nodes(tuple(items))}


def test_means_are_those_of_all_paths_with_their_errors(result, tree):
    for key, values in paths_of_nodes(result).items():
        node = tree.isel(strategy=0, member=0).sel(node=key)
        assert float(node["mean"]) == pytest.approx(values.mean(), abs=1e-9)
        assert float(node["mean_standard_error"]) == pytest.approx(values.std(ddof=1) / np.sqrt(PATHS))


def test_near_a_percentile_lines_follow_the_joint_normal_law(result, tree):
    """E[X | root at percentile p] = μ + cov(X, root) / sd(root) z_p; the window adds less than 0.001 sd."""
    values = paths_of_nodes(result)
    root = values["portfolio_value"]
    for percentile in (5, 50, 95):
        for key, line in values.items():
            near = tree.isel(strategy=0, member=0).sel(node=key, percentile=percentile)
            slope = np.cov(line, root)[0, 1] / root.std(ddof=1)
            expected = line.mean() + slope * norm.ppf(percentile / 100)
            error = float(near["conditional_mean_standard_error"])
            assert abs(float(near["conditional_mean"]) - expected) < 5 * error + 1e-9


def test_the_root_stands_beside_its_percentile(result, tree):
    root = paths_of_nodes(result)["portfolio_value"]

    np.testing.assert_allclose(tree["root_percentile"].values[0], np.percentile(root, [5, 50, 95]))
    near = tree["conditional_mean"].isel(strategy=0, member=0).sel(node="portfolio_value").values
    for place, start in enumerate((150, 2_400, 4_650)):
        assert near[place] == pytest.approx(np.sort(root)[start : start + 200].mean())
    assert (200, PATHS) == (tree.attrs["window_paths"], tree.attrs["window_sample"])


@pytest.mark.parametrize("drill", [None, *DRILLS])
def test_children_add_up_to_their_parent_and_members_to_the_total(result, drill):
    found = value_tree(result, percentiles=(10, 90), drill=drill)
    for name in ("mean", "conditional_mean"):
        values = found[name].transpose("node", ...)
        for key in found["node"].values:
            below = values.isel(node=np.flatnonzero(found["parent"].values == key))
            if below.sizes["node"]:
                np.testing.assert_allclose(below.sum("node"), values.sel(node=key), rtol=0, atol=1e-9)
        if drill:
            parts = values.isel(member=slice(-1)).sum("member")
            np.testing.assert_allclose(parts, values.sel(member="total"), rtol=0, atol=1e-9)


def test_members_of_a_drill_down(result):
    names = {drill: value_tree(result, drill=drill)["member"].values.tolist() for drill in DRILLS}

    assert ["customer 0", "customer 1", "customer 2", "(levels)", "total"] == names["customer"]
    assert ["product 0", "product 1", "(no product)", "(levels)", "total"] == names["product"]
    assert ["industry", "marine", "(levels)", "total"] == names["segment"]
    assert ["(none)", "north", "(levels)", "total"] == names["geography"]


def test_a_drill_down_uses_the_recorded_paths_for_percentiles_and_all_for_means():
    result = normal_cascade(np.random.default_rng(12), PATHS, recorded=1_000)
    found = value_tree(result, drill="customer").isel(strategy=0)
    root = result["item_npv"].values[0].sum(axis=0)
    customer = result["npv"].sel(discounting="wacc").values[0, 1]

    assert 1_000 == found.attrs["window_sample"]
    np.testing.assert_allclose(found["root_percentile"], np.percentile(root[:1_000], [5, 50, 95]))
    chosen = np.argsort(root[:1_000])[400:600]
    near = found["conditional_mean"].sel(percentile=50, node="portfolio_value")
    assert float(near.sel(member="customer 1")) == pytest.approx(customer[chosen].mean())
    mean = found["mean"].sel(node="portfolio_value", member="customer 1")
    assert float(mean) == pytest.approx(customer.mean())


def test_securities_and_debt_stand_above_the_portfolio(result):
    terms = {"shareholder_value": {"securities": 3.0, "debt": 8.0}}
    found = value_tree(result.assign_attrs(scenario_resolved=json.dumps(terms)), drill="customer")
    total = found.isel(strategy=0).sel(member="total")
    shareholder, portfolio = (total.sel(node=key) for key in ("shareholder_value", "portfolio_value"))

    assert "shareholder_value" == str(found["node"].values[0])
    assert (3.0, -8.0) == tuple(float(total["mean"].sel(node=key)) for key in ("securities", "debt"))
    for name in ("mean", "conditional_mean"):
        np.testing.assert_allclose(shareholder[name], portfolio[name] - 5.0)
    np.testing.assert_allclose(shareholder["mean_standard_error"], portfolio["mean_standard_error"])
    parts = found["mean"].isel(strategy=0, member=slice(None, -1)).sum("member")
    np.testing.assert_allclose(parts, total["mean"], atol=1e-9)
    assert -8.0 == float(found["mean"].isel(strategy=0).sel(node="debt", member="(levels)"))


def test_items_that_are_not_the_value_are_refused(result):
    corrupted = result.copy(deep=True)
    corrupted["item_npv"].values[0, 2, 17] += 1e-3

    with pytest.raises(NumericError, match="Items of the portfolio and its value on a path do not add up"):
        value_tree(corrupted)


def test_items_of_customers_that_are_not_those_of_the_portfolio_are_refused(result):
    corrupted = result.copy(deep=True)
    for name in ("customer_item_npv", "customer_item_npv_mean"):
        corrupted[name].values[0, 0, 1] += 1.0
        corrupted[name].values[0, 0, 2] -= 1.0

    with pytest.raises(NumericError, match="do not add up"):
        value_tree(corrupted, drill="customer")


def test_what_cannot_be_answered_is_said(result):
    with pytest.raises(CrcsimError, match="holds no items"):
        value_tree(result.drop_vars("customer_item_npv"))
    with pytest.raises(ValueError, match="drill must be one of"):
        value_tree(result, drill="level")
    with pytest.raises(ValueError, match="each once"):
        value_tree(result, percentiles=(5, 5))
    with pytest.raises(ValueError, match="between 0 and 100"):
        value_tree(result, percentiles=(0,))


def test_a_handful_of_paths_is_enough_to_run():
    found = value_tree(normal_cascade(np.random.default_rng(1), 3), drill="product")

    assert 3 == found.attrs["window_paths"]
    np.testing.assert_allclose(
        found["conditional_mean"].isel(percentile=0), found["conditional_mean"].isel(percentile=2)
    )
