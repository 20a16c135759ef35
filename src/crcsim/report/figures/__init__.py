"""Pictures: each function takes finished numbers and returns a figure; nothing here reads a result."""

from crcsim.report.figures.fan import Fan, fan_chart, fan_panels
from crcsim.report.figures.files import inline_svg, png_bytes, svg_text
from crcsim.report.figures.histogram import histogram
from crcsim.report.figures.intervals import Interval, interval_plot, paired_dots
from crcsim.report.figures.style import look, shortened
from crcsim.report.figures.survival import survival_areas, survival_panels
from crcsim.report.figures.waterfall import Step, waterfall

__all__ = [
    "Fan",
    "Interval",
    "Step",
    "fan_chart",
    "fan_panels",
    "histogram",
    "inline_svg",
    "interval_plot",
    "look",
    "paired_dots",
    "png_bytes",
    "shortened",
    "survival_areas",
    "survival_panels",
    "svg_text",
    "waterfall",
]
