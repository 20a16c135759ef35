"""Charts in the forms in which they are needed: inside a page, as SVG and as PNG file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from markupsafe import Markup
from matplotlib.figure import Figure

from crcsim.report import figures

__all__ = ["Chart", "Picture", "labelled", "pictures_of"]


@dataclass(frozen=True)
class Chart:
    """A finished picture: `name` of its files and section, `heading` that says what it shows."""

    name: str
    heading: str
    figure: Figure


def labelled(charts: Iterable[Chart], words: str) -> Iterator[Chart]:
    """The charts with these words in their headings; as they are without."""
    for chart in charts:
        if words:
            figures.add_to_title(chart.figure, words)
        yield replace(chart, heading=f"{chart.heading} ({words})") if words else chart


@dataclass
class Picture:
    """A chart in the forms in which it is needed."""

    name: str
    heading: str
    inline: Markup
    document: str
    png: bytes


def pictures_of(charts: Iterable[Chart]) -> list[Picture]:
    """Draw charts, which may come from a generator, in the house style."""
    made = []
    with figures.look():
        for chart in charts:
            document = figures.svg_text(chart.figure)
            inline = Markup(figures.inline_svg(document, chart.name, chart.heading))
            made.append(Picture(chart.name, chart.heading, inline, document, figures.png_bytes(chart.figure)))
    return made
