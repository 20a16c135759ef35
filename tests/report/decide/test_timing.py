"""The sentence of `decide timing` never says more than the intervals support."""

import numpy as np
import xarray as xr

from crcsim.report.decide.timing import answer

STARTS = ["now", "after 1 year", "share falls"]
NAMES = ("value", "delay_cost", "benefit_lost", "spend_saved", "behind_best")


def told(values, error=0.1, paying=True):
    """An answer on one lever whose starts are worth this, with this error of all differences."""
    values = np.array(values, dtype=float)
    best = int(np.nanargmax(values))
    behind = values[best] - values
    sure = behind > 2.0 * error
    rows = {
        "value": values,
        "delay_cost": values[0] - values,
        "benefit_lost": values[0] - values + 1.0,
        "spend_saved": np.ones(3),
        "behind_best": behind,
    }
    date = best < 2
    found = xr.Dataset(
        {
            **{name: (("lever", "start"), row[None]) for name, row in rows.items()},
            **{f"{name}_standard_error": (("lever", "start"), np.full((1, 3), error)) for name in NAMES},
            "behind_established": (("lever", "start"), sure[None]),
            "best_established": ("lever", [bool(np.delete(sure, best).all())]),
            "pays_established": ("lever", [paying]),
            "earliest": ("lever", [0.0]),
            "latest": ("lever", [0.0 if sure[1] else 1.0]),
            "waiting_value": ("lever", [values[2] - values[:2].max()]),
            "waiting_value_standard_error": ("lever", [error]),
        },
        {
            "lever": ["care"],
            "side": ("lever", ["customer"]),
            "best": ("lever", [STARTS[best]]),
            "best_years": ("lever", [float(best) if date else np.nan]),
            "start": STARTS,
            "years": ("start", [0.0, 1.0, np.nan]),
        },
        {"currency": "EUR", "discounting": "wacc", "strategy": "baseline", "paths": 20_000, "title": "made"},
    )
    return answer(found)


def test_the_best_date_and_what_the_next_one_costs():
    finding = told([5.0, 4.0, 3.0]).finding

    assert "care is best started now (5.00 ± 0.10 EUR, after 1 year would cost 1.00 ± 0.10)." == finding


def test_a_trigger_may_be_best():
    found = told([3.0, 4.0, 5.0])

    assert found.finding.startswith("care is best started on the trigger of share falls (5.00")
    assert "over the best date: 1.00 ± 0.10, both chosen on other paths." in found.parts[0].tables[0].notes[2]


def test_close_starts_are_not_distinguished():
    finding = told([5.0, 4.95, 3.0]).finding

    assert finding.startswith("the best start of care is not distinguishable among now, after 1 year (5.00")


def test_what_does_not_pay_has_no_best_start():
    found = told([-5.0, -4.0, -6.0], paying=False)

    assert "care does not pay at any start beyond its error (-4.00 ± 0.10 EUR after 1 year)." == found.finding
    assert ["now", "after 1 year", "on the trigger of share falls"] == [
        row[0] for row in found.parts[0].tables[0].rows
    ]
    assert ["timing", "triggers"] == [chart.name for chart in found.parts[0].charts()]


def test_the_interval_of_the_best_date_is_told():
    sure, unsure = (told(values).parts[0].tables[0].notes[1] for values in ([5.0, 3.0, 1.0], [5.0, 4.9, 1.0]))

    assert "Dates that are not behind, at 95% for all starts: now." == sure
    assert "Dates that are not behind, at 95% for all starts: now to 1 years." == unsure
