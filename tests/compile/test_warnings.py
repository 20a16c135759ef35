"""What a reader should know about the inputs before trusting a result."""

import json
import re
import shutil

from crcsim import load_scenario, simulate
from crcsim.compile.program import Program


def test_a_rate_above_the_capm_rate_beside_churn_may_count_churn_twice(scenario):
    loaded = scenario(
        "capital: {rate: 18%, beta: 1}",
        "customer_defaults: {churn: {hazard: 0.08}}",
        "economy: {real_rate: 1%}",
    )
    (warning,) = Program(loaded, 1).warnings()

    assert warning == (
        "capital.rate 18.00% exceeds the CAPM rate 5.00% by 13.00% while churn is a hazard too: churn may be "
        "counted twice"
    )


def test_the_same_rate_without_churn_is_no_reason_to_warn(scenario):
    assert [] == Program(scenario("capital: {rate: 18%, beta: 1}"), 1).warnings()


def test_a_market_below_the_risk_free_rate_has_a_negative_price_of_risk(scenario):
    (warning,) = Program(scenario("economy: {real_rate: 6%}", "capital: {rate: 5%}"), 1).warnings()

    assert warning.startswith("the market earns less than the risk-free rate")


def test_a_market_without_volatility_cannot_price_its_premium(scenario):
    (warning,) = Program(scenario("economy: {market: {volatility: 0%}}"), 1).warnings()

    assert warning.startswith("a market without volatility earns a premium")


def test_a_family_that_misses_stated_quantiles_is_named(scenario):
    stated = "customers: {A: {growth: {normal: {quantiles: {5%: 0%, 50%: 1%, 95%: 8%}}}}}"
    (warning,) = Program(scenario(stated), 1).warnings()

    assert warning.startswith("customers.A.growth: the family does not reach the stated quantiles (off by")


def test_warnings_stand_in_the_result(scenario):
    result = simulate(
        scenario("economy: {real_rate: 6%}", "capital: {rate: 5%}"), paths=8, bands=False, lanes=8
    )

    assert 1 == len(json.loads(result.attrs["warnings"]))


def test_a_cost_that_nearly_has_a_name_of_the_ledger_is_told(tmp_path, repository):
    folder = shutil.copytree(repository / "scenarios" / "coatings", tmp_path / "coatings")
    file = folder / "coatings.yaml"
    text = file.read_text("utf-8")
    name = re.search(r"^costs:.*\n +- name: (.+)$", text, re.M)[1]
    file.write_text(text.replace(f"name: {name}", f"name: {name}x"), encoding="utf-8")

    told = [words for words in Program(load_scenario(file), 1).warnings() if "both are borne" in words]
    assert [f"costs: {name}x is stated beside {name} of the ledger"] == [each.split(",")[0] for each in told]
    plain = Program(load_scenario(repository / "scenarios" / "coatings" / "coatings.yaml"), 1).warnings()
    assert not [words for words in plain if "both are borne" in words]
