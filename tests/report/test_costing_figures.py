"""Pictures of costing: labelled axes, log scales where sizes span decades, marks where they should be."""

import numpy as np
import pytest

from crcsim.report import figures
from crcsim.report.figures.complexity import Complexity
from crcsim.report.figures.degression import Degression

SIZES = np.geomspace(1.0, 1000.0, 50)
LONG = "A company with a name that is much longer than a row of a picture"


def degression(**changes):
    """Cost per order 300, per unit 2; surcharges take 5: they meet at 300 / (5 - 2) = 100."""
    return Degression(
        **{
            "product": "plain",
            "sizes": SIZES,
            "by_process": 2 + 300 / SIZES,
            "by_surcharge": 5.0,
            "break_even": 100.0,
            "mean_size": (400.0, 2.75),
        }
        | changes
    )


def draw_degression():
    return figures.degression_panels([degression(), degression(product=LONG)], "EUR per unit", "Small orders")


def draw_complexity():
    rows = [Complexity("plain", 5.0, 2.75, "×0.55"), Complexity(LONG, 0.01, 9.0, "×900")]
    return figures.complexity_dots(rows, "Overhead per unit (EUR)", "Complex products")


def draw_bars():
    return figures.two_sided_bars(
        [LONG, "Ost"], [3.0, -2.0], ("gets", "gives"), "Difference (k EUR)", "Who pays"
    )


def draw_contributions():
    return figures.contribution_dots(["Ost", LONG], [3.0, 1.0], [2.0, -1.0], "Contribution (k EUR)", "Two")


def draw_stack():
    parts = {"now": [1.0, 0.0], "later": [2.0, 1.0], "never": [0.5, 0.0]}
    return figures.stacked_bars(["product", "order"], parts, ["3.5", "1"], "Costs (k EUR)", "Reducible")


DRAWN = [draw_degression, draw_complexity, draw_bars, draw_contributions, draw_stack]


@pytest.fixture(autouse=True)
def look():
    with figures.look():
        yield


@pytest.mark.parametrize("draw", DRAWN)
def test_axes_are_labelled_with_units_and_pictures_have_a_heading(draw):
    made = draw()

    assert made.get_suptitle()
    assert all("(" in axes.get_xlabel() for axes in made.axes)
    assert draw is not draw_degression or all("EUR per unit" in axes.get_ylabel() for axes in made.axes)


@pytest.mark.parametrize("draw", DRAWN)
def test_the_same_picture_gives_the_same_file_and_no_text_leaves_it(draw):
    first, made = figures.svg_text(draw()), draw()
    again = figures.svg_text(made)
    outside = made.get_tightbbox()

    assert first == again
    assert -0.05 <= outside.x0
    assert outside.x1 <= made.get_figwidth() + 0.05


def test_sizes_over_decades_stand_on_a_log_scale_and_the_break_even_size_is_marked():
    axes = draw_degression().axes[0]
    mark = next(line for line in axes.lines if line.get_marker() == "o")

    assert ("log", "log") == (axes.get_xscale(), axes.get_yscale())
    assert ([100.0], [5.0]) == (list(mark.get_xdata()), list(mark.get_ydata()))
    assert "break-even 100" in [text.get_text() for text in axes.texts]


def test_sizes_of_one_decade_stand_on_a_linear_scale():
    sizes = np.linspace(100.0, 400.0, 20)
    changes = {"sizes": sizes, "by_process": 2 + 300 / sizes}
    axes = figures.degression_panels([degression(**changes)], "EUR per unit", "Large orders").axes[0]

    assert ("linear", "linear") == (axes.get_xscale(), axes.get_yscale())
    assert 0.0 == axes.get_ylim()[0]


def test_a_break_even_size_outside_the_picture_is_named_above_it():
    made = figures.degression_panels([degression(break_even=5000.0)], "EUR per unit", "No crossing")
    axes = made.axes[0]

    assert "plain (break-even 5,000 units)" == axes.get_title(loc="left")
    assert [] == [line for line in axes.lines if line.get_marker() == "o"]


def test_large_sizes_are_written_in_full():
    assert ["12,345", "100", "16.4", "0.186"] == [
        figures.number(size) for size in (12345.4, 100, 16.37, 0.1863)
    ]


def test_a_surcharge_of_nothing_is_drawn_on_a_linear_scale():
    made = figures.degression_panels([degression(by_surcharge=0.0, break_even=None)], "EUR per unit", "Free")

    assert "linear" == made.axes[0].get_yscale()


def test_costs_per_unit_over_decades_stand_on_a_log_scale():
    assert "log" == draw_complexity().axes[0].get_xscale()


def test_bars_have_the_colour_of_their_side_and_the_first_is_on_top():
    axes = draw_bars().axes[0]
    lower, upper = axes.patches

    assert (-2.0, 3.0) == (lower.get_width(), upper.get_width())
    assert lower.get_facecolor() != upper.get_facecolor()
    assert ["gets", "gives"] == [text.get_text() for text in axes.get_legend().get_texts()]


def test_stacked_bars_end_where_the_parts_add_up():
    axes = draw_stack().axes[0]
    ends = [bar.get_x() + bar.get_width() for bar in axes.containers[-1]]

    assert [1.0, 3.5] == ends  # from the bottom up
