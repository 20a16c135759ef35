"""The generated pages say what the code says; the README holds the two commands that it promises."""

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(scope="module")
def reference(repository: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("reference", repository / "docs" / "reference.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


NAMES = ["ledger-reference.md", "result-reference.md", "scenario-reference.md"]


@pytest.mark.parametrize("name", NAMES)
def test_reference_page_is_up_to_date(repository: Path, reference: ModuleType, name: str) -> None:
    assert reference.PAGES[name]() == (repository / "docs" / name).read_text("utf-8")


def test_out_of_date_pages_are_named(
    reference: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reference.HERE = tmp_path

    assert 1 == reference.main(["--check"])
    assert NAMES == re.findall(r"^(\S+) is out", capsys.readouterr().out, re.M)
    assert 0 == reference.main([])
    assert 0 == reference.main(["--check"])


def test_readme_has_one_command_to_run_and_one_to_test(repository: Path) -> None:
    readme = (repository / "README.md").read_text("utf-8")
    commands = [block.strip() for block in re.findall(r"```sh\n(.+?)```", readme, re.S)]

    assert 2 == len(commands)
    assert commands[0].endswith(".venv/bin/crcsim run scenarios/coatings/coatings.yaml")
    assert "[test]" in commands[1]
    assert commands[1].endswith(".venv/bin/python -m pytest -q -n 2")
