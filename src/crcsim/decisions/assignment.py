"""Linear assignment on plain arrays: which customers get which of a limited number of posts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from crcsim.errors import ArgumentError
from crcsim.kernels.arrays import Floats, Integers

__all__ = ["assign_by_size", "assign_posts", "assigned_value"]


def assign_posts(values: Floats, limits: Sequence[int | None]) -> Integers:
    """The assignment of the highest total value: role of each customer, -1 for none, [customer].

    values [customer, role]: what a role adds at a customer. limits: the most customers of each role, None for
    any number. A customer has one role at most; a post that would only lose value stays empty. Solved as a
    linear assignment with a column for each post and one of value 0 for each customer (Kuhn 1955, by
    scipy.optimize.linear_sum_assignment); among equal ones the choice is always the same. Raises
    ArgumentError for values that are not finite, a limit below 0, or shapes that do not agree.
    """
    from scipy.optimize import linear_sum_assignment

    customers, roles = values.shape
    if len(limits) != roles:
        raise ArgumentError(f"there must be {roles} limits, not {len(limits)}")
    if any(limit is not None and limit < 0 for limit in limits):
        raise ArgumentError("a limit must be at least 0")
    if not np.isfinite(values).all():
        raise ArgumentError("values must be finite")
    posts = np.repeat(
        np.arange(roles), [customers if limit is None else min(limit, customers) for limit in limits]
    )
    table = np.concatenate([values[:, posts], np.zeros((customers, customers))], axis=1)
    rows, columns = linear_sum_assignment(table, maximize=True)
    chosen = np.full(customers, -1, dtype=np.int64)
    filled = (columns < posts.size) & (table[rows, columns] > 0.0)
    chosen[rows[filled]] = posts[columns[filled]]
    return chosen


def assign_by_size(values: Floats, limits: Sequence[int | None], size: Floats) -> Integers:
    """What is done without asking: every limited post is filled, the best role on average first, with the
    largest customers; roles without a limit are left out. [customer], -1 for none.
    """
    order = np.argsort(-size, kind="stable")
    chosen, next_one = np.full(size.size, -1, dtype=np.int64), 0
    for role in np.argsort(-values.mean(axis=0), kind="stable"):
        limit = limits[int(role)]
        if limit is not None:
            chosen[order[next_one : next_one + limit]] = role
            next_one += limit
    return chosen


def assigned_value(rows: Floats, chosen: Integers) -> Floats:
    """Total value [path] of an assignment [customer]; rows [customer, role, path]."""
    served = np.flatnonzero(chosen >= 0)
    return np.asarray(rows[served, chosen[served]].sum(axis=0))
