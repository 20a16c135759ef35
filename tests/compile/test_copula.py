"""Rank correlations, their repair, and correlated normals."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crcsim.compile.copula import (
    blocks,
    cholesky,
    connected_blocks,
    correlate,
    gaussian_correlation,
    nearest_correlation,
    rank_correlation,
)

CONTRADICTION = np.array([[1.0, 0.9, -0.9], [0.9, 1.0, 0.9], [-0.9, 0.9, 1.0]])


def random_correlation(size: int, seed: int) -> np.ndarray:
    factors = np.random.default_rng(seed).standard_normal((size, size))
    covariance = factors @ factors.T
    scale = 1.0 / np.sqrt(np.diag(covariance))
    matrix = covariance * scale * scale[:, np.newaxis]
    np.fill_diagonal(matrix, 1.0)
    return matrix


@given(st.floats(-1.0, 1.0))
def test_rank_and_gaussian_correlation_are_inverses(rank: float) -> None:
    assert rank == pytest.approx(rank_correlation(gaussian_correlation(rank)), abs=1e-14)


def test_known_rank_correlations() -> None:
    np.testing.assert_allclose(
        [-1.0, 0.0, 0.5176380902050415, 1.0], gaussian_correlation([-1, 0, 0.5, 1]), atol=1e-15
    )


def test_ranks_of_correlated_normals_correlate_as_stated() -> None:
    """100,000 draws; four standard errors of about 1/√n: one run in 16,000 would fail by chance."""
    count = 100_000
    normals = np.random.default_rng(4).standard_normal((2, count))
    factor = cholesky(gaussian_correlation([[1.0, 0.4], [0.4, 1.0]]))
    ranks = np.argsort(np.argsort(correlate(factor, normals), axis=1), axis=1)

    assert abs(np.corrcoef(ranks)[0, 1] - 0.4) < 4.0 / np.sqrt(count)


def test_a_correlation_matrix_is_left_alone() -> None:
    matrix = random_correlation(5, 1)
    nearest, repaired = nearest_correlation(matrix)

    assert not repaired
    np.testing.assert_array_equal(matrix, nearest)


def test_perfect_correlation_needs_no_repair() -> None:
    assert not nearest_correlation(np.ones((3, 3)))[1]


def test_nearest_correlation_of_higham() -> None:
    # Higham 2002, section 4: the tridiagonal matrix of ones
    nearest, repaired = nearest_correlation([[1.0, 1.0, 0.0], [1.0, 1.0, 1.0], [0.0, 1.0, 1.0]])

    assert repaired
    np.testing.assert_allclose(
        [[1.0, 0.7607, 0.1573], [0.7607, 1.0, 0.7607], [0.1573, 0.7607, 1.0]], nearest, atol=5e-5
    )


def test_repaired_matrix_is_a_correlation_matrix_and_stays_one() -> None:
    nearest, repaired = nearest_correlation(CONTRADICTION)

    assert repaired
    np.testing.assert_array_equal(np.ones(3), np.diag(nearest))
    np.testing.assert_array_equal(nearest, nearest.T)
    assert np.linalg.eigvalsh(nearest)[0] > -1e-12
    assert not nearest_correlation(nearest)[1]


def test_no_correlation_matrix_on_the_way_is_nearer() -> None:
    nearest, _ = nearest_correlation(CONTRADICTION)
    distance = np.linalg.norm(nearest - CONTRADICTION)

    for seed in range(50):
        other = 0.99 * nearest + 0.01 * random_correlation(3, seed)
        assert distance <= np.linalg.norm(other - CONTRADICTION) + 1e-9


def test_blocks_are_linked_through_others() -> None:
    matrix = np.eye(5)
    for one, other in ((0, 3), (3, 4)):
        matrix[one, other] = matrix[other, one] = 0.3

    assert ((0, 3, 4), (1,), (2,)) == connected_blocks(matrix)


@pytest.mark.parametrize("size", [1, 2, 6])
def test_factor_gives_the_matrix_back(size: int) -> None:
    matrix = random_correlation(size, size)
    factor = cholesky(matrix)

    np.testing.assert_array_equal(factor, np.tril(factor))
    np.testing.assert_allclose(np.linalg.cholesky(matrix), factor, rtol=1e-12)


@pytest.mark.parametrize(
    "matrix", [np.ones((3, 3)), nearest_correlation(CONTRADICTION)[0]], ids=["ones", "repaired"]
)
def test_factor_of_a_matrix_without_full_rank(matrix: np.ndarray) -> None:
    factor = cholesky(matrix)

    np.testing.assert_allclose(matrix, factor @ factor.T, atol=1e-9)


def test_what_is_appended_changes_no_earlier_row() -> None:
    matrix = random_correlation(6, 8)

    np.testing.assert_array_equal(cholesky(matrix)[:4, :4], cholesky(matrix[:4, :4]))


def test_correlated_normals_do_not_depend_on_the_number_of_paths() -> None:
    factor = cholesky(random_correlation(7, 2))
    normals = np.random.default_rng(6).standard_normal((7, 513))
    whole = correlate(factor, normals)

    np.testing.assert_allclose(factor @ normals, whole, rtol=1e-12, atol=1e-14)
    np.testing.assert_array_equal(normals[0], whole[0])
    np.testing.assert_array_equal(whole[:, 100:117], correlate(factor, normals[:, 100:117]))


def test_stated_correlations_become_blocks_in_canonical_order() -> None:
    found = blocks(
        [(("b.growth", "a.growth"), ((1.0, 0.4), (0.4, 1.0))), (("z", "y"), ((1.0, 1.0), (1.0, 1.0)))]
    )

    assert [("a.growth", "b.growth"), ("y", "z")] == [block.names for block in found]
    assert [False, False] == [block.repaired for block in found]
    assert [0.0, 0.0] == [block.change for block in found]
    assert gaussian_correlation(0.4) == pytest.approx(found[0].factor[1, 0], rel=1e-15)


def test_given_order_decides_who_follows_whom() -> None:
    (block,) = blocks([(("a", "b"), ((1.0, 0.4), (0.4, 1.0)))], order=("b", "a"))

    assert ("b", "a") == block.names


def test_pairs_that_are_not_stated_are_uncorrelated() -> None:
    pairs = [(("a", "b"), ((1.0, 0.4), (0.4, 1.0))), (("b", "c"), ((1.0, 0.4), (0.4, 1.0)))]
    (block,) = blocks(pairs)

    assert 0.0 == pytest.approx((block.factor @ block.factor.T)[0, 2], abs=1e-15)


def test_only_the_block_that_contradicts_itself_is_repaired() -> None:
    found = blocks([(("a", "b", "c"), CONTRADICTION.tolist()), (("d", "e"), ((1.0, 0.4), (0.4, 1.0)))])

    assert [True, False] == [block.repaired for block in found]
    assert 0.1 < found[0].change < 0.6


def test_pairs_stated_as_zero_form_no_block() -> None:
    assert () == blocks([(("a", "b"), ((1.0, 0.0), (0.0, 1.0)))])
    assert () == blocks([])


def test_a_pair_has_one_correlation() -> None:
    stated = [(("a", "b"), ((1.0, 0.4), (0.4, 1.0))), (("b", "a"), ((1.0, 0.5), (0.5, 1.0)))]

    with pytest.raises(ValueError, match="a and b is stated twice"):
        blocks(stated)
