"""What is told of strategies side by side: a table, sentences, numbers, pictures."""

import csv
import io
import json

import numpy as np
import pytest

from crcsim.decisions import compare_strategies
from crcsim.report.figures import look
from crcsim.report.strategies import (
    deeds_table,
    facts,
    headline,
    sentences,
    strategy_csv,
    strategy_table,
)
from crcsim.report.strategy_charts import draw_strategy_charts
from crcsim.report.table import plain_text
from tests.decisions.results import result_of

PATHS = 20_000
GENERATOR = np.random.default_rng(20260101)
BASE = GENERATOR.normal(50e6, 10e6, PATHS)


def found_of(*others):
    return compare_strategies(result_of({"N": np.stack([BASE, *others])}))


@pytest.fixture(scope="module")
def found():
    """One better by 2 ± 1 M on every path on average, one that chance alone tells from the baseline."""
    return found_of(BASE + GENERATOR.normal(2e6, 1e6, PATHS), BASE + GENERATOR.normal(0, 1e6, PATHS))


def row(table, name):
    return next(dict(zip(table.columns, row, strict=True)) for row in table.rows if row[0] == name)


def test_the_table_has_value_difference_and_risk_of_every_strategy(found):
    """2 ± 1 M on 20,000 paths: 2.000 ± 0.007; P(difference > 0) = Φ(2) = 97.7 %."""
    table = strategy_table(found)
    better, baseline = row(table, "act now"), row(table, "baseline")
    columns = ("Strategy", "Value", "±", "Less baseline", "±", "P(better) %", "P5", "CVaR 5%", "P(NPV<0) %")

    assert columns == table.columns
    assert 2.0 == pytest.approx(float(better["Less baseline"]), abs=0.03)
    assert 97.7 == pytest.approx(float(better["P(better) %"]), abs=0.5)
    assert "" == baseline["Less baseline"] == baseline["P(better) %"]
    assert plain_text(table)


def test_sentences_tell_what_is_distinguishable_from_zero_and_what_is_not(found):
    sure, unsure, *_ = sentences(found)

    assert sure.startswith("Worth more than baseline at the WACC, beyond sampling error: act now (+")
    assert unsure.startswith("Not distinguishable from baseline: wait (")
    assert "paths would tell." in unsure
    assert headline(found).startswith("act now is worth 2.0")
    assert sentences(found)[-1].endswith("at 95% confidence for all strategies together.")


def test_what_loses_and_what_changes_nothing_is_told_apart():
    told = sentences(found_of(BASE - 1e6, BASE))

    assert told[0].startswith(
        "Worth less than baseline at the WACC, beyond sampling error: act now (-1 M EUR)"
    )
    assert "The same as baseline on every path: wait." in told
    assert any("The worst 5% of the paths are worse than under baseline" in text for text in told)
    assert "No strategy is worth more than baseline beyond its sampling error" == headline(
        found_of(BASE - 1e6, BASE)
    )


def test_a_strategy_that_changes_nothing_is_better_on_no_path():
    assert "0" == row(strategy_table(found_of(BASE)), "act now")["P(better) %"]


def test_small_differences_have_a_unit_of_their_own():
    table = strategy_table(found_of(BASE + 4e3))

    assert "Less baseline k EUR" in table.columns
    assert "Differences are in k EUR." in table.notes[0]


def test_facts_are_numbers_in_full(found):
    told = facts(found)

    assert told == json.loads(json.dumps(told, allow_nan=False))
    assert ["baseline", "act now", "wait"] == [each["name"] for each in told]
    assert told[0]["difference"] is None
    assert 2e6 == pytest.approx(told[1]["difference"], rel=0.02)
    assert (True, False) == (told[1]["established"], told[2]["established"])
    rows = list(csv.DictReader(io.StringIO(strategy_csv(found))))
    assert told[1]["difference"] == float(rows[1]["difference"])
    assert {"strategy", "percentiles_P5", "difference_percentiles_P95"} < set(rows[0])


def test_pictures_say_the_finding_and_their_units(found):
    with look():
        charts = list(draw_strategy_charts(found))
        labels = [text.get_text() for chart in charts for text in chart.figure.findobj(match=_text)]

    assert ["strategies", "strategy_outcomes"] == [chart.name for chart in charts]
    assert charts[0].heading == headline(found)
    assert any("M EUR" in label for label in labels)
    assert [] == list(draw_strategy_charts(compare_strategies(result_of({"N": BASE}))))


def _text(artist):
    return hasattr(artist, "get_text")


def test_every_deed_has_a_row():
    table = deeds_table({"act now": ("one", "two"), "wait": ("three",)})

    assert (("act now", "one"), ("", "two"), ("wait", "three")) == table.rows
