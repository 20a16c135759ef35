"""Pictures: each function takes finished numbers and returns a figure; nothing here reads a result."""

from crcsim.report.figures.bars import Bar, signed_bars
from crcsim.report.figures.complexity import Complexity, complexity_dots
from crcsim.report.figures.contributions import contribution_dots
from crcsim.report.figures.degression import Degression, degression_panels
from crcsim.report.figures.fan import Fan, fan_chart, fan_panels
from crcsim.report.figures.files import inline_svg, png_bytes, svg_text
from crcsim.report.figures.frontier import frontier
from crcsim.report.figures.histogram import histogram
from crcsim.report.figures.intervals import Interval, interval_plot, paired_dots
from crcsim.report.figures.lever_dots import LeverDot, lever_dots
from crcsim.report.figures.overlay import overlay
from crcsim.report.figures.potential_map import Prospect, potential_map
from crcsim.report.figures.side_by_side import Estimate, side_by_side
from crcsim.report.figures.slopes import Slope, rank_slopes
from crcsim.report.figures.stacked_bars import stacked_bars
from crcsim.report.figures.start_lines import StartLine, start_lines
from crcsim.report.figures.style import add_to_title, look, number, shortened
from crcsim.report.figures.survival import survival_areas, survival_panels
from crcsim.report.figures.tornado import Swing, tornado
from crcsim.report.figures.two_sided_bars import two_sided_bars
from crcsim.report.figures.value_tree import TreeRow, value_tree
from crcsim.report.figures.waterfall import Step, waterfall

__all__ = [
    "Bar",
    "Complexity",
    "Degression",
    "Estimate",
    "Fan",
    "Interval",
    "LeverDot",
    "Prospect",
    "Slope",
    "StartLine",
    "Step",
    "Swing",
    "TreeRow",
    "add_to_title",
    "complexity_dots",
    "contribution_dots",
    "degression_panels",
    "fan_chart",
    "fan_panels",
    "frontier",
    "histogram",
    "inline_svg",
    "interval_plot",
    "lever_dots",
    "look",
    "number",
    "overlay",
    "paired_dots",
    "png_bytes",
    "potential_map",
    "rank_slopes",
    "shortened",
    "side_by_side",
    "signed_bars",
    "stacked_bars",
    "start_lines",
    "survival_areas",
    "survival_panels",
    "svg_text",
    "tornado",
    "two_sided_bars",
    "value_tree",
    "waterfall",
]
