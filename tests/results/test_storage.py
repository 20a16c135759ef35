"""A result survives the disk to the last bit, a changed byte is found, an interrupted save leaves nothing."""

import hashlib
import json
import os

import h5py
import numpy as np
import pytest
import xarray as xr

from crcsim.errors import StorageError
from crcsim.results import checksum, content_hash, load, save, verify
from crcsim.results.netcdf import read_netcdf, write_netcdf
from crcsim.results.provenance import files_as_json
from tests.results.example import make_result


@pytest.fixture
def saved(tmp_path):
    return save(make_result(), tmp_path / "result.nc")


def test_values_labels_and_attributes_come_back(saved):
    result, loaded = make_result(), load(saved)

    xr.testing.assert_equal(result, loaded)
    assert {name: result[name].dtype.kind for name in result.variables} == {
        name: loaded[name].dtype.kind for name in loaded.variables
    }
    assert np.dtype("int8") == loaded["end_cause"].dtype
    assert {} == {name: value for name, value in result.attrs.items() if loaded.attrs[name] != value}


def test_files_are_those_of_xarray_to_the_last_byte(saved, tmp_path):
    """Names are looked up once, also where a coordinate takes the place of its dimension."""
    as_dates_off = {"decode_times": False, "decode_timedelta": False}
    with xr.open_dataset(saved, engine="h5netcdf", **as_dates_off) as opened:
        opened.drop_encoding().to_netcdf(tmp_path / "plain.nc", engine="h5netcdf")
        write_netcdf(opened.drop_encoding(), tmp_path / "once.nc")
        loaded = read_netcdf(saved)

        xr.testing.assert_identical(opened, loaded)
        assert opened.encoding == loaded.encoding
    assert (tmp_path / "plain.nc").read_bytes() == (tmp_path / "once.nc").read_bytes()


def test_the_hash_survives_the_disk_and_a_second_save(saved, tmp_path):
    loaded = load(saved)
    again = load(save(loaded, tmp_path / "again.nc"))

    assert content_hash(make_result()) == loaded.attrs["content_hash"] == again.attrs["content_hash"]
    assert verify(saved).intact


def test_a_result_without_levels_survives_the_disk(tmp_path):
    result = make_result().isel(level=slice(0, 0))
    path = save(result, tmp_path / "result.nc")

    assert (2, 3, 0, 200) == load(path)["level_npv"].shape
    assert verify(path).intact


def test_long_texts_survive_the_disk(tmp_path):
    text = "größer " * 100_000
    result = make_result().assign_attrs(scenario_text=text)

    assert text == load(save(result, tmp_path / "result.nc")).attrs["scenario_text"]


def test_other_programs_read_numbers_not_dates(saved):
    with xr.open_dataset(saved, engine="h5netcdf") as opened:
        assert np.dtype("float64") == opened["years"].dtype


def test_provenance_is_added_but_never_replaced(tmp_path):
    result = make_result().assign_attrs(created="2026-01-01T00:00:00+00:00")
    attributes = load(save(result, tmp_path / "result.nc")).attrs

    assert "2026-01-01T00:00:00+00:00" == attributes["created"]
    assert np.__version__ == json.loads(attributes["packages"])["numpy"]
    assert {"system", "release", "architecture", "processor", "cpus"} == set(
        json.loads(attributes["machine"])
    )


def test_files_are_kept_as_text_or_bytes():
    class File:
        def __init__(self, path, content):
            self.path, self.content = path, content
            self.sha256 = hashlib.sha256(content).hexdigest()

    first, second = json.loads(
        files_as_json([File("a.yaml", "größer".encode()), File("b.xlsx", b"\xff\x00")])
    )

    assert ("größer", "ff00") == (first["text"], second["hex"])


def test_saving_does_not_touch_the_dataset(tmp_path):
    result = make_result()
    save(result, tmp_path / "result.nc")

    assert result.identical(make_result())


# --- the hash -----------------------------------------------------------------------------------------------


def test_the_hash_depends_on_values_not_on_provenance_order_or_memory():
    result = make_result()
    reordered = result[list(reversed(list(result.data_vars)))].assign_attrs(created="later", seed=8)
    reordered["npv"] = (reordered["npv"].dims, np.asfortranarray(reordered["npv"].values))

    assert content_hash(result) == content_hash(reordered)


@pytest.mark.parametrize("change", ["value", "label", "dtype", "name", "nan"])
def test_the_hash_sees_every_change(change):
    result, changed = make_result(), make_result()
    if change == "value":
        changed["npv"].values[1, 2, 2, -1] = np.nextafter(changed["npv"].values[1, 2, 2, -1], np.inf)
    elif change == "label":
        changed = changed.assign_coords(segment=("customer", ["industr", "y", "industry"]))
    elif change == "dtype":
        changed["end_cause"] = changed["end_cause"].astype(np.int16)
    elif change == "name":
        changed = changed.rename(sales="turnover")
    else:
        changed["customer_share_mean"].values[0, 0, -1] = 0.5

    assert content_hash(result) != content_hash(changed)


