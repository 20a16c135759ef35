"""Pictures: labelled axes, labels that do not overlap, small and repeatable files."""

import re
import warnings

import numpy as np
import pytest

from crcsim.report import figures
from crcsim.report.figures import style

YEARS = np.arange(1.0, 6.0)
QUANTILES = {0.05: YEARS, 0.25: YEARS + 1, 0.5: YEARS + 2, 0.75: YEARS + 3, 0.95: YEARS + 4}


def fan(**changes):
    return figures.Fan(
        **{
            "name": "Sales",
            "unit": "M EUR per year",
            "years": YEARS,
            "quantiles": QUANTILES,
            "mean": YEARS + 2.2,
        }
        | changes
    )


def draw_fan():
    return figures.fan_chart(fan(), "Sales grow", "Year")


def draw_panels():
    return figures.fan_panels([fan(name="A"), fan(name="B", mean=None), fan(name="C")], "Three fans", "Year")


def draw_histogram():
    values = np.random.default_rng(1).normal(10.0, 5.0, 1_000)
    marks = {
        "P5": (2.0, "2.0"),
        "P95": (18.0, "18.0"),
        "mean": (10.0, "10.0"),
        "value": (9.0, "9.0 at the WACC"),
    }
    return figures.histogram(values, marks, "NPV (M EUR)", "Mostly positive")


def draw_intervals():
    items = [
        figures.Interval(name, -1.0, 0.0, 1.0, 2.0, 3.0, 1.1, "1.10 ± 0.02") for name in ("Ost", "A & <B>")
    ]
    return figures.interval_plot(items, "NPV (M EUR)", "Two customers")


def draw_dots():
    return figures.paired_dots(["Ost", "West"], [60.0, 40.0], [70.0, 30.0], "Share (%)", "Value and risk")


def states():
    lost = np.linspace(0.0, 0.4, 5)
    return {"active": 1.0 - lost, "churn": 0.75 * lost, "insolvency": 0.25 * lost}


def draw_survival():
    return figures.survival_areas(YEARS, states(), "60% remain", "Year")


def draw_survival_panels():
    return figures.survival_panels(YEARS, [(name, states()) for name in "ABCD"], "Four customers", "Year")


def draw_overlay():
    first, second = np.random.default_rng(3).normal(10.0, 5.0, (2, 1_000))
    means = ((10.0, "10.0 ± 0.2"), (12.0, "12.0 ± 0.2"))
    return figures.overlay(first, second + 2.0, means, "NPV (M EUR)", "Two plans")


def draw_bars():
    bars = [
        figures.Bar("material", 3.0, 0.2, "3.0 ± 0.2"),
        figures.Bar("A & <B>", -1.0, np.nan, "-1.0"),
        figures.Bar("total", 2.0, 0.3, "2.0 ± 0.3", total=True),
    ]
    return figures.signed_bars(bars, "Second less first (M EUR)", "Two lines")


DRAWN = [
    draw_fan,
    draw_panels,
    draw_histogram,
    draw_intervals,
    draw_dots,
    draw_overlay,
    draw_bars,
    draw_survival,
    draw_survival_panels,
]


@pytest.fixture(autouse=True)
def look():
    with figures.look():
        yield


@pytest.mark.parametrize("draw", DRAWN)
def test_every_axis_has_a_label_with_its_unit_and_every_picture_a_heading(draw):
    made = draw()
    visible = [axes for axes in made.axes if axes.get_visible()]

    assert made.get_suptitle()
    assert all(axes.get_xlabel() for axes in visible if axes.get_subplotspec().is_last_row())
    named_rows = (draw_intervals, draw_dots, draw_bars)  # their rows carry names instead of a scale
    assert draw in named_rows or all(
        axes.get_ylabel() for axes in visible if axes.get_subplotspec().is_first_col()
    )


@pytest.mark.parametrize("draw", DRAWN)
def test_the_same_picture_gives_the_same_file(draw):
    assert figures.svg_text(draw()) == figures.svg_text(draw())


@pytest.mark.parametrize("draw", DRAWN)
def test_pictures_are_small_and_refer_to_nothing_outside(draw):
    inline = figures.inline_svg(figures.svg_text(draw()), "one", "What is seen")

    assert len(inline) < 120_000
    assert [] == re.findall(r'(?:href|src)="(?!#)[^"]*"', inline)
    assert "<script" not in inline
    assert "<metadata" not in inline


