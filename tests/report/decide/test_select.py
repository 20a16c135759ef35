"""The sentence of `decide select` says only what the intervals support."""

import numpy as np
import xarray as xr

from crcsim.report.decide.select import answer


def made(chances, size_ranks, errors=0.005, top=1, apart=None, possible=None):
    """Up to eight customers; `apart`: standard error of differences, as of independent ones unless given."""
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
    two, pairs = ("customer", "cause"), ("customer", "other")
    variables["gone_by_cause"] = (two, np.full((count, 1), 0.3))
    variables["gone_by_cause_standard_error"] = (two, np.full((count, 1), 0.004))
    variables["cause_possible"] = (two, np.array(possible or [1] * count)[:, None])
    variables["size_rank"] = (one, np.array(size_ranks))
    width = np.sqrt(2) * errors if apart is None else apart
    variables["top_difference_standard_error"] = (pairs, np.full((count, count), width))
    attributes = {"top": top, "years": 5.0, "paths": 10_000, "currency": "EUR", "strategy": "baseline"}
    names = list("ABCDEFGH")[:count]
    coords = {"customer": names, "other": names, "cause": ["churn"]}
    return answer(xr.Dataset(variables, coords, attributes))


def found(*given, **named):
    return made(*given, **named).finding


def test_a_riser_is_named():
    assert "not by sales: A (3rd by sales today" in found([0.6, 0.3, 0.1], [3, 1, 2])


def test_the_same_as_by_sales_is_said():
    assert "are the largest by sales today too" in found([0.9, 0.8, 0.2, 0.1], [1, 2, 3, 4], top=2)


def test_equals_are_not_distinguished():
    assert found([0.45, 0.451, 0.099], [1, 2, 3]).startswith("Place 1 is not distinguishable: B and A")


def test_one_is_told_in_the_singular():
    text = found([0.6, 0.3, 0.1], [1, 2, 3])

    assert text.startswith(
        "The customer most likely to be first by realised value, A, is the largest by sales"
    )
    assert "top 1" not in text + found([0.6, 0.3, 0.1], [3, 1, 2]) + found([0.45, 0.451, 0.099], [1, 2, 3])
    assert "not by sales: A" in found([0.6, 0.3, 0.1], [3, 1, 2])


def test_differences_are_judged_by_their_own_error():
    """By independent errors 4 points are 1.4 standard errors; competing for one place they are 0.9."""
    chances = [0.52, 0.48, 0.0]

    assert found(chances, [1, 2, 3], errors=0.005, apart=0.04).startswith("Place 1 is not distinguishable")
    assert found(chances, [1, 2, 3], errors=0.03, apart=0.01).startswith("The customer most likely")


def test_a_single_customer_leaves_nothing_to_select():
    assert "A is the only customer: there is nothing to select." == found([1.0], [1])


def test_chances_to_be_gone_have_an_error_and_what_cannot_happen_a_dash():
    gone = made([0.6, 0.3, 0.1], [1, 2, 3], possible=[1, 1, 0]).parts[0].tables[1]

    assert ("Customer", "churned %", "gone %", "±") == gone.columns
    assert ("30.0", "0.5") == gone.rows[0][2:]
    assert "of each cause at most 0.4" in gone.notes[0]
    assert ("C", "–", "–", "") == gone.rows[2]


def test_a_small_map_names_everybody():
    (chart,) = made([0.4, 0.3, 0.2, 0.1], [1, 2, 3, 4]).parts[0].charts()
    texts = [text.get_text() for text in chart.figure.axes[0].texts]

    assert list("ABCD") == sorted(texts)
