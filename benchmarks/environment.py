"""What affects speed: the facts beside every figure, and the settings of the measured processes."""

from __future__ import annotations

import os
import platform
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

REPOSITORY = Path(__file__).parents[1]
PACKAGES = ("crcsim", "numpy", "scipy", "numba", "llvmlite", "xarray", "jax", "jaxlib")

SLOWING_VARIABLES = (
    "OPENBLAS_CORETYPE",
    "OPENBLAS_L2_SIZE",
    "NPY_DISABLE_CPU_FEATURES",
    "NUMBA_CPU_NAME",
    "NUMBA_CPU_FEATURES",
    "NUMBA_DISABLE_JIT",
    "NUMBA_OPT",
    "PYTHONDONTWRITEBYTECODE",
    "XLA_FLAGS",
)
"""Settings of the caller that would tie a peer to other hardware or switch its compiler off."""


def usable_cores() -> int:
    """Cores that this process may use."""
    return len(_cores())


def child_environment(threads: int) -> dict[str, str]:
    """The caller's environment without what slows a peer down, with its number of threads."""
    environment = {name: value for name, value in os.environ.items() if name not in SLOWING_VARIABLES}
    limits = ("NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
    return environment | dict.fromkeys(limits, str(threads)) | {"JAX_PLATFORMS": "cpu"}


def pin(threads: int) -> None:
    """Keep this process on its first `threads` cores, where the operating system can."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(_cores())[:threads])


def peak_memory() -> float:
    """Largest resident memory of this process so far, in MiB.

    Linux counts the peak of the parent before the start of a child in `ru_maxrss`; VmHWM is the child's own.
    """
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def facts() -> dict[str, object]:
    """Machine, versions and load at this moment, JSON-able."""
    return {
        "cpu": _cpu_model(),
        "cores": usable_cores(),
        "load_average": round(os.getloadavg()[0], 2),
        "system": platform.platform(),
        "python": platform.python_version(),
        "packages": {name: _version(name) for name in PACKAGES},
        "commit": _commit(),
        "removed_variables": {name: os.environ[name] for name in SLOWING_VARIABLES if name in os.environ},
    }


def _cores() -> set[int]:
    if hasattr(os, "sched_getaffinity"):
        return os.sched_getaffinity(0)
    return set(range(os.cpu_count() or 1))


def _cpu_model() -> str:
    information = Path("/proc/cpuinfo")
    if information.exists():
        for line in information.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _commit() -> str | None:
    """The commit of the source tree, with a + when files differ from it."""
    command = ["git", "describe", "--always", "--dirty=+", "--abbrev=12"]
    try:
        done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.strip()
