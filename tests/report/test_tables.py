"""The tables say what the summary says."""

import numpy as np
import pytest

from crcsim.measures import layers
from crcsim.report import findings, tables


@pytest.fixture(scope="module")
def found(result):
    return findings.summarised(result)


def column(table, heading):
    place = table.columns.index(heading)
    return [row[place] for row in table.rows]


def test_customers_stand_in_order_of_value_then_levels_then_the_total(found):
    table = tables.value_table(found)

    values = [float(text) for text in column(table, "Value")[:6]]
    assert sorted(values, reverse=True) == values
    assert ["company", "total"] == column(table, "Customer")[-2:]
    assert 2 == table.totals


def test_values_say_at_which_discounting_they_stand(found):
    assert "Value at the WACC (M EUR)" == tables.value_table(found).title
    assert (
        "Value at state prices (M EUR)" == tables.value_table(found.assign_attrs(headline="deflator")).title
    )


def test_the_unit_suits_the_largest_customer_also_where_the_total_is_large(found):
    many = found.copy(deep=True)
    many["value_mean"].loc[{"item": "total"}] = 4.4e9

    assert "bn EUR" == tables.scale_of(many).unit
    assert "4,400" in column(tables.value_table(many), "Value")[-1]


def test_a_short_table_says_how_many_are_missing(found):
    table = tables.value_table(found, most=2)

    assert 4 == len(table.rows)
    assert "4 more" in table.notes[-1]


def test_the_spread_says_under_which_discounting_it_stands(found):
    assert "risk-free" in tables.value_table(found).notes[0]
    assert "WACC" in tables.value_table(found).notes[0]


def test_a_value_without_chance_has_no_error(found):
    table = tables.value_table(found)

    assert "" == column(table, "±")[column(table, "Customer").index("company")]


def test_ends_add_up_to_all_paths(found):
    table = tables.ends_table(found)

    assert ("Customer", "active", "churned", "taken over", "insolvent", "merged") == table.columns
    for row in table.rows:
        assert sum(float(text) for text in row[1:]) == pytest.approx(100.0, abs=0.3)


def test_prospects_and_lost_customers_that_may_return_are_told_from_active_ones(result):
    changed = result.copy()
    changed["customer_active_mean"] = 0.5 * result["customer_active_mean"]
    table = tables.ends_table(findings.summarised(changed))

    assert "not active" in table.columns
    assert "prospect" in table.notes[0]


def test_discountings_are_explained_and_the_headline_is_marked(result, found):
    table = tables.discounting_table(findings.totals_by_discounting(result), found, (0.075, 0.03))

    assert ["WACC (headline)", "risk-free rate", "state prices"] == column(table, "Discounted by")
    assert "7.50%" in column(table, "Meaning")[0]
    assert "implied beta" in column(table, "Meaning")[2]


def test_contributions_to_the_tail_add_up(found):
    table = tables.risk_table(found)

    parts = [float(text) for text in column(table, "On the worst 5%")]
    assert sum(parts[:-1]) == pytest.approx(parts[-1], abs=0.05)


def test_concentration_counts_no_more_customers_than_there_are(found):
    labels = [row[0] for row in tables.concentration_table(found).rows]

    assert "share of the 5 largest customers" in labels
    assert "share of the 10 largest customers" not in labels
    assert "value destroyed by customers worth less than nothing" in labels


def test_betas_stand_beside_each_other(found):
    table = tables.beta_table(found)

    assert "1.10" == column(table, "Assumed beta")[column(table, "Customer").index("Nordwerk")]
    assert "total" == column(table, "Customer")[-1]


def test_layers_split_the_variance(result):
    fresh = result.assign(npv_fresh=result["npv"].copy(data=result["npv"].values[..., ::-1]))
    table = tables.layer_table(layers(fresh).isel(strategy=0), ["Nordwerk", "Fjordline"], most=1)

    assert ["Nordwerk", "total"] == column(table, "Customer")
    assert "at the WACC" in table.notes[0]
    for row in table.rows:
        assert float(row[1]) + float(row[3]) == pytest.approx(100.0, abs=0.2)


def test_groups_hold_the_same_total(result, found):
    from crcsim.measures import summary

    groups = tables.group_table(summary(result, "segment").isel(strategy=0), "segment")

    assert tables.value_table(found).rows[-1] == groups.rows[-1]
    assert {"industry", "marine", "small", "company", "total"} == set(column(groups, "Segment"))


def test_a_value_after_the_horizon_gets_a_column_and_a_second_tail(result):
    later = result.assign(horizon_value=0.25 * result["npv"])
    found = findings.summarised(later)
    table = tables.value_table(found)

    assert np.isclose(28.2, float(column(table, "Horizon %")[-1]), atol=1.0)
    assert "without the value after the horizon" in tables.risk_table(found, horizon=False).title
