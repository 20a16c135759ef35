"""Schema and warmup."""

import json


def test_schema_is_a_json_schema(crcsim):
    outcome = crcsim("schema")

    assert 0 == outcome.code
    assert json.loads(outcome.out)["$schema"].startswith("https://json-schema.org/")


def test_warmup_compiles_where_that_was_not_done(crcsim, monkeypatch):
    monkeypatch.setattr("crcsim.cli.compiling.is_compiled", lambda: False)
    outcome = crcsim("warmup")

    assert 0 == outcome.code
    assert "Compiling the simulation for this machine" in outcome.err
    assert outcome.out.startswith("Compiled")
    assert crcsim("warmup", "--json").json["seconds"] > 0


def test_warmup_has_nothing_to_do_twice(crcsim, monkeypatch):
    monkeypatch.setattr("crcsim.cli.compiling.is_compiled", lambda: True)

    assert "Nothing to do" in crcsim("warmup").out
    assert {"ok": True, "compiled": False, "seconds": 0.0} == crcsim("warmup", "--json").json
