"""The worked example: a simulation without uncertainty books what its ledger books, to half a cent."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from crcsim import load_scenario, simulate
from crcsim.compile.ledger import compiled_ledger
from crcsim.costing.items import (
    SIMULATED_CASH_FLOW,
    SIMULATED_CONTRIBUTION,
    SIMULATED_COSTING,
    statement_amounts,
)
from crcsim.costing.journal import Booking, journal
from crcsim.costing.ledger import Ledger
from crcsim.costing.lines import (
    CUSTOMER_CASH_FLOW,
    CUSTOMER_CONTRIBUTION,
    CUSTOMER_COSTING,
    DIRECT_LINES,
    INDIRECT_LINES,
    Form,
)
from crcsim.costing.statements import (
    Statement,
    company_result,
    customer_cash_flow,
    customer_contribution,
    customer_costing,
)
from crcsim.measures.ledger_value import RateBuildUp, ledger_value
from crcsim.scenario.ledger import load_ledger

HALF_A_CENT = 0.005
YEARS = (0.0, 1.0, 2.0)


@pytest.fixture(scope="module")
def folder(repository: Path) -> Path:
    return repository / "scenarios" / "costing-example"


@pytest.fixture(scope="module")
def ledger(folder: Path) -> Ledger:
    return compiled_ledger(load_ledger(folder / "ledger.yaml"))


@pytest.fixture(scope="module")
def bookings(ledger: Ledger) -> tuple[Booking, ...]:
    return journal(ledger)


@pytest.fixture(scope="module", params=["scenario.yaml", "linked.yaml"])
def result(request: pytest.FixtureRequest, folder: Path) -> xr.Dataset:
    """The example stated without its ledger, and taken from it."""
    found = simulate(load_scenario(folder / request.param), paths=8, threads=1)
    assert isinstance(found, xr.Dataset)
    return found.sel(strategy="baseline")


def items(found: xr.DataArray) -> dict[str, float]:
    """Signed amounts by key of the item."""
    return {str(key): float(found.sel(item=key)) for key in found["item"].values}


FORMS = {
    "costing": (customer_costing, CUSTOMER_COSTING, SIMULATED_COSTING),
    "contribution": (customer_contribution, CUSTOMER_CONTRIBUTION, SIMULATED_CONTRIBUTION),
    "cash flow": (customer_cash_flow, CUSTOMER_CASH_FLOW, SIMULATED_CASH_FLOW),
}


@pytest.mark.parametrize("name", FORMS)
def test_every_line_of_every_period_is_that_of_the_ledger(
    result: xr.Dataset, ledger: Ledger, bookings: tuple[Booking, ...], name: str
) -> None:
    make, form, simulated = FORMS[name]
    statement: Statement = make(bookings, ledger.periods, lambda booking: booking.period)
    mean = result["customer_item_mean"].sel(customer="Halvorsund")
    for number, period in enumerate(ledger.periods, start=1):
        found = statement_amounts(simulated, items(mean.sel(period=number)), 0.0)
        expected = {line.key: float(statement.column(period)[line.key]) for line in form}

        assert pytest.approx(expected, abs=HALF_A_CENT) == {key: found[key] for key in expected}
        assert_nothing_else(simulated, form, found)


def assert_nothing_else(simulated: Form, form: Form, found: Mapping[str, float]) -> None:
    """What only a simulation can book is not booked here."""
    known = {line.key for line in form} | {"gross_sales"}
    more = [line.key for line in simulated if line.sign and line.key not in known]

    assert more
    assert [0.0] * len(more) == [found[key] for key in more]


def test_sales_are_those_at_the_price_terms_of_today(result: xr.Dataset) -> None:
    mean = result["customer_item_mean"].sel(customer="Halvorsund", item="gross_sales")

    np.testing.assert_allclose([66_000.0, 128_000.0, 252_000.0], mean, atol=HALF_A_CENT)


def test_costs_of_no_customer_stay_at_their_level(
    result: xr.Dataset, ledger: Ledger, bookings: tuple[Booking, ...]
) -> None:
    company = company_result(bookings, ledger.periods)
    below = {
        "segment:industry": ("segment",),
        "company": ("product", "company", "other_objects", "idle_capacity", "unassigned"),
    }
    for number, period in enumerate(ledger.periods, start=1):
        column = company.column(period)
        for level, lines in below.items():
            found = items(result["level_item_mean"].sel(level=level, period=number))
            costs = sum(amount for key, amount in found.items() if key != "company_add_back")

            assert pytest.approx(-float(sum(column[line] for line in lines)), abs=HALF_A_CENT) == costs


def test_costs_of_no_customer_keep_their_line_and_what_of_them_is_paid(
    result: xr.Dataset, bookings: tuple[Booking, ...]
) -> None:
    own = [each for each in bookings if each.customer is None and each.period == "2027"]
    found = items(result["level_item_mean"].sel(period=2).sum("level"))
    lines = {key.split(":")[0] for key in found if key.split(":")[0] in (*DIRECT_LINES, *INDIRECT_LINES)}

    assert {each.line for each in own} <= lines
    for line in lines:
        booked = sum(amount for key, amount in found.items() if key.split(":")[0] == line)
        assert pytest.approx(-float(sum(e.amount for e in own if e.line == line)), abs=HALF_A_CENT) == booked
    not_paid = float(sum(each.amount - each.cash for each in own))
    assert pytest.approx(not_paid, abs=HALF_A_CENT) == found["company_add_back"]


def test_customer_value_is_that_of_the_ledger(
    result: xr.Dataset, ledger: Ledger, bookings: tuple[Booking, ...]
) -> None:
    value = ledger_value(ledger, bookings, YEARS, RateBuildUp(0.0805), {}, None)
    npv = result["npv"].sel(discounting="wacc")
    levels = result["level_npv"].sel(discounting="wacc").sum("level")

    np.testing.assert_allclose(value.customers[0].value, npv.sel(customer="Halvorsund"), atol=HALF_A_CENT)
    np.testing.assert_allclose(value.unallocated_value, levels, atol=HALF_A_CENT)
