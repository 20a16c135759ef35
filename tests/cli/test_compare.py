"""`crcsim compare`: two results, or strategies of one."""

import shutil

import numpy as np
import pytest
import xarray as xr

from crcsim import load, load_scenario, save, simulate


@pytest.fixture(scope="module")
def kept(repository, tmp_path_factory):
    """`before.nc`, `after.nc` with more direct cost, and `other.nc` with another seed: two years."""
    folder = tmp_path_factory.mktemp("results")
    text = (repository / "scenarios" / "minimal.yaml").read_text("utf-8")
    text = text.replace("years: 10, periods_per_year: 4", "years: 2, periods_per_year: 1")
    (folder / "before.yaml").write_text(text, encoding="utf-8")
    (folder / "after.yaml").write_text(text.replace("350 k EUR", "450 k EUR"), encoding="utf-8")
    for name, plan, seed in (("before", "before", 1), ("after", "after", 1), ("other", "after", 9)):
        result = simulate(load_scenario(folder / f"{plan}.yaml"), paths=200, seed=seed)
        save(result, folder / f"{name}.nc")
    return folder


@pytest.fixture
def results(crcsim, kept, tmp_path):
    """The results in the empty folder."""
    for file in kept.iterdir():
        shutil.copy(file, tmp_path)


def test_before_and_after(crcsim, results):
    outcome = crcsim("compare", "before.nc", "after.nc")

    assert 0 == outcome.code
    assert "customers.Nordwerk.direct_cost  350,000  450,000" in outcome.out
    assert "EUR less than the first at the WACC." in outcome.out
    assert "Paired: the same 200 futures on both sides." in outcome.out
    assert "Preview: 200 paths" in outcome.err


def test_as_json(crcsim, results):
    """A cost of 100 k EUR a year, a quarter of it borne by tax, while the relation lasts: 75 to 150 k EUR."""
    (facts,) = crcsim("compare", "before.nc", "after.nc", "--json").json["comparisons"]

    assert facts["paired"]
    assert [{"path": "customers.Nordwerk.direct_cost", "first": 350e3, "second": 450e3}] == facts["changes"]
    assert -150e3 < facts["total"]["difference"]["value"]["estimate"] < -75e3
    assert facts["total"]["difference"]["variance_reduction"] > 10
    assert [] == facts["files"]


def test_files_are_written(crcsim, results, tmp_path):
    outcome = crcsim("compare", "before.nc", "after.nc", "-o", "out")

    assert "Page: out/comparison.html" in outcome.out.replace("\\", "/")
    assert {"comparison.html", "difference.png", "difference.csv"} < {
        file.name for file in (tmp_path / "out").iterdir()
    }


def test_other_draws_are_compared_unpaired(crcsim, results):
    outcome = crcsim("compare", "before.nc", "other.nc")

    assert 0 == outcome.code
    assert "Unpaired: their seeds differ (1 and 9)" in outcome.out
    assert "of the paths" not in outcome.out


@pytest.fixture
def three(crcsim, results):
    """A result of three strategies made from one; each brings 1 EUR more on every path."""
    base = load("before.nc")
    values = {name: base.assign_coords(strategy=[name]) for name in ("baseline", "act now", "wait")}
    for more, name in enumerate(values):
        values[name]["npv"] = values[name]["npv"] + float(more)
    save(xr.concat(values.values(), "strategy", data_vars="minimal", coords="minimal"), "three.nc")


def test_strategies_of_one_result_are_compared_with_the_first(crcsim, three, tmp_path):
    found = crcsim("compare", "three.nc", "-o", "out", "--json").json["comparisons"]
    labels = [(each["first"]["label"], each["second"]["label"]) for each in found]
    values = [each["total"]["difference"]["value"]["estimate"] for each in found]

    assert [("baseline", "act now"), ("baseline", "wait")] == labels
    assert np.allclose([1.0, 2.0], values)
    assert {"1", "2", "strategies.html", "strategies.csv"} <= {
        folder.name for folder in (tmp_path / "out").iterdir()
    }


def test_strategies_may_be_named(crcsim, three):
    (found,) = crcsim("compare", "three.nc", "--strategies", "wait, act now", "--json").json["comparisons"]

    assert -1.0 == pytest.approx(found["total"]["difference"]["value"]["estimate"])
    (found,) = crcsim("compare", "before.nc", "three.nc", "--strategies", "baseline,wait", "--json").json[
        "comparisons"
    ]
    assert 2.0 == pytest.approx(found["total"]["difference"]["value"]["estimate"])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("before.nc",), "one strategy only (baseline)"),
        (("before.nc", "after.nc", "--strategies", "never"), "No strategy never"),
        (("before.nc", "after.nc", "--strategies", "a,b,c"), "name one strategy, or one of each"),
        (("before.nc", "--strategies", "baseline"), "at least two strategies"),
        (("before.nc", "--strategies", "baseline,baseline"), "every strategy once"),
        (("before.nc", "--strategies", "baseline,"), "an empty name"),
        (("before.nc", "dollar.nc"), "Currencies differ (EUR and USD)"),
        (("before.nc", "dollar.nc", "--discounting", "wac"), "'wac' is not one of"),
    ],
)
def test_what_cannot_be_compared_is_an_error(crcsim, results, tmp_path, arguments, words):
    save(load("before.nc").assign_attrs(currency="USD"), "dollar.nc")
    outcome = crcsim("compare", *arguments, "-o", "out")

    assert (2, "") == (outcome.code, outcome.out)
    assert words in outcome.err
    assert not (tmp_path / "out").exists()


def test_what_is_no_result_is_an_error(crcsim, results, tmp_path):
    (tmp_path / "text.nc").write_text("no result", encoding="utf-8")

    assert 4 == crcsim("compare", "before.nc", "text.nc").code
    assert 2 == crcsim("compare", "before.nc", "before.yaml").code
