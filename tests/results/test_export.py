"""CSV tables hold the numbers of the result to the last bit, and appear all together."""

import pandas as pd
import pytest

from crcsim.errors import CrcsimError, StorageError
from crcsim.results.export import customer_bands, export, path_values, total_bands
from tests.results.example import make_result


def read(path):
    """The cells as text: Python reads a number back to the same bits."""
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def test_the_default_tables_are_written(tmp_path):
    paths = export(make_result(), tmp_path / "new" / "tables")

    assert ["customer_bands.csv", "total_bands.csv"] == [path.name for path in paths]
    assert sorted(paths) == sorted((tmp_path / "new" / "tables").iterdir())


def test_bands_read_back_to_the_same_bits(tmp_path):
    result = make_result()
    (path,) = export(result, tmp_path, {"bands": customer_bands})
    found = read(path).set_index(["quantity", "strategy", "customer", "period"])

    row = found.loc[("customer_share", "act_now", "Østkamm", "3")]
    place = {"strategy": "act_now", "customer": "Østkamm", "period": 3}
    assert result["customer_share_mean"].sel(place).item() == float(row["mean"])
    assert [result["customer_share_band"].sel(quantile=q, **place).item() for q in (0.05, 0.5, 0.95)] == [
        float(cell) for cell in row[["P5", "P50", "P95"]]
    ]
    assert ("0.75", "1") == (row["years"], row["unit"])
    assert 4 * 2 * 3 * 8 == len(found)


def test_a_missing_number_is_an_empty_cell(tmp_path):
    (path,) = export(make_result(), tmp_path, {"bands": customer_bands})
    found = read(path).set_index(["quantity", "strategy", "customer", "period"])

    assert found.loc[("customer_share", "baseline", "Blauhafen & Töchter", "8"), "mean"] == ""


def test_totals_have_a_row_per_quantity_strategy_and_period():
    found = total_bands(make_result())

    assert 5 * 2 * 8 == len(found)
    assert {"total_sales": "EUR per period", "total_active": "1"} == {
        name: found.loc[found["quantity"] == name, "unit"].iloc[0] for name in ("total_sales", "total_active")
    }


@pytest.mark.parametrize("table", [customer_bands, total_bands])
def test_without_bands_there_is_no_table_of_them(tmp_path, table):
    result = make_result()
    result = result.drop_vars([name for name in result.data_vars if name.endswith("_band")])

    with pytest.raises(CrcsimError, match="without bands"):
        export(result, tmp_path, {"bands": table})


def test_values_per_path_have_a_column_per_customer_and_level(tmp_path):
    result = make_result()
    (path,) = export(result, tmp_path, {"paths": path_values})
    found = read(path).set_index(["strategy", "discounting", "path"])

    place = {"strategy": "act_now", "discounting": "deflator", "path": 17}
    row = found.loc[tuple(map(str, place.values()))]
    assert result["npv"].sel(customer="Nordwerk", **place).item() == float(row["Nordwerk"])
    assert result["level_npv"].sel(level="segment:industry", **place).item() == float(
        row["level: segment:industry"]
    )


def test_an_interrupted_export_leaves_the_old_tables_and_nothing_else(tmp_path, monkeypatch):
    result = make_result()
    paths = export(result, tmp_path)
    before = [path.read_bytes() for path in paths]
    write, written = pd.DataFrame.to_csv, []

    def interrupted(self, path, **options):
        if written:
            raise OSError(28, "No space left on device")
        written.append(path)
        write(self, path, **options)

    monkeypatch.setattr(pd.DataFrame, "to_csv", interrupted)
    with pytest.raises(StorageError, match="No space left on device"):
        export(make_result(seed=2), tmp_path)

    assert sorted(paths) == sorted(tmp_path.iterdir())
    assert before == [path.read_bytes() for path in paths]
