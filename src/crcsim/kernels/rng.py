"""Random numbers as a pure function of their address: seed, entity, path, period, slot and stream.

Philox4x32-10 (J. Salmon et al., Parallel random numbers: as easy as 1, 2, 3, SC'11) scrambles a counter of
four 32-bit words under a key of two. Here the key is the seed and the counter is

    word 0   path                                   (32 bits)
    word 1   entity, low half of the name's hash     (32 bits)
    word 2   entity, high half                       (32 bits)
    word 3   stream << 24 | slot << 12 | period      (8, 12 and 12 bits)

so any draw can be made at any time, in any order, by any thread. Of the four words that come out, 0 and 3
give 52 bits of radius and 1 gives 32 bits of angle for two normals; word 2 gives a uniform of 32 bits.
All words are held in uint64. A function that fills arrays gives element i to path `path0 + i`.
"""

from __future__ import annotations

import hashlib
import unicodedata

import numpy as np

from crcsim.kernels.accelerate import Floats, inline, part, stage
from crcsim.kernels.maths import box_muller, normal_pair, turn, unit_uniform

__all__ = [
    "PERIOD_LIMIT",
    "SLOT_LIMIT",
    "STREAM_LIMIT",
    "STREAM_VERSION",
    "counter_word",
    "draw",
    "entity_words",
    "fill_draws",
    "fill_normals",
    "fill_uniform",
    "philox",
    "seed_key",
]

STREAM_VERSION = 1
"""Changes whenever the same seed and address give other numbers."""

PERIOD_LIMIT, SLOT_LIMIT, STREAM_LIMIT = 2**12, 2**12, 2**8
"""Periods, slots and streams must be below these or they share draws; `counter_word` does not check."""

MASK_32 = np.uint64(0xFFFFFFFF)
MASK_20 = np.uint64(0xFFFFF)
MULTIPLIER_0, MULTIPLIER_2 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
KEY_STEP_0, KEY_STEP_1 = np.uint64(0x9E3779B9), np.uint64(0xBB67AE85)
SHIFT_12, SHIFT_20, SHIFT_24, SHIFT_32 = np.uint64(12), np.uint64(20), np.uint64(24), np.uint64(32)
ROUNDS = 10

Block = tuple[np.uint64, np.uint64, np.uint64, np.uint64]


def entity_words(name: str) -> tuple[int, int]:
    """Low and high 32 bits of the 64-bit BLAKE2b hash of a name (UTF-8, Unicode normal form C)."""
    normal_form = unicodedata.normalize("NFC", name).encode()
    number = int.from_bytes(hashlib.blake2b(normal_form, digest_size=8).digest(), "little")
    return number & 0xFFFFFFFF, number >> 32


def seed_key(seed: int) -> tuple[np.uint64, np.uint64]:
    """The two 32-bit words of the key, low half of the seed first; ValueError unless 0 <= seed < 2**64."""
    if not 0 <= seed < 2**64:
        raise ValueError(f"seed must be at least 0 and below 2**64, not {seed}")
    return np.uint64(seed & 0xFFFFFFFF), np.uint64(seed >> 32)


@inline
def counter_word(period: int, slot: int, stream: int) -> np.uint64:
    """The last word of the counter; each argument must be below its limit."""
    return np.uint64(period) | (np.uint64(slot) << SHIFT_12) | (np.uint64(stream) << SHIFT_24)


@inline
def philox(c0: np.uint64, c1: np.uint64, c2: np.uint64, c3: np.uint64, k0: np.uint64, k1: np.uint64) -> Block:
    """The four 32-bit words of Philox4x32-10 for a counter and a key of 32-bit words."""
    c0, c1, c2, c3 = np.uint64(c0), np.uint64(c1), np.uint64(c2), np.uint64(c3)
    k0, k1 = np.uint64(k0), np.uint64(k1)
    for _ in range(ROUNDS):
        product_0 = (c0 & MASK_32) * MULTIPLIER_0
        product_2 = (c2 & MASK_32) * MULTIPLIER_2
        c0, c1 = (product_2 >> SHIFT_32) ^ c1 ^ k0, product_2
        c2, c3 = (product_0 >> SHIFT_32) ^ c3 ^ k1, product_0
        k0, k1 = (k0 + KEY_STEP_0) & MASK_32, (k1 + KEY_STEP_1) & MASK_32
    return c0 & MASK_32, c1 & MASK_32, c2 & MASK_32, c3 & MASK_32


@inline
def radius_bits(word_0: np.uint64, word_3: np.uint64) -> np.uint64:
    """52 bits: all of word 0, then the low 20 of word 3."""
    return (word_0 << SHIFT_20) | (word_3 & MASK_20)


@inline
def event_uniform(word: np.uint64) -> float:
    """(word + 1/2) / 2**32, strictly between 0 and 1."""
    return turn(word) + 2.0**-33


@inline
def draw(
    path: np.uint64, low: np.uint64, high: np.uint64, word: np.uint64, k0: np.uint64, k1: np.uint64
) -> tuple[float, float, float]:
    """Two standard normals and a uniform on (0, 1) at one address: what `fill_draws` gives to this path."""
    w0, w1, w2, w3 = philox(path, low, high, word, k0, k1)
    z1, z2 = box_muller(radius_bits(w0, w3), w1)
    return z1, z2, event_uniform(w2)


@part
def fill_draws(
    path0: np.uint64,
    low: np.uint64,
    high: np.uint64,
    word: np.uint64,
    k0: np.uint64,
    k1: np.uint64,
    z1: Floats,
    z2: Floats,
    u: Floats,
) -> None:
    """Fill z1 and z2 with standard normals and u with uniforms on (0, 1), all [lane].

    In two short loops, which is faster than one long one; z1 and z2 carry radius and angle between them.
    """
    for lane in range(z1.size):
        w0, w1, w2, w3 = philox(np.uint64(path0) + np.uint64(lane), low, high, word, k0, k1)
        z1[lane] = unit_uniform(radius_bits(w0, w3))
        z2[lane] = turn(w1)
        u[lane] = event_uniform(w2)
    for lane in range(z1.size):
        z1[lane], z2[lane] = normal_pair(z1[lane], z2[lane])


@stage
def fill_normals(
    path0: np.uint64,
    low: np.uint64,
    high: np.uint64,
    word: np.uint64,
    k0: np.uint64,
    k1: np.uint64,
    z1: Floats,
    z2: Floats,
) -> None:
    """Fill z1 and z2 [lane] with the standard normals of `fill_draws`."""
    for lane in range(z1.size):
        w0, w1, _, w3 = philox(np.uint64(path0) + np.uint64(lane), low, high, word, k0, k1)
        z1[lane] = unit_uniform(radius_bits(w0, w3))
        z2[lane] = turn(w1)
    for lane in range(z1.size):
        z1[lane], z2[lane] = normal_pair(z1[lane], z2[lane])


@stage
def fill_uniform(
    path0: np.uint64,
    low: np.uint64,
    high: np.uint64,
    word: np.uint64,
    k0: np.uint64,
    k1: np.uint64,
    u: Floats,
) -> None:
    """Fill u [lane] with the uniforms on (0, 1) of `fill_draws`."""
    for lane in range(u.size):
        _, _, w2, _ = philox(np.uint64(path0) + np.uint64(lane), low, high, word, k0, k1)
        u[lane] = event_uniform(w2)
