"""The value tree as tables, CSV text, facts and picture."""

import csv
import io
import json

import numpy as np
import pytest

from crcsim.measures.value_tree import value_tree
from crcsim.report import figures
from crcsim.report.tree_chart import tree_chart
from crcsim.report.value_tree import drill_table, member_tables, tree_csv, tree_facts, tree_table
from tests.measures.cascade_results import normal_cascade, with_items


@pytest.fixture(scope="module")
def books(result):
    return with_items(result)


@pytest.fixture(scope="module")
def tree(books):
    return value_tree(books).isel(strategy=0)


@pytest.fixture(scope="module")
def drilled(books):
    return value_tree(books, drill="customer").isel(strategy=0)


def drawn(tree):
    """The texts of the picture by row: label, low, mean, high."""
    with figures.look():
        heading, figure = tree_chart(tree)
    names, _, numbers = figure.axes
    labels = [text.get_text() for text in names.texts]
    texts = [text.get_text() for text in numbers.texts[3:]]
    return heading, [(label, *texts[3 * place : 3 * place + 3]) for place, label in enumerate(labels)]


def test_lines_are_indented_below_their_parent(tree):
    table = tree_table(tree)

    assert ("Line", "Mean", "±", "near P5", "near P50", "near P95") == table.columns
    assert "value of the portfolio" == table.rows[0][0]
    assert "\xa0\xa0company costs" in [row[0] for row in table.rows]


def test_the_window_and_the_percentiles_themselves_are_told(tree):
    window, percentiles = tree_table(tree).notes

    assert "± 1 % of ranks, at least 200 paths; here 200 of 4,000" in window
    assert "P5 " in percentiles
    assert "mean of its window" in percentiles


def test_members_add_up_to_the_total_in_the_table(drilled):
    table = drill_table(drilled)

    assert ["(levels)", "total"] == [row[0] for row in table.rows[-2:]]
    for column in (1, 3, 4, 5):
        *parts, total = (float(row[column]) for row in table.rows)
        assert sum(parts) == pytest.approx(total, abs=0.1)
    assert "The mean is that of all 4,000 paths" in table.notes[0]
    assert "here 200 of 1,000" in table.notes[0]


def test_every_line_is_told_for_every_member(drilled):
    tables = member_tables(drilled)

    assert ["Mean of every line", "Lines near P5", "Lines near P50", "Lines near P95"] == [
        table.title.split(" by ")[0] for table in tables
    ]
    assert ("(levels)", "total") == tables[0].columns[-2:]


def test_csv_has_a_row_per_node_and_member(drilled):
    head, *rows = csv.reader(io.StringIO(tree_csv(drilled)))

    assert drilled.sizes["node"] * drilled.sizes["member"] == len(rows)
    assert ["near_P95", "near_P95_standard_error"] == head[-2:]
    total = next(row for row in rows if row[0] == "material" and row[5] == "total")
    expected = drilled.sel(node="material", member="total")
    assert float(expected["mean"]) == float(total[6])
    assert float(expected["conditional_mean"].sel(percentile=95)) == float(total[-2])


def test_facts_are_json_with_every_number(tree):
    facts = json.loads(json.dumps(tree_facts(tree)))
    root = facts["nodes"][0]

    assert ("portfolio_value", "", 0) == (root["node"], root["parent"], root["depth"])
    assert float(tree["mean"].isel(node=0, member=0)) == root["mean"]
    assert float(tree["root_percentile"].sel(percentile=5)) == facts["percentiles"]["P5"]["value"]


def test_the_picture_leads_from_value_to_sales(tree):
    heading, rows = drawn(tree)

    assert heading.startswith("Value of the portfolio: ")
    labels = [row[0] for row in rows]
    assert "value of the portfolio" == labels[0]
    assert ["sales", "price concessions", "sales before concessions"] == labels[-3:]
    assert len(rows) < 30


def test_rows_of_the_picture_add_up(tree):
    _, rows = drawn(tree)
    means = {label: float(text.replace("−", "-").replace(",", "")) for label, _, text, _ in rows}

    assert means["value of the portfolio"] == pytest.approx(
        means["tax of customers, segments and company"]
        + means["company costs"]
        + means["customer cash flow before tax"],
        abs=0.16,
    )


def test_small_lines_become_one_row_and_empty_ones_none():
    result = normal_cascade(np.random.default_rng(5), 400)
    scale = np.ones(len(result["item"]))
    for key in ("indirect_administration:idle", "indirect_administration:order", "indirect_add_back"):
        scale[result["item"].values.tolist().index(key)] = 1e-3
    scale[result["item"].values.tolist().index("investment")] = 0.0
    for name in [name for name in result if "item" in result[name].dims]:
        result[name] = result[name] * result["item"].copy(data=scale)
    for name in ("npv", "level_npv"):
        own = result["customer_item_npv" if name == "npv" else "level_item_npv"].sum("item").values
        result[name] = result[name].copy(data=np.repeat(own[:, None], 3, axis=1))
    _, rows = drawn(value_tree(result).isel(strategy=0))
    labels = [row[0] for row in rows]

    assert "2 smaller lines" in labels
    assert "investment payments" not in labels
    assert "indirect administration" not in labels


def test_the_picture_has_its_unit_and_is_the_same_every_time(tree):
    with figures.look():
        _, figure = tree_chart(tree)
        document = figures.svg_text(figure)
        again = figures.svg_text(tree_chart(tree)[1])

    assert "at the WACC (M EUR)" in figure.axes[1].get_xlabel()
    assert document == again
    assert len(figures.inline_svg(document, "tree", "")) < 120_000
