"""Upper bound by duality, without nested simulation: martingales made of innovations.

For every martingale M with M_0 = 0, the best policy's value is at most E[max_t (Z_t - M_t)], Z_t the present
value of stopping at t (Rogers 2002; Haugh and Kogan 2004). A martingale that regression only approximates is
none, and bounds nothing. Here the increments are sums of b(X_t) x innovation_{t+1}, where the innovations
have conditional mean zero by construction (a standard normal draw, an event's indicator less its
probability): whatever b regression finds, M is a true martingale, and on fresh paths the bound is above the
best value in expectation (Belomestny, Bender and Schoenmakers 2009). Its bias is upward only: the part of the
value's martingale that these innovations do not span.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from crcsim.decisions.stopping.paths import Flags, StoppingPaths
from crcsim.decisions.stopping.policy import Policy
from crcsim.decisions.stopping.regression import (
    Basis,
    fit_least_squares,
    make_basis,
    solve_least_squares,
)
from crcsim.errors import ArgumentError
from crcsim.kernels.arrays import Floats

__all__ = ["Martingale", "fit_martingale", "upper_bounds"]

#: Paths that each loading needs; a basis of lower degree is used where there are fewer, and none at all below
#: the least number.
_PATHS_PER_LOADING, _LEAST_PATHS_PER_LOADING = 100, 20


@dataclass(frozen=True)
class _Increment:
    """Loadings of one period on the innovations, on one group of paths."""

    basis: Basis
    loadings: Floats  # [innovation, term]

    def __call__(self, known: Floats, innovations: Floats) -> Floats:
        terms = self.basis(known)
        return np.asarray(np.einsum("pk,kt,pt->p", innovations, self.loadings, terms, optimize=True))


@dataclass(frozen=True)
class Martingale:
    """Increments [period] on paths where stopping is allowed, and on the others."""

    allowed: tuple[_Increment, ...]
    others: tuple[_Increment, ...]

    def __call__(self, paths: StoppingPaths) -> Floats:
        """M at dates 0..T, [path, date]."""
        count, dates = paths.cash.shape
        values = np.zeros((count, dates + 1))
        for date in range(dates):
            group, step = paths.allowed[:, date], np.zeros(count)
            known, innovations = _known(paths, date), paths.innovations[:, date]
            for mask, increment in ((group, self.allowed[date]), (~group, self.others[date])):
                if mask.any():
                    step[mask] = increment(known[mask], innovations[mask])
            values[:, date + 1] = values[:, date] + step
        return values


def fit_martingale(
    paths: StoppingPaths, policy: Policy, *, degree: int = 2, loading_degree: int = 2
) -> Martingale:
    """Loadings by least squares: the value of the policy at the end of each period, itself fitted on what is
    known then, is regressed on innovations x polynomials of what is known at its start, of at most
    `loading_degree`, and of fewer terms where paths are few: loadings that follow noise widen the bound.

    Raises ArgumentError where the paths have no innovations.
    """
    if not paths.innovations.size:
        raise ArgumentError("an upper bound needs innovations of conditional mean zero")
    later = np.zeros(paths.cash.shape[0])  # realised value from date t+1 on, then fitted at date t+1
    fitted = later
    allowed: list[_Increment] = []
    others: list[_Increment] = []
    for date in reversed(range(paths.dates)):
        end = paths.cash[:, date] + fitted
        group, known = paths.allowed[:, date], _known(paths, date)
        for mask, found in ((group, allowed), (~group, others)):
            found.append(_loadings(known[mask], paths.innovations[mask, date], end[mask], loading_degree))
        later = later + paths.cash[:, date]
        later = np.where(policy.stops(paths, date), paths.exit_value[:, date], later)
        fitted = _value(paths, policy, date, later, degree)
    return Martingale(tuple(reversed(allowed)), tuple(reversed(others)))


def upper_bounds(paths: StoppingPaths, martingale_values: Floats) -> Floats:
    """max over the allowed dates, and over never stopping, of present value less martingale, [path];
    martingale_values [path, date 0..T]. Its mean over paths on which nothing was fitted is above the best
    policy's value in expectation.
    """
    reached = paths.by_date - martingale_values
    stopping = np.where(paths.allowed, reached[:, :-1], -np.inf).max(axis=1)
    return np.asarray(np.maximum(stopping, reached[:, -1]))


def _known(paths: StoppingPaths, date: int) -> Floats:
    return paths.features[:, date] if paths.known is None else paths.known[:, date]


def _value(paths: StoppingPaths, policy: Policy, date: int, later: Floats, degree: int) -> Floats:
    """The policy's value at a date [path], as known then: where stopping is allowed, and where not."""
    value = np.empty_like(later)
    known, group = _known(paths, date), paths.allowed[:, date]
    for mask in _parts(group):
        value[mask] = fit_least_squares(known[mask], later[mask], degree)(known[mask])
    stop = policy.stops(paths, date)
    return np.where(stop, paths.exit_value[:, date], value)


def _parts(group: Flags) -> list[Flags]:
    return [mask for mask in (group, ~group) if mask.any()]


def _loadings(known: Floats, innovations: Floats, end: Floats, degree: int) -> _Increment:
    """Least squares of a value on (1, innovations) x terms."""
    count, kinds = innovations.shape
    basis = make_basis(known, degree)
    while degree > 0 and len(basis.terms) * (kinds + 1) * _PATHS_PER_LOADING > count:
        degree -= 1
        basis = make_basis(known, degree)
    terms = basis(known)
    size = terms.shape[1]
    if count < _LEAST_PATHS_PER_LOADING * (kinds + 1):
        return _Increment(basis, np.zeros((kinds, size)))
    full = np.concatenate([np.ones((count, 1)), innovations], axis=1)
    design = (full[:, :, np.newaxis] * terms[:, np.newaxis, :]).reshape(count, -1)
    found = solve_least_squares(design, end)
    return _Increment(basis, found.reshape(kinds + 1, size)[1:])
