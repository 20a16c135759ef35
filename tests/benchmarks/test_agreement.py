"""The comparisons find what they should find, and only that."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from benchmarks.agreement import same_bits, same_distribution, same_numbers, summary
from benchmarks.peers import numpy_chunked
from benchmarks.peers.coefficients import Coefficients, coefficients
from benchmarks.reference_workload import Floats, crc_ref

PATHS = 2_000


def answer(seed: int, **changed: Any) -> dict[str, Floats]:
    model: Coefficients = coefficients(crc_ref())._replace(**changed)
    return numpy_chunked.simulate(model, PATHS, seed)


@pytest.fixture(scope="module")
def baseline() -> dict[str, Floats]:
    return answer(seed=1)


def test_equal_models_with_other_random_numbers_agree(baseline: dict[str, Floats]) -> None:
    """Twenty comparisons, each rejected by chance with a probability of one in a million."""
    verdicts = {same_distribution(answer(seed), baseline).agrees for seed in range(2, 22)}

    assert verdicts == {True}


@pytest.mark.parametrize(
    ("change", "factor"),
    [("wallet", 1.1), ("direct_cost", 1.1), ("own_sd", 1.5), ("logit_sd", 1.7), ("churn_below", 1.5)],
)
def test_another_model_is_found(baseline: dict[str, Floats], change: str, factor: float) -> None:
    changed = {change: getattr(coefficients(crc_ref()), change) * factor}

    assert not same_distribution(answer(2, **changed), baseline).agrees


def test_a_customer_lost_on_many_paths_does_not_spoil_a_percentile() -> None:
    """Both samples hold zero with the same frequency, and P5 lies on that atom."""
    value = np.array([np.repeat([0.0, 1.0, 2.0], [20, 40, 40])])
    same = {"npv": value, "cash_flow": value}

    assert same_distribution(same, same).agrees


def test_rounding_is_relative_to_the_largest_entry_of_a_row() -> None:
    baseline = {"npv": np.array([[1e-3, 1e6], [1.0, 2.0]])}

    assert same_numbers({"npv": baseline["npv"] + [[1e-6], [0.0]]}, baseline).agrees
    assert not same_numbers({"npv": baseline["npv"] + [[0.0], [1e-6]]}, baseline).agrees


def test_what_differs_is_named(baseline: dict[str, Floats]) -> None:
    other = baseline | {"npv": baseline["npv"] * np.array([1.0] * 49 + [2.0])[:, None]}

    assert "of customer 50" in same_distribution(other, baseline).finding


def test_a_single_bit_is_found_and_named(baseline: dict[str, Floats]) -> None:
    other = baseline | {"npv": np.nextafter(baseline["npv"], np.inf)}

    assert same_bits(other, baseline).finding == "different bits in npv"
    assert same_bits(baseline, baseline).agrees


def test_the_total_stands_last_in_a_summary(baseline: dict[str, Floats]) -> None:
    found = summary(baseline)

    assert len(found["mean"]) == 51
    assert found["mean"][-1] == pytest.approx(sum(found["mean"][:-1]))
    assert found["p50"][-1] == np.median(baseline["npv"].sum(axis=0))
