"""Percentiles are those of NumPy, to the last bit, whatever the shape of the data."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from crcsim.kernels.accelerate import JIT_ENABLED, Floats
from crcsim.kernels.percentiles import percentiles

QUANTILES = np.array([0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95])
SIZE = 20_000 if JIT_ENABLED else 700

Generator = np.random.Generator


def with_outlier(random: Generator, outlier: float) -> Floats:
    values = random.normal(size=SIZE)
    values[SIZE // 2] = outlier
    return values


SHAPES: dict[str, Callable[[Generator], Floats]] = {
    "normal": lambda random: random.normal(size=SIZE),
    "skewed": lambda random: np.exp(4.0 * random.normal(size=SIZE)),
    "no variance": lambda random: random.standard_cauchy(SIZE),
    "one huge outlier": lambda random: with_outlier(random, 1e300),
    "one hugely negative outlier": lambda random: with_outlier(random, -1e300),
    "six hundred orders of magnitude": lambda random: 10.0 ** random.uniform(-300, 300, SIZE),
    "mostly zero": lambda random: np.maximum(random.normal(-1.0, 1.0, SIZE), 0.0),
    "few different values": lambda random: random.integers(-2, 3, SIZE).astype(float),
    "all equal": lambda random: np.full(SIZE, 0.1),
    "nearly equal": lambda random: 1.0 + 1e-15 * random.integers(0, 9, SIZE),
    "two clusters": lambda random: np.where(random.random(SIZE) < 0.5, 1e9, -1.0) + random.normal(size=SIZE),
    "in order": lambda random: np.sort(random.normal(size=SIZE)),
    "denormal": lambda random: 5e-324 * random.integers(0, 1000, SIZE),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_percentiles_are_those_of_numpy(shape: str) -> None:
    random = np.random.default_rng(1)
    values = np.stack([SHAPES[shape](random) for _ in range(3)])

    result, count = percentiles(values, QUANTILES)

    np.testing.assert_array_equal(result, np.quantile(values, QUANTILES, axis=1))
    assert [SIZE] * 3 == list(count)


def test_the_whole_range_of_float64() -> None:
    values = np.concatenate((np.linspace(-1.7e308, -1e308, 100), np.linspace(1e308, 1.7e308, 101)))[
        np.newaxis
    ]

    result, _ = percentiles(values, [0.0, 0.25, 0.5, 1.0])

    np.testing.assert_array_equal(result, np.quantile(values, [0.0, 0.25, 0.5, 1.0], axis=1))


@pytest.mark.parametrize("size", [1, 2, 3, 63, 64, 65, 66, 127, 128, 129, 1000])
def test_every_size(size: int) -> None:
    values = np.random.default_rng(size).normal(size=(5, size))

    result, _ = percentiles(values, QUANTILES)

    np.testing.assert_array_equal(result, np.quantile(values, QUANTILES, axis=1))


def test_nan_is_left_out_row_by_row() -> None:
    random = np.random.default_rng(1)
    values = random.normal(size=(4, SIZE))
    values[0, random.random(SIZE) < 0.3] = np.nan
    values[1, 1:] = np.nan
    values[2, :] = np.nan

    result, count = percentiles(values, QUANTILES)

    assert [np.count_nonzero(~np.isnan(values[0])), 1, 0, SIZE] == list(count)
    assert np.all(np.isnan(result[:, 2]))
    np.testing.assert_array_equal(result[:, [0, 1, 3]], np.nanquantile(values[[0, 1, 3]], QUANTILES, axis=1))


def test_quantiles_in_any_order_and_repeated() -> None:
    values = np.random.default_rng(1).normal(size=(2, 1000))
    quantiles = [0.9, 0.1, 0.9, 1.0, 0.0, 0.1001]

    result, _ = percentiles(values, quantiles)

    np.testing.assert_array_equal(result, np.quantile(values, quantiles, axis=1))


@given(
    values=arrays(
        np.float64,
        st.tuples(st.integers(1, 3), st.integers(1, 200)),
        elements=st.floats(-1e150, 1e150, allow_subnormal=True) | st.sampled_from([0.0, -0.0, 1.0]),
        fill=st.sampled_from([0.0, 1.0]),
    ),
    quantiles=st.lists(st.floats(0.0, 1.0), min_size=1, max_size=5),
)
def test_whatever_the_values(values: Floats, quantiles: list[float]) -> None:
    result, _ = percentiles(values, quantiles)

    np.testing.assert_allclose(result, np.quantile(values, quantiles, axis=1), rtol=1e-15, atol=0.0)


@pytest.mark.parametrize("threads", [1, 2, 3, 50])
@pytest.mark.parametrize("rows", [0, 1, 7])
def test_threads_change_nothing(threads: int, rows: int) -> None:
    values = np.random.default_rng(1).normal(size=(rows, 300))

    result, count = percentiles(values, QUANTILES, threads)

    assert (QUANTILES.size, rows) == result.shape
    np.testing.assert_array_equal(result, np.quantile(values, QUANTILES, axis=1))
    np.testing.assert_array_equal(count, np.full(rows, 300))


def test_values_stay_as_they_are() -> None:
    values = np.random.default_rng(1).normal(size=(2, 50))
    before = values.copy()
    percentiles(values, QUANTILES)

    np.testing.assert_array_equal(before, values)


def test_columns_of_a_table_by_its_transpose() -> None:
    values = np.random.default_rng(1).normal(size=(300, 4))

    result, _ = percentiles(values.T, QUANTILES)

    np.testing.assert_array_equal(result, np.quantile(values, QUANTILES, axis=0))


@pytest.mark.parametrize("quantile", [-0.1, 1.1, np.nan])
def test_a_quantile_outside_0_and_1_is_an_error(quantile: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        percentiles(np.zeros((1, 3)), [quantile])


def test_values_must_be_a_table() -> None:
    with pytest.raises(ValueError, match="two dimensions"):
        percentiles(np.zeros(3), [0.5])
