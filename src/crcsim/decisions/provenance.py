"""What every decision says of itself: the question, the runs behind it, and what identifies them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from crcsim.compile.strategies import chosen_strategies
from crcsim.engine.strategies import caveats_of
from crcsim.kernels.rng import STREAM_VERSION
from crcsim.results.provenance import environment, files_as_json

if TYPE_CHECKING:
    import xarray as xr

    from crcsim.scenario.scenario import Scenario

__all__ = ["of_result", "of_scenario"]

_OF_RESULT = (
    "title",
    "currency",
    "headline",
    "valuation_date",
    "seed",
    "paths",
    "stream_version",
    "crcsim_version",
    "scenario_resolved",
    "files",
    "warnings",
    "caveats",
)


def of_result(verb: str, result: xr.Dataset, options: Mapping[str, Any]) -> dict[str, Any]:
    """Attributes of a decision that is read from a result; `options` are the arguments that it depends on."""
    kept = {name: result.attrs[name] for name in _OF_RESULT if name in result.attrs}
    told = {"result_content_hash": result.attrs["content_hash"]} if "content_hash" in result.attrs else {}
    kept["paths"] = result.sizes["path"]
    return {"decision": verb, **kept, **told, "options": _as_text(options)}


def of_scenario(
    verb: str,
    scenario: Scenario,
    seed: int,
    paths: int,
    options: Mapping[str, Any],
    strategies: Sequence[str] | None = None,
) -> dict[str, Any]:
    """Attributes of a decision that simulates a scenario itself: these strategies of it, or any of them."""
    return {
        "decision": verb,
        "title": scenario.name,
        "currency": scenario.money.currency,
        "headline": scenario.capital.discounting,
        "valuation_date": scenario.time.valuation_date.isoformat(),
        "seed": str(seed),
        "paths": paths,
        "stream_version": STREAM_VERSION,
        "crcsim_version": json.loads(environment()["packages"]).get("crcsim", "uninstalled"),
        "scenario_resolved": json.dumps(scenario.resolved(), sort_keys=True, ensure_ascii=False),
        "files": files_as_json(scenario.files),
        "caveats": json.dumps(caveats_of(chosen_strategies(scenario, strategies)), ensure_ascii=False),
        "warnings": json.dumps(list(scenario.warnings)),
        "options": _as_text(options),
    }


def _as_text(options: Mapping[str, Any]) -> str:
    return json.dumps(dict(options), sort_keys=True, ensure_ascii=False)
