"""The report of a result takes in the answers about the same scenario that stand beside it."""

from crcsim.cli.decide import decide
from crcsim.report.decide.beside import VERBS


def test_every_verb_can_be_taken_in():
    assert sorted(VERBS) == sorted(decide.commands)


def test_a_report_begins_with_the_answers_beside_its_result(crcsim, result, tmp_path):
    finding = crcsim("decide", "contributions", result, "--json").json["finding"]
    facts = crcsim("report", result, "--json").json
    page = (tmp_path / "acme-report" / "report.html").read_text("utf-8")

    assert [finding] == facts["findings"]
    assert finding in page
    assert page.index("<h2>Decisions</h2>") < page.index("<h2>Value</h2>")
    assert (tmp_path / "acme-report" / "decision-1-contributions.svg").exists()


def test_answers_about_another_result_are_left_out(crcsim, result, tmp_path):
    crcsim("decide", "contributions", result)
    crcsim("report", result)
    (tmp_path / "other.contributions.nc").write_bytes(b"no decision")
    (tmp_path / "acme.contributions.nc").unlink()

    assert [] == crcsim("report", result, "--json").json["findings"]
    assert not list((tmp_path / "acme-report").glob("decision-*"))
