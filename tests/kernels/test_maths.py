"""The elementary functions: accuracy against 50 digits, limits, machine code without calls or look-ups."""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import llvmlite.binding as llvm
import numpy as np
import pytest
from mpmath import mp, mpf

from crcsim.kernels import maths
from crcsim.kernels.accelerate import Floats, inline, stage

COUNT = 2000
"""Points per interval and function."""


@pytest.fixture(autouse=True)
def fifty_digits() -> Any:
    with mp.workdps(50):
        yield


@stage
def exp_lanes(x: Floats, out: Floats) -> None:
    for i in range(x.size):
        out[i] = maths.exp(x[i])


@stage
def log_lanes(x: Floats, out: Floats) -> None:
    for i in range(x.size):
        out[i] = maths.log(x[i])


@stage
def normal_cdf_lanes(x: Floats, out: Floats) -> None:
    for i in range(x.size):
        out[i] = maths.normal_cdf(x[i])


@stage
def sin_cos_lanes(angle: Floats, sine: Floats, cosine: Floats) -> None:
    for i in range(angle.size):
        sine[i], cosine[i] = maths.sin_cos_turn(angle[i])


@stage
def normal_pair_lanes(uniform: Floats, angle: Floats, z1: Floats, z2: Floats) -> None:
    for i in range(uniform.size):
        z1[i], z2[i] = maths.normal_pair(uniform[i], angle[i])


def over_lanes(function: Callable[..., None], x: Floats) -> Floats:
    out = np.empty_like(x)
    function(x, out)
    return out


def points(low: float, high: float) -> Floats:
    return np.random.default_rng(1).uniform(low, high, COUNT)


def worst_relative_error(got: Floats, exact: Callable[[mpf], mpf], x: Floats) -> float:
    true = [exact(mpf(float(value))) for value in x]
    return max(abs(float(mpf(float(a)) / b - 1)) for a, b in zip(got, true, strict=True))


@pytest.mark.parametrize(("low", "high"), [(-1e-3, 1e-3), (-3.0, 3.0), (-708.0, 709.78)])
def test_exp_errs_by_less_than_one_unit_in_the_last_place(low: float, high: float) -> None:
    x = points(low, high)

    error = worst_relative_error(over_lanes(exp_lanes, x), mp.exp, x)

    assert error < 2.0**-52


@pytest.mark.parametrize(("low", "high"), [(-1e-3, 1e-3), (-3.0, 3.0), (-708.0, 709.0)])
def test_log_errs_by_less_than_one_unit_in_the_last_place(low: float, high: float) -> None:
    x = np.exp(points(low, high))

    error = worst_relative_error(over_lanes(log_lanes, x), mp.log, x)

    assert error < 2.0**-52


@pytest.mark.parametrize(("low", "high"), [(-37.4, -8.0), (-8.0, 0.0), (0.0, 9.0)])
def test_normal_cdf_keeps_its_relative_accuracy_in_the_lower_tail(low: float, high: float) -> None:
    x = points(low, high)

    error = worst_relative_error(over_lanes(normal_cdf_lanes, x), mp.ncdf, x)

    assert error < 2e-15


def test_sin_and_cos_of_every_quarter_turn() -> None:
    angle = np.concatenate((np.arange(16) / 16, points(0.0, 1.0), points(-1e6, 1e6)))
    sine, cosine = np.empty((2, angle.size))
    sin_cos_lanes(angle, sine, cosine)

    true = [mp.expjpi(2 * mpf(float(value))) for value in angle]

    assert max(abs(float(mpf(float(s)) - z.imag)) for s, z in zip(sine, true, strict=True)) < 2.0**-52
    assert max(abs(float(mpf(float(c)) - z.real)) for c, z in zip(cosine, true, strict=True)) < 2.0**-52


