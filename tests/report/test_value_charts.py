"""The waterfall ends where it must, ranks stand where they are, and both are told apart without colour."""

import re

import numpy as np
import pytest
from matplotlib.patches import Rectangle

from crcsim.report import figures
from crcsim.report.value_charts import VALUE_CHARTS, draw_value_charts
from crcsim.report.views import Views
from tests.report.conftest import reconciled

STEPS = [
    figures.Step("Nordwerk", 10.0, "10.0"),
    figures.Step("unallocated", -4.0, "-4.0"),
    figures.Step("company value", 6.0, "6.0", total=True),
    figures.Step("debt", -8.0, "-8.0"),
    figures.Step("shareholder value", -2.0, "-2.0", total=True),
]


def bars(figure):
    """(start, end, hatched) of the bars, first on top."""
    found = [each for each in figure.axes[0].patches if isinstance(each, Rectangle)]
    return [(*sorted((bar.get_x(), bar.get_x() + bar.get_width())), bool(bar.get_hatch())) for bar in found]


def test_bars_of_a_waterfall_hang_on_each_other():
    assert [
        (0.0, 10.0, False),
        (6.0, 10.0, True),
        (0.0, 6.0, False),
        (-2.0, 6.0, True),
        (-2.0, 0.0, False),
    ] == bars(figures.waterfall(STEPS, "M EUR", "From the customers"))


def test_no_bar_of_a_waterfall_is_cut():
    axes = figures.waterfall(STEPS, "M EUR", "From the customers").axes[0]
    low, high = axes.get_xlim()

    assert low <= -2.0
    assert high > 10.0
    assert "M EUR" == axes.get_xlabel()


def slopes():
    return [
        figures.Slope("A", (1, 2, 3), ((1, 1), (1, 2), (3, 3)), highlighted=True),
        figures.Slope("B", (2, 1, 1), ((2, 2), (1, 2), (1, 1))),
        figures.Slope("C", (30, 30, 20), ((30, 30), (30, 30), (20, 20))),
    ]


def test_ranks_close_where_lines_are_left_out_and_keep_their_numbers():
    axes = figures.rank_slopes(slopes(), ["near", "medium", "far"], "A falls").axes[0]
    lines = {tuple(line.get_ydata()) for line in axes.get_lines()}
    texts = {text.get_text() for text in axes.texts}

    assert {(1, 2, 2), (2, 1, 1), (3, 3, 3)} <= lines
    assert {"A  1", "3  A", "C  30", "20  C"} <= texts
    assert ["near", "medium", "far"] == [text.get_text() for text in axes.get_xticklabels()]


def test_only_highlighted_lines_have_colour_and_each_its_own_marker():
    many = [figures.Slope(str(n), (n, n), ((n, n), (n, n)), n <= 6) for n in range(1, 9)]
    axes = figures.rank_slopes(many, ["one", "two"], "Six stand out").axes[0]
    thick = [line for line in axes.get_lines() if line.get_linewidth() == 2.2]

    assert 6 == len(thick)
    assert 6 == len({(line.get_color(), line.get_marker()) for line in thick})
    assert 6 == len({line.get_marker() for line in thick})


def test_charts_of_a_result_say_what_they_show(result):
    with figures.look():
        made = {chart.name: chart for chart in draw_value_charts(Views.of(result))}

    assert set(VALUE_CHARTS) == set(made)
    assert made["shareholder"].heading.startswith("From the customers to company value: ")
    for chart in made.values():
        assert re.search("<svg ", figures.svg_text(chart.figure))


def test_customers_beyond_twelve_are_one_step(result):
    import xarray as xr

    copies = [
        result.isel(path=slice(100)).assign_coords(
            customer=[f"{name} {n}" for name in result["customer"].values]
        )
        for n in range(3)
    ]
    options = {"data_vars": "minimal", "coords": "minimal", "compat": "override", "join": "override"}
    views = Views.of(reconciled(xr.concat(copies, "customer", **options)))
    with figures.look():
        chart = next(each for each in draw_value_charts(views) if each.name == "shareholder")
    names = [text.get_text() for text in chart.figure.axes[0].get_yticklabels()]

    assert 12 + 1 + 1 + 1 == len(names)
    assert "6 more customers" in names
    ends = bars(chart.figure)
    total = float(views.shareholder["mean"].values[-1])
    assert total == pytest.approx(ends[-1][1] * 1e6, rel=1e-9)
    assert np.isclose(ends[-2][0], ends[-1][1]) or np.isclose(ends[-2][1], ends[-1][1])


def test_one_customer_has_no_chart_of_ranks(result):
    with figures.look():
        made = list(draw_value_charts(Views.of(reconciled(result.isel(customer=[0])))))

    assert ["shareholder"] == [chart.name for chart in made]
