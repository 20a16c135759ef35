"""Random numbers: published known answers, addresses, and frequencies with a stated false-alarm rate."""

from __future__ import annotations

import math
import re
from typing import Any

import llvmlite.binding as llvm
import numpy as np
import pytest
from scipy import stats

from crcsim.kernels import rng
from crcsim.kernels.accelerate import JIT_ENABLED, Floats, inline

LANES = 128
FALSE_ALARM = 1e-6
"""Chance that a correct generator fails one test of frequencies (with a fixed seed: once and for all)."""

Address = tuple[np.uint64, np.uint64, np.uint64, np.uint64, np.uint64, np.uint64]


def address(
    path: int = 0, name: str = "Acme", period: int = 1, slot: int = 0, stream: int = 0, seed: int = 1
) -> Address:
    low, high = rng.entity_words(name)
    word = np.uint64(rng.counter_word(period, slot, stream))
    return np.uint64(path), np.uint64(low), np.uint64(high), word, *rng.seed_key(seed)


def draws(lanes: int = LANES, **where: Any) -> Floats:
    """Two normals and a uniform [3, lane]."""
    out = np.empty((3, lanes))
    rng.fill_draws(*address(**where), out[0], out[1], out[2])
    return out


@pytest.mark.parametrize(
    ("counter", "key", "expected"),
    [
        ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
        ((0xFFFFFFFF,) * 4, (0xFFFFFFFF,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
        (
            (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
            (0xA4093822, 0x299F31D0),
            (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
        ),
    ],
)
def test_philox_gives_the_known_answers(
    counter: tuple[int, ...], key: tuple[int, ...], expected: tuple[int, ...]
) -> None:
    """The three lines for philox4x32 with 10 rounds in the file kat_vectors of Random123 1.14."""
    words = rng.philox(*map(np.uint64, (*counter, *key)))

    assert expected == tuple(map(int, words))


def test_plain_integers_are_words_too() -> None:
    assert tuple(rng.philox(0, 0, 0, 0, 0, 0)) == (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)  # type: ignore[arg-type]


def test_entity_words_are_the_halves_of_a_published_hash() -> None:
    """BLAKE2b with 8 bytes of 'abc' is d8bb14d833d59559 (b2sum -l 64), read here from its low end."""
    assert (0xD814BBD8, 0x5995D533) == rng.entity_words("abc")


def test_entity_words_do_not_depend_on_how_an_accent_is_typed() -> None:
    assert rng.entity_words("M\u00fcller") == rng.entity_words("Mu\u0308ller")
    assert rng.entity_words("M\u00fcller") != rng.entity_words("Muller")


def test_seed_key_splits_the_seed() -> None:
    assert (1, 0) == rng.seed_key(1)
    assert (0xFFFFFFFF, 0xFFFFFFFE) == rng.seed_key(0xFFFFFFFEFFFFFFFF)


@pytest.mark.parametrize("seed", [-1, 2**64])
def test_seed_key_rejects_what_does_not_fit(seed: int) -> None:
    with pytest.raises(ValueError, match="seed must be at least 0"):
        rng.seed_key(seed)


def test_counter_word_packs_period_slot_and_stream() -> None:
    assert rng.counter_word(0xABC, 0xDEF, 0x12) == 0x12DEFABC


def test_every_part_of_the_address_matters() -> None:
    here = draws()
    others = [
        draws(path=LANES),
        draws(name="Bolt"),
        draws(period=2),
        draws(slot=1),
        draws(stream=1),
        draws(seed=2),
        draws(seed=2**32),
    ]

    for other in others:
        assert not np.any(here == other)


def test_a_draw_depends_on_its_path_not_on_the_block() -> None:
    whole = draws(1000)

    for first in (0, 1, 17, 128, 960):
        for lanes in (1, 3, 8, 16, 31):
            assert whole[:, first : first + lanes].tobytes() == draws(lanes, path=first).tobytes()


def test_single_draw_is_the_lane_of_a_block() -> None:
    block = draws(path=500)

    for lane in (0, 1, 127):
        assert tuple(block[:, lane]) == rng.draw(*address(path=500 + lane))


def test_normals_and_uniforms_alone_are_those_of_the_draws() -> None:
    z1, z2, u = np.empty((3, LANES))
    rng.fill_normals(*address(), z1, z2)
    rng.fill_uniform(*address(), u)

    np.testing.assert_array_equal(draws(), (z1, z2, u))


def test_stream_version_one_gives_these_numbers() -> None:
    """Whoever changes them has to raise STREAM_VERSION."""
    assert rng.STREAM_VERSION == 1
    np.testing.assert_allclose(draws(3), EXPECTED_DRAWS, rtol=1e-14)


EXPECTED_DRAWS = [
    [0.8949607936313637, 0.14688981821413025, -0.4213216025045823],
    [0.4746826126970856, -0.1084748759640118, 1.6726818797624738],
    [0.37322575866710395, 0.7234033829299733, 0.1772627526661381],
]


@pytest.fixture(scope="module")
def many() -> Floats:
    """[3, 2 * 10**5] draws of one address (10**4 where nothing is compiled)."""
    return draws(200_000 if JIT_ENABLED else 10_000)


def test_normals_and_uniforms_have_their_distributions(many: Floats) -> None:
    for values, law in zip(many, ("norm", "norm", "uniform"), strict=True):
        assert stats.kstest(values, law).pvalue > FALSE_ALARM


def test_normals_and_uniform_of_one_draw_are_uncorrelated(many: Floats) -> None:
    """Also in size (squares), within 5 standard errors: false alarm 6e-7 for each of six pairs."""
    for values in (many, (many - many.mean(axis=1, keepdims=True)) ** 2):
        pairs = np.corrcoef(values)[np.triu_indices(3, 1)]

        assert np.all(np.abs(pairs) < 5.0 / math.sqrt(values.shape[1]))


def test_neighbouring_paths_periods_and_entities_are_uncorrelated(many: Floats) -> None:
    """Within 5 standard errors: false alarm 6e-7 for each of nine pairs."""
    lanes = many.shape[1]
    shifted = [np.roll(many, 1, axis=1), draws(lanes, period=2), draws(lanes, name="Acmf")]

    for other in shifted:
        for a, b in zip(many, other, strict=True):
            assert abs(np.corrcoef(a, b)[0, 1]) < 5.0 / math.sqrt(lanes)


@pytest.mark.jit
def test_machine_code_is_vectors_without_calls_or_look_ups() -> None:
    if not llvm.get_host_cpu_features().get("avx2"):
        pytest.skip("needs a processor with vectors of 256 bits or more")

    fill: Any = rng.fill_draws
    compiled: Any = inline(fill.py_func)  # the same options, not from the disk cache
    compiled(*address(), *np.empty((3, LANES)))
    code = "\n".join(compiled.inspect_asm().values())

    assert re.search(r"vpmuludq\s.*%[yz]mm", code)
    assert re.search(r"vfmadd\w+pd\s.*%[yz]mm", code)
    assert not re.search(r"\$(exp|log|sin|cos|sincos|sqrt)\b", code)
    assert "gather" not in code
