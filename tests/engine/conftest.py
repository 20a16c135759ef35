"""What the tests of single stages start from."""

import numpy as np
import pytest

from tests.engine.lanes import at_period, interpret
from tests.engine.runs import PATHS

PERIOD = 4


@pytest.fixture(params=range(6))
def groups(request, tmp_path, monkeypatch):
    """The groups of a random scenario at the start of period 4, kernel and twin in the same state."""
    interpret(monkeypatch)
    return at_period(request.param, PERIOD, PATHS, tmp_path)


@pytest.fixture
def r():
    """Random numbers, the same in every run."""
    return np.random.default_rng(20260101)
