"""Schema and warmup."""

import json


def test_schema_is_a_json_schema(crcsim):
    outcome = crcsim("schema")

    assert 0 == outcome.code
    assert json.loads(outcome.out)["$schema"].startswith("https://json-schema.org/")


def test_warmup_compiles(crcsim):
    outcome = crcsim("warmup")

    assert 0 == outcome.code
    assert outcome.out.startswith("Compiled")
    assert crcsim("warmup", "--json").json["seconds"] >= 0
