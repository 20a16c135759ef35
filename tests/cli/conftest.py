"""The command in an empty folder, and a scenario that is simulated in an instant."""

import json
from dataclasses import dataclass

import pytest
from click.testing import CliRunner

from crcsim.cli import main


@dataclass
class Outcome:
    """What a call of the command printed, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def json(self):
        return json.loads(self.out)


@pytest.fixture
def crcsim(tmp_path, monkeypatch):
    """Call the command in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments):
        result = CliRunner().invoke(main, [str(argument) for argument in arguments])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        assert "Traceback" not in result.output
        return Outcome(result.exit_code, result.stdout, result.stderr)

    return call


@pytest.fixture
def scenario(repository, tmp_path):
    """The minimal scenario, cut to two yearly periods and a few paths."""
    text = (repository / "scenarios" / "minimal.yaml").read_text("utf-8")
    text = text.replace("years: 10, periods_per_year: 4", "years: 2, periods_per_year: 1")
    path = tmp_path / "acme.yaml"
    path.write_text(text + "simulation: {paths: 200, seed: 5}\n", encoding="utf-8")
    return path
