"""The command: workers in processes of their own, tables, JSON and the exit status."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest

from benchmarks import run
from benchmarks.environment import SLOWING_VARIABLES, child_environment
from benchmarks.measurement import Check, Figures, Measurement, Settings
from benchmarks.registry import PERCENTILES, REFERENCE
from benchmarks.tables import text

SMALL = ["--peers", "numpy_plain", "--paths", "200", "--repeats", "2", "--threads", "1"]
FACTS = {"cpu": "a", "cores": 2, "load_average": 0.0, "python": "3.11", "packages": {}, "commit": None}


def test_the_command_prints_and_writes_what_it_found(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found, page = tmp_path / "found.json", tmp_path / "figures.md"

    status = run.main([*SMALL, "--subjects", "reference", "--json", str(found), "--markdown", str(page)])

    reference = json.loads(found.read_text())["subjects"]["reference"]
    assert status == 0
    assert [figures["peer"] for figures in reference["figures"]] == ["numpy_chunked", "numpy_plain"]
    assert [len(figures["wall"]) for figures in reference["figures"]] == [2, 2]
    assert {check["case"] for check in reference["checks"]} == {*REFERENCE.exact_cases, "crc_ref"}
    assert len(reference["npv"]["numpy_plain"]["mean"]) == 51
    assert "NumPy, plain" in capsys.readouterr().out
    assert "| NumPy, plain | 1 |" in page.read_text()


@pytest.mark.parametrize("option", ["--subjects", "--peers"])
def test_an_unknown_name_is_refused(option: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run.main([option, "abacus"])

    assert "unknown: abacus" in capsys.readouterr().err


def test_a_disagreement_is_shown_instead_of_figures() -> None:
    exact = [Check("jax", 1, case, 67, agrees=True, finding="0") for case in REFERENCE.exact_cases]
    other = Check("jax", 1, "crc_ref", 1_000, agrees=False, finding="z 9.0")
    measurement = Measurement(REFERENCE, Settings(1_000, 1, (1,)), [*exact, other], [], {})

    assert not measurement.agrees
    assert "DISAGREES: z 9.0" in text([measurement], FACTS)


def test_a_ratio_compares_with_the_baseline_on_as_many_threads() -> None:
    def figures(peer: str, threads: int, seconds: float) -> Figures:
        return Figures(peer, peer, threads, work=1e6, first=1.0, wall=[seconds, 9.0], cpu=[1, 1], peak=1.0)

    baseline = [figures("numpy_chunked", 1, 4.0), figures("numpy_chunked", 2, 2.0)]
    other = figures("jax", 2, 1.0)
    measurement = Measurement(REFERENCE, Settings(1_000, 2, (1, 2)), [], [*baseline, other], {})

    assert measurement.ratio(other) == 2.0
    assert measurement.ratio(dataclasses.replace(other, threads=8)) is None


def test_a_baseline_of_one_thread_is_the_measure_of_all() -> None:
    one = Figures("numpy_quantile", "", 1, work=1e6, first=1.0, wall=[4.0], cpu=[1.0], peak=1.0)
    other = dataclasses.replace(one, peer="crcsim_percentiles", threads=2, wall=[1.0])
    measurement = Measurement(PERCENTILES, Settings(1_000, 1, (1, 2)), [], [one, other], {})

    assert measurement.ratio(other) == 4.0


def test_settings_that_slow_a_peer_down_do_not_reach_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in SLOWING_VARIABLES:
        monkeypatch.setenv(name, "1")

    environment = child_environment(threads=3)

    assert not set(SLOWING_VARIABLES) & set(environment)
    assert environment["NUMBA_NUM_THREADS"] == "3"
