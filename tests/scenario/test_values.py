"""Units: what a text means in canonical units, and what it must not be taken for."""

import math

import pytest

from crcsim.scenario.values import (
    Amount,
    CountPerYear,
    Days,
    Duration,
    Fault,
    Interval,
    MoneyPerYear,
    Number,
    PerMoney,
    Unit,
)

RATE = Number(ratio=True, per_year=True)
EURO = MoneyPerYear("EUR")


@pytest.mark.parametrize(
    ("unit", "text", "expected"),
    [
        (RATE, "5%", 0.05),
        (RATE, "0.8 %", 0.008),
        (RATE, "-3%", -0.03),
        (RATE, "150 bp", 0.015),
        (RATE, "150bp", 0.015),
        (RATE, "25% per year", 0.25),
        (RATE, "0.2 per year", 0.2),
        (RATE, "1e-2%", 0.0001),
        (EURO, "12.5 M EUR per year", 12_500_000.0),
        (EURO, "350 k EUR per year", 350_000.0),
        (EURO, "1.2 bn EUR per year", 1_200_000_000.0),
        (EURO, "900 EUR per year", 900.0),
        (Duration(), "18 months", 1.5),
        (Duration(), "6 years", 6.0),
        (Duration(), "1 year", 1.0),
        (Duration(), "2 quarters", 0.5),
        (Duration(), "inf", math.inf),
        (Days(), "60 days", 60.0),
        (Amount("EUR"), "11.70 EUR", 11.7),
        (Amount("EUR"), "120 k EUR", 120_000.0),
        (PerMoney("EUR"), "3 per k EUR", 0.003),
        (PerMoney("EUR"), "0.2 per M EUR", 2e-7),
        (PerMoney("EUR"), "1.5 per EUR", 1.5),
        (CountPerYear(), "40 per year", 40.0),
    ],
)
def test_text_has_its_meaning(unit: Unit, text: str, expected: float) -> None:
    assert expected == unit.read_text(text)


@pytest.mark.parametrize("percent", ["0.8", "4.35", "17.9", "1.1", "29", "0.07"])
def test_percent_is_rounded_once(percent: str) -> None:
    digits = percent.replace(".", "").zfill(3)
    places = len(percent.partition(".")[2]) + 2
    exact = float(f"{digits}e-{places}")

    assert exact == RATE.read_text(f"{percent}%")


@pytest.mark.parametrize(
    ("unit", "text", "code"),
    [
        (RATE, "5 %%", "not_a_number"),
        (RATE, "five", "not_a_number"),
        (RATE, "5% per month", "wrong_period"),
        (Number(), "5 per year", "unexpected_unit"),
        (EURO, "12.5 EUR", "missing_period"),
        (EURO, "12.5 M EUR per quarter", "wrong_period"),
        (EURO, "12.5 M USD per year", "wrong_currency"),
        (EURO, "12.5 million", "not_an_amount"),
        (EURO, "12.5 m EUR per year", "not_an_amount"),
        (Duration(), "18", "not_a_duration"),
        (Duration(), "18 days", "not_a_duration"),
        (Days(), "2 months", "not_a_number"),
        (Amount("EUR"), "120 EUR per year", "unexpected_unit"),
        (PerMoney("EUR"), "3 per k USD", "wrong_currency"),
        (PerMoney("EUR"), "3 per order", "not_a_number"),
        (PerMoney("EUR"), "3 k EUR", "not_a_number"),
        (CountPerYear(), "40 per month", "wrong_period"),
        (CountPerYear(), "40%", "not_a_number"),
    ],
)
def test_text_of_another_unit_is_refused(unit: Unit, text: str, code: str) -> None:
    fault = unit.read_text(text)

    assert isinstance(fault, Fault)
    assert code == fault.code


def test_interval_knows_its_open_ends() -> None:
    probability = Interval(0.0, 1.0, low_open=True, high_open=True)

    assert [0.0 in probability, 0.5 in probability, 1.0 in probability] == [False, True, False]
    assert probability.text(RATE) == "above 0% and below 100%"
    assert Interval().text(RATE) == "any finite number"
