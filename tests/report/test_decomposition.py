"""A decomposed value in tables, as numbers, as a picture and in files."""

import csv
import io

import numpy as np
import pytest

from crcsim.decisions import decompose, split_growth
from crcsim.errors import StorageError
from crcsim.report.decomposition import (
    as_facts,
    customer_table,
    growth_table,
    part_table,
    write_decomposition,
)
from crcsim.report.decomposition.facts import growth_csv, part_csv
from crcsim.report.decomposition.files import draw
from crcsim.report.figures import Step, style, waterfall
from tests.laws.support import write_scenario

TEXT = """
customers: {B: {lines: {goods: {wallet: 30, share: 100%}}, geography: north}}
customer_defaults: {beta: 1, growth: 2%, volatility: 10%, churn: {hazard: 0.05}, direct_cost: 5}
costs: [{name: office, level: company, amount: 3}]
"""


@pytest.fixture(scope="module")
def scenario(tmp_path_factory):
    return write_scenario(tmp_path_factory.mktemp("scenario"), 5, TEXT)


@pytest.fixture(scope="module")
def parts(scenario):
    return decompose(scenario, paths=400)


@pytest.fixture(scope="module")
def growth(scenario):
    return split_growth(scenario, paths=400)


def test_table_of_parts_ends_with_their_sum(parts):
    table = part_table(parts)
    values = [float(row[1].replace(",", "")) for row in table.rows]

    assert ("today's wallet", "value") == (table.rows[0][0], table.rows[-1][0])
    assert sum(values[:-1]) == pytest.approx(values[-1], abs=5)
    assert "100" == table.rows[0][3]
    assert "each part is what it adds to those above it" in table.notes[0]


def test_table_of_parts_says_how_orders_were_averaged(parts):
    averaged = parts.assign_attrs(method="Shapley value, all orders")

    assert "average over orders of switching on (Shapley value, all orders)" in part_table(averaged).notes[0]


def test_customers_stand_by_value_before_levels_and_total(parts):
    table = customer_table(parts)

    assert ["A", "B", "company", "total"] == [row[0] for row in table.rows]
    assert ("Customer", "Today's wallet", "Growth", "Losses", "Costs", "Value") == table.columns
    assert ("", "", "") == table.rows[2][1:4]
    assert ["A", "company", "total"] == [row[0] for row in customer_table(parts, 1).rows]
    assert "1 more in the files" in customer_table(parts, 1).notes[1]


def test_growth_names_its_paths_and_what_is_hidden(growth):
    table = growth_table(growth, "B")
    share = float(growth["hidden_decline"].sel(item="B"))

    assert "Growth of sales to B (% a year)" == table.title
    assert f"on the {int(growth['growth_paths'].sel(item='B')):,} paths" in table.notes[0]
    assert 100 * share == pytest.approx(float(table.notes[1].split("%")[0].removeprefix("On ")), abs=1)


def test_facts_and_files_hold_every_number(parts, growth):
    facts = as_facts(parts, growth)
    rows = list(csv.DictReader(io.StringIO(part_csv(parts))))
    rates = list(csv.DictReader(io.StringIO(growth_csv(growth))))

    for item in ("A", "B", "company", "total"):
        added = [each["mean"] for each in facts["items"][item]["parts"].values()]
        assert sum(added) == pytest.approx(facts["items"][item]["value"]["mean"])
        written = [float(row["mean"]) for row in rows if row["item"] == item]
        assert [*added, facts["items"][item]["value"]["mean"]] == written
    assert 12 == len(rates)
    assert facts["growth"]["A"]["own"]["mean"] == float(rates[3]["mean"])


def test_what_cannot_be_known_is_null(tmp_path):
    text = "customers: {A: {acquisition: {spend: 1, conversion: {hazard: 0}}, phase: prospect}}"
    scenario = write_scenario(tmp_path, 1, text)
    parts, growth = decompose(scenario, paths=20), split_growth(scenario, paths=20)

    assert as_facts(parts, growth)["growth"]["A"]["sales"]["mean"] is None
    assert "on the 0 paths" in growth_table(growth, "A").notes[0]
    assert 1 == len(growth_table(growth, "A").notes)
    assert len(parts["part"]) + 1 == len(part_table(parts).rows)


def test_bars_begin_where_the_one_before_ended():
    steps = [
        Step("today", 100.0, "100", True, 1.0),
        Step("growth", 30.0, "+30", False, 5.0),
        Step("losses", -50.0, "-50", False, 0.01),
        Step("value", 80.0, "80", True, 6.0),
    ]
    made = waterfall(steps, "mean NPV, EUR", "From 100 to 80")
    axes = made.axes[0]
    bars = [(round(bar.get_x(), 9), round(bar.get_x() + bar.get_width(), 9)) for bar in axes.patches]
    colours = [bar.get_facecolor() for bar in axes.patches]

    assert [(0, 100), (100, 130), (130, 80), (0, 80)] == bars
    assert colours[0] == colours[3] != colours[1] != colours[2]
    assert 3 == len(axes.containers) - len(axes.patches)
    assert ("mean NPV, EUR", "From 100 to 80") == (axes.get_xlabel(), made.get_suptitle())
    assert "−50" in [text.get_text() for text in axes.texts]


def test_picture_leaves_out_what_is_absent(parts):
    with style.look():
        axes = draw(parts, "A").axes[0]
    names = [label.get_text() for label in reversed(axes.get_yticklabels())]  # from the top
    kept = parts["part"].values[parts["part_mean"].sel(item="A").values != 0.0]

    assert [*kept, "value"] == names
    assert "mean NPV, EUR" == axes.get_xlabel()


def test_files_are_written_together(parts, growth, tmp_path):
    files = write_decomposition(parts, growth, tmp_path / "new" / "folder")
    page = files[0].read_text("utf-8")

    assert ["decomposition.html", "waterfall.svg", "waterfall.png", "decomposition.csv", "growth.csv"] == [
        file.name for file in files
    ]
    assert all(file.stat().st_size > 0 for file in files)
    assert "<svg role=" in page
    assert "own growth" in page
    assert "http://" not in page.replace("http://www.w3.org", "")


def test_a_folder_that_is_a_file_is_refused(parts, growth, tmp_path):
    (tmp_path / "taken").write_text("here", encoding="utf-8")

    with pytest.raises(StorageError, match="taken could not be written"):
        write_decomposition(parts, growth, tmp_path / "taken")


def test_errors_of_groups_are_those_of_their_sums(parts):
    chosen = parts["part_group"].values == "losses"
    paths = parts["item_part_value"].sel(item="A").values[chosen].sum(axis=0)
    table = customer_table(parts)

    assert np.isclose(float(table.rows[0][3]), paths.mean(), atol=paths.std() / 400**0.5)
