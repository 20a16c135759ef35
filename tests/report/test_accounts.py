"""Statements and value tree in the report of a result that holds items."""

import pytest

from crcsim.errors import NumericError
from crcsim.report import write_report
from crcsim.report.accounts import FILES, accounts
from tests.measures.cascade_results import with_items


@pytest.fixture(scope="module")
def books(result):
    return with_items(result)


def test_a_result_without_items_has_no_accounts(result):
    assert accounts(result) is None


def test_page_and_files_of_a_result_with_items(books, result, tmp_path):
    page = write_report(books, tmp_path).read_text("utf-8")

    titles = (
        "What drives the value",
        "Statements",
        "Customer cash flow by customer (M EUR)",
        "From the customers to the company",
        "Customer contribution by phase (M EUR)",
        "Who makes bad and good paths, by customer",
    )
    for text in titles:
        assert text in page
    assert 'href="#what-drives-the-value"' in page
    assert 'id="what-drives-the-value"' in page
    assert set(FILES) <= {path.name for path in tmp_path.iterdir()}
    assert len(page) < 700_000

    write_report(result, tmp_path)
    assert set() == set(FILES) & {path.name for path in tmp_path.iterdir()}


def test_a_result_without_phases_has_all_but_them(books, tmp_path):
    write_report(books, tmp_path)
    page = write_report(books.drop_dims("relation_phase"), tmp_path).read_text("utf-8")

    assert "Customer contribution by customer" in page
    assert "by phase" not in page
    missing = set(FILES) - {path.name for path in tmp_path.iterdir()}
    assert {"contribution-by-phase.csv"} == missing


def test_items_that_do_not_add_up_make_no_report(books, tmp_path):
    corrupted = books.copy(deep=True)
    corrupted["customer_item_npv_mean"].values[0, 0, 0] *= 1.01

    with pytest.raises(NumericError, match="do not add up"):
        write_report(corrupted, tmp_path / "report")
    assert not (tmp_path / "report").exists()
