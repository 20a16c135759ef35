"""The finished arrays of a run as one labelled Dataset."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import xarray as xr

from crcsim.compile.economy import CAPITAL_INPUTS
from crcsim.compile.program import Program
from crcsim.compile.tables import cells
from crcsim.engine.items import item_coordinates, item_variables
from crcsim.engine.run import QUANTILES, Bands, Run
from crcsim.engine.sinks import MemorySink
from crcsim.engine.strategies import caveats_of, described
from crcsim.kernels.arrays import Floats, Sums
from crcsim.kernels.rng import STREAM_VERSION
from crcsim.kernels.rows import CAUSES, CUSTOMER, CUSTOMER_TABLE, DISCOUNTINGS
from crcsim.results.provenance import environment, files_as_json
from crcsim.results.registry import describe
from crcsim.valuation.discounting import flow_times

#: Runs with fewer paths are stamped as a preview.
PREVIEW_PATHS = 10_000


def build_dataset(
    program: Program, run: Run, sink: MemorySink, bands: Bands | None, fresh: Fresh | None, seed: int
) -> xr.Dataset:
    """Name every array of a run; see results.registry for meaning and unit."""
    variables = {**_paths(program, run, sink), **_economy(sink), **_capital(program, run)}
    totals = sink.totals()
    if run.detail:
        variables |= _means(totals, run.paths)
    if bands is not None:
        variables |= _bands(bands)
    if fresh is not None:
        variables["npv_fresh"] = (("strategy", "discounting", "customer", "path"), fresh[0])
        variables["level_npv_fresh"] = (("strategy", "discounting", "level", "path"), fresh[1])
    coordinates = _coordinates(program, run.paths)
    if run.booked:
        variables |= item_variables(program, run.items, totals, sink.outputs.horizon_value, run.paths)
        coordinates |= item_coordinates(program, run.items)
    dataset = xr.Dataset(variables, coordinates)
    dataset.attrs = _attributes(program, run, bands, seed)
    return describe(dataset)


Fresh = tuple[Floats, Floats]

#: Variables of the economy, which all strategies share.
_SHARED = ("market_index", "deflator", "inflation_index")


def _capital(program: Program, run: Run) -> dict[str, Any]:
    """What the cost of capital is made of."""
    _, central = program.central()
    return {
        "capital_inputs": (("capital_input", "path"), run.capital_inputs),
        "central_capital_inputs": ("capital_input", central.inputs[:, 0]),
    }


def _paths(program: Program, run: Run, sink: MemorySink) -> dict[str, Any]:
    outputs, value = sink.outputs, ("strategy", "discounting", "customer", "path")
    variables: dict[str, Any] = {
        "npv": (value, outputs.npv),
        "level_npv": (("strategy", "discounting", "level", "path"), outputs.level_npv),
        "cash_flow": (("strategy", "period", "path"), outputs.cash_flow),
        "sales": (("strategy", "period", "path"), outputs.sales),
        "end_cause": (("strategy", "customer", "path"), outputs.end_cause),
        "end_period": (("strategy", "customer", "path"), outputs.end_period),
        "cost_of_capital": ("path", run.cost_of_capital),
        "risk_free_rate": ("path", run.risk_free),
    }
    if program.structure.horizon:
        variables["horizon_value"] = (value, outputs.horizon_value)
    return variables


def _means(totals: Sums, paths: int) -> dict[str, Any]:
    """Means over all paths; wallet and share over the paths on which the customer is active."""
    cash, sales, wallet, share, active = np.moveaxis(totals.quantities, -1, 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        means = {
            "cash_flow": cash / paths,
            "sales": sales / paths,
            "wallet": np.where(active > 0, wallet / active, np.nan),
            "share": np.where(active > 0, share / active, np.nan),
            "active": active / paths,
        }
    return {
        f"customer_{name}_mean": (("strategy", "customer", "period"), mean) for name, mean in means.items()
    }


def _bands(bands: Bands) -> dict[str, Any]:
    names = ("cash_flow", "sales", "wallet", "share")
    by_customer = ("strategy", "quantile", "customer", "period")
    variables: dict[str, Any] = {
        f"customer_{name}_band": (by_customer, bands.customers[:, place]) for place, name in enumerate(names)
    }
    variables["customer_active_count"] = (("strategy", "customer", "period"), bands.active)
    for place, name in enumerate((*names, "active")):
        variables[f"total_{name}_band"] = (("strategy", "quantile", "period"), bands.totals[:, place])
    return variables


def _economy(sink: MemorySink) -> dict[str, Any]:
    outputs = sink.outputs
    if outputs.market_index.shape[1] == 0:
        return {}
    return {name: (("period", "path"), getattr(outputs, name)) for name in _SHARED}


def _coordinates(program: Program, paths: int) -> dict[str, Any]:
    scenario = program.scenario
    time, customers = scenario.time, scenario.customers
    central, _ = program.central()
    beta = cells(central, CUSTOMER_TABLE, CUSTOMER.beta)[:, 0]
    return {
        "strategy": _text(program.strategies),
        "discounting": list(DISCOUNTINGS),
        "customer": _text([customer.name for customer in customers]),
        "level": _text(program.levels),
        "path": np.arange(paths, dtype=np.int64),
        "period": np.arange(1, time.periods + 1),
        "quantile": np.array(QUANTILES),
        "cause": list(CAUSES),
        "years": ("period", flow_times(time.periods, time.periods_per_year, time.flow_timing)),
        "segment": ("customer", _text([customer.segment or "" for customer in customers])),
        "geography": ("customer", _text([customer.geography or "" for customer in customers])),
        "phase": ("customer", _text([customer.phase for customer in customers])),
        "assumed_beta": ("customer", beta),
        "business_beta": ("customer", program.business_betas()),
        "capital_input": list(CAPITAL_INPUTS),
    }


def _text(words: list[str]) -> np.ndarray[Any, np.dtype[np.str_]]:
    return np.array(words, dtype=np.str_) if words else np.zeros(0, dtype="<U1")


def _attributes(program: Program, run: Run, bands: Bands | None, seed: int) -> dict[str, Any]:
    """Provenance: everything that is needed to make the same numbers again."""
    scenario = program.scenario
    _, rates = program.central()
    surroundings = environment()
    return {
        **surroundings,
        "title": scenario.name,
        "crcsim_version": json.loads(surroundings["packages"]).get("crcsim", "uninstalled"),
        "stream_version": STREAM_VERSION,
        "seed": str(seed),
        "paths": run.paths,
        "band_paths": bands.paths if bands is not None else 0,
        "currency": scenario.money.currency,
        "valuation_date": scenario.time.valuation_date.isoformat(),
        "periods_per_year": scenario.time.periods_per_year,
        "flow_timing": scenario.time.flow_timing,
        "headline": scenario.capital.discounting,
        "central_cost_of_capital": float(rates.cost_of_capital[0]),
        "central_risk_free_rate": float(rates.risk_free[0]),
        "central_market_premium": float(rates.log_premium[0]),
        "central_asset_beta": float(rates.asset_beta[0]),
        "central_capm_gap": float(rates.capm_gap[0]),
        "preview": int(run.paths < PREVIEW_PATHS),
        "scenario_text": _main_text(program),
        "scenario_resolved": json.dumps(scenario.resolved(), sort_keys=True, ensure_ascii=False),
        "files": files_as_json(scenario.files),
        "strategies": json.dumps([described(each) for each in program.chosen[1:]], ensure_ascii=False),
        "caveats": json.dumps(caveats_of(program.chosen), ensure_ascii=False),
        "warnings": json.dumps([*scenario.warnings, *program.warnings()]),
    }


def _main_text(program: Program) -> str:
    files = program.scenario.files
    return files[0].content.decode("utf-8", errors="replace") if files else ""
