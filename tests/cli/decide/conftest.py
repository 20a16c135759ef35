"""A result of two yearly periods for the verbs that read one."""

import shutil

import pytest

from crcsim import load_scenario, save, simulate
from tests.cli.conftest import crcsim as crcsim  # the command in an empty folder


@pytest.fixture(scope="session")
def saved_result(repository, tmp_path_factory):
    """A result of 400 paths, simulated once."""
    folder = tmp_path_factory.mktemp("decide")
    text = (repository / "scenarios" / "minimal.yaml").read_text("utf-8")
    text = text.replace("years: 10, periods_per_year: 4", "years: 2, periods_per_year: 1")
    (folder / "acme.yaml").write_text(text, encoding="utf-8")
    save(simulate(load_scenario(folder / "acme.yaml"), paths=400, seed=3), folder / "acme.nc")
    return folder / "acme.nc"


@pytest.fixture
def result(crcsim, saved_result, tmp_path):
    """A copy of the result in the empty folder."""
    shutil.copy(saved_result, tmp_path / "acme.nc")
    return "acme.nc"
