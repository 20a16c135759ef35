"""The report: one HTML page with its pictures inside, beside it the pictures and statements as files."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crcsim.decisions import compare_strategies
from crcsim.errors import StorageError
from crcsim.measures import layers, summary
from crcsim.report import findings, tables
from crcsim.report.accounts import FILES, Accounts, accounts
from crcsim.report.charts import CHART_NAMES, draw_charts
from crcsim.report.decide.answer import Answer
from crcsim.report.decide.beside import first_charts, told
from crcsim.report.decide.overview import overview
from crcsim.report.pictures import Chart, Picture, labelled, pictures_of
from crcsim.report.sections import Section, template
from crcsim.report.strategies import deeds_table, sentences, strategy_csv, strategy_table
from crcsim.report.strategy_charts import STRATEGY_CHARTS, draw_strategy_charts
from crcsim.report.table import Table
from crcsim.report.tree_chart import tree_chart
from crcsim.report.value_charts import VALUE_CHARTS, draw_value_charts
from crcsim.report.views import Views
from crcsim.results.atomic import replacing
from crcsim.results.strategies import alone, caveats, deeds, narrowed, of_strategy, strategy_names

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["write"]

PAGE, STRATEGIES = "report.html", "strategies.csv"

#: Beginning of the names of pictures of answers.
_DECISION = "decision-"


def write(
    dataset: xr.Dataset,
    folder: Path,
    views: Views | None = None,
    strategy: str | None = None,
    strategies: Iterable[str] | None = None,
    answers: tuple[Answer, ...] = (),
) -> Path:
    """Write page, pictures and statements into `folder`; see `crcsim.report.write_report`."""
    one, several = of_strategy(dataset, strategy), dataset.sizes["strategy"] > 1
    beside = compare_strategies(narrowed(dataset, strategies)) if several else None
    label = f"strategy {one['strategy'].values[0]}" if several else ""
    found, books, views = findings.summarised(one), accounts(one), views or Views.of(one)
    charts = labelled(chain(draw_charts(one, found), _tree(books), draw_value_charts(views)), label)
    drawn = chain(draw_strategy_charts(beside) if beside is not None else (), first_charts(answers), charts)
    pictures = {picture.name: picture for picture in pictures_of(drawn)}  # drawn while the style holds
    sections = _labelled(_sections(one, found, views, books, pictures), label)
    if beside is not None:
        sections.insert(0, _strategies(one, beside, pictures))
    if answers:
        shown = [picture for name, picture in pictures.items() if name.startswith(_DECISION)]
        sections.insert(0, Section("Decisions", shown, [], told(answers)))
        if (levers := overview(answers)) is not None:
            sections.insert(0, Section("Where the next money goes", [], [levers]))
    further = [caveat for answer in answers for caveat in answer.caveats]
    contents: dict[Path, bytes] = {folder / PAGE: _page(one, found, sections, label, further).encode()}
    for name, text in books.files().items() if books is not None else ():
        contents[folder / name] = text.encode()
    if beside is not None:
        contents[folder / STRATEGIES] = strategy_csv(beside).encode()
    for picture in pictures.values():
        contents[folder / f"{picture.name}.svg"] = picture.document.encode()
        contents[folder / f"{picture.name}.png"] = picture.png
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with replacing(*contents) as temporary:
            for path, content in zip(temporary, contents.values(), strict=True):
                path.write_bytes(content)
        names = (*STRATEGY_CHARTS, *CHART_NAMES, *VALUE_CHARTS)
        possible = [f"{name}.{ending}" for name in names for ending in ("svg", "png")]
        answered = [path.name for path in folder.glob(f"{_DECISION}*.*")]
        for name in (*possible, *answered, *FILES, STRATEGIES):
            if folder / name not in contents:  # of another result that was reported here
                (folder / name).unlink(missing_ok=True)
    except OSError as problem:
        raise StorageError(f"{folder} could not be written: {problem.strerror or problem}.") from problem
    return folder / PAGE


def _tree(books: Accounts | None) -> Iterable[Chart]:
    if books is not None:
        yield Chart("value_tree", *tree_chart(books.tree))


def _strategies(dataset: xr.Dataset, beside: xr.Dataset, pictures: dict[str, Picture]) -> Section:
    """All strategies beside the baseline: what is established in words, pictures, tables."""
    told = deeds(dataset, strategy_names(beside))
    made = [strategy_table(beside), *([deeds_table(told)] if told else [])]
    return Section("Strategies", [pictures[name] for name in STRATEGY_CHARTS], made, sentences(beside))


def _labelled(sections: Iterable[Section], label: str) -> list[Section]:
    """The sections with a label behind the title of every table."""
    return [
        replace(section, tables=[table.labelled(label) for table in section.tables]) for section in sections
    ]


def _page(
    dataset: xr.Dataset,
    found: xr.Dataset,
    sections: list[Section],
    label: str,
    more_caveats: Iterable[str],
) -> str:
    attributes = dataset.attrs
    return template("report.html.j2").render(
        name=attributes.get("title") or "Scenario",
        headline=findings.headline(found),
        interval=findings.interval(found),
        verdict=findings.digits_verdict(found),
        preview=int(found.attrs["paths"]) < findings.PREVIEW_PATHS,
        paths=f"{int(found.attrs['paths']):,}",
        label=label,
        caveats=tuple(dict.fromkeys([*caveats(dataset), *more_caveats])),
        warnings=json.loads(attributes.get("warnings", "[]")),
        sections=sections,
        provenance=_provenance(attributes),
        scenario=attributes.get("scenario_text", ""),
    )


def _sections(
    dataset: xr.Dataset,
    found: xr.Dataset,
    views: Views,
    books: Accounts | None,
    pictures: dict[str, Picture],
) -> list[Section]:
    rates = float(dataset["cost_of_capital"].mean()), float(dataset["risk_free_rate"].mean())
    totals = findings.totals_by_discounting(dataset)
    uncertainty = [tables.discounting_table(totals, found, rates), tables.beta_table(found)]
    if "npv_fresh" in dataset:
        split = alone(layers(dataset))
        uncertainty.append(tables.layer_table(split, tables.ranked(found)))

    def chosen(*names: str) -> list[Picture]:
        return [pictures[name] for name in names if name in pictures]

    accounting = []
    if books is not None:
        accounting.append(Section("What drives the value", chosen("value_tree"), books.tree_tables()))
        accounting.append(Section("Statements", [], books.statement_tables()))
    return [
        Section("Value", chosen("value")),
        Section("Cash flow", chosen("cash_flow")),
        *accounting,
        Section("Customers", chosen("customers"), [tables.value_table(found), *_groups(dataset)]),
        *(Section(title, chosen(*names), made) for title, names, made in views.sections()),
        Section("Survival", chosen("survival", "survival_by_customer"), [tables.ends_table(found)]),
        Section("Drivers", chosen("drivers", "sales_by_customer")),
        Section("Risk", chosen("contributions"), _risk_tables(found)),
        Section("Discounting", [], [*uncertainty, *views.rate_tables(found)]),
    ]


def _risk_tables(found: xr.Dataset) -> list[Table]:
    made = [tables.risk_table(found)]
    if tables.has_horizon(found):
        made.append(tables.risk_table(found, horizon=False))
    if len(tables.ranked(found)) > 1:
        made.append(tables.concentration_table(found))
    return made


def _groups(dataset: xr.Dataset) -> list[Table]:
    """Tables by segment and by geography, where the scenario names more than one."""
    made = []
    for by in ("segment", "geography"):
        if len(set(dataset[by].values.tolist())) > 1:
            made.append(tables.group_table(alone(summary(dataset, by)), by))
    return made


def _provenance(attributes: dict[str, Any]) -> list[tuple[str, str]]:
    """What is needed to make the same numbers again."""
    packages = json.loads(attributes.get("packages", "{}"))
    machine = json.loads(attributes.get("machine", "{}"))
    rows = [
        ("Seed", str(attributes.get("seed", ""))),
        (
            "Paths",
            f"{int(attributes['paths']):,} (bands over time: the first {int(attributes['band_paths']):,})",
        ),
        (
            "crcsim",
            f"{attributes.get('crcsim_version', '')}, stream version {attributes.get('stream_version', '')}",
        ),
        ("Valuation date", str(attributes.get("valuation_date", ""))),
        (
            "Periods per year",
            f"{attributes.get('periods_per_year', '')}, flows at the {attributes.get('flow_timing', '')}",
        ),
        ("Content hash", str(attributes.get("content_hash", "not saved"))),
        ("Made", str(attributes.get("created", ""))),
        ("Packages", ", ".join(f"{name} {version}" for name, version in packages.items())),
        ("Machine", ", ".join(f"{name} {value}" for name, value in machine.items() if value)),
    ]
    files = json.loads(attributes.get("files", "[]"))
    return rows + [("File", f"{file['path']} (SHA-256 {file['sha256'][:16]}…)") for file in files]
