"""A scenario file per law, and the number of paths: fewer in the usual run, a million in the nightly one."""

from functools import partial

import pytest

from tests.laws.support import write_scenario


@pytest.fixture
def law(tmp_path):
    """Changes to the quiet customer, as YAML texts, to a scenario."""
    return partial(write_scenario, tmp_path)


@pytest.fixture(params=[200_000, pytest.param(1_000_000, marks=pytest.mark.heavy)], ids=["usual", "heavy"])
def paths(request):
    """Number of paths of a random law."""
    return request.param
