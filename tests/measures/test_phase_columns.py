"""Statements by phase of the relation: hand-computed amounts, and checks that can fail."""

import numpy as np
import pytest

from crcsim.errors import CrcsimError, NumericError
from crcsim.measures.statements import statement
from tests.measures.cascade_results import cascade_result
from tests.measures.test_statements import FIRST, ITEMS, by_path, phases, small


def row(found, line):
    return found["amount"].isel(strategy=0).sel(line=line).values


def test_contribution_by_phase_shows_early_losses_beside_later_gains():
    found = statement(small(), "contribution", "phase")

    assert ["build_up", "growth", "maturity", "total"] == found["column"].values.tolist()
    assert ["phase", "phase", "phase", "total"] == found["kind"].values.tolist()
    assert [-1, 48, 40, 87] == row(found, "customer_contribution_1").tolist()
    assert [-9, 42, 36, 69] == row(found, "customer_contribution_2").tolist()
    assert ("mean present value over the recorded paths", "wacc") == (
        found.attrs["basis"],
        found.attrs["discounting"],
    )
    assert "amount_standard_error" not in found


def test_one_customer_by_phase_in_the_phases_that_it_has():
    found = statement(small(), "cash-flow", "phase", "Nordwerk")

    assert ["build_up", "growth", "total"] == found["column"].values.tolist()
    assert [-24, 26, 2] == row(found, "cash_flow").tolist()
    assert "cash_flow" == str(found["line"].values[-1])  # the value after the last period is not there


def test_a_customer_who_never_books_anything_has_no_phase():
    nothing = [0.0] * len(ITEMS)
    result = cascade_result(ITEMS, by_path(FIRST, nothing), phases=phases() * np.array([1, 0])[:, None, None])
    found = statement(result, by="phase", customer="customer 1")

    assert ["total"] == found["column"].values.tolist()
    assert (found["amount"] == 0.0).all()


def test_the_order_of_phases_in_the_file_does_not_matter():
    turned = small().isel(relation_phase=[4, 2, 0, 3, 1])

    assert statement(turned, by="phase").equals(statement(small(), by="phase"))


@pytest.mark.parametrize("customer", [0, 1])
@pytest.mark.parametrize("phase", [0, 1, 3])
def test_phases_that_do_not_add_up_to_the_items_of_a_customer_are_refused(customer, phase):
    result = small()
    place = {"strategy": 0, "customer": customer, "relation_phase": phase, "item": 0}
    result["customer_phase_item_npv_mean"][place] += 1e-6

    with pytest.raises(NumericError, match="Items of a customer by phase and its present value by item"):
        statement(result, "contribution", "phase")


def test_items_exchanged_within_a_phase_are_refused():
    result = small()
    result["customer_phase_item_npv_mean"][0, 0, 2, :2] += np.array([1.0, -1.0])

    with pytest.raises(NumericError, match="Items of a customer by phase"):
        statement(result, by="phase")


def test_value_after_the_last_period_has_no_phase():
    result = small()
    result["customer_phase_item_npv_mean"][0, 0, 2, -1] = 50.0

    with pytest.raises(NumericError, match="holds value after the last period"):
        statement(result, by="phase")


def test_an_unknown_phase_is_refused():
    result = small().assign_coords(relation_phase=["prospect", "start", "growth", "maturity", "decline"])

    with pytest.raises(NumericError, match="The phases of the result are prospect, start"):
        statement(result, by="phase")


def test_a_result_without_phases_and_an_unknown_customer_are_said():
    result = small()

    with pytest.raises(CrcsimError, match="in which phase of the relation its items arise"):
        statement(result.drop_dims("relation_phase"), by="phase")
    with pytest.raises(CrcsimError, match="No customer Nobody in the result"):
        statement(result, by="phase", customer="Nobody")
