"""What a decision says of where it comes from."""

import json

from crcsim import load_scenario
from crcsim.decisions import provenance
from crcsim.valuation.executives import CAVEAT
from tests.decisions.results import result_of


def test_of_a_scenario_the_caveat_of_roles_is_told_where_they_are_simulated(repository):
    scenario = load_scenario(repository / "scenarios" / "champions" / "champions.yaml")
    guided = [str(each.name) for each in scenario.strategies if each.roles or each.sponsor_programme]

    def told(strategies):
        return json.loads(provenance.of_scenario("x", scenario, 1, 100, {}, strategies)["caveats"])

    assert [CAVEAT] == told(guided[:1])
    assert [] == told([])
    assert [CAVEAT] == told(None)


def test_of_a_result_its_own_attributes_are_kept():
    made = result_of({"A": [1.0, 2.0]}, title="made", content_hash="abc", caveats='["beware"]')
    found = provenance.of_result("x", made, {"level": 0.05})

    assert ("x", "made", "abc", '["beware"]', 2) == tuple(
        found[name] for name in ("decision", "title", "result_content_hash", "caveats", "paths")
    )
    assert {"level": 0.05} == json.loads(found["options"])
