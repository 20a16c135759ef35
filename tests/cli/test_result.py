"""What can be done with a finished result."""

import pytest


@pytest.fixture
def result(crcsim, scenario, tmp_path):
    crcsim("run", scenario, "--no-report")
    return tmp_path / "acme.nc"


def test_report(crcsim, result, tmp_path):
    outcome = crcsim("report", "acme.nc")

    assert 0 == outcome.code
    said = outcome.out.splitlines()
    assert said[0].startswith("Company value ")
    assert "Report: acme-report/report.html" == said[-1]
    assert (tmp_path / "acme-report" / "report.html").is_file()


def test_report_elsewhere(crcsim, result, tmp_path):
    answer = crcsim("report", "acme.nc", "-o", "there", "--json").json

    assert answer["ok"]
    assert "there/report.html" == answer["report"]
    assert {"rates", "customer_value", "shareholder_value", "horizons"} <= set(answer)
    assert (tmp_path / "there" / "value.svg").is_file()


def test_verify_an_intact_result(crcsim, result):
    outcome = crcsim("verify", "acme.nc")

    assert 0 == outcome.code
    assert "intact" in outcome.out
    assert crcsim("verify", "acme.nc", "--json").json["intact"]


def test_verify_finds_a_changed_value(crcsim, result):
    import h5py

    with h5py.File(result, "r+") as stored:
        stored["npv"][0, 0, 0, 0] += 1.0
    outcome = crcsim("verify", "acme.nc")

    assert 4 == outcome.code
    assert "npv" in outcome.err


def test_export(crcsim, result, tmp_path):
    outcome = crcsim("export", "acme.nc", "-o", "tables")

    assert 0 == outcome.code
    assert {"summary.csv", "customer_bands.csv", "total_bands.csv"} == {
        p.name for p in (tmp_path / "tables").iterdir()
    }
    assert "value_mean" in (tmp_path / "tables" / "summary.csv").read_text("utf-8").splitlines()[0]


@pytest.mark.parametrize("verb", [("report",), ("verify",), ("export", "-o", "tables")])
@pytest.mark.parametrize("name", ["nothing.nc", "text.nc"])
def test_what_is_no_result_is_an_error(crcsim, tmp_path, verb, name):
    (tmp_path / "text.nc").write_text("no result", encoding="utf-8")
    outcome = crcsim(*verb, name)

    assert 4 == outcome.code
    assert name in outcome.err
