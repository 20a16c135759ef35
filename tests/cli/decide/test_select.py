"""`crcsim decide select`: dates, and bad input."""

import pytest


@pytest.mark.parametrize(("until", "years"), [("2026-12-31", 1.0), ("2027-06-01", 1.0), ("2", 2.0)])
def test_a_date_or_years(crcsim, result, until, years):
    facts = crcsim("decide", "select", result, "--top", 1, "--by", until, "--json").json

    assert years == facts["options"]["years"]
    assert 1.0 == facts["numbers"]["top_probability"]["Nordwerk"]


@pytest.mark.parametrize("until", ["soon", "1999-01-01", "99"])
def test_other_dates_are_refused(crcsim, result, until):
    assert 2 == crcsim("decide", "select", result, "--top", 1, "--by", until).code


def test_more_than_there_are(crcsim, result):
    outcome = crcsim("decide", "select", result, "--top", 2)

    assert 2 == outcome.code
    assert "top must lie between 1 and 1" in outcome.err


def test_the_page_has_the_map(crcsim, result, tmp_path):
    assert 0 == crcsim("decide", "select", result, "--top", 1).code
    assert "Potential against today" in (tmp_path / "acme.select.html").read_text("utf-8")


def test_one_customer_leaves_nothing_to_select(crcsim, result):
    outcome = crcsim("decide", "select", result)

    assert 0 == outcome.code
    assert "Nordwerk is the only customer: there is nothing to select." in outcome.out
