"""`crcsim decide contributions`, and with it what all verbs of `decide` share."""

from crcsim.results.decided import load_decision


def test_answer_is_told_and_kept(crcsim, result, tmp_path):
    outcome = crcsim("decide", "contributions", result)

    assert 0 == outcome.code, outcome.err
    assert "Nordwerk bears 100% ± 0" in outcome.out
    assert "Preview: 400 paths" in outcome.err
    page = (tmp_path / "acme.contributions.html").read_text("utf-8")
    assert "<svg" in page
    assert "crcsim decide contributions" in page
    found = load_decision(tmp_path / "acme.contributions.nc")
    assert "contributions" == found.attrs["decision"]
    assert "intact" in crcsim("verify", "acme.contributions.nc").out


def test_as_json(crcsim, result):
    facts = crcsim("decide", "contributions", result, "--level", "10%", "--json").json

    assert {"level": 0.1, "strategy": "baseline"} == facts["options"]
    assert facts["numbers"]["cvar_contribution"]["total"] < facts["numbers"]["mean"]["total"]
    assert 2 == len(facts["files"])


def test_another_answer_is_not_replaced_in_silence(crcsim, result):
    crcsim("decide", "contributions", result)
    same = crcsim("decide", "contributions", result)
    other = crcsim("decide", "contributions", result, "--level", "10%")

    assert 0 == same.code
    assert 4 == other.code
    assert "not the same: options" in other.err
    assert 0 == crcsim("decide", "contributions", result, "--level", "10%", "--force").code


def test_a_folder_may_be_named(crcsim, result, tmp_path):
    (tmp_path / "out").mkdir()

    assert 0 == crcsim("decide", "contributions", result, "-o", "out").code
    assert (tmp_path / "out" / "acme.contributions.nc").exists()
    assert 4 == crcsim("decide", "contributions", result, "-o", "nowhere").code


def test_bad_input_is_named(crcsim, result):
    assert 2 == crcsim("decide", "contributions", result, "--level", "150%").code
    assert 2 == crcsim("decide", "contributions", result, "--strategy", "later").code
    assert 4 == crcsim("decide", "contributions", "nothing.nc").code
