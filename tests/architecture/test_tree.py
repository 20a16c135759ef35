"""What must not stand in the tree: machine paths, registry addresses, generated or oversized files."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

TEXT = {".py", ".md", ".yaml", ".yml", ".toml", ".txt", ".csv", ".cfg", ".ipynb", ".html", ".json", ""}
LIMIT = 500_000  # bytes

MACHINE_PATH = re.compile(r"(?<![\w.])(/home/|/Users/|/root/|[A-Z]:\\Users\\)\w")
REGISTRY = re.compile(r"https?://[^\s\"']+/(simple|packages)/|--(extra-)?index-url|find-links")


def tree(repository: Path) -> list[Path]:
    """Return the files that git tracks or would add; in a copy without git all outside generated folders."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    if shutil.which("git") and (repository / ".git").exists():
        done = subprocess.run(command, cwd=repository, capture_output=True, text=True, check=True)
        return [path for name in done.stdout.split("\0") if name and (path := repository / name).is_file()]
    hidden = re.compile(r"/(\.(?!ci/)|__pycache__|build/|dist/)")
    files = (path for path in repository.rglob("*") if path.is_file())
    return [path for path in files if not hidden.search("/" + path.relative_to(repository).as_posix())]


def lines_matching(repository: Path, pattern: re.Pattern[str]) -> list[str]:
    here = Path(__file__).resolve()
    found = []
    for path in tree(repository):
        if path.suffix not in TEXT or path.resolve() == here:
            continue
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
            if pattern.search(line):
                found.append(f"{path.relative_to(repository)}:{number}: {line.strip()[:100]}")
    return found


@pytest.mark.parametrize("pattern", [MACHINE_PATH, REGISTRY], ids=["machine path", "registry address"])
def test_tree_is_free_of(repository: Path, pattern: re.Pattern[str]) -> None:
    assert [] == lines_matching(repository, pattern)


def test_no_file_is_large(repository: Path) -> None:
    assert [] == [str(path) for path in tree(repository) if path.stat().st_size > LIMIT]


def test_constraints_are_plain_pins(repository: Path) -> None:
    lines = (repository / "constraints.txt").read_text("utf-8").splitlines()
    pins = [line for line in lines if not line.startswith("#")]

    assert [] == [pin for pin in pins if not re.fullmatch(r"[a-z0-9-]+==[\w.]+", pin)]
    assert sorted(set(pins), key=lambda pin: pin.split("==")[0]) == pins


def test_every_dependency_is_pinned(repository: Path) -> None:
    project = (repository / "pyproject.toml").read_text("utf-8")
    section = project[project.index("dependencies = [") : project.index("[project.scripts]")]
    stated = {name.lower() for name in re.findall(r'"([A-Za-z0-9-]+)(?:\[\w+\])?(?:>=|")', section)} - {
        "crcsim"
    }
    pinned = {
        line.split("==")[0] for line in (repository / "constraints.txt").read_text("utf-8").splitlines()
    }

    assert set() == stated - pinned


def test_every_link_of_the_pages_leads_somewhere(repository: Path) -> None:
    broken = []
    for page in tree(repository):
        if page.suffix != ".md":
            continue
        for target in re.findall(r"\]\((?!https?://|#)([^)#\s]+)", page.read_text("utf-8")):
            if not (page.parent / target).exists():
                broken.append(f"{page.relative_to(repository)}: {target}")

    assert [] == broken


def test_every_equation_that_the_code_cites_is_on_the_model_page(repository: Path) -> None:
    page = (repository / "docs" / "model.md").read_text("utf-8")
    numbered = re.findall(r"\\tag\{([\d.]+)\}", page)
    cited = {
        number
        for path in (repository / "src").rglob("*.py")
        for cite in re.findall(r"\beq\. ((?:\d+\.\d+(?:, |-|–| and )?)+)", path.read_text("utf-8"))
        for number in re.findall(r"\d+\.\d+", cite)
    }

    assert len(numbered) == len(set(numbered))
    assert set() == cited - set(numbered)
