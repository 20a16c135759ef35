"""The first run on a machine compiles the simulation, which takes a while: say so, and do it apart."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

import click

from crcsim.cli.application import session

if TYPE_CHECKING:
    from crcsim.scenario import Scenario

__all__ = ["compile_when_needed", "is_compiled"]


def is_compiled() -> bool:
    """Whether machine code of these sources lies in the cache, or no compiler is used."""
    from crcsim.kernels import accelerate
    from crcsim.kernels.block.chunk import run_blocks

    if not accelerate.JIT_ENABLED:
        return True
    if accelerate.CACHE_FOLDER is None:
        return False
    python = f"py{sys.version_info.major}{sys.version_info.minor}"
    return any(machine_code_of(run_blocks).glob(f"*{run_blocks.__name__}-*.{python}.*nbc"))


def machine_code_of(function: Any) -> Path:
    """The folder of the machine code of a function; each installation has one, by where its sources lie."""
    return Path(function.stats.cache_path)


def compile_when_needed(scenario: Scenario) -> float | None:
    """Compile unless that was done before; return the seconds it took, None when there was nothing to do."""
    if is_compiled():
        return None
    from crcsim import engine
    from crcsim.kernels import accelerate

    if not session().json:
        how_often = "once" if accelerate.CACHE_FOLDER else "for this run only: no cache folder can be written"
        text = f"Compiling the simulation for this machine, {how_often}; this can take a minute ..."
        click.echo(text, err=True)
    with _interruption_remembered():
        return engine.warmup(scenario)


@contextmanager
def _interruption_remembered() -> Iterator[None]:
    """Raise KeyboardInterrupt at the end at the latest: the compiler may swallow the first one."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    pressed = False
    before = signal.getsignal(signal.SIGINT)

    def interrupt(_: int, __: FrameType | None) -> None:
        nonlocal pressed
        pressed = True
        raise KeyboardInterrupt

    signal.signal(signal.SIGINT, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if pressed:
        raise KeyboardInterrupt
