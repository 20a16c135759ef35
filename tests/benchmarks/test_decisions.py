"""What each decision costs: every one runs, gives the same on any number of threads, and is timed."""

import json
from pathlib import Path

import pytest

from benchmarks import decisions


@pytest.mark.jit
def test_the_command_prints_and_writes_the_time_of_a_decision(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    chosen = ["select", "contributions"]
    status = decisions.main(
        ["--decisions", *chosen, "--paths", "256", "--json", str(tmp_path / "found.json")]
    )
    found = json.loads((tmp_path / "found.json").read_text())["decisions"]
    printed = capsys.readouterr().out

    assert status == 0
    assert [each["subject"] for each in found] == chosen
    assert all(each["simulations"] > 0.0 for each in found)
    assert all(name in printed for name in chosen)


def test_the_case_of_many_levers_has_as_many() -> None:
    scenario = decisions.scenario_of("many levers")

    assert len(scenario.levers) == decisions.MANY_LEVERS
    assert len({lever.name for lever in scenario.levers}) == decisions.MANY_LEVERS
