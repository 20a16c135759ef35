"""Simulate, save, report, tell; never replace what is something else."""

import pytest

from crcsim import load


def test_run_writes_result_and_report_and_says_where(crcsim, scenario, tmp_path):
    outcome = crcsim("run", scenario)

    assert 0 == outcome.code
    assert (tmp_path / "acme.nc").is_file()
    assert (tmp_path / "acme-report" / "report.html").is_file()
    for text in (
        "Value at the WACC (",
        "What becomes of the relation",
        "Total under three discountings",
        "acme.nc",
        "seed 5",
        "Preview",
    ):
        assert text in outcome.out
    assert [] == [path.name for path in tmp_path.iterdir() if path.name.endswith(".tmp")]


def test_options_win_over_the_scenario(crcsim, scenario, tmp_path):
    crcsim(
        "run",
        scenario,
        "-o",
        "out.nc",
        "--paths",
        100,
        "--seed",
        9,
        "--threads",
        1,
        "--layers",
        "--no-report",
    )
    result = load(tmp_path / "out.nc")

    assert 100 == result.sizes["path"]
    assert "9" == str(result.attrs["seed"])
    assert "npv_fresh" in result
    assert not (tmp_path / "out-report").exists()


def test_a_second_run_is_told_in_a_table(crcsim, scenario):
    outcome = crcsim("run", scenario, "--layers", "--no-report")

    assert "What the uncertainty is made of (% of variance)" in outcome.out
    assert "Variance of NPV at the WACC" in outcome.out
    assert {"name", "parameter_share", "standard_error"} == set(
        crcsim("run", scenario, "--layers", "--no-report", "--json").json["layers"]["items"][0]
    )


def test_values_say_at_which_discounting_they_stand(crcsim, scenario):
    outcome = crcsim("run", scenario, "--no-report")

    assert "Value at the WACC (" in outcome.out
    assert "M EUR at the WACC. Total value known to ±" in outcome.out
    assert " %:" not in outcome.out


def test_a_folder_takes_the_result_under_its_usual_name(crcsim, scenario, tmp_path):
    (tmp_path / "results").mkdir()
    crcsim("run", scenario, "--no-report", "-o", "results")

    assert (tmp_path / "results" / "acme.nc").is_file()


def test_json_alone_on_standard_output(crcsim, scenario):
    outcome = crcsim("run", scenario, "--json", "--no-report")
    answer = outcome.json

    assert 0 == outcome.code
    assert answer["ok"]
    assert ("acme.nc", None, 5, 200) == (answer["result"], answer["report"], answer["seed"], answer["paths"])
    assert answer["preview"]
    assert 64 == len(answer["content_hash"])
    assert "Nordwerk" == answer["customers"][0]["name"]


def test_the_same_seed_gives_the_same_values(crcsim, scenario):
    first = crcsim("run", scenario, "--json", "--no-report", "-o", "a.nc").json
    second = crcsim("run", scenario, "--json", "--no-report", "-o", "b.nc", "--threads", 2).json

    assert first["content_hash"] == second["content_hash"]
    assert first["total"] == second["total"]


def test_the_same_run_may_replace_its_result(crcsim, scenario):
    crcsim("run", scenario, "--no-report")

    assert 0 == crcsim("run", scenario, "--no-report").code


@pytest.mark.parametrize(
    ("options", "difference"),
    [(("--seed", 6), "seed"), (("--paths", 100), "paths"), (("--layers",), "layers")],
)
def test_another_run_does_not_replace_a_result_silently(crcsim, scenario, tmp_path, options, difference):
    crcsim("run", scenario, "--no-report")
    before = (tmp_path / "acme.nc").read_bytes()
    outcome = crcsim("run", scenario, "--no-report", *options)

    assert 4 == outcome.code
    assert difference in outcome.err
    assert "--force" in outcome.err
    assert before == (tmp_path / "acme.nc").read_bytes()


def test_another_scenario_does_not_replace_a_result_silently(crcsim, scenario):
    crcsim("run", scenario, "--no-report")
    scenario.write_text(
        scenario.read_text("utf-8").replace("volatility: 15%", "volatility: 16%", 1), encoding="utf-8"
    )
    outcome = crcsim("run", scenario, "--no-report")

    assert 4 == outcome.code
    assert "not the same: scenario)" in outcome.err


def test_a_file_that_is_no_result_is_not_replaced_silently(crcsim, scenario, tmp_path):
    (tmp_path / "acme.nc").write_text("something precious")

    assert 4 == crcsim("run", scenario, "--no-report").code
    assert "something precious" == (tmp_path / "acme.nc").read_text()


def test_force_replaces(crcsim, scenario, tmp_path):
    crcsim("run", scenario, "--no-report")

    assert 0 == crcsim("run", scenario, "--no-report", "--seed", 6, "--force").code
    assert "6" == str(load(tmp_path / "acme.nc").attrs["seed"])


@pytest.mark.jit
def test_precision_chooses_the_paths(crcsim, scenario, tmp_path):
    outcome = crcsim("run", scenario, "--precision", "5%", "--no-report")

    assert 0 == outcome.code
    assert load(tmp_path / "acme.nc").sizes["path"] > 200


@pytest.mark.parametrize(
    "options",
    [
        ("--paths", 0),
        ("--paths", "many"),
        ("--seed", -1),
        ("--threads", 0),
        ("--precision", "200%"),
        ("--precision", "x"),
    ],
)
def test_numbers_out_of_range_are_input_errors(crcsim, scenario, options):
    outcome = crcsim("run", scenario, *options)

    assert 2 == outcome.code
    assert "Invalid value" in outcome.err


def test_paths_and_precision_exclude_each_other(crcsim, scenario):
    assert 2 == crcsim("run", scenario, "--paths", 10, "--precision", "1%").code


def test_a_folder_that_is_not_there_is_found_before_the_run(crcsim, scenario):
    outcome = crcsim("run", scenario, "-o", "nowhere/out.nc")

    assert 4 == outcome.code
    assert "nowhere" in outcome.err


def test_a_run_that_does_not_fit_says_what_does(crcsim, scenario, monkeypatch):
    monkeypatch.setattr("crcsim.cli.checks._free_memory", lambda: 1_000_000)
    outcome = crcsim("run", scenario)

    assert 2 == outcome.code
    assert "Use --paths" in outcome.err


def test_a_numeric_error_writes_nothing(crcsim, scenario, tmp_path, monkeypatch):
    from crcsim import engine
    from crcsim.errors import NumericError

    def fail(*_, **__):
        raise NumericError("no finite value for Nordwerk")

    monkeypatch.setattr(engine, "simulate", fail)
    outcome = crcsim("run", scenario)

    assert 3 == outcome.code
    assert "Nordwerk" in outcome.err
    assert ["acme.yaml"] == [path.name for path in tmp_path.iterdir()]


def test_an_interruption_of_the_run_writes_nothing(crcsim, scenario, tmp_path, monkeypatch):
    from crcsim import engine

    def interrupt(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(engine, "simulate", interrupt)
    outcome = crcsim("run", scenario)

    assert 130 == outcome.code
    assert "kept" not in outcome.err
    assert ["acme.yaml"] == [path.name for path in tmp_path.iterdir()]


def test_a_result_that_is_saved_is_named_when_its_report_fails(crcsim, scenario, tmp_path):
    (tmp_path / "acme-report").write_text("in the way")
    outcome = crcsim("run", scenario)

    assert 4 == outcome.code
    assert "Finished and kept: acme.nc." in outcome.err
    assert ["acme.nc"] == crcsim("run", scenario, "--json").json["kept"]
