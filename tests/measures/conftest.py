"""Results with known distributions, just the variables that a measure reads."""

import numpy as np
import pytest
import xarray as xr

DISCOUNTINGS = ("wacc", "risk_free", "deflator")


def repeated(values):
    """The same paths for the one strategy and all discountings: [strategy, discounting, item, path]."""
    values = np.atleast_2d(values)
    return np.broadcast_to(values, (1, len(DISCOUNTINGS), *values.shape)).copy()


def result_of(customers, levels=None, **more):
    """A result whose customers (and levels) have these values [customer, path] under every discounting.

    `more`: further variables as (dims, values), or attributes.
    """
    customers = np.atleast_2d(customers)
    levels = np.zeros((0, customers.shape[1])) if levels is None else np.atleast_2d(levels)
    attributes = {name: value for name, value in more.items() if not isinstance(value, tuple)}
    dims = ("strategy", "discounting", "customer", "path")
    variables = {
        "npv": (dims, repeated(customers)),
        "level_npv": (("strategy", "discounting", "level", "path"), repeated(levels)),
        **{name: value for name, value in more.items() if isinstance(value, tuple)},
    }
    return xr.Dataset(
        variables,
        coords={
            "strategy": ["baseline"],
            "discounting": list(DISCOUNTINGS),
            "customer": [f"customer {place}" for place in range(len(customers))],
            "level": ["company", "segment:industry"][: len(levels)],
            "path": np.arange(customers.shape[1]),
        },
        attrs={"currency": "EUR", "headline": "wacc", **attributes},
    )


@pytest.fixture
def generator():
    return np.random.default_rng(20260101)


def values(measure, name, **place):
    """The numbers of one variable of the one strategy, as a list where there are several."""
    return measure[name].isel(strategy=0).sel(**place).values.tolist()


def calibrated(estimates, errors, truth):
    """Whether standard errors [repetition, ...] are as large as the estimates scatter around the truth.

    For 400 repetitions: the 95 % interval holds the truth in at least 356 of them (380 expected, four
    binomial standard deviations of 4.4 and 1.5 % for the bias of a first-order error), and the standardised
    errors have a standard deviation within 18 % of 1 (four standard deviations of 3.5 % and 4 % for bias and
    noise of the errors). Rate of false alarms below 2e-4 a number.
    """
    standardised = (np.asarray(estimates) - truth) / np.asarray(errors)
    held = np.count_nonzero(np.abs(standardised) <= 1.96, axis=0)
    return bool(np.all(held >= 356) and np.all(np.abs(standardised.std(axis=0) - 1.0) <= 0.18))