def test_ids_of_two_pictures_on_a_page_differ():
    document = figures.svg_text(draw_survival())
    first, second = (
        set(re.findall(r' id="([^"]+)"', figures.inline_svg(document, name, ""))) for name in "ab"
    )

    assert first
    assert set() == first & second


def test_every_reference_of_an_inline_picture_is_defined():
    inline = figures.inline_svg(figures.svg_text(draw_intervals()), "one", "")

    assert set(re.findall(r'(?:url\(|href=")#([^)"]+)', inline)) == set(re.findall(r' id="([^"]+)"', inline))


def test_the_description_is_escaped():
    inline = figures.inline_svg(figures.svg_text(draw_fan()), "one", 'A "great" <value> & more')

    assert 'aria-label="A &quot;great&quot; &lt;value> &amp; more"' in inline


def test_png_has_the_width_of_a_page():
    data = figures.png_bytes(draw_fan())

    assert b"\x89PNG" == data[:4]
    assert 1000 < int.from_bytes(data[16:20], "big") < 1200


def test_names_with_dollars_or_in_another_script_are_drawn_without_warnings():
    items = [figures.Interval("$A_1$ 東京", 0.0, 1.0, 2.0, 3.0, 4.0, 2.0, "2")]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        made = figures.interval_plot(items, "NPV (M EUR)", "One $customer$")
        document = figures.svg_text(made)
        figures.png_bytes(made)

    assert "$A_1$ 東京" in document


def test_a_single_period_is_drawn():
    one = {level: line[:1] for level, line in QUANTILES.items()}

    assert figures.png_bytes(figures.fan_chart(fan(years=YEARS[:1], quantiles=one, mean=None), "One", "Year"))


def test_values_without_spread_are_drawn():
    assert figures.png_bytes(
        figures.histogram(np.full(10, 3.0), {"mean": (3.0, "3")}, "NPV (EUR)", "Certain")
    )


def test_two_certain_values_are_drawn():
    certain = np.full(10, 3.0)

    assert figures.png_bytes(figures.overlay(certain, certain, ((3.0, "3"),) * 2, "NPV (EUR)", "Certain"))


def test_losses_and_gains_of_bars_differ_in_colour_and_the_interval_is_that_of_95_percent():
    axes = draw_bars().axes[0]
    colours = {bar.get_facecolor() for bar in axes.patches}
    reaches = sorted(
        float(line.get_xdata()[-1] - line.get_xdata()[0]) / 2
        for line in axes.lines
        if len(line.get_xdata()) == 2 and line.get_ydata()[0] == line.get_ydata()[-1]
    )

    assert 3 == len(colours)
    assert [0.392, 0.588] == pytest.approx(reaches)
    assert "−1.0" in [text.get_text() for text in axes.texts]


def test_undefined_ends_get_no_label():
    gone = {level: np.where(YEARS > 3, np.nan, line) for level, line in QUANTILES.items()}

    assert [] == fan(quantiles=gone, mean=None).ends()


def test_labels_move_as_little_as_needed():
    assert [0.0, 5.0, 10.0] == style.spread([0.0, 5.0, 10.0], 2.0).tolist()
    assert [4.0, 6.0] == style.spread([5.0, 5.0], 2.0).tolist()
    assert [6.0, 4.0] == style.spread([5.5, 4.5], 2.0).tolist()


def test_labels_keep_their_distance_whatever_their_places():
    places = np.random.default_rng(2).uniform(0.0, 10.0, 30)
    spread = np.sort(style.spread(places.tolist(), 0.5))

    assert np.diff(spread).min() >= 0.5 - 1e-9


def test_losses_and_gains_do_not_share_a_bar():
    edges = [bar.get_x() for bar in draw_histogram().axes[0].patches]

    assert min(abs(edge) for edge in edges) < 1e-9


def test_the_look_leaves_the_callers_settings_alone():
    import matplotlib as mpl

    before = mpl.rcParamsDefault["font.size"]
    with figures.look():
        assert 9 == mpl.rcParams["font.size"]

    assert before == mpl.rcParamsDefault["font.size"]


def test_a_rare_end_is_not_called_impossible():
    rare = {"active": np.full(YEARS.size, 0.998), "churn": np.full(YEARS.size, 0.002)}
    made = figures.survival_areas(YEARS, rare, "Hardly any loss", "Year")

    assert ["active 100%", "churned <1%"] == [text.get_text() for text in made.axes[0].texts]
