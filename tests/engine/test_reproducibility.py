"""The same scenario and seed give the same bits, however the work is divided and whoever else is a customer."""

import numpy as np
import pytest

import crcsim.engine.run
from crcsim import simulate
from crcsim.compile.groups import coupling_groups
from crcsim.results import content_hash
from tests.engine.runs import WITHOUT_COMPILER, compiled, run_kernel
from tests.naive.edits import beyond_reach, random_edit
from tests.naive.random_scenarios import Chooser, load, random_document

#: Three scenarios: no regimes with mergers, regimes and jumps with mergers, a value after the horizon.
SEEDS = (13, 19, 20)
PATHS = 5000

EDIT_PATHS, EDIT_LANES = (8, 8) if WITHOUT_COMPILER else (16, 16)


@pytest.fixture(scope="module", params=SEEDS)
def scenario(request, tmp_path_factory):
    return load(random_document(request.param, PATHS), tmp_path_factory.mktemp("scenario"))


@pytest.fixture(scope="module")
def result(scenario):
    return simulate(scenario, threads=1)


@pytest.mark.jit
@pytest.mark.parametrize("threads", [2, 3, 4])
def test_threads_change_no_bit(scenario, result, threads):
    assert content_hash(result) == content_hash(simulate(scenario, threads=threads))


@pytest.mark.jit
@pytest.mark.parametrize("lanes", [16, 32, 128])
def test_lanes_change_no_bit(scenario, result, lanes):
    assert content_hash(result) == content_hash(simulate(scenario, threads=2, lanes=lanes))


@pytest.mark.jit
@pytest.mark.parametrize("groups", [1, 2])
def test_the_memory_for_bands_changes_no_bit(scenario, result, groups, monkeypatch):
    customer = 4 * scenario.time.periods * PATHS * 8
    monkeypatch.setattr(crcsim.engine.run, "BAND_MEMORY", groups * customer)

    assert content_hash(result) == content_hash(simulate(scenario, threads=2))


@pytest.mark.jit
@pytest.mark.parametrize("paths", [1, 2048, 3000])
def test_more_paths_leave_the_first_as_they_are(scenario, result, paths):
    fewer = simulate(scenario, paths=paths, threads=2)

    assert set() == {
        name
        for name, values in fewer.data_vars.items()
        if "path" in values.dims and not np.array_equal(values, result[name].isel(path=slice(paths)))
    }


@pytest.mark.jit
def test_another_seed_changes_every_path(scenario, result):
    other = simulate(scenario, seed=scenario.simulation.seed + 1, threads=2)

    assert not np.any((result.market_index == other.market_index).all("period"))


def run(document, folder):
    """(program, outputs) of a document on few paths."""
    program = compiled(load(document, folder), EDIT_PATHS)
    return program, run_kernel(program, EDIT_PATHS, EDIT_LANES)[0]


def bits_of(run_, name):
    """Everything about one customer in a run, as bytes."""
    program, outputs = run_
    place = program.customers.index(name)
    words = program.structure.words[1 + program.structure.industry_count + place]
    values = (
        outputs.npv,
        outputs.horizon_value,
        outputs.end_cause[np.newaxis],
        outputs.end_period[np.newaxis],
    )
    return b"".join([words.tobytes(), *(value[:, place].tobytes() for value in values)])


def bits_beside_customers(run_):
    """Economy and level costs of a run, as bytes."""
    _, outputs = run_
    economy = (outputs.market_index, outputs.deflator, outputs.inflation_index, outputs.level_npv)
    return b"".join(values.tobytes() for values in economy)


def check_edits(seeds, edits, folder):
    """(comparisons made, what was changed by an edit that should not have reached it)."""
    compared, wrong = 0, []
    for seed in seeds:
        r = Chooser((seed, 1))
        document = random_document(seed)
        before = run(document, folder)
        for edit in range(edits):
            edited, touched = random_edit(r, document)
            after = run(edited, folder)
            groups = (coupling_groups(program.scenario) for program, _ in (before, after))
            apart = beyond_reach(*groups, touched)
            wrong += [(seed, edit, name) for name in apart if bits_of(before, name) != bits_of(after, name)]
            wrong += [(seed, edit)] if bits_beside_customers(before) != bits_beside_customers(after) else []
            compared += len(apart)
            document, before = edited, after
    return compared, wrong


def test_edits_of_customers_reach_only_their_coupling_group(tmp_path):
    seeds, edits = (range(3), 4) if WITHOUT_COMPILER else (range(20), 10)
    compared, wrong = check_edits(seeds, edits, tmp_path)

    assert [] == wrong
    assert compared > 1.5 * len(seeds) * edits


@pytest.mark.heavy
@pytest.mark.jit
def test_a_thousand_edits_of_customers_reach_only_their_coupling_group(tmp_path):
    compared, wrong = check_edits(range(100, 200), 10, tmp_path)

    assert [] == wrong
    assert compared > 1500
