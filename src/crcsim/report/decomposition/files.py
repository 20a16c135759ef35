"""A decomposition as one page, a picture and CSV files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup

from crcsim.errors import StorageError
from crcsim.report import figures
from crcsim.report.decomposition.facts import growth_csv, part_csv
from crcsim.report.decomposition.tables import (
    TOTAL,
    customer_table,
    growth_table,
    part_table,
    scale_of,
    title,
)
from crcsim.report.sections import template
from crcsim.results.atomic import replacing

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

__all__ = ["draw", "write"]

PAGE, PICTURE = "decomposition.html", "waterfall"


def draw(parts: xr.Dataset, item: str = TOTAL) -> Figure:
    """The waterfall of an item, from today's wallet to its value; parts that are exactly 0 are left out."""
    scale, found = scale_of(parts, item), parts.sel(item=item)
    steps = []
    for place, name in enumerate(parts["part"].values):
        part = found.sel(part=name)
        value, error = float(part["part_mean"]), float(part["part_mean_standard_error"])
        if place == 0 or value != 0.0:
            sign = "+" if value > 0.0 and place > 0 else ""
            text = f"{sign}{scale.text(value, error)}"
            scaled = value / scale.factor, error / scale.factor
            steps.append(figures.Step(str(name), scaled[0], text, place == 0, scaled[1]))
    value, error = float(found["npv_mean"]), float(found["npv_mean_standard_error"])
    scaled = value / scale.factor, error / scale.factor
    steps.append(figures.Step("value", scaled[0], scale.with_error(value, error), True, scaled[1]))
    first = scale.text(float(found["part_mean"][0]), float(found["part_mean_standard_error"][0]))
    heading = f"{title(item)}: from {first} to {scale.text(value, error)} {scale.unit}"
    return figures.waterfall(steps, f"mean NPV, {scale.unit}", heading)


def write(parts: xr.Dataset, growth: xr.Dataset, folder: Path, item: str) -> tuple[Path, ...]:
    """See `report.decomposition.write_decomposition`."""
    with figures.look():
        made = draw(parts, item)
        document, png = figures.svg_text(made), figures.png_bytes(made)
    contents = {
        folder / PAGE: _page(parts, growth, item, document).encode(),
        folder / f"{PICTURE}.svg": document.encode(),
        folder / f"{PICTURE}.png": png,
        folder / "decomposition.csv": part_csv(parts).encode(),
        folder / "growth.csv": growth_csv(growth).encode(),
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with replacing(*contents) as temporary:
            for path, content in zip(temporary, contents.values(), strict=True):
                path.write_bytes(content)
    except OSError as problem:
        raise StorageError(f"{folder} could not be written: {problem.strerror or problem}.") from problem
    return tuple(contents)


def _page(parts: xr.Dataset, growth: xr.Dataset, item: str, document: str) -> str:
    tables = [part_table(parts, item)]
    if item == TOTAL:
        tables.append(customer_table(parts))
    if item in growth["item"].values:
        tables.append(growth_table(growth, item))
    return template("decomposition.html.j2").render(
        name=parts.attrs["title"],
        item=title(item),
        picture=Markup(figures.inline_svg(document, PICTURE, f"{title(item)}, part by part")),
        tables=tables,
    )
