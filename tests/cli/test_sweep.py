"""A scenario with `sweep:` is run at every point of its grid."""

import csv

import pytest

from crcsim import load

pytestmark = pytest.mark.jit

GROWTHS = ["1%", "{normal: {mean: 3%, sd: 1%}}"]


@pytest.fixture
def grid(scenario):
    """Two discount rates by two growth rates."""
    sweep = f"sweep: {{capital.beta: [0.8, 1.2], customers.Nordwerk.growth: [{', '.join(GROWTHS)}]}}"
    scenario.write_text(scenario.read_text("utf-8") + sweep + "\n", encoding="utf-8")
    return scenario


def files(folder):
    return sorted(path.name for path in folder.iterdir())


def fails_at(monkeypatch, number, error):
    """Let the simulation of one point, counted from 1, end in an error."""
    from crcsim import engine

    simulate, calls = engine.simulate, []

    def failing(*arguments, **options):
        calls.append(arguments)
        if len(calls) == number:
            raise error
        return simulate(*arguments, **options)

    monkeypatch.setattr(engine, "simulate", failing)


def test_every_point_gets_a_result_and_a_report_and_all_a_table(crcsim, grid, tmp_path):
    outcome = crcsim("run", grid)

    assert 0 == outcome.code
    names = [f"acme-{number}" for number in (1, 2, 3, 4)]
    written = [f"{name}.nc" for name in names] + [f"{name}-report" for name in names]
    assert sorted([*written, "acme-sweep.csv", "acme.yaml"]) == files(tmp_path)
    for text in ("4 points", "seed 5", "Sweep: value at the WACC", "Same draws at every point (seed 5)"):
        assert text in outcome.out
    assert "Point 4 of 4 (capital.beta = 1.2, customers.Nordwerk.growth = {normal:" in outcome.out
    assert "this is the scenario before the sweep" not in outcome.err
    page = (tmp_path / "acme-3-report" / "report.html").read_text("utf-8")
    assert "acme: capital.beta = 1.2, customers.Nordwerk.growth = 1%" in page


