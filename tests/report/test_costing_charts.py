"""Charts of a ledger say what its tables say, and stay readable with one customer and with many."""

from decimal import Decimal
from pathlib import Path

import pytest

from crcsim.report import figures
from crcsim.report.costing import CostingTables, costing_tables
from crcsim.report.costing.charts import CHART_NAMES, draw_charts
from crcsim.report.pictures import Chart
from crcsim.scenario.ledger import load_ledger
from tests.report.random_ledger import write_ledger


def charts_of(tables: CostingTables) -> dict[str, Chart]:
    with figures.look():
        return {chart.name: chart for chart in draw_charts(tables)}


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> CostingTables:
    return costing_tables(load_ledger(write_ledger(tmp_path_factory.mktemp("many"), 60, 1)))


@pytest.fixture(scope="module")
def charts(many: CostingTables) -> dict[str, Chart]:
    return charts_of(many)


@pytest.fixture
def one(tmp_path: Path) -> dict[str, Chart]:
    return charts_of(costing_tables(load_ledger(write_ledger(tmp_path, 1, 2))))


def rows_of(chart: Chart) -> list[str]:
    return [label.get_text() for label in chart.figure.axes[0].get_yticklabels()]


def test_all_charts_are_drawn(charts: dict[str, Chart], one: dict[str, Chart]) -> None:
    assert CHART_NAMES == tuple(charts) == tuple(one)


def test_bars_are_the_differences_of_both_methods_from_best_to_worst(
    many: CostingTables, charts: dict[str, Chart]
) -> None:
    assert many.effects is not None
    stated = {each.customer: each.difference for each in many.effects.allocation}
    chart = charts["allocation-effect"]
    widths = [bar.get_width() for bar in chart.figure.axes[0].patches]  # type: ignore[attr-defined]
    names = rows_of(chart)

    assert widths == sorted(widths)
    assert "(k EUR)" in chart.figure.axes[0].get_xlabel()
    assert pytest.approx([float(stated[name]) / 1000 for name in names]) == widths
    assert f"{sum(value > 0 for name, value in stated.items() if name in many.ledger.customers)} of 60" in (
        chart.heading
    )


@pytest.mark.parametrize("name", ["allocation-effect", "customer-contributions"])
def test_of_many_customers_the_largest_are_shown_and_the_axis_says_so(
    charts: dict[str, Chart], one: dict[str, Chart], name: str
) -> None:
    assert 30 == len(rows_of(charts[name]))
    assert "The 30 largest of 60 customers" in charts[name].figure.axes[0].get_xlabel()
    assert ["Customer 001"] == rows_of(one[name])
    assert "largest" not in one[name].figure.axes[0].get_xlabel()


def test_both_sides_and_losses_are_among_those_shown(many: CostingTables, charts: dict[str, Chart]) -> None:
    assert many.effects is not None
    own = [each.difference for each in many.effects.allocation if each.customer in many.ledger.customers]
    widths = [bar.get_width() for bar in charts["allocation-effect"].figure.axes[0].patches]  # type: ignore[attr-defined]
    above, below = (sum(sign * value > 0 for value in own) for sign in (1, -1))
    sheet = next(each for each in many.portfolio if each.name == "customer-contribution-by-customer")
    losses = [name for name, amount in zip(sheet.columns[2:-1], sheet.rows[-1][2:-1], strict=True)
              if isinstance(amount, Decimal) and amount < 0]  # fmt: skip

    assert min(above, below, 15) <= sum(width > 0 for width in widths) <= max(15, 30 - below)
    assert min(above, below) > 0
    assert 0 < len(losses) <= 15
    assert set(losses) <= set(rows_of(charts["customer-contributions"]))


def test_dots_are_contribution_i_and_ii(many: CostingTables, charts: dict[str, Chart]) -> None:
    sheet = next(each for each in many.portfolio if each.name == "customer-contribution-by-customer")
    lines = {row[1]: dict(zip(sheet.columns, row, strict=True)) for row in sheet.rows}
    axes = charts["customer-contributions"].figure.axes[0]
    top = rows_of(charts["customer-contributions"])[-1]
    factor = 1e6 if "M EUR" in axes.get_xlabel() else 1e3
    for marker, label in (("o", "customer contribution I"), ("s", "customer contribution II")):
        drawn = [line.get_xdata()[0] for line in axes.lines if line.get_marker() == marker]
        amount = lines[label][top]
        assert isinstance(amount, Decimal)
        assert pytest.approx(float(amount) / factor) == drawn[-1]


def test_levels_hold_all_costs(many: CostingTables, charts: dict[str, Chart]) -> None:
    sheet = next(each for each in many.portfolio if each.name == "cost-hierarchy")
    axes = charts["cost-by-level"].figure.axes[0]
    drawn = sum(bar.get_width() for bars in axes.containers for bar in bars)
    whole = sheet.rows[-1][1]
    assert isinstance(whole, Decimal)
    factor = 1e6 if "M EUR" in axes.get_xlabel() else 1e3

    assert pytest.approx(float(whole) / factor) == drawn


def test_a_panel_per_product_meets_at_the_break_even_size(repository: Path) -> None:
    ledger = repository / "scenarios" / "costing-example" / "ledger.yaml"
    tables = costing_tables(load_ledger(ledger))
    axes = charts_of(tables)["degression-effect"].figure.axes
    assert tables.effects is not None

    assert {each.product for each in tables.effects.complexity} == {
        each.get_title(loc="left").split(" (")[0] for each in axes
    }
    for each in axes:
        marks = [line for line in each.lines if line.get_marker() == "o"]
        curve, flat = each.lines[0], each.lines[1]
        for mark in marks:
            size, cost = mark.get_xdata()[0], mark.get_ydata()[0]
            assert flat.get_ydata()[0] == cost
            found = min(
                zip(curve.get_xdata(), curve.get_ydata(), strict=True), key=lambda at: abs(at[0] - size)
            )
            assert pytest.approx(cost, rel=0.05) == found[1]


def test_a_ledger_without_processes_has_no_methods_to_compare(tmp_path: Path) -> None:
    text = (
        "ledger: 1\ncurrency: EUR\nperiods: [{name: 2026, years: 0}]\ncustomers: [{name: Ost}]\n"
        "orders: [{order: o1, customer: Ost, product: p, period: 2026, units: 1, sales: 9, material: 4}]\n"
    )
    (tmp_path / "ledger.yaml").write_text(text, encoding="utf-8")
    tables = costing_tables(load_ledger(tmp_path / "ledger.yaml"))

    assert ["customer-contributions", "cost-by-level"] == list(charts_of(tables))
