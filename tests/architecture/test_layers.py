"""The layers of the house, and what an import may cost."""

import json
import subprocess
import sys
from pathlib import Path

HEAVY = {
    "h5py",
    "h5netcdf",
    "jinja2",
    "matplotlib",
    "numba",
    "numpy",
    "pandas",
    "pydantic",
    "rich",
    "scipy",
    "xarray",
    "yaml",
}


def loaded_modules(statement: str) -> set[str]:
    """Run a statement in a fresh interpreter and return the names of the top-level modules it loaded."""
    code = (
        f"import json, sys\n{statement}\nprint(json.dumps(sorted({{m.split('.')[0] for m in sys.modules}})))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout))


def loaded_parts(statement: str) -> set[str]:
    """Run a statement in a fresh interpreter and return the modules of crcsim that it loaded."""
    code = f"import sys\n{statement}\nprint(*(m for m in sys.modules if m.startswith('crcsim')))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_imports_go_down_only(repository: Path) -> None:
    command = [
        sys.executable,
        "-c",
        "from importlinter.cli import lint_imports_command; lint_imports_command()",
        "--no-cache",
    ]
    done = subprocess.run(command, cwd=repository, capture_output=True, text=True, check=False)

    assert 0 == done.returncode, done.stdout + done.stderr


def test_importing_crcsim_loads_nothing_else() -> None:
    assert {"crcsim"} == loaded_parts("import crcsim")
    assert set() == HEAVY & loaded_modules("import crcsim")


def test_command_line_help_loads_no_numerics() -> None:
    loaded = loaded_modules("import crcsim.cli")

    assert set() == {"matplotlib", "numba", "numpy", "pandas", "scipy", "xarray"} & loaded


def test_reading_a_scenario_loads_no_numerics(repository: Path) -> None:
    statement = f"import crcsim; crcsim.load_scenario({str(repository / 'scenarios' / 'minimal.yaml')!r})"

    assert set() == {"matplotlib", "numba", "numpy", "pandas", "scipy", "xarray"} & loaded_modules(statement)
