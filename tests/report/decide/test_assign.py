"""The sentence of `decide assign` says only what the intervals support."""

import numpy as np
import xarray as xr

from crcsim.decisions.assign import CHOICES
from crcsim.report.decide.assign import answer


def found(
    gain, difference, one_more=1.0, sponsor=-3.0, error=0.1, assigned=("growth_champion", ""), risk=0.0
):
    """Two customers, one role; with `risk` the means are a tenth above what is risk-adjusted."""
    numbers = {
        "value": (("customer", "role"), np.array([[5.0], [2.0]])),
        "gain": (("choice",), np.array([gain, gain - difference])),
        "difference": ((), difference),
        "in_sample": ((), gain),
        "one_more": (("role",), np.array([one_more])),
        "sponsor": ((), sponsor),
    }
    if risk:
        numbers |= {f"{name}_mean": (dims, 1.1 * np.asarray(each)) for name, (dims, each) in numbers.items()}
    numbers["sales_today"] = (("customer",), np.array([10.0, 20.0]))
    errors = {
        f"{name}_standard_error": (dims, np.full(np.shape(values), error))
        for name, (dims, values) in numbers.items()
    }
    rest = {
        "role_assigned": ("customer", list(assigned)),
        "role_by_sales": ("customer", ["", "growth_champion"]),
        "better": ((), 0.7),
        "limit": ("role", [1.0]),
    }
    attributes = {"paths": 10_000, "currency": "EUR", "strategy": "baseline", "discounting": "wacc"}
    coords = {"customer": ["A", "B"], "role": ["growth_champion"], "choice": list(CHOICES)}
    return answer(xr.Dataset({**numbers, **errors, **rest}, coords, attributes | {"risk_aversion": risk}))


def test_a_gain_over_sales_is_told():
    text = found(5.0, 3.0).finding

    assert "Assigning a growth champion to A brings 3.00 ± 0.10 EUR more than by sales of today" in text
    assert "it is worth 5.00 ± 0.10 EUR over nobody." in text
    assert "One more growth champion adds 1.00 ± 0.10 EUR" in text
    assert "the sponsor programme costs 3.00 ± 0.10 EUR." in text


def test_what_is_not_distinguishable_is_said():
    text = found(0.1, 0.1, one_more=0.05).finding

    assert "is not distinguishable from assigning by sales of today" in text
    assert "it is not distinguishable from nobody at all (0.10 ± 0.10 EUR)" in text
    assert "One more growth champion is not distinguishable from worthless" in text


def test_the_same_as_by_sales_is_said():
    text = found(5.0, 0.0, assigned=("", "growth_champion")).finding

    assert "Assigning a growth champion to B is what sales of today would have said; it is worth" in text


def test_worse_than_by_sales_is_said():
    assert "3.00 ± 0.10 EUR less than by sales" in found(5.0, -3.0).finding


def test_empty_posts_are_said():
    assert found(0.0, 0.0, assigned=("", "")).finding.startswith("No post pays for itself")


def test_the_tables_name_who_is_served():
    posts, sums = found(5.0, 3.0).parts[0].tables

    assert [("A", "growth champion", "–"), ("B", "–", "growth champion")] == [
        (row[0], *row[-2:]) for row in posts.rows
    ]
    assert "70.0" in sums.notes[0]


def test_the_measure_that_chose_is_told_with_the_mean_beside_it():
    made = found(5.0, 3.0, risk=0.5)

    assert "5.00 ± 0.10 EUR risk-adjusted over nobody" in made.finding
    criterion = "mean plus 0.5 x mean on the worst 5% of the portfolio's paths"
    assert f"(all by {criterion}; in the mean alone 5.50 ± 0.10 EUR over nobody)" in made.finding
    posts, sums = made.parts[0].tables
    assert ("growth champion, risk-adjusted (EUR)", "growth champion, mean (EUR)") == posts.columns[1:3]
    assert ("", "Risk-adjusted (EUR)", "±", "Mean (EUR)", "±") == sums.columns
    assert ("3.00", "0.10", "3.30", "0.10") == sums.rows[2][1:]
    assert "risk-adjusted" not in found(5.0, 3.0).finding


def test_sales_are_those_of_a_year():
    assert "Sales, next 12 months (EUR)" == found(5.0, 3.0).parts[0].tables[0].columns[2]
