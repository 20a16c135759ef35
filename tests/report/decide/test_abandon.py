"""The sentence of `decide abandon` says only what the intervals support."""

import numpy as np
import xarray as xr

from crcsim.decisions.abandon import CHOICES
from crcsim.report.decide.abandon import answer


def found(policy, negative=0.0, error=0.1, ended=0.0, level=-20.0, periods=4, first=0):
    """Two customers: A with this gain of the policy, B with none."""
    gains = np.zeros((2, len(CHOICES)))
    gains[0, CHOICES.index("policy")] = gains[0, CHOICES.index("rule")] = policy
    gains[1, CHOICES.index("when negative")] = negative
    per, one = ("customer", "choice"), ("customer",)
    numbers = {"value": (per, 100.0 + gains), "gain": (per, gains)}
    numbers |= {"gap": (one, np.full(2, 0.2)), "captured": (one, np.array([0.9, np.nan]))}
    numbers["ended"] = (("customer", "date"), np.array([[ended, ended], [0.0, 0.0]]))
    errors = {
        f"{name}_standard_error": (dims, np.full(values.shape, error))
        for name, (dims, values) in numbers.items()
    }
    rule = {"rule_level": [level, -np.inf], "rule_periods": [periods, 1], "rule_first": [first, 0]}
    rules = {name: (one, np.array(values)) for name, values in rule.items()}
    attributes = {"paths": 10_000, "currency": "EUR", "strategy": "baseline", "discounting": "wacc"}
    coords = {"customer": ["A", "B"], "choice": list(CHOICES), "date": [0, 1]}
    return xr.Dataset({**numbers, **errors, **rules}, coords, {**attributes, "periods_per_year": 4})


def test_an_option_that_pays_is_told_with_its_rule():
    text = answer(found(5.0, first=4)).finding

    assert "The option to end A is worth 5.00 ± 0.10 EUR (at most 5.20 ± 0.14)" in text
    assert "leave when contribution is below -20 EUR for 4 quarters in a row, not before 1 year" in text
    assert "which catches 90% of it" in text


def test_ending_today_is_said():
    assert answer(found(5.0, ended=1.0)).finding.endswith(": end today.")


def test_nothing_is_recommended_within_the_errors():
    text = answer(found(0.2)).finding

    assert text.startswith("The option to end is not distinguishable from worthless for any of 2 customers")
    assert "leave" not in text


def test_ending_at_the_first_loss_is_warned_of():
    assert (
        "Ending B at its first negative contribution would cost 7.00 ± 0.10 EUR"
        in answer(found(0.0, negative=-7.0)).finding
    )


def test_tables_hold_both_customers():
    values, rules = answer(found(5.0)).parts[0].tables

    assert ["A", "B"] == [row[0] for row in values.rows]
    assert [("A", "leave when contribution is below -20 EUR for 4 quarters in a row")] == [
        row[:2] for row in rules.rows
    ]


def lines(policy, **options):
    """The same of two product lines, with the gain of each date."""
    made = found(policy, **options).rename(customer="product")
    dates = (("product", "date"), np.array([[1.0, 2.0], [-4.0, -3.0]]))
    errors = (("product", "date"), np.full((2, 2), 0.1))
    made = made.assign(date_gain=dates, date_gain_standard_error=errors)
    return made.assign_coords(years=("date", np.array([0.0, 1.0])))


def test_product_lines_are_dropped():
    text = answer(lines(5.0, negative=-7.0)).finding

    assert text.startswith("The option to drop A is worth 5.00 ± 0.10 EUR (at most 5.20 ± 0.14): drop when")
    assert "Dropping B at its first negative contribution would cost 7.00" in text
    assert answer(lines(5.0, ended=1.0)).finding.endswith(": drop today.")


def test_the_best_date_of_a_line_is_told_where_one_pays():
    dates = answer(lines(5.0)).parts[0].tables[-1]

    assert [("1", "2.00 ± 0.10"), ("never", "–")] == [row[-2:] for row in dates.rows]
    assert 2 == len(list(answer(lines(5.0)).parts[0].charts()))


def test_a_line_that_always_pays_is_worth_no_option():
    made = lines(0.0)
    text = answer(made.assign(gap=made["gap"] * 0.0)).finding

    assert text.endswith("worthless for any of 2 product lines: its upper bound is 0.")
