"""All problems of a scenario at once."""


def test_a_valid_scenario_is_counted(crcsim, scenario):
    outcome = crcsim("validate", scenario)

    assert 0 == outcome.code
    assert f"{scenario}: ok (1 customer, 1 line, 2 years)\n" == outcome.out


def test_all_problems_are_listed_and_nothing_is_printed_to_standard_output(crcsim, scenario):
    text = (
        scenario.read_text("utf-8")
        .replace("volatility: 15%", "volatility: -15%")
        .replace("beta: 1.0", "betta: 1.0")
    )
    scenario.write_text(text, encoding="utf-8")
    outcome = crcsim("validate", scenario)

    assert 2 == outcome.code
    assert "" == outcome.out
    assert "nearest: beta" in outcome.err
    assert "allowed: at least 0%" in outcome.err
    assert outcome.err.rstrip().endswith("problems found")


def test_problems_as_json(crcsim, scenario):
    scenario.write_text(scenario.read_text("utf-8").replace("15%", "abc", 1), encoding="utf-8")
    outcome = crcsim("validate", scenario, "--json")

    assert 2 == outcome.code
    assert not outcome.json["ok"]
    assert 1 == len(outcome.json["problems"])
    assert "" == outcome.err


def test_a_valid_scenario_as_json(crcsim, scenario):
    answer = crcsim("validate", scenario, "--json").json

    assert answer["ok"]
    assert [] == answer["problems"]
    assert (1, 1) == (answer["customers"], answer["lines"])


def test_a_missing_file_is_an_input_error(crcsim):
    outcome = crcsim("validate", "nothing.yaml")

    assert 2 == outcome.code
    assert "missing file" in outcome.err
