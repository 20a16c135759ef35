"""What a comparison tells people and machines."""

import csv
import json
import re

import numpy as np
import pytest

from crcsim.errors import StorageError
from crcsim.report.compare import as_facts, compared, comparison_tables, sentences, write_comparison
from crcsim.report.table import plain_text
from tests.decisions.results import result_of, with_items, with_products

PATHS = 2_000
SALES = np.random.default_rng(20260101).normal(10e6, 2e6, PATHS)
COMPANY = {"company": np.full(PATHS, -1e6)}


def result(margin, scenario=None, added=(), **attributes):
    items = {"Nordwerk": {"gross_sales": SALES, "material": -(1 - margin) * SALES}}
    items |= {name: {"gross_sales": 0.5 * SALES} for name in added}
    levels = {"company": {"indirect_administration:company": COMPANY["company"]}}
    customers = {name: sum(each.values()) for name, each in items.items()}
    stated = {"m": margin} if scenario is None else scenario
    return with_items(result_of(customers, COMPANY, stated, **attributes), items, levels)


@pytest.fixture(scope="module")
def paired():
    return compared(result(0.4, title="before"), result(0.5, title="after"), names=("a.nc", "b.nc"))


@pytest.fixture(scope="module")
def unpaired():
    return compared(result(0.4), result(0.4, seed="8"))


def row(table, name):
    return dict(zip(table.columns, next(row for row in table.rows if row[0] == name), strict=True))


def test_the_finding_is_the_difference_with_its_error(paired):
    """10 % of sales of 10 ± 2 M on 2,000 paths: 1.000 ± 0.0045 M."""
    assert re.match(
        r"The second is worth (0\.99\d|1\.00\d) ± 0\.004 M EUR more than the first", sentences(paired)[0]
    )
    assert "instead of" in sentences(paired)[1]
    assert "with independent draws: worth" in sentences(paired)[1]
    assert "worth more on more than 99.8% of the paths" in sentences(paired)[2]
    assert "The second dominates stochastically in the first order" in sentences(paired)[3]


def test_a_difference_within_its_error_is_not_called_one(unpaired):
    told = sentences(unpaired)

    assert told[0].startswith("No difference in value is established: second less first is 0 ±")
    assert told[1].startswith("Unpaired: their seeds differ (7 and 8).")
    assert not any("of the paths" in sentence for sentence in told)


def test_sides_are_named_by_title_and_file(paired):
    assert ("before (a.nc)", "after (b.nc)") == paired.labels


def test_value_and_risk_stand_side_by_side(paired):
    (table,) = comparison_tables(paired)["total"]
    value = row(table, "Value at the WACC")

    assert 3.0 == pytest.approx(float(value["First"]), abs=0.1)
    assert 4.0 == pytest.approx(float(value["Second"]), abs=0.1)
    assert {"Standard deviation", "CVaR 5% (mean of the worst 5%)"} <= {row[0] for row in table.rows}


def test_unpaired_tables_hold_nothing_path_by_path(paired, unpaired):
    def columns(comparison):
        return comparison_tables(comparison)["customers"][0].columns

    assert {"P5", "P(second > first) %"} <= set(columns(paired))
    assert set() == {"P5", "P50", "P95", "P(second > first) %"} & set(columns(unpaired))


def test_lines_add_up_in_the_table(paired):
    lines, places = comparison_tables(paired)["lines"]

    assert ["material", "total"] == [row[0] for row in lines.rows]
    assert lines.rows[0][1:] == lines.rows[1][1:]
    assert ("Nordwerk", "material") == places.rows[0][:2]


def test_lines_beyond_the_first_are_summed():
    items = {
        key: np.full(PATHS, amount)
        for key, amount in (("gross_sales", 5.0), ("material", -2.0), ("tax", -1.0))
    }
    zero = {key: np.zeros(PATHS) for key in items}
    one, two = (with_items(result_of({"N": sum(each.values())}), {"N": each}) for each in (zero, items))
    table = comparison_tables(compared(one, two), 1)["lines"][0]

    sales, others, total = table.rows

    assert ("sales before price concessions", "5", "") == sales
    assert ("2 other lines", "-3.0", "") == others
    assert ("total", "2") == total[:2]


