"""Several strategies on the command line: simulated, told side by side, shown one by one."""

import json

import pytest

from crcsim import load, load_scenario, save, simulate
from tests.strategies import beside

CAVEAT = "Effects of executive roles rest on correlation, not on cause."
DEEDS = [{"name": "care", "levers": ["embedded_team: start now"]}]


def several(scenario, text, paths=200):
    """Baseline, more direct cost, and the same again."""
    plans = {"baseline": "350 k EUR", "care": "450 k EUR", "idle": "350 k EUR"}
    results = {}
    for name, cost in plans.items():
        path = scenario.with_name(f"{name}.yaml")
        path.write_text(text.replace("350 k EUR", cost), encoding="utf-8")
        results[name] = simulate(load_scenario(path), paths=paths, seed=5)
        path.unlink()
    return beside(results, strategies=DEEDS, caveats=[CAVEAT])


@pytest.fixture(scope="module")
def made(repository, tmp_path_factory):
    text = (repository / "scenarios" / "minimal.yaml").read_text("utf-8")
    text = text.replace("years: 10, periods_per_year: 4", "years: 2, periods_per_year: 1")
    return several(tmp_path_factory.mktemp("plans") / "acme.yaml", text)


@pytest.fixture
def result(crcsim, made, tmp_path):
    return save(made, tmp_path / "acme.nc")


@pytest.fixture
def engine(made, monkeypatch):
    """An engine whose runs hold the three strategies; what it was asked for."""
    asked = []

    def run(scenario, *, strategies=None, **options):
        asked.append(strategies)
        return made if strategies is None else made.sel(strategy=["baseline", *strategies])

    monkeypatch.setattr("crcsim.engine.simulate", run)
    return asked


def test_a_run_ends_with_the_baseline_and_then_all_strategies(crcsim, scenario, engine):
    outcome = crcsim("run", scenario)

    assert 0 == outcome.code
    assert [None] == engine
    for words in (
        "Value at the WACC (M EUR): strategy baseline",
        "Strategies: value at the WACC (M EUR)",
        "Worth less than baseline at the WACC, beyond sampling error: care (-",
        "The same as baseline on every path: idle.",
        f"Caveat: {CAVEAT}",
    ):
        assert words in outcome.out
    assert outcome.out.index("strategy baseline") < outcome.out.index("Strategies: value")


def test_the_facts_of_a_run_name_its_strategies(crcsim, scenario, engine):
    facts = crcsim("run", scenario, "--no-report", "--json").json

    assert "baseline" == facts["strategy"]
    assert ["baseline", "care", "idle"] == [each["name"] for each in facts["strategies"]]
    assert [CAVEAT] == facts["caveats"]


def test_a_run_of_one_strategy_names_none(crcsim, scenario):
    outcome = crcsim("run", scenario, "--no-report")

    assert "strategy" not in outcome.out
    assert [] == crcsim("run", scenario, "--no-report", "--json").json["strategies"]


def test_what_the_scenario_lacks_is_not_simulated(crcsim, scenario):
    outcome = crcsim("run", scenario, "--strategies", "care")

    assert 2 == outcome.code
    assert "No strategy care in the scenario" in outcome.err


def test_baseline_alone_is_always_there(crcsim, scenario, engine):
    assert 0 == crcsim("run", scenario, "--strategies", "baseline", "--no-report").code
    assert [None] == engine


def test_report_shows_the_baseline_or_the_one_that_is_asked_for(crcsim, result, tmp_path):
    assert 0 == crcsim("report", "acme.nc").code
    outcome = crcsim("report", "acme.nc", "--strategy", "care", "--strategies", "care")
    pages = [
        (tmp_path / folder / "report.html").read_text("utf-8")
        for folder in ("acme-report", "acme-report-care")
    ]

    assert 0 == outcome.code
    assert "idle" not in outcome.out
    for page, name, other in zip(pages, ("baseline", "care"), ("care", "baseline"), strict=True):
        assert f"strategy {name}" in page
        assert f"strategy {other}" not in page
        assert "What each strategy does" in page
        assert CAVEAT in page
        assert page.index('id="strategies"') < page.index('id="value"')


def test_statement_and_tree_say_whose_they_are(crcsim, result, tmp_path):
    for verb in ("statement", "tree"):
        assert ": strategy baseline" in crcsim(verb, "acme.nc").out
        outcome = crcsim(verb, "acme.nc", "--strategy", "care", "-o", "out")

        assert ": strategy care" in outcome.out
        assert f"Caveat: {CAVEAT}" in outcome.out
        assert "care" == crcsim(verb, "acme.nc", "--strategy", "care", "--json").json["strategy"]


@pytest.mark.parametrize("verb", ["report", "statement", "tree"])
def test_a_strategy_that_a_result_lacks_is_an_error(crcsim, result, verb):
    outcome = crcsim(verb, "acme.nc", "--strategy", "later")

    assert 2 == outcome.code
    assert "No strategy later in the result; known: baseline, care, idle" in outcome.err


def test_compare_tells_of_all_strategies_before_each(crcsim, result, tmp_path):
    outcome = crcsim("compare", "acme.nc", "-o", "out")

    assert outcome.out.index("Strategies: value") < outcome.out.index("Second: care")
    for words in ("care is worth", "baseline and idle are worth the same", "care less baseline"):
        assert words in outcome.out
    page = (tmp_path / "out" / "strategies.html").read_text("utf-8")
    assert 'href="1/comparison.html"' in page
    assert (tmp_path / "out" / "2" / "comparison.html").is_file()
    assert CAVEAT in (tmp_path / "out" / "1" / "comparison.html").read_text("utf-8")


def test_compare_two_strategies_by_name(crcsim, result):
    (facts,) = crcsim("compare", "acme.nc", "--strategies", "care,idle", "--json").json["comparisons"]

    assert ("care", "idle") == (facts["first"]["strategy"], facts["second"]["strategy"])
    assert facts["total"]["difference"]["value"]["estimate"] > 0
    assert [CAVEAT] == facts["caveats"]
    assert {"product", "untouched"} - {"product"} <= set(facts)


def test_verify_and_export_know_all_strategies(crcsim, result, tmp_path):
    assert crcsim("verify", "acme.nc", "--json").json["intact"]
    assert 0 == crcsim("export", "acme.nc", "-o", "tables").code
    for file in (tmp_path / "tables").iterdir():
        heading, *rows = file.read_text("utf-8").splitlines()

        place = heading.split(",").index("strategy")
        assert {"baseline", "care", "idle"} == {each.split(",")[place] for each in rows}
    assert json.loads(load(result).attrs["caveats"]) == [CAVEAT]