def test_every_nan_is_the_same_nan():
    result, other = make_result(), make_result()
    other["customer_share_mean"].values[0, 0, -1] = -np.nan

    assert content_hash(result) == content_hash(other)


def test_the_hash_is_the_documented_one():
    small = xr.Dataset({"x": ("i", np.array([1.5]))}, coords={"i": ["é"]})
    x = hashlib.blake2b(b"('i',) <f8 (1,)" + b"\0\0\0\0\0\0\xf8?", digest_size=32).hexdigest()
    i = hashlib.blake2b(b"('i',) text (1,)" + b"\2\0\0\0\0\0\0\0\xc3\xa9", digest_size=32).hexdigest()

    assert {"x": x, "i": i} == checksum.variable_hashes(small)
    assert hashlib.blake2b(f"i {i}\nx {x}".encode(), digest_size=32).hexdigest() == content_hash(small)


# --- damage -------------------------------------------------------------------------------------------------


def test_a_changed_byte_is_found_and_named(saved):
    with h5py.File(saved) as file:
        offset = file["cash_flow"].id.get_offset()
    with saved.open("r+b") as file:
        file.seek(offset + 1001)
        byte = file.read(1)[0]
        file.seek(offset + 1001)
        file.write(bytes([byte ^ 1]))

    found = verify(saved)

    assert (False, ("cash_flow",)) == (found.intact, found.differences)
    assert found.expected != found.actual


def test_a_removed_and_an_added_variable_are_found(saved, tmp_path):
    changed = load(saved).drop_vars("market_index").assign(extra=("path", np.zeros(200)))
    changed.to_netcdf(tmp_path / "changed.nc", engine="h5netcdf")

    assert ("extra", "market_index") == verify(tmp_path / "changed.nc").differences


def test_a_changed_hash_is_found(saved):
    with h5py.File(saved, "r+") as file:
        file.attrs["content_hash"] = "0" * 64

    assert not verify(saved).intact


@pytest.mark.parametrize("read", [load, verify])
@pytest.mark.parametrize("damage", ["absent", "folder", "text", "cut", "foreign"])
def test_what_cannot_be_read_is_a_clear_error(tmp_path, saved, read, damage):
    path = tmp_path / "other.nc"
    if damage == "folder":
        path.mkdir()
    elif damage == "text":
        path.write_text("not a result")
    elif damage == "cut":
        path.write_bytes(saved.read_bytes()[:5000])
    elif damage == "foreign":
        xr.Dataset({"t": ("x", [1.0])}).to_netcdf(path, engine="h5netcdf")

    with pytest.raises(StorageError, match=r"other\.nc"):
        read(path)


# --- atomic -------------------------------------------------------------------------------------------------


def test_an_existing_file_is_replaced_unless_told_not_to(saved):
    other = make_result(seed=2)

    with pytest.raises(StorageError, match="exists already"):
        save(other, saved, overwrite=False)
    assert content_hash(make_result()) == load(saved).attrs["content_hash"]

    save(other, saved)
    assert content_hash(other) == load(saved).attrs["content_hash"]


@pytest.mark.parametrize("problem", [KeyboardInterrupt(), OSError(28, "No space left on device")])
def test_an_interrupted_save_leaves_the_old_file_and_nothing_else(saved, monkeypatch, problem):
    before = saved.read_bytes()

    def interrupted(dataset, path):
        path.write_bytes(b"half a file")
        raise problem

    monkeypatch.setattr("crcsim.results.netcdf.write_netcdf", interrupted)
    expected = StorageError if isinstance(problem, OSError) else KeyboardInterrupt
    with pytest.raises(expected):
        save(make_result(seed=2), saved)

    assert [saved] == list(saved.parent.iterdir())
    assert before == saved.read_bytes()


def test_a_failed_replacement_leaves_nothing(tmp_path, monkeypatch):
    def refused(source, target):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "replace", refused)
    with pytest.raises(StorageError, match="Permission denied"):
        save(make_result(), tmp_path / "result.nc")

    assert [] == list(tmp_path.iterdir())


def test_an_absent_folder_is_a_clear_error(tmp_path):
    with pytest.raises(StorageError, match="No such file or directory"):
        save(make_result(), tmp_path / "absent" / "result.nc")


def test_what_is_no_result_is_not_saved(tmp_path):
    with pytest.raises(StorageError, match="npv is missing"):
        save(make_result().drop_vars("npv"), tmp_path / "result.nc")

    assert [] == list(tmp_path.iterdir())
