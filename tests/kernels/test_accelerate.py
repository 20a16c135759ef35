"""Compilation: a cache that is never stale, floating-point rules, disjoint arrays."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import llvmlite.binding as llvm
import numpy as np
import pytest

from crcsim.kernels import accelerate
from crcsim.kernels.accelerate import Floats, entry, float_bits, float_of_bits, stage

HELPER = """
from trial.accelerate import inline

@inline
def price(x):
    return {price} * x
"""

LOOP = """
from trial.accelerate import CACHE_FOLDER, entry
from trial.helper import price

@entry
def revenue(units):
    total = 0.0
    for _ in range(units):
        total += price(1.0)
    return total

print(revenue(3), sum(revenue.stats.cache_hits.values()))
"""


def run_trial(folder: Path) -> tuple[float, int]:
    """Revenue of three units by the package in the folder, and the number of hits in the disk cache."""
    environment = os.environ | {"PYTHONPATH": str(folder), "NUMBA_CACHE_DIR": str(folder / "cache")}
    command = [sys.executable, "-m", "trial.loop"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, cwd=folder)
    revenue, hits = done.stdout.split()
    return float(revenue), int(hits)


@pytest.mark.jit
def test_an_edit_of_a_helper_file_is_seen_in_spite_of_the_disk_cache(tmp_path: Path) -> None:
    package = tmp_path / "trial"
    package.mkdir()
    (package / "__init__.py").touch()
    shutil.copy(accelerate.__file__, package)
    (package / "loop.py").write_text(LOOP)

    (package / "helper.py").write_text(HELPER.format(price="2.0"))
    assert (6.0, 0) == run_trial(tmp_path)
    assert (6.0, 1) == run_trial(tmp_path)

    (package / "helper.py").write_text(HELPER.format(price="5.0"))
    assert (15.0, 0) == run_trial(tmp_path)
    assert (15.0, 1) == run_trial(tmp_path)


def test_source_hash_sees_content_names_and_folders(tmp_path: Path) -> None:
    hashes = [accelerate.source_hash(tmp_path)]
    (tmp_path / "inner").mkdir()
    for name, text in (("a.py", "1"), ("a.py", "2"), ("inner/a.py", "2"), ("inner/b.py", "")):
        (tmp_path / name).write_text(text)
        hashes.append(accelerate.source_hash(tmp_path))
    (tmp_path / "notes.txt").write_text("not a source")

    assert len(set(hashes)) == len(hashes)
    assert hashes[-1] == accelerate.source_hash(tmp_path)


def test_cache_folder_follows_numba_then_the_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "user"))
    monkeypatch.setattr(accelerate.CONFIG, "CACHE_DIR", "")
    assert tmp_path / "user" / "crcsim" == accelerate.user_cache_folder()

    monkeypatch.setattr(accelerate.CONFIG, "CACHE_DIR", str(tmp_path / "numba"))
    assert tmp_path / "numba" == accelerate.user_cache_folder()

    folder = accelerate.cache_folder()
    assert folder is not None
    assert folder.parent == tmp_path / "numba"
    assert folder.name.endswith(accelerate.source_hash(Path(accelerate.__file__).parent))


@pytest.mark.parametrize(
    ("platform", "folder"), [("win32", "AppData"), ("darwin", "Library"), ("linux", ".cache")]
)
def test_every_system_has_a_cache_folder(platform: str, folder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(accelerate.CONFIG, "CACHE_DIR", "")
    monkeypatch.setattr(sys, "platform", platform)

    assert accelerate.user_cache_folder().relative_to(Path.home()).parts[0] == folder


def test_where_nothing_can_be_written_nothing_is_cached(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setattr(accelerate.CONFIG, "CACHE_DIR", str(tmp_path / "file"))

    assert accelerate.cache_folder() is None

    monkeypatch.setattr(accelerate, "CACHE_FOLDER", None)
    assert entry(lambda x: x + 1)(1) == 2


@pytest.mark.jit
def test_the_cache_of_other_packages_stays_where_it_was() -> None:
    assert str(accelerate.CACHE_FOLDER) != accelerate.CONFIG.CACHE_DIR


@stage
def mark(x: Floats, out: Floats) -> None:
    for i in range(x.size):
        out[i] = 1.0 if np.isnan(x[i]) else (2.0 if abs(1.0 / x[i]) == np.inf else 0.0)


def test_nan_and_infinity_mean_what_they_say() -> None:
    out = np.empty(4)
    with np.errstate(divide="ignore"):
        mark(np.array([np.nan, 0.0, 1.0, np.inf]), out)

    assert [1.0, 2.0, 0.0, 0.0] == list(out)


@stage
def there_and_back(x: Floats, bits: Any, out: Floats) -> None:
    for i in range(x.size):
        bits[i] = float_bits(x[i])
        out[i] = float_of_bits(bits[i])


def test_bits_of_a_float() -> None:
    x = np.array([0.0, -0.0, 1.0, -2.5, 5e-324, np.inf, np.nan])
    bits, out = np.empty(x.size, dtype=np.int64), np.empty(x.size)
    there_and_back(x, bits, out)

    np.testing.assert_array_equal(x.view(np.int64), bits)
    assert x.tobytes() == out.tobytes()


MANY = 24


def function_of_many_arrays() -> Any:
    """A loop that adds the sum of the second half of its arrays to each of the first half."""
    names = [f"a{k}" for k in range(MANY)]
    total = " + ".join(f"{name}[i]" for name in names[MANY // 2 :])
    lines = [f"def many({', '.join(names)}):", "    for i in range(a0.size):"]
    lines += [f"        {name}[i] += {total}" for name in names[: MANY // 2]]
    scope: dict[str, Any] = {}
    exec("\n".join(lines), scope)
    return scope["many"]


@pytest.mark.jit
def test_a_stage_with_many_arrays_is_vectorised(monkeypatch: pytest.MonkeyPatch) -> None:
    """So many checks for overlap as it would need otherwise make LLVM give up."""
    if not llvm.get_host_cpu_features().get("avx2"):
        pytest.skip("needs a processor with vectors of 256 bits or more")
    monkeypatch.setattr(accelerate, "CACHE_FOLDER", None)
    compiled: Any = stage(function_of_many_arrays())
    arrays = np.ones((MANY, 128))
    compiled(*arrays)

    assert np.all(arrays[: MANY // 2] == 1.0 + MANY // 2)
    assert re.search(r"vaddpd\s.*%[yz]mm", "\n".join(compiled.inspect_asm().values()))
