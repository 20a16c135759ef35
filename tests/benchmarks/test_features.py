"""What each feature costs: every scenario is valid and used, and what nothing uses changes nothing."""

import json
from pathlib import Path

import pytest

from benchmarks import features


@pytest.mark.jit
def test_the_command_prints_and_writes_a_ratio_for_every_feature(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = features.main(["--paths", "64", "--repeats", "1", "--json", str(tmp_path / "found.json")])
    found = json.loads((tmp_path / "found.json").read_text())["features"]
    printed = capsys.readouterr().out

    assert status == 0
    assert [feature.name for feature in features.FEATURES] == list(found)
    assert all(costs["stated"] > 0.0 for costs in found.values())
    assert ["capacity"] == [name for name, costs in found.items() if costs["used"] is None]
    assert all(feature.title in printed for feature in features.FEATURES)