def test_exp_at_its_limits() -> None:
    x = np.array([-np.inf, -1e300, -800.0, 0.0, 709.79, np.inf, np.nan])
    smallest = math.exp(-708.0)

    np.testing.assert_allclose(
        over_lanes(exp_lanes, x), [smallest, smallest, smallest, 1.0, np.inf, np.inf, np.nan], rtol=1e-15
    )


def test_log_at_its_limits() -> None:
    x = np.array([-np.inf, -1.0, 0.0, 1e-310, 1.0, np.inf, np.nan])

    with np.errstate(over="ignore"):  # whole numbers wrap around, which Python alone would report
        result = over_lanes(log_lanes, x)

    np.testing.assert_array_equal(result, [np.nan, np.nan, -np.inf, -np.inf, 0.0, np.inf, np.nan])


def test_normal_cdf_at_its_limits() -> None:
    x = np.array([-np.inf, -40.0, 40.0, np.inf, np.nan])

    low, lower, high, higher, nothing = over_lanes(normal_cdf_lanes, x)

    assert 0.0 < low == lower < 1e-307
    assert (1.0, 1.0) == (high, higher)
    assert math.isnan(nothing)


def test_normal_cdf_of_opposite_values_adds_up_to_one() -> None:
    x = points(0.0, 6.0)

    np.testing.assert_allclose(
        over_lanes(normal_cdf_lanes, x) + over_lanes(normal_cdf_lanes, -x), 1.0, rtol=1e-15
    )


def test_box_muller_uses_all_bits_of_radius_and_angle() -> None:
    largest = math.sqrt(2 * 52 * math.log(2))
    all_radius_bits, half_turn, quarter_turn = np.uint64(2**52 - 1), np.uint64(2**31), np.uint64(2**30)

    assert (0.0, 0.0) == maths.box_muller(np.uint64(0), np.uint64(0))
    np.testing.assert_allclose(maths.box_muller(all_radius_bits, half_turn), (-largest, 0.0), atol=1e-14)
    np.testing.assert_allclose(maths.box_muller(all_radius_bits, quarter_turn), (0.0, largest), atol=1e-14)


def test_results_do_not_depend_on_the_number_of_lanes() -> None:
    x = points(0.0, 20.0)

    for function in (exp_lanes, log_lanes, normal_cdf_lanes):
        together = over_lanes(function, x)
        for lanes in (1, 2, 3, 7, 8, 9, 16, 33):
            assert together[:lanes].tobytes() == over_lanes(function, x[:lanes].copy()).tobytes()


def test_coefficients_are_those_of_the_fit(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(repository / "tools")
    import fit_polynomials

    with mp.workdps(60):
        for target in fit_polynomials.targets():
            coefficients, _ = fit_polynomials.minimax(target)

            assert tuple(map(float, coefficients)) == getattr(maths, target.name)

    del sys.modules["fit_polynomials"]
    assert fit_polynomials.NORMAL_CDF_SCALE == maths.NORMAL_CDF_SCALE


def machine_code(function: Any, *arguments: Any) -> str:
    compiled: Any = inline(function.py_func)  # the same options, not from the disk cache
    compiled(*arguments)
    return "\n".join(compiled.inspect_asm().values())


@pytest.mark.jit
@pytest.mark.parametrize(
    ("function", "arrays"),
    [(exp_lanes, 2), (log_lanes, 2), (normal_cdf_lanes, 2), (sin_cos_lanes, 3), (normal_pair_lanes, 4)],
)
def test_machine_code_is_vectors_without_calls_or_look_ups(function: Any, arrays: int) -> None:
    if not llvm.get_host_cpu_features().get("avx2"):
        pytest.skip("needs a processor with vectors of 256 bits or more")

    code = machine_code(function, *np.full((arrays, 128), 0.5))

    assert re.search(r"vfmadd\w+pd\s.*%[yz]mm", code)
    assert not re.search(r"\$(exp|log|sin|cos|sincos|erfc?|fma|pow)\b", code)
    assert "gather" not in code
