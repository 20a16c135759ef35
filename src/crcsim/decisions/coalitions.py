"""One run per set of features, all on the same draws."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from crcsim.compile.program import Program, Tables
from crcsim.decisions.switches import FEATURES, present_features, switched_off
from crcsim.engine.run import default_threads
from crcsim.engine.values import present_values
from crcsim.errors import ArgumentError, CrcsimError
from crcsim.kernels.arrays import Floats
from crcsim.scenario.scenario import Scenario

__all__ = ["TOTAL", "Coalitions"]

TOTAL = "total"


class Coalitions:
    """Present values of a scenario with only some of its features, without the value after the horizon.

    The whole scenario is simulated at once; `features` are those that it has, in the order of FEATURES.
    Raises ArgumentError for arguments out of range.
    """

    def __init__(
        self,
        scenario: Scenario,
        *,
        paths: int | None,
        seed: int | None,
        threads: int | None,
        progress: Callable[[int, int], None] | None,
    ) -> None:
        self.scenario = scenario
        self.paths = scenario.simulation.paths if paths is None else paths
        self.seed = scenario.simulation.seed if seed is None else seed
        self._threads = threads or default_threads()
        self._progress, self._done, self._expected = progress, 0, 1 + len(FEATURES)
        if self.paths < 2:
            raise ArgumentError(f"paths must be at least 2, not {self.paths}")
        first: list[Tables] = []
        program = Program(scenario, self.seed, lambda tables: _remember(first, tables))
        self._compiled = program.scenario
        self.features = present_features(self._compiled, first[0])
        self.names = (*program.customers, *program.levels)
        self.kinds = (*("customer",) * len(program.customers), *("level",) * len(program.levels))
        if len({*self.names, TOTAL}) <= len(self.names):
            raise CrcsimError("Two customers, levels or the total have the same name; rename a customer.")
        whole = present_values(program, self.paths, self._threads, self._next())
        levels = whole.levels
        self.npv = np.concatenate([whole.customers, levels])  # [item, path]
        self.horizon = np.concatenate([whole.horizon, np.zeros_like(levels)])
        self._whole = np.concatenate([whole.customers - whole.horizon, levels])

    def expect(self, runs: int) -> None:
        """Say how many runs are still to come, for the progress."""
        self._expected = self._done + runs

    def values(self, on: frozenset[str]) -> Floats:
        """Present values [item, path] with these features of the scenario on."""
        if len(on) == len(self.features):
            return self._whole
        off = [name for name in self.features if name not in on]
        program = Program(self.scenario, self.seed, switched_off(self._compiled, off))
        found = present_values(program, self.paths, self._threads, self._next())
        return np.concatenate([found.customers, found.levels])

    @property
    def attributes(self) -> dict[str, Any]:
        """What a reader has to know of the runs."""
        return {
            "title": self.scenario.name,
            "currency": self.scenario.money.currency,
            "discounting": self.scenario.capital.discounting,
            "seed": str(self.seed),
            "paths": self.paths,
            "runs": self._done,
        }

    def _next(self) -> Callable[[int, int], None] | None:
        """Progress of the next run within all of them."""
        before = self._done
        self._done += 1
        if self._progress is None:
            return None
        report = self._progress
        return lambda done, paths: report(before * paths + done, max(self._expected, before + 1) * paths)


def _remember(first: list[Tables], tables: Tables) -> None:
    if not first:
        first.append({name: (rows, dict(values), size) for name, (rows, values, size) in tables.items()})
