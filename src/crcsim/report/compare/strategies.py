"""All strategies of a result beside one of them, as one page that leads to the comparison of each."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from crcsim.decisions import compare_strategies
from crcsim.errors import StorageError
from crcsim.report.compare.files import PAGE
from crcsim.report.pictures import pictures_of
from crcsim.report.sections import Section, template
from crcsim.report.strategies import deeds_table, headline, sentences, strategy_csv, strategy_table
from crcsim.report.strategy_charts import draw_strategy_charts
from crcsim.results.atomic import replacing
from crcsim.results.strategies import caveats, deeds, strategy_names

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["write"]

_PAGE, _TABLE = "strategies.html", "strategies.csv"


def write(dataset: xr.Dataset, folder: Path) -> tuple[Path, ...]:
    """Write page, pictures and table into `folder`; see `crcsim.report.compare.write_strategies`."""
    found, told = compare_strategies(dataset), deeds(dataset)
    first, *others = strategy_names(dataset)
    pictures = pictures_of(draw_strategy_charts(found))
    tables = [strategy_table(found), *([deeds_table(told)] if told else [])]
    page = template("comparison.html.j2").render(
        labels=(first, ", ".join(others)),
        headline=headline(found),
        sentences=sentences(found),
        notes=caveats(dataset),
        sections=[Section("Strategies", pictures, tables)],
        links=[(f"{place}/{PAGE}", f"{name} and {first}") for place, name in enumerate(others, start=1)],
    )
    contents = {folder / _PAGE: page.encode(), folder / _TABLE: strategy_csv(found).encode()}
    for picture in pictures:
        contents[folder / f"{picture.name}.svg"] = picture.document.encode()
        contents[folder / f"{picture.name}.png"] = picture.png
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with replacing(*contents) as temporary:
            for path, content in zip(temporary, contents.values(), strict=True):
                path.write_bytes(content)
    except OSError as problem:
        raise StorageError(f"{folder} could not be written: {problem.strerror or problem}.") from problem
    return tuple(contents)
