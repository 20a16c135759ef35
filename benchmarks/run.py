"""`python -m benchmarks.run`: check that the peers of every subject agree, then time them in turn.

Nothing is timed where an answer disagrees, and the command then ends with status 1.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from benchmarks.environment import facts, usable_cores
from benchmarks.measurement import Settings, measure
from benchmarks.registry import SUBJECTS
from benchmarks.tables import markdown, text
from benchmarks.worker import WorkerError


def main(arguments: Sequence[str]) -> int:
    """Run the command; 0 where every peer answers and all answers agree."""
    options = _parser().parse_args(arguments)
    settings = Settings(options.paths, options.repeats, options.threads, frozenset(options.peers))
    conditions = facts()
    measurements = []
    for name in options.subjects:
        try:
            measurements.append(measure(SUBJECTS[name], settings))
        except WorkerError as error:
            print(f"error: {error}", file=sys.stderr)
    print(text(measurements, conditions))
    if options.json:
        found = {one.subject.name: one.as_json() for one in measurements}
        document = {"environment": conditions, "subjects": found}
        options.json.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    if options.markdown:
        options.markdown.write_text(markdown(measurements, conditions), encoding="utf-8")
    complete = len(measurements) == len(options.subjects)
    return 0 if complete and all(one.agrees for one in measurements) else 1


def _parser() -> argparse.ArgumentParser:
    peers = sorted({peer.name for subject in SUBJECTS.values() for peer in subject.peers})
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description=__doc__)
    add = parser.add_argument
    add("--subjects", type=_names(SUBJECTS), default=tuple(SUBJECTS), help="some of: %(default)s")
    add("--peers", type=_names(peers), default=(), help=f"beside the baseline; all of {', '.join(peers)}")
    add("--paths", type=_positive, default=100_000, help="default: %(default)s")
    add("--repeats", type=_positive, default=5, help="timed runs of each peer; default: %(default)s")
    add("--threads", type=_thread_counts, default="1,all", help="numbers of threads; default: %(default)s")
    add("--json", type=Path, metavar="OUT", help="write everything that was found")
    add("--markdown", type=Path, metavar="OUT", help="write the tables as a Markdown page")
    return parser


def _names(known: Iterable[str]) -> Callable[[str], tuple[str, ...]]:
    def parse(text: str) -> tuple[str, ...]:
        names = tuple(text.split(","))
        unknown = [name for name in names if name not in known]
        if unknown:
            raise argparse.ArgumentTypeError(f"unknown: {', '.join(unknown)}; known: {', '.join(known)}")
        return names

    return parse


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number


def _thread_counts(text: str) -> tuple[int, ...]:
    """`1,all` -> (1, number of cores), without repetition."""
    counts = [usable_cores() if word == "all" else _positive(word) for word in text.split(",")]
    return tuple(dict.fromkeys(counts))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
