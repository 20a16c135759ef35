"""Parameter and path uncertainty of a made-up quantity: parameter + noise, their variances known."""

import numpy as np
import pytest

from crcsim.errors import CrcsimError
from crcsim.measures import layers
from tests.measures.conftest import calibrated, repeated, result_of, values

DIMS = ("strategy", "discounting", "customer", "path")
NAMES = ("parameter_variance", "path_variance", "parameter_share", "path_share")


def two_runs(generator, paths, levels=None):
    """A customer with parameter variance 9 and path variance 16 (share 0.36), and one with paths only."""
    parameter = generator.normal(100.0, 3.0, paths)
    runs = [
        np.stack([parameter + generator.normal(0.0, 4.0, paths), generator.normal(50.0, 4.0, paths)])
        for _ in range(2)
    ]
    return result_of(runs[0], levels, npv_fresh=(DIMS, repeated(runs[1])))


def test_variances_are_taken_apart(generator):
    found = layers(two_runs(generator, 100_000))
    exact = {
        "customer 0": (9.0, 16.0, 0.36, 0.64),
        "customer 1": (0.0, 16.0, 0.0, 1.0),
        "total": (9, 32, 9 / 41, 32 / 41),
    }

    for item, truths in exact.items():
        for name, truth in zip(NAMES, truths, strict=True):
            value, error = (values(found, name + end, item=item) for end in ("", "_standard_error"))
            assert abs(value - truth) <= 4 * error  # false alarms: 6e-5 each


def test_parts_add_up_to_the_variance(generator):
    result = two_runs(generator, 500)
    found = layers(result)
    pooled = (result["npv"].var("path", ddof=1) + result["npv_fresh"].var("path", ddof=1)) / 2

    together = found["parameter_variance"] + found["path_variance"]
    assert pooled.values[0, 0] == pytest.approx(together.values[0, :2])
    assert np.ones(3) == pytest.approx((found["parameter_share"] + found["path_share"]).values[0])


def test_standard_errors_cover_the_truth(generator):
    measured = [layers(two_runs(generator, 1000)) for _ in range(400)]

    for name, truth in zip(NAMES, (9.0, 16.0, 0.36, 0.64), strict=True):
        names = (name, f"{name}_standard_error")
        pairs = [[values(found, one, item="customer 0") for one in names] for found in measured]
        assert calibrated(*np.array(pairs).T, truth), name


def test_levels_are_parameters_unless_valued_by_the_deflator(generator):
    level = generator.normal(-10.0, 2.0, 2000)
    result = two_runs(generator, 2000, level)

    assert 1.0 == pytest.approx(values(layers(result), "parameter_share", item="company"))
    by_deflator = layers(result, "deflator")
    assert np.isnan(
        [values(by_deflator, "parameter_share", item=item) for item in ("company", "total")]
    ).all()
    assert np.isfinite(values(by_deflator, "parameter_share", item="customer 0"))


def test_fresh_levels_are_used_where_they_are_kept(generator):
    dims = ("strategy", "discounting", "level", "path")
    result = two_runs(generator, 2000, generator.normal(-10.0, 2.0, 2000))
    result["level_npv_fresh"] = (dims, repeated(generator.normal(-10.0, 2.0, 2000)))

    assert abs(values(layers(result, "deflator"), "parameter_share", item="company")) < 0.1


def test_a_constant_has_no_shares():
    result = result_of(np.ones((1, 10)), npv_fresh=(DIMS, repeated(np.ones(10))))

    assert [0.0, 0.0] == values(layers(result), "parameter_variance")
    assert np.isnan(values(layers(result), "parameter_share")).all()


def test_a_single_path_has_no_variance():
    result = result_of(np.ones((1, 1)), npv_fresh=(DIMS, repeated(np.ones(1))))

    assert np.isnan(values(layers(result), "path_variance")).all()


def test_without_a_second_run_the_cure_is_named():
    with pytest.raises(CrcsimError, match="--layers"):
        layers(result_of(np.ones(10)))
