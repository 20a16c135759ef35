"""A scenario to begin with."""

import pytest


@pytest.mark.parametrize(
    ("given", "written"), [((), "scenario.yaml"), (("acme",), "acme.yaml"), (("sub/a.yml",), "sub/a.yml")]
)
def test_new_writes_the_minimal_scenario(crcsim, tmp_path, repository, given, written):
    outcome = crcsim("new", *given)

    assert 0 == outcome.code
    assert f"Wrote {written}" in outcome.out
    assert (repository / "scenarios" / "minimal.yaml").read_bytes() == (tmp_path / written).read_bytes()


def test_new_never_overwrites(crcsim, tmp_path):
    (tmp_path / "acme.yaml").write_text("mine")
    outcome = crcsim("new", "acme")

    assert 4 == outcome.code
    assert "not overwritten" in outcome.err
    assert "mine" == (tmp_path / "acme.yaml").read_text()


def test_what_new_writes_is_valid(crcsim):
    crcsim("new", "acme")

    assert 0 == crcsim("validate", "acme.yaml").code


def test_json(crcsim):
    assert {"ok": True, "scenario": "acme.yaml"} == crcsim("new", "acme", "--json").json
