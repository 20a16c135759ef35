"""Every subject runs and its peers agree; nothing is timed."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.agreement import same_numbers
from benchmarks.registry import REFERENCE, SUBJECTS, Peer, Subject

PATHS = 2_000
FEW_PATHS = 67


def compiled(peer: Peer) -> list[pytest.MarkDecorator]:
    """A peer made of Numba loops is too slow where the compiler is off."""
    return [pytest.mark.jit] if {"numba", "crcsim"} & set(peer.needs) else []


EVERY_PEER = [
    pytest.param(subject, peer, id=f"{subject.name}-{peer.name}", marks=compiled(peer))
    for subject in SUBJECTS.values()
    for peer in subject.peers
]
REFERENCE_PEERS = [pytest.param(peer, id=peer.name, marks=compiled(peer)) for peer in REFERENCE.peers]


@pytest.fixture(autouse=True)
def _installed(peer: Peer) -> None:
    if not peer.available:
        pytest.skip(f"needs {', '.join(peer.needs)}")


@pytest.mark.parametrize(("subject", "peer"), EVERY_PEER)
def test_a_peer_agrees_with_the_baseline(subject: Subject, peer: Peer) -> None:
    """Other random numbers are rejected by chance with a probability of one in a million."""
    baseline = subject.peer(subject.baseline).prepare(subject.case, PATHS, 1)(1)
    answer = peer.prepare(subject.case, PATHS, 2)(1)

    found = subject.compare(answer, baseline)

    assert found.agrees, found.finding


@pytest.mark.parametrize("case", REFERENCE.exact_cases)
@pytest.mark.parametrize("peer", REFERENCE_PEERS)
def test_a_peer_agrees_to_rounding_where_nothing_is_random(peer: Peer, case: str) -> None:
    baseline = REFERENCE.peer(REFERENCE.baseline).prepare(case, FEW_PATHS, 1)(1)
    answer = peer.prepare(case, FEW_PATHS, 1)(1)

    found = same_numbers(answer, baseline)

    assert found.agrees, found.finding


@pytest.mark.parametrize("peer", REFERENCE_PEERS)
def test_threads_do_not_change_an_answer(peer: Peer) -> None:
    alone = peer.prepare("crc_ref", PATHS, 1)(3)
    together = peer.prepare("crc_ref", PATHS, 2)(3)

    assert np.array_equal(alone["npv"], together["npv"])
    assert np.array_equal(alone["cash_flow"], together["cash_flow"])
