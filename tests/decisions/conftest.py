"""The quiet customer of the laws, to which each test adds what it is about."""

from functools import partial
from unittest.mock import patch
from zlib import crc32

import pytest

from crcsim.compile.program import Program
from tests.laws.support import write_scenario


@pytest.fixture
def quiet(tmp_path, request):
    """Changes to the quiet customer, as YAML texts, to a scenario with a seed of the test's own."""
    return partial(write_scenario, tmp_path, crc32(request.node.originalname.encode()))


@pytest.fixture
def small_chunks():
    """Parameters drawn for one block of 128 paths instead of a whole chunk, for speed; they are the same."""
    with (
        patch.object(Program.parameters, "__defaults__", (128,)),
        patch("crcsim.engine.run.CHUNK_PATHS", 128),
    ):
        yield
