"""Sobol indices against the closed form of the Ishigami function, and against SALib."""

import numpy as np
import pytest

from crcsim.decisions.information.sobol import first_order, total_order

A, B = 7.0, 0.1
VARIANCE = A**2 / 8 + B * np.pi**4 / 5 + B**2 * np.pi**8 / 18 + 0.5
FIRST = np.array([0.5 * (1 + B * np.pi**4 / 5) ** 2, A**2 / 8, 0.0]) / VARIANCE
TOTAL = FIRST + np.array([1, 0, 1]) * B**2 * np.pi**8 * 8 / 225 / VARIANCE


def ishigami(x):
    """sin x₁ + a sin² x₂ + b x₃⁴ sin x₁ (Ishigami and Homma, 1990)."""
    return np.sin(x[:, 0]) + A * np.sin(x[:, 1]) ** 2 + B * x[:, 2] ** 4 * np.sin(x[:, 0])


@pytest.fixture(scope="module")
def design():
    """Inputs, and the same with one factor drawn afresh each time."""
    generator = np.random.default_rng(7)
    x, other = generator.uniform(-np.pi, np.pi, (2, 16_384, 3))
    exchanged = []
    for factor in range(3):
        moved = x.copy()
        moved[:, factor] = other[:, factor]
        exchanged.append(moved)
    return x, other, exchanged


def test_first_order_of_the_ishigami_function(design):
    """0.314, 0.442 and 0, within 4 standard errors (1 in 15,000)."""
    x, _, _ = design
    found = np.array([first_order(ishigami(x), x[:, factor]) for factor in range(3)])
    print(
        "first order:",
        *(f"{s:.4f} ± {e:.4f} against {t:.4f};" for (s, e), t in zip(found, FIRST, strict=True)),
    )

    assert (np.abs(found[:, 0] - FIRST) < 4 * found[:, 1]).all()
    assert found[:, 1].max() < 0.01


def test_total_order_of_the_ishigami_function(design):
    """0.558, 0.442 and 0.244, within 4 standard errors (1 in 15,000)."""
    x, _, exchanged = design
    found = np.array([total_order(ishigami(x), ishigami(each)) for each in exchanged])
    print(
        "total order:",
        *(f"{s:.4f} ± {e:.4f} against {t:.4f};" for (s, e), t in zip(found, TOTAL, strict=True)),
    )

    assert (np.abs(found[:, 0] - TOTAL) < 4 * found[:, 1]).all()
    assert found[:, 1].max() < 0.01


def test_salib_agrees_on_the_same_runs(design):
    """Its total order is Jansen's too, its first order Saltelli's: within the intervals of both."""
    from SALib.analyze import sobol

    x, other, exchanged = design
    runs = np.stack([ishigami(x), *(ishigami(each) for each in exchanged), ishigami(other)], axis=1)
    # SALib exchanges all but names it the same: a row is A, A with factor i of B, B
    problem = {"num_vars": 3, "names": ["1", "2", "3"], "bounds": [[-np.pi, np.pi]] * 3}
    theirs = sobol.analyze(problem, runs.ravel(), calc_second_order=False, seed=1)
    ours = np.array([total_order(runs[:, 0], runs[:, 1 + factor]) for factor in range(3)])
    first = np.array([first_order(runs[:, 0], x[:, factor]) for factor in range(3)])

    assert np.allclose(theirs["ST"], ours[:, 0], atol=0.01)
    assert np.allclose(theirs["ST_conf"], 1.96 * ours[:, 1], rtol=0.5)
    assert (np.abs(theirs["S1"] - first[:, 0]) < 2 * theirs["S1_conf"]).all()


def test_standard_errors_are_those_of_repetition():
    """Additive with noise; the spread of 100 estimates has an error of 7 %, bound of 4 of them."""
    generator, found = np.random.default_rng(8), []
    for _ in range(100):
        x, y, noise, other = generator.normal(size=(4, 1000))
        found.append([*first_order(x + y + noise, x), *total_order(x + y + noise, other + y + noise)])
    first, first_error, total, total_error = np.array(found).T

    assert 1.0 == pytest.approx(first_error.mean() / first.std(ddof=1), abs=0.28)
    assert 1.0 == pytest.approx(total_error.mean() / total.std(ddof=1), abs=0.28)
    assert abs(first.mean() - 1 / 3) < 4 * first.std() / 10
    assert abs(total.mean() - 1 / 3) < 4 * total.std() / 10


def test_what_does_not_vary_explains_nothing():
    constant = np.ones(200)

    assert (0.0, 0.0) == first_order(constant, np.arange(200.0))
    assert (0.0, 0.0) == total_order(constant, constant)


def test_a_parameter_of_few_values_has_classes():
    classes = np.arange(3000) % 3.0
    found, _ = first_order(classes**2, classes)

    assert 1.0 == pytest.approx(found)
