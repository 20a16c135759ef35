"""What every test may rely on: no display, reproducible examples, markers kept."""

import os
from pathlib import Path

os.environ.setdefault("MPLBACKEND", "Agg")

import pytest
from hypothesis import settings

settings.register_profile("reproducible", derandomize=True, deadline=None)
settings.load_profile("reproducible")

REPOSITORY = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of the source tree."""
    return REPOSITORY


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what only the compiled kernels can show (speed, the disk cache) when the compiler is off."""
    if os.environ.get("NUMBA_DISABLE_JIT") != "1":
        return
    for item in items:
        if item.get_closest_marker("jit"):
            item.add_marker(pytest.mark.skip(reason="the compiler is off (NUMBA_DISABLE_JIT=1)"))
