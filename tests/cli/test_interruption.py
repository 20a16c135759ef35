"""Ctrl-C ends a run within two seconds, and nothing is left half written."""

import os
import signal
import subprocess
import sys
import time

import pytest


@pytest.mark.jit
@pytest.mark.skipif(os.name == "nt", reason="needs POSIX signals")
def test_ctrl_c_ends_a_running_simulation(crcsim, repository, tmp_path):
    crcsim("warmup")  # compiled kernels, so that the simulation itself is interrupted
    scenario = repository / "scenarios" / "coatings" / "coatings.yaml"
    options = ["--paths", "400000", "--threads", "1", "-o", "long.nc"]
    command = [sys.executable, "-c", "from crcsim.cli import main; main()", "run", str(scenario), *options]
    environment = os.environ | {"PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()  # the name of the scenario: the run begins
        time.sleep(1.5)
        assert process.poll() is None
        process.send_signal(signal.SIGINT)
        start = time.perf_counter()
        _, errors = process.communicate(timeout=30)
        seconds = time.perf_counter() - start

    assert 130 == process.returncode
    assert seconds < 2.0
    assert "Traceback" not in errors
    assert "Interrupted" in errors
    assert [] == list(tmp_path.iterdir())
