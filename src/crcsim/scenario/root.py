"""The whole scenario file as one section."""

from __future__ import annotations

from typing import Any

from crcsim.scenario.capital import CAPITAL
from crcsim.scenario.containers import ListOf, MapOf
from crcsim.scenario.correlations import CORRELATIONS
from crcsim.scenario.costs import COSTS
from crcsim.scenario.customers import CUSTOMER, CUSTOMERS
from crcsim.scenario.economy import ECONOMY
from crcsim.scenario.executives import EXECUTIVES
from crcsim.scenario.kinds import Choice, Kind, Text
from crcsim.scenario.ledger_link import LEDGER_LINK
from crcsim.scenario.lever_keys import LEVERS
from crcsim.scenario.mergers import MERGERS
from crcsim.scenario.money import MONEY
from crcsim.scenario.nodes import MapNode, Node, ScalarNode, describe
from crcsim.scenario.processes import PROCESS
from crcsim.scenario.products import PRODUCT
from crcsim.scenario.reading import INVALID, Address, Invalid, Reading
from crcsim.scenario.sections import Key, Section
from crcsim.scenario.shareholder import SHAREHOLDER
from crcsim.scenario.simulation import SIMULATION
from crcsim.scenario.strategy_keys import STRATEGIES
from crcsim.scenario.tables import CUSTOMER_TABLES
from crcsim.scenario.time import TIME

__all__ = ["ROOT", "SCHEMA_VERSION"]

SCHEMA_VERSION = 1


class Version(Kind[int]):
    """The version of the scenario format."""

    def read(self, node: Node, at: Address, reading: Reading) -> int | Invalid:
        """Return the version if this program reads it."""
        value = node.value if isinstance(node, ScalarNode) else None
        if value != SCHEMA_VERSION or isinstance(value, bool):
            return reading.report(
                "unsupported_version",
                node.position,
                node.path,
                value=describe(node),
                allowed=str(SCHEMA_VERSION),
            )
        reading.record(at.path, SCHEMA_VERSION)
        return SCHEMA_VERSION

    def schema(self) -> dict[str, Any]:
        """Return the schema of the only version."""
        return {"const": SCHEMA_VERSION}


class Layer(Kind[bool]):
    """Entries of a customer that hold for several; checked here, used where customers are read."""

    def read(self, node: Node, at: Address, reading: Reading) -> bool | Invalid:
        """List what is wrong in the layer itself."""
        reading.record(at.path, {})
        before = len(reading.problems)
        entries = node.entries if isinstance(node, MapNode) else {}
        for key in ("id",) if at.path[0] == "customer_defaults" else ("id", "segment"):
            if key in entries and isinstance(node, MapNode):
                hint = "it belongs in the customer's own row"
                reading.report("misplaced_key", node.keys[key], entries[key].path, value=key, hint=hint)
        with reading.one_layer():
            CUSTOMER.read(node, at, reading)
        return True if len(reading.problems) == before else INVALID

    def merge(self, lower: Node, upper: Node) -> Node:
        """Merge as the entries of a customer do."""
        return CUSTOMER.merge(lower, upper)

    def part(self, key: str) -> Kind[Any] | None:
        """Return the kind of one key of a customer."""
        return CUSTOMER.part(key)

    def without_overridden(self, lower: MapNode, upper: MapNode) -> MapNode:
        """Return `lower` without what `upper` overrides."""
        return CUSTOMER.without_overridden(lower, upper)

    def schema(self) -> dict[str, Any]:
        """Return the schema of a customer."""
        return {"$ref": "#/$defs/customer"}


class Unchecked(Kind[None]):
    """A value that is checked elsewhere."""

    def read(self, node: Node, at: Address, reading: Reading) -> None:
        """Accept anything."""

    def schema(self) -> dict[str, Any]:
        """Return the schema of anything."""
        return {}


ROOT = Section(
    lambda values, at: values,
    (
        Key("crcsim", Version(), "The version of the scenario format."),
        Key("name", Text(), "The name of the scenario; by default that of its file.", default=None),
        Key("extends", Text(), "A scenario file that this one is laid over.", default=None),
        Key("time", TIME, "Valuation date and grid."),
        Key("money", MONEY, "Currency and basis."),
        Key("simulation", SIMULATION, "Paths and seed.", default={}),
        Key("economy", ECONOMY, "Risk-free rate, market and industries."),
        Key("capital", CAPITAL, "Cost of capital and horizon value."),
        Key("products", MapOf(PRODUCT, "product", required=True), "Products by name."),
        Key("processes", MapOf(PROCESS, "process"), "Processes by name.", default={}),
        Key("customer_defaults", Layer(), "Entries that hold for every customer.", default=None),
        Key(
            "segments",
            MapOf(Layer(), "segment"),
            "Entries that hold for the customers of a segment.",
            default={},
        ),
        Key("customer_tables", CUSTOMER_TABLES, "Tables with one row per account.", default=None),
        Key("customers", CUSTOMERS, "Customers by name."),
        Key("correlations", CORRELATIONS, "Rank correlations between uncertain quantities.", default=None),
        Key("mergers", MERGERS, "Mergers between customers of the portfolio.", default=None),
        Key("costs", COSTS, "Costs of segments and of the company.", default=None),
        Key(
            "record",
            ListOf(Choice(("economy", "cascade")), "item"),
            "What is recorded per path beyond the default.",
            default=None,
        ),
        Key(
            "sweep",
            MapOf(ListOf(Unchecked(), "value"), "path"),
            "Values that make a grid of scenarios.",
            default=None,
        ),
        Key("shareholder_value", SHAREHOLDER, "What else belongs to shareholder value.", default=None),
        Key("ledger", LEDGER_LINK, "The ledger of a past period.", default=None),
        Key("levers", LEVERS, "Investments in customers and products, by name.", default={}),
        Key("executives", EXECUTIVES, "How top executives deal with customers.", default=None),
        Key("strategies", STRATEGIES, "What is compared with the baseline, by name.", default={}),
    ),
)
