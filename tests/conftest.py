"""What every test may rely on: no display, reproducible examples, markers kept."""

import os
from pathlib import Path

os.environ.setdefault("MPLBACKEND", "Agg")

import pytest
from hypothesis import settings

settings.register_profile("reproducible", derandomize=True, deadline=None)
settings.load_profile("reproducible")

REPOSITORY = Path(__file__).parents[1]

#: Run again without the compiler, where tracing sees the kernels too; benchmarks are no part of crcsim.
UNTRACED = {REPOSITORY / "tests" / name for name in ("kernels", "engine", "laws", "benchmarks")}


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of the source tree."""
    return REPOSITORY


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what only the compiled kernels can show when the compiler is off; else trace no mere repetition.

    Tracing for coverage doubles the time of a test. What Hypothesis or a loop does hundreds of times counts
    once, in the tests of single cases.
    """
    if os.environ.get("NUMBA_DISABLE_JIT") != "1":
        for item in items:
            repeated = getattr(getattr(item, "obj", None), "is_hypothesis_test", False)
            if repeated or item.path.parent in UNTRACED or item.get_closest_marker("untraced"):
                item.add_marker(pytest.mark.no_cover)
        return
    for item in items:
        if item.get_closest_marker("jit"):
            item.add_marker(pytest.mark.skip(reason="the compiler is off (NUMBA_DISABLE_JIT=1)"))
