"""Measure one subject: do all peers agree, and only then how fast is each, in turn."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from benchmarks.agreement import same_numbers, summary
from benchmarks.registry import Answer, Compare, Subject
from benchmarks.worker import Worker

EXACT_PATHS = 67
"""Paths of the exact cases: whole vectors and a remainder."""


@dataclass(frozen=True)
class Settings:
    """How much is measured."""

    paths: int
    repeats: int
    threads: tuple[int, ...]
    peers: frozenset[str] = frozenset()
    """Names of the peers to run beside the baseline; empty for all."""


@dataclass(frozen=True)
class Check:
    """The comparison of one peer with the baseline on one case."""

    peer: str
    threads: int
    case: str
    paths: int
    agrees: bool
    finding: str


@dataclass(frozen=True)
class Figures:
    """What was measured of one peer with a number of threads; times in seconds, memory in MiB."""

    peer: str
    title: str
    threads: int
    work: float
    first: float
    """Wall time of the first run at full size, which may compile."""
    wall: list[float]
    cpu: list[float]
    peak: float

    @property
    def best(self) -> float:
        return min(self.wall)

    @property
    def speed(self) -> float:
        """Units of work per second, in the best run."""
        return self.work / self.best


@dataclass(frozen=True)
class Measurement:
    """A subject's checks and figures."""

    subject: Subject
    settings: Settings
    checks: list[Check]
    figures: list[Figures]
    """Empty where an answer disagrees."""
    npv: dict[str, dict[str, list[float]]]
    """Summary of NPV by peer, where the answer holds it: one entry per customer and the total last."""

    @property
    def agrees(self) -> bool:
        return all(check.agrees for check in self.checks)

    def ratio(self, figures: Figures) -> float | None:
        """Speed against the baseline's with as many threads, or with the one that it can use."""
        baseline = self.subject.peer(self.subject.baseline)
        threads = figures.threads if baseline.threaded else 1
        for other in self.figures:
            if (other.peer, other.threads) == (baseline.name, threads):
                return figures.speed / other.speed
        return None

    def as_json(self) -> dict[str, object]:
        """All of it, JSON-able."""
        figures = [asdict(one) | {"per_second": one.speed, "ratio": self.ratio(one)} for one in self.figures]
        return {
            "title": self.subject.title,
            "unit": self.subject.unit,
            "paths": self.settings.paths,
            "baseline": self.subject.baseline,
            "agrees": self.agrees,
            "checks": [asdict(check) for check in self.checks],
            "figures": figures,
            "npv": self.npv,
        }


def measure(subject: Subject, settings: Settings) -> Measurement:
    """Check and time all peers of a subject, each with every number of threads that it can use."""
    with ExitStack() as stack, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        workers = [stack.enter_context(worker) for worker in _workers(subject, settings)]
        checks = []
        for case in subject.exact_cases:
            _answer(workers, case, EXACT_PATHS, folder)
            checks += _compare(workers, case, EXACT_PATHS, folder, same_numbers)
        first = _answer(workers, subject.case, settings.paths, folder)
        checks += _compare(workers, subject.case, settings.paths, folder, subject.compare)
        npv = _npv(workers, folder)
        agrees = all(check.agrees for check in checks)
        figures = _time(workers, subject.case, settings, first) if agrees else []
    return Measurement(subject, settings, checks, figures, npv)


def _workers(subject: Subject, settings: Settings) -> Iterator[Worker]:
    """One process for every peer and number of threads, the baseline first."""
    for peer in sorted(subject.peers, key=lambda peer: peer.name != subject.baseline):
        wanted = not settings.peers or peer.name in settings.peers or peer.name == subject.baseline
        if wanted and peer.available:
            for threads in settings.threads if peer.threaded else (1,):
                yield Worker(subject, peer, threads)


def _answer(workers: list[Worker], case: str, paths: int, folder: Path) -> list[float]:
    """Keep every worker's answer in the folder; wall time of each."""
    return [worker.run(case, paths, seed=1, save=_file(folder, worker))["wall"] for worker in workers]


def _compare(workers: list[Worker], case: str, paths: int, folder: Path, compare: Compare) -> list[Check]:
    """Compare the answers in the folder with the first worker's, the baseline's."""
    baseline = _load(folder, workers[0])
    checks = []
    for worker in workers[1:]:
        found = compare(_load(folder, worker), baseline)
        checks.append(Check(worker.peer.name, worker.threads, case, paths, found.agrees, found.finding))
    return checks


def _npv(workers: list[Worker], folder: Path) -> dict[str, dict[str, list[float]]]:
    found = {}
    for worker in workers:
        answer = _load(folder, worker)
        if worker.peer.name not in found and "npv" in answer:
            found[worker.peer.name] = summary(answer)
    return found


def _time(workers: list[Worker], case: str, settings: Settings, first: list[float]) -> list[Figures]:
    """Every worker once, in turn, as often as asked for, so that a slow minute of the machine meets all."""
    runs = [
        [worker.run(case, settings.paths, seed=2 + repeat) for worker in workers]
        for repeat in range(settings.repeats)
    ]
    return [
        Figures(
            peer=worker.peer.name,
            title=worker.peer.title,
            threads=worker.threads,
            work=own[0]["work"],
            first=first[place],
            wall=[run["wall"] for run in own],
            cpu=[run["cpu"] for run in own],
            peak=own[-1]["peak"],
        )
        for place, worker in enumerate(workers)
        for own in [[round_[place] for round_ in runs]]
    ]


def _file(folder: Path, worker: Worker) -> Path:
    return folder / f"{worker.label}.npz"


def _load(folder: Path, worker: Worker) -> Answer:
    with np.load(_file(folder, worker)) as file:
        return dict(file)
