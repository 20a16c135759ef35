"""Compiling is announced, once, and only where it will happen."""

import signal
import sys

import pytest

from crcsim.cli.compiling import is_compiled
from crcsim.kernels import accelerate

PYTHON = f"py{sys.version_info.major}{sys.version_info.minor}"


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """An empty cache of a compiler that is on, and of an installation whose folder is `kernels_0a`."""
    folder = tmp_path / "cache"
    monkeypatch.setattr(accelerate, "JIT_ENABLED", True)
    monkeypatch.setattr(accelerate, "CACHE_FOLDER", folder)
    monkeypatch.setattr("crcsim.cli.compiling.machine_code_of", lambda _: folder / "kernels_0a")
    return folder


@pytest.mark.parametrize(
    ("file", "compiled"),
    [
        (f"kernels_0a/block.run_blocks-330.{PYTHON}.1.nbc", True),
        ("kernels_0a/block.run_blocks-330.py27.1.nbc", False),
        (f"kernels_0a/rng.fill_uniform-158.{PYTHON}.1.nbc", False),
        (f"kernels_1b/block.run_blocks-330.{PYTHON}.1.nbc", False),
        (None, False),
    ],
)
def test_machine_code_in_the_cache(cache, file, compiled):
    if file:
        (cache / file).parent.mkdir(parents=True)
        (cache / file).touch()

    assert compiled == is_compiled()


def test_without_a_cache_every_run_compiles(cache, monkeypatch):
    monkeypatch.setattr(accelerate, "CACHE_FOLDER", None)

    assert not is_compiled()


def test_without_a_compiler_there_is_nothing_to_compile(cache, monkeypatch):
    monkeypatch.setattr(accelerate, "JIT_ENABLED", False)

    assert is_compiled()


@pytest.mark.jit
def test_the_real_cache_holds_the_simulation_after_a_warmup(crcsim):
    crcsim("warmup")

    assert is_compiled()


@pytest.mark.parametrize("verb", ["run", "explain"])
def test_a_verb_that_simulates_says_that_it_compiles(crcsim, scenario, monkeypatch, verb):
    monkeypatch.setattr("crcsim.cli.compiling.is_compiled", lambda: False)

    assert "Compiling the simulation for this machine" in crcsim(verb, scenario).err
    assert "" == crcsim(verb, scenario, "--json").err


def test_an_interruption_that_the_compiler_swallows_counts(crcsim, scenario, tmp_path, monkeypatch):
    from crcsim import engine

    def swallowing(_):
        try:
            signal.raise_signal(signal.SIGINT)
        except KeyboardInterrupt:
            return 1.0

    before = signal.getsignal(signal.SIGINT)
    monkeypatch.setattr("crcsim.cli.compiling.is_compiled", lambda: False)
    monkeypatch.setattr(engine, "warmup", swallowing)

    assert 130 == crcsim("run", scenario).code
    assert ["acme.yaml"] == [path.name for path in tmp_path.iterdir()]
    assert before == signal.getsignal(signal.SIGINT)


def test_nothing_is_said_when_all_is_compiled(crcsim, scenario, monkeypatch):
    monkeypatch.setattr("crcsim.cli.compiling.is_compiled", lambda: True)

    assert "Compiling" not in crcsim("run", scenario, "--no-report").err
