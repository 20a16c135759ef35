"""A scenario file and a seed for every law, and its number of paths: a million in the nightly run."""

from functools import partial
from zlib import crc32

import pytest

from tests.laws.support import write_scenario


@pytest.fixture
def law(tmp_path, request):
    """Changes to the quiet customer, as YAML texts, to a scenario with a seed of the test's own."""
    return partial(write_scenario, tmp_path, crc32(request.node.originalname.encode()))


@pytest.fixture(params=[100_000, pytest.param(1_000_000, marks=pytest.mark.heavy)], ids=["usual", "heavy"])
def paths(request):
    """Number of paths of a random law."""
    return request.param
