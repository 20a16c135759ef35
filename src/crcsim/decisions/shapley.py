"""The average of a feature's part over the orders in which features may be switched on (Shapley 1953)."""

from __future__ import annotations

from itertools import combinations
from math import comb

import numpy as np

from crcsim.decisions.coalitions import Coalitions
from crcsim.kernels.arrays import Floats

__all__ = ["MOST_EXACT", "exact", "order_pairs", "sampled", "weight"]

#: All orders are taken up to so many features: 2^6 runs.
MOST_EXACT = 6

Found = tuple[Floats, Floats | None, Floats]


def weight(before: int, features: int) -> float:
    """Share of all orders of n features in which given s stand before a given one: s! (n-1-s)! / n!."""
    return 1.0 / (features * comb(features - 1, before))


def exact(runs: Coalitions) -> Found:
    """Average over all orders, [feature, item, path]; one run for every set of features (decomposition 3).

    Returns it with None (no order was sampled) and the values [item, path] with no feature on.
    """
    names = runs.features
    runs.expect(2 ** len(names) - 1)
    today = runs.values(frozenset())
    averages = np.zeros((len(names), *today.shape))
    for size in range(len(names) + 1):
        for on in combinations(names, size):
            values = runs.values(frozenset(on)) if size else today
            for place, name in enumerate(names):
                if name in on:
                    averages[place] += weight(size - 1, len(names)) * values
                else:
                    averages[place] -= weight(size, len(names)) * values
    return averages, None, today


def order_pairs(features: int, orders: int, seed: int) -> list[tuple[list[int], list[int]]]:
    """Pairs of a random order of features and its reverse, `orders` in all."""
    generator = np.random.default_rng([seed, features, orders])
    shuffled = [generator.permutation(features).tolist() for _ in range(orders // 2)]
    return [(order, order[::-1]) for order in shuffled]


def sampled(runs: Coalitions, orders: int) -> Found:
    """Average over random orders and their reverses, [feature, item, path], in the form of `exact`.

    In place of None come the means over the paths by pair of orders, [pair, feature, item].
    """
    names = runs.features
    runs.expect(1 + orders * (len(names) - 1))
    today = runs.values(frozenset())
    averages = np.zeros((len(names), *today.shape))
    by_pair = np.zeros((orders // 2, len(names), today.shape[0]))
    for number, pair in enumerate(order_pairs(len(names), orders, runs.seed)):
        for order in pair:
            before = today
            for place, feature in enumerate(order, start=1):
                now = runs.values(frozenset(names[each] for each in order[:place]))
                added = now - before
                averages[feature] += added / orders
                by_pair[number, feature] += added.mean(axis=1) / 2.0
                before = now
    return averages, by_pair, today