def test_customers_of_one_side_have_a_table():
    comparison = compared(result(0.4), result(0.4, added=["Südgrat"]))
    alone, difference, risk = comparison_tables(comparison)["customers"]

    assert ("Südgrat", "the second") == alone.rows[0][:2]
    assert "–" == row(difference, "Südgrat")["First"]
    assert "Südgrat" not in {each[0] for each in risk.rows}


def test_changes_are_cut_and_counted():
    entries = {f"key{place:02}": float(place) for place in range(30)}
    comparison = compared(result(0.4, {"long": [0.0] * 40}), result(0.4, entries))
    (table,) = comparison_tables(comparison, 5)["scenarios"]

    assert 5 == len(table.rows)
    assert ("26 more in the report and with --json.",) == table.notes
    assert ("long", "(40 entries)", "(absent)") in comparison_tables(comparison)["scenarios"][0].rows


@pytest.mark.parametrize(
    ("scenario", "note"), [({"m": 0.4}, "The two scenarios mean the same."), (None, "does not carry")]
)
def test_no_change_and_no_scenario_are_told_apart(scenario, note):
    one = result_of({"N": SALES}, scenario=scenario)
    (table,) = comparison_tables(compared(one, one))["scenarios"]

    assert () == table.rows
    assert note in table.notes[0]


def test_what_lies_behind_a_difference_beside_the_scenarios_is_noted():
    longer = result(0.4, crcsim_version="0.2.0").assign_coords(period=np.arange(8))
    notes = compared(result(0.4).assign_coords(period=np.arange(4)), longer).notes

    assert notes[0].startswith("Preview: 2,000 paths.")
    assert "different versions of crcsim (0.1.0 and 0.2.0)" in notes[1]
    assert "The horizons differ (1 and 2 years)" in notes[2]


def test_strategies_are_told_by_their_names():
    both = result_of({"N": np.stack([SALES, 1.1 * SALES])}, title="case")
    comparison = compared(both, None)

    assert ("baseline", "act now") == comparison.labels
    assert () == comparison_tables(comparison)["scenarios"]


FACTS = {
    "first": dict,
    "second": dict,
    "paired": bool,
    "unpaired_reason": (str, type(None)),
    "currency": str,
    "valuation_date": str,
    "discounting": str,
    "risk_discounting": str,
    "preview": bool,
    "findings": list,
    "notes": list,
    "caveats": list,
    "changes": (list, type(None)),
    "total": dict,
    "customers": list,
    "levels": list,
    "untouched": list,
    "products": (list, type(None)),
    "lines": (list, type(None)),
    "dominance_test": dict,
}
MEASURES = {"value", "risk_mean", "sd", "conditional_value_at_risk", "loss_probability"}


@pytest.mark.parametrize("name", ["paired", "unpaired"])
def test_facts_have_the_same_shape_paired_or_not(request, name):
    facts = as_facts(request.getfixturevalue(name))

    assert facts == json.loads(json.dumps(facts, allow_nan=False))
    assert list(FACTS) == list(facts)
    assert all(isinstance(facts[key], kinds) for key, kinds in FACTS.items())
    for item in (facts["total"], *facts["customers"], *facts["levels"]):
        assert {"name", "presence", "first", "second", "difference", "dominance"} == set(item)
        assert set(item["first"]) == MEASURES == set(item["second"])
        assert {"estimate", "standard_error"} == set(item["difference"]["value"])
        assert MEASURES < set(item["difference"])
        assert (name == "paired") == (item["difference"]["second_worth_more"]["estimate"] is not None)
        assert (name == "paired") == (item["difference"]["percentiles"]["P5"]["estimate"] is not None)
        assert {"first_order", "second_order"} == set(item["dominance"])


def test_facts_of_lines_add_up(paired):
    facts = as_facts(paired)
    total = sum(line["difference"] for line in facts["lines"] if line["name"] == "total")

    assert facts["total"]["difference"]["value"]["estimate"] == pytest.approx(total)
    assert [{"path": "m", "first": 0.4, "second": 0.5}] == facts["changes"]


