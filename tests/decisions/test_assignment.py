"""The assignment of posts against all assignments that there are."""

from itertools import product

import numpy as np
import pytest

from crcsim.decisions.assignment import assign_by_size, assign_posts, assigned_value


def total(values, chosen):
    return sum(values[place, role] for place, role in enumerate(chosen) if role >= 0)


def allowed(chosen, limits):
    return all(limit is None or list(chosen).count(role) <= limit for role, limit in enumerate(limits))


def by_enumeration(values, limits):
    """The best total over all assignments within the limits."""
    customers, roles = values.shape
    every = product(range(-1, roles), repeat=customers)
    return max(total(values, chosen) for chosen in every if allowed(chosen, limits))


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("limits", [(1, 2), (0, 1), (None, 1), (5, 5), (2, None)])
def test_as_good_as_the_best_of_all(seed, limits):
    values = np.random.default_rng(seed).normal(size=(5, 2))

    chosen = assign_posts(values, limits)

    assert allowed(chosen, limits)
    assert total(values, chosen) == pytest.approx(by_enumeration(values, limits))


def test_ties_are_as_good_as_each_other():
    values = np.ones((4, 2))

    chosen = assign_posts(values, (1, 2))

    assert 3.0 == total(values, chosen)
    assert (chosen == assign_posts(values, (1, 2))).all()


def test_more_roles_than_customers():
    values = np.array([[1.0, 5.0, 3.0], [2.0, 9.0, 1.0]])

    assert [2, 1] == list(assign_posts(values, (1, 1, 1)))


def test_a_post_that_loses_stays_empty():
    assert [-1, 0, -1] == list(assign_posts(np.array([[-1.0], [2.0], [0.0]]), (3,)))
    assert [-1, -1] == list(assign_posts(np.array([[-1.0], [-2.0]]), (None,)))


def test_the_largest_customer_is_not_always_the_best_place():
    values, size = np.array([[1.0, 0.1], [4.0, 0.2], [2.0, 3.0]]), np.array([9.0, 5.0, 7.0])

    assert [-1, 0, 1] == list(assign_posts(values, (1, 1)))
    assert [0, -1, 1] == list(assign_by_size(values, (1, 1), size))


def test_value_of_an_assignment_by_path():
    rows = np.arange(12.0).reshape(2, 2, 3)

    assert [3.0, 4.0, 5.0] == list(assigned_value(rows, np.array([1, -1])))
    assert [0.0, 0.0, 0.0] == list(assigned_value(rows, np.array([-1, -1])))


@pytest.mark.parametrize(
    ("values", "limits", "words"),
    [([[np.nan]], (1,), "finite"), ([[1.0]], (-1,), "at least 0"), ([[1.0]], (1, 1), "1 limits, not 2")],
)
def test_bad_input(values, limits, words):
    with pytest.raises(ValueError, match=words):
        assign_posts(np.array(values), limits)
