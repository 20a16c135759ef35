"""Sentences and facts of a result."""

import json

import pytest

from crcsim.report import findings


@pytest.fixture(scope="module")
def found(result):
    return findings.summarised(result)


def test_headline_holds_value_error_and_unit(found):
    assert "The 6 customers are together worth 12.71 ± 0.11 M EUR at the WACC" == findings.headline(found)


def test_one_customer_is_spoken_of_as_one(result):
    alone = findings.summarised(result.isel(customer=[0]))

    assert findings.headline(alone).startswith("The customer is worth ")


def test_interval_names_its_discounting_and_the_probability_of_a_loss(found):
    text = findings.interval(found)

    assert "risk-free rate" in text
    assert "0.22% of all paths lie below zero" in text


def test_what_was_never_seen_is_said_in_words(result):
    never = findings.summarised(result.assign(npv=result["npv"] + 1e9))

    assert "less than 0.07%" == findings.loss_in_words(never)


def test_the_verdict_counts_digits(found):
    assert findings.digits_verdict(found).startswith("Total value known to ±2%: 2 digits are safe")


def test_facts_are_json_with_full_numbers(result, found):
    facts = json.loads(json.dumps(findings.as_facts(result, found), allow_nan=False))

    assert 6 == len(facts["customers"])
    assert float(found["value_mean"].sel(item="total")) == facts["total"]["value"]
    assert {"P5", "P25", "P50", "P75", "P95"} == set(facts["total"]["percentiles"])
    assert {"churn", "takeover", "insolvency", "merger"} == set(facts["customers"][0]["end_probability"])
    assert {"wacc", "risk_free", "deflator"} == set(facts["discountings"])
    assert facts["preview"]


def test_facts_tell_parameters_from_chance_after_a_second_run(result, found):
    assert "layers" not in findings.as_facts(result, found)
    fresh = result.assign(npv_fresh=result["npv"].copy(data=result["npv"].values[..., ::-1]))
    layers = findings.as_facts(fresh, findings.summarised(fresh))["layers"]

    assert "wacc" == layers["discounting"]
    assert ["company", "total"] == [item["name"] for item in layers["items"]][-2:]
    assert layers["items"][0]["standard_error"] > 0


def test_active_at_end_is_that_of_the_customers(result, found):
    last = result["customer_active_mean"].isel(strategy=0, period=-1)

    assert float(last.sel(customer="Nordwerk")) == pytest.approx(
        float(found["active_at_end"].sel(item="Nordwerk"))
    )
