"""Random numbers by their address, as the docstring of `crcsim.kernels.rng` lays them out, in plain NumPy."""

import numpy as np

PATH_STREAM, PARAMETER_STREAM, FRESH_PATH_STREAM = 0, 1, 2

_LOW = np.uint64(0xFFFFFFFF)
_32 = np.uint64(32)
_MULTIPLIERS = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
_WEYL = np.uint64(0x9E3779B9), np.uint64(0xBB67AE85)


def philox(counter, key):
    """The four words of Philox4x32-10 (Salmon et al. 2011, figure 2), each uint64 [path]."""
    r0, l0, r1, l1 = (np.asarray(word, dtype=np.uint64) for word in counter)
    k0, k1 = (np.uint64(word) for word in key)
    for round_ in range(10):
        if round_ > 0:
            k0, k1 = (k0 + _WEYL[0]) & _LOW, (k1 + _WEYL[1]) & _LOW
        product0, product1 = r0 * _MULTIPLIERS[0], r1 * _MULTIPLIERS[1]
        r0, l0, r1, l1 = (
            (product1 >> _32) ^ l0 ^ k0,
            product1 & _LOW,
            (product0 >> _32) ^ l1 ^ k1,
            product0 & _LOW,
        )
    return r0, l0, r1, l1


class Generator:
    """Two standard normals and a uniform on (0, 1) per path, at any (entity, period, slot) of one stream."""

    def __init__(self, key, paths, stream=PATH_STREAM, first_path=0):
        self.key, self.stream = key, stream
        self.paths = np.arange(first_path, first_path + paths, dtype=np.uint64)

    def at(self, words, period, slot):
        """(normal, second normal, uniform), each [path], of an entity in a period and slot."""
        last = np.full(self.paths.shape, (self.stream << 24) | (slot << 12) | period, dtype=np.uint64)
        low, high = (np.full(self.paths.shape, word, dtype=np.uint64) for word in words)
        word0, word1, word2, word3 = philox((self.paths, low, high, last), self.key)
        radius_bits = (word0 << np.uint64(20)) | (word3 & np.uint64(0xFFFFF))
        radius = np.sqrt(-2.0 * np.log(1.0 - radius_bits.astype(float) / 2.0**52))
        angle = 2.0 * np.pi * word1.astype(float) / 2.0**32
        return radius * np.cos(angle), radius * np.sin(angle), (word2.astype(float) + 0.5) / 2.0**32
