"""What `from crcsim import ...` promises."""

import re
from importlib import metadata
from pathlib import Path

import pytest

import crcsim

PUBLIC = ["CrcsimError", "Scenario", "ScenarioError", "load", "load_scenario", "save", "simulate"]


def test_public_names() -> None:
    assert PUBLIC == crcsim.__all__


@pytest.mark.parametrize("name", PUBLIC)
def test_every_public_name_exists_and_is_documented(name: str) -> None:
    assert getattr(crcsim, name).__doc__


def test_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'simulat'"):
        _ = crcsim.simulat


def test_public_names_are_listed_by_dir() -> None:
    assert set(PUBLIC) <= set(dir(crcsim))


def test_version_is_the_installed_one() -> None:
    assert metadata.version("crcsim") == crcsim.__version__


def test_no_private_name_is_imported_from_another_module(repository: Path) -> None:
    private = re.compile(r"^\s*from crcsim\S* import .*\b_[a-z]\w*", re.MULTILINE)
    guilty = [
        path.name for path in (repository / "src").rglob("*.py") if private.search(path.read_text("utf-8"))
    ]

    assert [] == guilty
