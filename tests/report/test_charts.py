"""The charts of a result say in their headings what they show."""

import numpy as np
import pytest

from crcsim.report import figures, findings
from crcsim.report.charts import CHART_NAMES, draw_charts


def charts_of(dataset):
    with figures.look():
        return {chart.name: chart for chart in draw_charts(dataset, findings.summarised(dataset))}


@pytest.fixture(scope="module")
def charts(result):
    return charts_of(result)


def test_all_charts_are_there(charts):
    assert list(CHART_NAMES) == list(charts)


def test_headings_say_what_was_found(charts):
    assert "negative on 0.22% of the paths" in charts["value"].heading
    assert charts["survival"].heading.startswith("33% of the relations are active after 10 years")
    assert charts["survival"].heading.endswith("the most frequent end is churn")
    assert "Nordwerk" in charts["customers"].heading


def test_yearly_cash_flow_is_the_sum_of_its_periods(result, charts):
    line = charts["cash_flow"].figure.axes[0].lines[1]  # the median comes first, then the mean
    yearly = result["cash_flow"].isel(strategy=0).values.reshape(10, 4, -1).sum(axis=1).mean(axis=1)

    np.testing.assert_allclose(line.get_ydata(), yearly / 1e6)


def test_flows_are_shown_per_year(charts):
    assert "M EUR per year" in charts["cash_flow"].figure.axes[0].get_ylabel()
    assert "M EUR per year" == charts["drivers"].figure.axes[0].get_ylabel()


def test_value_and_percentiles_are_marked(charts):
    texts = " ".join(text.get_text() for text in charts["value"].figure.axes[0].texts)

    assert "P5 3.92" in texts
    assert "P95 32.5" in texts
    assert "mean 15.12" in texts
    assert "value 12.71 at the WACC" in texts


def test_one_customer_is_not_shown_twice(result):
    charts = charts_of(result.isel(customer=[0], level=[]))

    assert {"value", "cash_flow", "customers", "survival", "drivers"} == set(charts)
    assert charts["survival"].heading.startswith("The relation is active on 51% of the paths")


def test_a_result_without_chance_has_no_shares_of_risk(result):
    certain = result.assign(npv=result["npv"] * 0 + 1e6)

    assert "contributions" not in charts_of(certain)


def test_prospects_start_as_not_active(result):
    changed = result.assign_coords(phase=("customer", ["prospect"] * 6))
    panel = charts_of(changed)["survival_by_customer"].figure.axes[0]

    assert 0.0 == panel.collections[0].get_paths()[0].vertices[1, 1]


def test_panels_show_only_states_that_occur(result):
    never = result.assign(end_cause=result["end_cause"].where(result["end_cause"] != 4, 0).astype("int8"))
    chart = charts_of(never)["survival_by_customer"]
    legend = [text.get_text() for text in chart.figure.legends[0].get_texts()]

    assert ["active", "churned", "taken over", "insolvent"] == [
        name for name in legend if name != "not active"
    ]


def test_many_customers_are_cut_to_the_largest(result):
    import xarray as xr

    copies = [
        result.assign_coords(customer=[f"{name} {number}" for name in result["customer"].values])
        for number in range(5)
    ]
    many = xr.concat(
        copies, "customer", data_vars="minimal", coords="minimal", compat="override", join="override"
    )

    charts = charts_of(many)
    assert "(the largest 20 of 30)" in charts["customers"].heading
    assert "(the largest 20 of 30)" in charts["contributions"].figure.axes[0].get_xlabel()
