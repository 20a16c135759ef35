"""A scenario from the quiet customer of the laws and a few changes in YAML."""

from functools import partial

import pytest

from tests.laws.support import write_scenario


@pytest.fixture
def scenario(tmp_path):
    """Changes, as YAML texts, to a loaded scenario."""
    return partial(write_scenario, tmp_path, 1)
