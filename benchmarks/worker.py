"""A measured process: holds one peer, runs it when told to, and says how long that took.

`python -m benchmarks.worker SUBJECT PEER THREADS` reads one JSON request per line and answers in kind;
`Worker` is the other end. A process per peer keeps libraries, thread pools and peak memory apart.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

import numpy as np

from benchmarks.environment import REPOSITORY, child_environment, peak_memory, pin
from benchmarks.registry import SUBJECTS, Answer, Peer, Subject


class WorkerError(RuntimeError):
    """A peer did not answer; its own words are on the standard error stream."""


class Worker:
    """A peer with a number of threads in a process of its own."""

    def __init__(self, subject: Subject, peer: Peer, threads: int) -> None:
        self.subject, self.peer, self.threads = subject, peer, threads
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.worker", subject.name, peer.name, str(threads)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=REPOSITORY,
            env=child_environment(threads),
        )

    def __enter__(self) -> Worker:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.communicate()

    @property
    def label(self) -> str:
        return f"{self.peer.name} x{self.threads}"

    def run(self, case: str, paths: int, seed: int, save: Path | None = None) -> dict[str, float]:
        """Do the work once: wall and cpu in seconds, work in units, peak in MiB; `save` keeps the answer."""
        request = {"case": case, "paths": paths, "seed": seed, "save": save and str(save)}
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            print(json.dumps(request), file=self._process.stdin, flush=True)
            reply = self._process.stdout.readline()
        except BrokenPipeError:
            reply = ""
        if not reply:
            raise WorkerError(f"{self.subject.name}: {self.label} stopped at {case} with {paths} paths")
        figures: dict[str, float] = json.loads(reply)
        return figures


def serve(subject: Subject, peer: Peer, threads: int, requests: TextIO, replies: TextIO) -> None:
    """Answer requests until there are no more."""

    @lru_cache(maxsize=1)
    def prepared(case: str, paths: int) -> Callable[[int], Answer]:
        return peer.prepare(case, paths, threads)

    for line in requests:
        request = json.loads(line)
        run = prepared(request["case"], request["paths"])
        print(json.dumps(_measure(subject, run, request)), file=replies, flush=True)


def _measure(subject: Subject, run: Callable[[int], Answer], request: dict[str, Any]) -> dict[str, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    answer = run(request["seed"])
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    peak = peak_memory()
    if request["save"]:
        np.savez(request["save"], allow_pickle=False, **answer)
    return {"wall": wall, "cpu": cpu, "work": subject.work(answer), "peak": peak}


def main(subject_name: str, peer_name: str, threads: str) -> None:
    """Serve on the standard streams; whatever a library prints goes to the standard error stream."""
    pin(int(threads))
    replies = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    subject = SUBJECTS[subject_name]
    serve(subject, subject.peer(peer_name), int(threads), sys.stdin, replies)


if __name__ == "__main__":
    main(*sys.argv[1:])
