"""The sentences of `decide stress`."""

import numpy as np

from crcsim.decisions import reverse_stress
from crcsim.report.decide.stress import answer
from tests.decisions.stress.test_reverse import PATHS, result


def test_nothing_stands_out_is_an_answer():
    generator = np.random.default_rng(8)
    found = reverse_stress(result(generator.normal(size=PATHS)), {"p": generator.normal(size=PATHS)})
    made = answer(found)

    assert made.finding == "Nothing surely stands out on the worst 1% of the paths."
    assert () == made.statements


def test_what_stands_out_is_told_with_its_interval():
    x = np.random.default_rng(8).normal(size=PATHS)
    made = answer(reverse_stress(result(x), {"x": x}))

    assert made.finding.startswith("What sets the worst 1% of the paths apart most: x (")
    assert made.statements[0].startswith("Worst 1%, x: -2.6 in the median (-2.66 to -2.56)")
    assert "lower than on 99% of all paths" in made.statements[0]


def test_a_median_of_many_ties_is_compared_strictly():
    """0 on the worst paths, above it on 60 % of all: lower than on 60 %, not on 80 % with half the ties."""
    value = np.arange(PATHS, dtype=float)
    counts = np.where(np.arange(PATHS) % 10 < 4, 0.0, 5.0)
    counts[:200] = 0.0
    made = answer(reverse_stress(result(value), {"x": counts}))

    assert "x: 0 in the median (0 to 0), lower than on 59% of all paths (median 5)" in made.statements[0]