def test_page_pictures_and_tables_are_written(paired, tmp_path):
    files = write_comparison(paired, tmp_path / "out")
    page = files[0].read_text("utf-8")

    assert "comparison.html" == files[0].name
    assert {
        "difference.svg",
        "distributions.png",
        "customers.png",
        "lines.svg",
        "lines.csv",
        "changes.csv",
    } < {file.name for file in files}
    assert set(files) == set((tmp_path / "out").iterdir())
    assert 4 == page.count("<figure>")
    assert "before (a.nc)" in page
    assert [] == re.findall(r'(?:href|src)="(?!#)[^"]*"', page)
    with (tmp_path / "out" / "difference.csv").open(encoding="utf-8", newline="") as stream:
        rows = {row["name"]: row for row in csv.DictReader(stream)}
    assert 1e6 == pytest.approx(float(rows["total"]["difference_value"]), rel=0.02)
    assert {
        "first_sd",
        "second_conditional_value_at_risk",
        "difference_percentiles_P5_standard_error",
    } <= set(rows["total"])


def test_pictures_of_another_comparison_do_not_stay(paired, unpaired, tmp_path):
    write_comparison(paired, tmp_path)
    files = write_comparison(unpaired, tmp_path)

    assert "difference.png" not in {file.name for file in files}
    assert set(files) == set(tmp_path.iterdir())


def test_a_folder_that_cannot_be_made_is_an_error(paired, tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")

    with pytest.raises(StorageError, match="could not be written"):
        write_comparison(paired, tmp_path / "file")


def test_texts_of_a_scenario_are_escaped(tmp_path):
    one = result_of({"<b>": SALES, "other": SALES}, scenario={"a": "<script>"}, title="<i>")
    two = result_of({"<b>": SALES + 1, "other": SALES}, scenario={"a": "b"}, title="<i>")
    page = write_comparison(compared(one, two), tmp_path)[0].read_text("utf-8")

    assert "<script>" not in page
    assert "<i>" not in page


def test_every_table_can_be_printed(paired, unpaired):
    for comparison in (paired, unpaired):
        for tables in comparison_tables(comparison).values():
            assert all(plain_text(table) for table in tables)


@pytest.fixture(scope="module")
def strategies():
    """Two strategies of one result: one customer gains 1 M on every path, the other is untouched."""
    values = {"Nordwerk": np.stack([SALES, SALES + 1e6]), "Ostkamm": np.stack([SALES, SALES])}
    said = {
        "strategies": json.dumps([{"name": "act now", "levers": ["one team"]}]),
        "caveats": json.dumps(["Not a cause."]),
    }
    return compared(result_of(values, **said), None)


def test_strategies_of_one_result_are_called_by_their_names(strategies):
    told = " ".join(sentences(strategies))
    difference = comparison_tables(strategies)["customers"][0]

    assert "act now is worth 1 M EUR more than baseline at the WACC." in told
    assert "act now dominates stochastically in the first order" in told
    assert "second less first" not in told
    assert {"act now less baseline", "P(act now > baseline) %"} < set(difference.columns)


def test_customers_that_nothing_changes_are_named_and_left_out_of_tables(strategies):
    tables = comparison_tables(strategies)["customers"]

    assert ["Ostkamm"] == as_facts(strategies)["untouched"]
    assert "so left out of tables: Ostkamm." in sentences(strategies)[-1]
    assert "Left out: 1 with the same value on every path." in tables[0].notes
    for table in tables:
        assert ["Nordwerk", "total"] == [row[0] for row in table.rows]


def test_what_strategies_do_and_their_caveats_stand_on_the_page(strategies, tmp_path):
    page = write_comparison(strategies, tmp_path)[0].read_text("utf-8")

    assert "one team" in page
    assert "Not a cause." in page
    assert ["Not a cause."] == as_facts(strategies)["caveats"]


def test_products_have_a_table(tmp_path):
    first, second = (with_products({"coatings": SALES + more, "service": SALES}) for more in (0.0, 1e6))
    comparison = compared(first, second)
    (table,) = comparison_tables(comparison)["products"]

    assert ["coatings"] == [row[0] for row in table.rows]
    assert "1" == row(table, "coatings")["Second less first"]
    assert "Untouched, and so left out: service." in table.notes
    assert [False, True] == [each["untouched"] for each in as_facts(comparison)["products"]]
    assert "products.csv" in {file.name for file in write_comparison(comparison, tmp_path)}
