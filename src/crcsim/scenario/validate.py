"""One pass over a document: every part read, every reference checked, every problem listed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Any

from crcsim.errors import ScenarioError
from crcsim.scenario.correlation_blocks import blocks_to_repair
from crcsim.scenario.correlations import Correlation
from crcsim.scenario.cost_checks import check_investments, check_orders, check_processes
from crcsim.scenario.document import Document
from crcsim.scenario.executives import EXECUTIVES
from crcsim.scenario.files import Files
from crcsim.scenario.layers import customers_in_layers
from crcsim.scenario.ledger_link import linked_ledger
from crcsim.scenario.lever_checks import Portfolio, check_levers
from crcsim.scenario.lever_layers import levers_in_layers, strategies_in_layers
from crcsim.scenario.lever_references import check_lever_references, check_strategy_references
from crcsim.scenario.money import CURRENCY_CODE
from crcsim.scenario.nodes import MapNode, Path, describe
from crcsim.scenario.plausibility import check_horizon_values
from crcsim.scenario.reading import Address, Invalid, Json, Reading
from crcsim.scenario.references import check_correlated_places, check_references, entries_of
from crcsim.scenario.resolved import nested
from crcsim.scenario.root import ROOT
from crcsim.scenario.strategy_building import strategies_of
from crcsim.scenario.strategy_checks import check_strategies

__all__ = ["Names", "Validated", "validate"]

#: The names that may stand behind a path, such as ("customers", "Nordwerk", "costs").
Names = Mapping[Path, list[str]]

_PARTS = (
    "time",
    "money",
    "simulation",
    "economy",
    "capital",
    "products",
    "processes",
    "mergers",
    "costs",
    "executives",
    "record",
)


@dataclass(frozen=True)
class Validated:
    """The parts of a scenario, its warnings, its resolved document and the names that paths may use."""

    parts: dict[str, Any]
    warnings: tuple[str, ...]
    resolved: dict[str, Json]
    names: Names


def validate(document: Document) -> Validated:
    """Return the parts of a scenario.

    Raises ScenarioError with every problem that was found.
    """
    reading = Reading()
    reading.add(document.problems)
    _read_money(document.root, reading)
    root = _with_customers(_in_layers(document.root, reading), document.files, reading)
    values = ROOT.read(root, Address((), ()), reading)
    if not isinstance(values, Invalid):
        _add_executives(values, reading)
    ledger = linked_ledger(root, document.files, reading)
    check_references(root, reading)
    check_lever_references(root, reading)
    check_strategy_references(root, reading)
    check_orders(root, reading)
    check_processes(root, ledger, reading)
    correlations = _correlations(root, reading)
    if isinstance(values, Invalid) or isinstance(ledger, Invalid) or reading.problems:
        raise ScenarioError(reading.sorted_problems())
    customers = tuple(values["customers"].values())
    check_horizon_values(root, values["economy"], values["capital"], customers, reading)
    check_investments(root, values["time"], customers, reading)
    portfolio = Portfolio(customers, values["products"], values["levers"], ledger is not None)
    strategies = strategies_of(values["strategies"], portfolio.levers, customers)
    check_levers(root, portfolio, reading)
    check_strategies(root, strategies, portfolio, values["executives"], values["time"], reading)
    if reading.problems:
        raise ScenarioError(reading.sorted_problems())
    _warn(root, correlations, reading)
    name = values["name"] or PurePath(document.files.main).stem
    reading.record(("name",), name)
    parts = {key: values[key] for key in _PARTS}
    parts |= {"name": name, "customers": customers, "correlations": tuple(correlations)}
    parts |= {"levers": tuple(portfolio.levers.values()), "strategies": strategies}
    parts |= {"ledger": ledger, "shareholder": values["shareholder_value"]}
    return Validated(parts, tuple(reading.warnings), nested(reading.recorded), _names(root))


def _read_money(root: MapNode, reading: Reading) -> None:
    """Note currency and basis first: amounts and growth rates are read by them."""
    money = root.entries.get("money")
    entries = money.entries if isinstance(money, MapNode) else {}
    currency, basis = (describe(entries[key]) if key in entries else "" for key in ("currency", "basis"))
    if CURRENCY_CODE.fullmatch(currency):
        reading.currency = currency
    if basis == "real":
        reading.basis = basis


def _in_layers(root: MapNode, reading: Reading) -> MapNode:
    """Return the document with every lever over its preset and every strategy over what it extends."""
    entries = dict(root.entries)
    if isinstance(levers := entries.get("levers"), MapNode):
        entries["levers"] = levers_in_layers(levers)
    if isinstance(strategies := entries.get("strategies"), MapNode):
        entries["strategies"] = strategies_in_layers(strategies, reading)
    return replace(root, entries=entries)


def _add_executives(values: dict[str, Any], reading: Reading) -> None:
    """Let the defaults hold where a strategy assigns roles and nothing is said of executives."""
    stated = values["strategies"].values()
    if values["executives"] is None and any(each.roles or each.sponsor_programme for each in stated):
        at = Address(("executives",), ("executives",))
        values["executives"] = EXECUTIVES.absent({}, at, reading)


def _with_customers(root: MapNode, files: Files, reading: Reading) -> MapNode:
    """Return the document with every customer merged from its layers."""
    customers = customers_in_layers(root, files, reading)
    if customers is None:
        return root
    keys = {"customers": customers.position, **root.keys}
    return replace(root, entries={**root.entries, "customers": customers}, keys=keys)


def _correlations(root: MapNode, reading: Reading) -> list[Correlation]:
    """Return the correlations with the places of their draws; broken ones are left out."""
    node = root.entries.get("correlations")
    if node is None or reading.tables_broken:
        return []
    at = Address(("correlations",), ("correlations",))
    kind = ROOT.part("correlations")
    found = kind.read(node, at, reading) if kind is not None else ()
    return [] if isinstance(found, Invalid) else check_correlated_places(root, found, reading)


def _warn(root: MapNode, correlations: list[Correlation], reading: Reading) -> None:
    """Warn of correlations that cannot hold together, and of a sweep that is not run."""
    for block in blocks_to_repair(correlations):
        stated = root.entries["correlations"]
        text = (
            f"these cannot hold together and are moved to the nearest correlation matrix: {', '.join(block)}"
        )
        reading.warn(stated.position, stated.path, text)
    if (sweep := root.entries.get("sweep")) is not None:
        reading.warn(sweep.position, sweep.path, "this is the scenario before the sweep")


def _names(root: MapNode) -> Names:
    """Return the names by which dotted paths go: customers, products and such, and what each names."""

    def names(*path: str) -> list[str]:
        return sorted(entries_of(root, *path))

    named: dict[Path, list[str]] = {
        (key,): names(key)
        for key in ("customers", "products", "segments", "processes", "levers", "strategies")
    }
    owners = [(key, name) for key in ("customers", "segments") for name in named[key,]]
    for owner in [("customer_defaults",), *owners]:
        for key in ("costs", "investments"):
            named[*owner, key] = names(*owner, key)
    for strategy in named["strategies",]:
        within = ("strategies", strategy)
        named |= {(*within, "levers"): named["levers",], (*within, "product_mix"): named["products",]}
        named |= {(*within, "roles"): named["customers",]}
        named[*within, "cost_programmes"] = names(*within, "cost_programmes")
    return named
