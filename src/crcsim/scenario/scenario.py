"""The scenario: everything that an analyst said, frozen, in canonical units and canonical order."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from crcsim.scenario.capital import Capital
from crcsim.scenario.correlations import Correlation
from crcsim.scenario.costs import LevelCost
from crcsim.scenario.customers import Customer
from crcsim.scenario.economy import Economy
from crcsim.scenario.executives import Executives
from crcsim.scenario.files import SourceFile
from crcsim.scenario.ledger_link import LedgerLink
from crcsim.scenario.levers import Lever
from crcsim.scenario.mergers import Merger
from crcsim.scenario.money import Money
from crcsim.scenario.processes import Process
from crcsim.scenario.products import Product
from crcsim.scenario.reading import Json
from crcsim.scenario.shareholder import Shareholder
from crcsim.scenario.simulation import Simulation
from crcsim.scenario.strategies import Strategy
from crcsim.scenario.time import Time

__all__ = ["Scenario", "SourceFile"]


@dataclass(frozen=True)
class Scenario:
    """A validated scenario; every number is in canonical units.

    Customers, levers and strategies are sorted by name; the baseline is no entry of `strategies`.
    `executives` is None where nothing is said of roles and no strategy assigns any.
    """

    name: str
    time: Time
    money: Money
    simulation: Simulation
    economy: Economy
    capital: Capital
    products: Mapping[str, Product]
    processes: Mapping[str, Process]
    customers: tuple[Customer, ...]
    correlations: tuple[Correlation, ...]
    mergers: tuple[Merger, ...]
    costs: tuple[LevelCost, ...]
    shareholder: Shareholder | None
    ledger: LedgerLink | None
    levers: tuple[Lever, ...]
    executives: Executives | None
    strategies: tuple[Strategy, ...]
    record: tuple[str, ...]
    files: tuple[SourceFile, ...] = field(compare=False, repr=False)
    warnings: tuple[str, ...] = field(compare=False, repr=False)
    _resolved: dict[str, Json] = field(compare=False, repr=False)
    _revise: Callable[[str, object], Scenario] = field(compare=False, repr=False)

    def resolved(self) -> dict[str, Json]:
        """Return the scenario as a JSON-able map, sorted, with every default filled in.

        It has the shape of a scenario file and reads back as an equal scenario.
        """
        return copy.deepcopy(self._resolved)

    def replace(self, path: str, value: object) -> Scenario:
        """Return a copy in which `path`, such as `customers.Nordwerk.beta`, has another value.

        Numbers are in canonical units, text is read as in a file (`5%`), a map or list replaces the entry.
        Raises ScenarioError where the result is not a valid scenario.
        """
        return self._revise(path, value)
