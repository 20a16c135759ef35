"""The report is one page that opens anywhere, and says where its numbers come from."""

import re
from html.parser import HTMLParser

import pytest

from crcsim.errors import StorageError
from crcsim.report import write_report
from tests.report.conftest import reconciled


@pytest.fixture(scope="module")
def page(result, tmp_path_factory):
    return write_report(result, tmp_path_factory.mktemp("report")).read_text("utf-8")


def test_page_and_pictures_lie_in_the_folder(result, tmp_path):
    page = write_report(result, tmp_path / "new" / "folder")

    assert tmp_path / "new" / "folder" / "report.html" == page
    names = {path.name for path in page.parent.iterdir()}
    assert {"value.svg", "value.png", "cash_flow.svg", "cash_flow.png"} <= names
    assert len(names) == 1 + 2 * 10
    assert not [name for name in names if name.endswith(".tmp")]


def test_pictures_of_another_result_do_not_stay(result, tmp_path):
    write_report(result, tmp_path)
    (tmp_path / "mine.png").write_bytes(b"")
    write_report(reconciled(result.isel(customer=[0], level=[])), tmp_path)

    names = {path.name for path in tmp_path.iterdir()}
    assert "contributions.png" not in names
    assert "mine.png" in names


def test_page_refers_to_nothing_outside_itself(page):
    assert [] == re.findall(r'(?:src|href)="(?!#)[^"]*"', page)
    assert [] == re.findall(r"url\((?!#)|@import|<script|<link|<iframe", page)


def test_page_is_small(page):
    assert len(page) < 600_000


def test_tags_are_closed(page):
    class Balance(HTMLParser):
        def __init__(self):
            super().__init__()
            self.open = []

        def handle_starttag(self, tag, attrs):
            if tag not in ("meta", "br", "use", "path") or tag in ("use", "path"):
                self.open.append(tag)

        def handle_startendtag(self, tag, attrs):
            pass

        def handle_endtag(self, tag):
            while self.open and self.open[-1] == "meta":
                self.open.pop()
            assert tag == self.open.pop()

    parser = Balance()
    parser.feed(page.replace("<!DOCTYPE html>", ""))

    assert [] == [tag for tag in parser.open if tag != "meta"]


def test_headline_interval_and_verdict_come_first(page):
    assert (
        page.index("12.71 ± 0.11 M EUR")
        < page.index("nine paths in ten")
        < page.index("Total value known to")
    )
    assert page.index("Total value known to") < page.index("<main>")


def test_few_paths_are_stamped_as_a_preview(page, result, tmp_path):
    assert "Preview: 4,000 paths" in page


def test_what_comes_from_the_scenario_is_escaped(page):
    assert "<b>&</b>" not in page
    assert "# &lt;b&gt;&amp;&lt;/b&gt;" in page
    assert "repaired: &lt;largest change&gt; 0.02" in page
    assert "Westbruch &amp; Söhne" in page


def test_provenance(page):
    for text in (
        "5f0c5f0c",
        "numpy 2.0.0",
        "made-up.yaml",
        "2026-01-01T00:00:00Z",
        "<dt>Seed</dt><dd>7</dd>",
    ):
        assert text in page


def test_groups_appear_where_there_is_more_than_one(page, result, tmp_path):
    assert "Value at the WACC by segment (M EUR)" in page
    alone = result.assign_coords(segment=("customer", [""] * 6), geography=("customer", ["north"] * 6))

    assert "by segment" not in write_report(alone, tmp_path).read_text("utf-8")


def test_layers_appear_with_a_second_run(page, result, tmp_path):
    assert "What the uncertainty is made of" not in page
    fresh = result.assign(npv_fresh=result["npv"].copy(data=result["npv"].values[..., ::-1]))

    assert "What the uncertainty is made of" in write_report(fresh, tmp_path).read_text("utf-8")


def test_a_large_portfolio_stays_small_and_keeps_its_total_in_sight(result, tmp_path):
    import xarray as xr

    few = result.isel(path=slice(200))
    copies = [
        few.assign_coords(customer=[f"{name} {number}" for name in few["customer"].values])
        for number in range(50)
    ]
    many = xr.concat(
        copies, "customer", data_vars="minimal", coords="minimal", compat="override", join="override"
    )
    page = write_report(reconciled(many), tmp_path).read_text("utf-8")

    assert len(page) < 3_000_000
    assert "300 rows; scroll within the frame" in page
    for foot in re.findall(r"<tfoot>(.*?)</tfoot>", page, re.S):
        assert 1 == foot.count("<tr")
        assert re.search(">(total|company value)<", foot)
    assert page.count("<table>") == page.count("</table>")
    assert page.count("<tbody>") == page.count("</tbody>")


def test_the_horizon_is_told(result, tmp_path):
    later = result.assign(horizon_value=0.25 * result["npv"])
    page = write_report(reconciled(later), tmp_path).read_text("utf-8")

    assert "of the value comes after the last period" in page
    assert "without the value after the horizon" in page


def test_a_folder_that_cannot_be_made_is_a_storage_error(result, tmp_path):
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(StorageError, match="could not be written"):
        write_report(result, tmp_path / "file")


def test_a_failure_leaves_the_old_report_alone(result, tmp_path, monkeypatch):
    from crcsim.report import page

    write_report(result, tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    monkeypatch.setattr(
        page.Path, "write_bytes", lambda self, data: (_ for _ in ()).throw(OSError(28, "disk full"))
    )
    with pytest.raises(StorageError, match="disk full"):
        write_report(result, tmp_path)
    monkeypatch.undo()

    assert before == {path.name: path.read_bytes() for path in tmp_path.iterdir()}


def test_views_of_value_have_their_sections(page):
    for title in ("three-horizons", "shareholder-value"):
        assert f'<section id="{title}">' in page
        assert f'href="#{title}"' in page
    assert "What the uncertain rate does to the value" in page
    assert "customer-value" not in page  # the made-up result has no items