def test_the_table_holds_labels_and_numbers_in_full(crcsim, grid, tmp_path):
    crcsim("run", grid, "--no-report")
    with (tmp_path / "acme-sweep.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    third = load(tmp_path / "acme-3.nc")

    assert ["0.8", "0.8", "1.2", "1.2"] == [row["capital.beta"] for row in rows]
    assert GROWTHS * 2 == [row["customers.Nordwerk.growth"] for row in rows]
    value = third["npv"].sel(strategy="baseline", discounting="wacc").sum("customer").mean()
    assert float(rows[2]["value"]) == pytest.approx(float(value), rel=1e-12)
    assert float(rows[2]["value_standard_error"]) > 0
    assert "acme-3.nc" == rows[2]["result"]


def test_points_see_the_same_draws(crcsim, grid, tmp_path):
    crcsim("run", grid, "--no-report")
    first, third = (load(tmp_path / f"acme-{number}.nc") for number in (1, 3))

    assert first["cash_flow"].equals(third["cash_flow"])
    assert not first["npv"].equals(third["npv"])


def test_json_holds_every_point(crcsim, grid):
    answer = crcsim("run", grid, "--no-report", "--json").json

    assert answer["ok"]
    assert "acme-sweep.csv" == answer["table"]
    assert 4 == len(answer["points"])
    assert {"capital.beta": "0.8", "customers.Nordwerk.growth": "1%"} == answer["points"][0]["labels"]
    assert ("acme-1.nc", 5, 200) == tuple(answer["points"][0][name] for name in ("result", "seed", "paths"))
    assert answer["points"][0]["total"]["value"] > answer["points"][2]["total"]["value"]


def test_names_follow_the_output(crcsim, grid, tmp_path):
    (tmp_path / "results").mkdir()
    crcsim("run", grid, "--no-report", "-o", "results")
    crcsim("run", grid, "--no-report", "-o", "results/best.nc")

    best = [f"best-{number}.nc" for number in (1, 2, 3, 4)]
    acme = [f"acme-{number}.nc" for number in (1, 2, 3, 4)]
    assert sorted([*acme, "acme-sweep.csv", *best, "best-sweep.csv"]) == files(tmp_path / "results")


def test_the_same_sweep_may_replace_its_results(crcsim, grid):
    crcsim("run", grid, "--no-report")

    assert 0 == crcsim("run", grid, "--no-report").code


@pytest.mark.parametrize("name", ["acme-4.nc", "acme-sweep.csv"])
def test_what_is_there_is_found_before_the_first_point(crcsim, grid, tmp_path, name):
    (tmp_path / name).write_text("something precious")
    outcome = crcsim("run", grid, "--no-report")

    assert 4 == outcome.code
    assert name in outcome.err
    assert sorted(["acme.yaml", name]) == files(tmp_path)
    assert 0 == crcsim("run", grid, "--no-report", "--force").code


def test_memory_is_checked_before_the_first_point(crcsim, grid, tmp_path, monkeypatch):
    monkeypatch.setattr("crcsim.cli.checks._free_memory", lambda: 1_000_000)

    assert 2 == crcsim("run", grid).code
    assert ["acme.yaml"] == files(tmp_path)


def test_an_interruption_keeps_what_is_finished_and_says_so(crcsim, grid, tmp_path, monkeypatch):
    fails_at(monkeypatch, 3, KeyboardInterrupt())
    outcome = crcsim("run", grid, "--no-report")

    assert 130 == outcome.code
    assert "Point 3 of 4 (capital.beta = 1.2, customers.Nordwerk.growth = 1%) is not finished." in outcome.err
    assert "Finished and kept: acme-1.nc, acme-2.nc." in outcome.err
    assert ["acme-1.nc", "acme-2.nc", "acme.yaml"] == files(tmp_path)


def test_a_failing_point_is_named(crcsim, grid, monkeypatch):
    from crcsim.errors import NumericError

    fails_at(monkeypatch, 2, NumericError("no finite value for Nordwerk"))
    answer = crcsim("run", grid, "--no-report", "--json").json

    assert 3 == answer["exit_code"]
    assert answer["error"].startswith("no finite value for Nordwerk. Point 2 of 4 (")
    assert ["acme-1.nc"] == answer["kept"]


def test_seeds_of_the_sweep_are_told_and_not_overridden(crcsim, scenario):
    scenario.write_text(scenario.read_text("utf-8") + "sweep: {simulation.seed: [1, 2]}\n", encoding="utf-8")

    assert "The points differ in their seeds" in crcsim("run", scenario, "--no-report").out
    outcome = crcsim("run", scenario, "--seed", 3)
    assert 2 == outcome.code
    assert "leave --seed out" in outcome.err


def test_the_discounting_of_each_point_is_its_own(crcsim, scenario):
    sweep = "sweep: {capital.discounting: [wacc, risk_free]}\n"
    scenario.write_text(scenario.read_text("utf-8") + sweep, encoding="utf-8")

    assert "value at the discounting of the point" in crcsim("run", scenario, "--no-report").out


def test_validate_counts_the_points(crcsim, grid):
    assert f"{grid}: ok (a sweep of 4 points; 1 customer, 1 line, 2 years)\n" == crcsim("validate", grid).out
    answer = crcsim("validate", grid, "--json").json
    assert (4, []) == (answer["points"], answer["warnings"])


@pytest.mark.parametrize("verb", ["validate", "explain", "run"])
def test_a_point_with_a_problem_is_found(crcsim, grid, verb):
    grid.write_text(grid.read_text("utf-8").replace("[0.8, 1.2]", "[0.8, high]"), encoding="utf-8")
    outcome = crcsim(verb, grid, "--json")

    assert 2 == outcome.code
    assert "high" == outcome.json["problems"][0]["value"]


def test_explain_shows_the_grid(crcsim, grid):
    outcome = crcsim("explain", grid)

    assert "Sweep: 4 points" in outcome.out
    assert "0.8, 1.2" in outcome.out
    answer = crcsim("explain", grid, "--json").json
    values = {"capital.beta": ["0.8", "1.2"], "customers.Nordwerk.growth": GROWTHS}
    assert {"points": 4, "values": values} == answer["sweep"]


def test_an_empty_sweep_is_none(crcsim, scenario):
    scenario.write_text(scenario.read_text("utf-8") + "sweep: {}\n", encoding="utf-8")

    assert "points" not in crcsim("validate", scenario, "--json").json
