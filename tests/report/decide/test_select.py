"""The sentence of `decide select` says only what the intervals support."""

import numpy as np
import xarray as xr

from crcsim.report.decide.select import answer


def found(chances, size_ranks, errors=0.005, top=1):
    count = len(chances)
    one = ("customer",)
    numbers = {
        "top_probability": np.array(chances),
        "size_today": 10.0 - np.array(size_ranks),
        "mean": np.array(chances),
        "potential": np.array(chances) + 1.0,
        "gone_probability": np.full(count, 0.3),
    }
    variables = {name: (one, values) for name, values in numbers.items()}
    variables |= {f"{name}_standard_error": (one, np.full(count, errors)) for name in numbers}
    variables["gone_by_cause"] = (("customer", "cause"), np.full((count, 1), 0.3))
    variables["size_rank"] = (one, np.array(size_ranks))
    attributes = {"top": top, "years": 5.0, "paths": 10_000, "currency": "EUR", "strategy": "baseline"}
    coords = {"customer": list("ABCD")[:count], "cause": ["churn"]}
    return answer(xr.Dataset(variables, coords, attributes)).finding


def test_a_riser_is_named():
    assert "not by sales: A (3rd by sales today" in found([0.6, 0.3, 0.1], [3, 1, 2])


def test_the_same_as_by_sales_is_said():
    assert "are the largest by sales today too" in found([0.6, 0.3, 0.1], [1, 2, 3])


def test_equals_are_not_distinguished():
    assert found([0.45, 0.451, 0.099], [1, 2, 3]).startswith("Place 1 is not distinguishable: B and A")
