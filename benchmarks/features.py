"""`python -m benchmarks.features`: processor time of each feature of a strategy, against everything off.

Ten customers of the reference workload, all buying one product, over 40 quarters. Every feature is a change
of that scenario and, but for capacity, a strategy that uses it with all customers. Two ratios to the plain
scenario are printed: of the baseline where the feature is stated and nothing uses it, and of the simulation
of the strategy alone (a run with it less the run of its baseline). Where a feature that nothing uses changes
a bit of the baseline, nothing is timed.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from benchmarks.environment import facts
from benchmarks.reference_workload import CASES, scenario_text
from crcsim import Scenario, load_scenario, simulate

__all__ = ["FEATURES", "Cost", "Feature", "measure"]

CUSTOMERS, PRODUCT = 10, "goods"
STRATEGY = "act"

#: Builds up within two years and has half of its effect in the long run.
_LEVER = {
    "spend": {"amount": "100 k EUR per year"},
    "effects": {
        "share_target": {"logit": 0.5},
        "churn_hazard_ratio": 0.7,
        "wallet_growth": {"rate": "1%"},
        "price_premium": "1%",
    },
}
_CERTAIN = {"decay": "40%", "half_effect_spend": "100 k EUR per year"}
_UNCERTAIN = {**_CERTAIN, "decay": {"uniform": {"low": "30%", "high": "50%"}}}


@dataclass(frozen=True)
class Feature:
    """A change of the plain scenario, and what the strategy does (None: nothing, the baseline uses it)."""

    name: str
    title: str
    changes: Mapping[str, Any]
    strategy: Mapping[str, Any] | None
    others: Mapping[str, Any] = field(default_factory=dict)
    """Further strategies of the same run."""

    @property
    def strategies(self) -> dict[str, Mapping[str, Any]]:
        return {} if self.strategy is None else {STRATEGY: self.strategy, **self.others}


@dataclass(frozen=True)
class Cost:
    """Ratios of processor time to that of the plain scenario; `used` is of the strategies alone."""

    feature: str
    stated: float
    used: float | None


def _levers(names: Sequence[str], response: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "levers": {
            f"care of {name}": {"target": {"customer": name}, "response": response, **_LEVER}
            for name in names
        }
    }


def _plans(names: Sequence[str], start: object = "now") -> dict[str, Any]:
    return {"levers": {f"care of {name}": {"start": start} for name in names}}


NAMES = tuple(f"customer-{number + 1:02d}" for number in range(CUSTOMERS))
_TRIGGER = {"when": {"share_below": "25%", "line": PRODUCT}}
_ROLES = {"roles": dict.fromkeys(NAMES, "mix"), "sponsor_programme": True}
FEATURES = (
    Feature("tabulated", "levers with a known response", _levers(NAMES, _CERTAIN), _plans(NAMES)),
    Feature("on the path", "levers with an uncertain response", _levers(NAMES, _UNCERTAIN), _plans(NAMES)),
    Feature("triggers", "levers that wait for a share", _levers(NAMES, _CERTAIN), _plans(NAMES, _TRIGGER)),
    Feature(
        "capacity",
        "a capacity that all customers share",
        {"products": {PRODUCT: {"capacity": "200 M EUR per year"}}},
        None,
    ),
    Feature(
        "drop", "a product dropped after five years", {}, {"product_mix": {PRODUCT: {"drop": "5 years"}}}
    ),
    Feature("roles", "an executive for every customer", {"executives": {}}, _ROLES),
    Feature(
        "limited roles",
        "the same, champions limited",
        {"executives": {"limit": {"growth_champion": 2}}},
        _ROLES,
    ),
    Feature(
        "ten strategies",
        "ten strategies, each with a lever for one customer",
        _levers(NAMES, _CERTAIN),
        _plans(NAMES[:1]),
        {f"act {place}": _plans([name]) for place, name in enumerate(NAMES[1:])},
    ),
)


def plain_document() -> dict[str, Any]:
    """The scenario without any feature."""
    document: dict[str, Any] = yaml.safe_load(scenario_text(CASES["crc_ref"]()))
    chosen = {name: document["customers"][name] for name in NAMES}
    for customer in chosen.values():
        customer["lines"] = {PRODUCT: next(iter(customer["lines"].values()))}
    terms = next(iter(document["products"].values()))
    return {**document, "customers": chosen, "products": {PRODUCT: terms}}


def with_feature(document: Mapping[str, Any], feature: Feature) -> dict[str, Any]:
    """The plain scenario with a feature and the strategies that use it."""
    changed = {**document, **feature.changes, "strategies": feature.strategies}
    if "products" in feature.changes:
        terms = {**document["products"][PRODUCT], **feature.changes["products"][PRODUCT]}
        changed["products"] = {PRODUCT: terms}
    return changed


def measure(paths: int, repeats: int) -> list[Cost]:
    """Cost of all features; every scenario in turn, as often as asked for, the best time of each.

    Raises AssertionError where a feature that nothing uses changes the baseline.
    """
    document = plain_document()
    plain = _load(document)
    scenarios = {feature.name: _load(with_feature(document, feature)) for feature in FEATURES}
    values = _baseline(plain)
    for feature in FEATURES:
        if feature.strategy is not None:
            assert np.array_equal(values, _baseline(scenarios[feature.name])), feature.name
    off, stated, used = float("inf"), {}, {}
    for _ in range(repeats):
        off = min(off, _time(plain, paths, ()))
        for feature in FEATURES:
            name, scenario = feature.name, scenarios[feature.name]
            stated[name] = min(stated.get(name, off * 1e9), _time(scenario, paths, ()))
            if feature.strategies:
                own = _time(scenario, paths, tuple(feature.strategies))
                used[name] = min(used.get(name, own), own)
    return [
        Cost(name, stated[name] / off, (used[name] - stated[name]) / off if name in used else None)
        for name in (feature.name for feature in FEATURES)
    ]


def _load(document: Mapping[str, Any]) -> Scenario:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "features.yaml")
        file.write_text(json.dumps(document), encoding="utf-8")
        return load_scenario(file)


def _baseline(scenario: Scenario) -> Any:
    """Present values of the baseline on a few paths."""
    return simulate(scenario, paths=256, threads=1, bands=False, strategies=())["npv"].to_numpy()


def _time(scenario: Scenario, paths: int, strategies: tuple[str, ...]) -> float:
    start = time.process_time()
    simulate(scenario, paths=paths, threads=1, bands=False, strategies=strategies)
    return time.process_time() - start


def table(costs: Sequence[Cost]) -> str:
    """Lines with aligned columns."""
    titles = {feature.name: feature.title for feature in FEATURES}
    lines = [f"{'Feature':<16}{'':<52}{'stated':>8}{'used':>8}"]
    for cost in costs:
        used = "" if cost.used is None else f"{cost.used:.2f}"
        lines.append(f"{cost.feature:<16}{titles[cost.feature]:<52}{cost.stated:>8.2f}{used:>8}")
    return "\n".join(lines)


def main(arguments: Sequence[str]) -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.features", description=__doc__)
    parser.add_argument("--paths", type=int, default=20_000, help="default: %(default)s")
    parser.add_argument("--repeats", type=int, default=5, help="default: %(default)s")
    parser.add_argument("--json", type=Path, metavar="OUT", help="write everything that was found")
    options = parser.parse_args(arguments)
    conditions, costs = facts(), measure(options.paths, options.repeats)
    print(
        f"{conditions['cpu']}, load average {conditions['load_average']}; {options.paths:,} paths, one thread"
    )
    print(
        "Processor time against the plain scenario: of the baseline where the feature is stated, and of the "
        "strategy alone"
    )
    print(table(costs))
    if options.json:
        found = {cost.feature: {"stated": cost.stated, "used": cost.used} for cost in costs}
        document = {"environment": conditions, "paths": options.paths, "features": found}
        options.json.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
