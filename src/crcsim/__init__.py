"""Monte Carlo valuation of strategic customer relationships as assets.

A scenario file (YAML, with CSV tables) is checked and becomes a frozen `Scenario`; `compile` turns it into
arrays; the kernels step blocks of paths through economy, business index, wallet, share of wallet, lifecycle,
exits and cash; the engine gathers the blocks into an xarray Dataset, which `save` and `load` keep as NetCDF;
measures read one Dataset and give risk, bands and contributions; decisions ask questions of several runs on
the same draws; the report draws them.

    from crcsim import load_scenario, simulate

    result = simulate(load_scenario("scenarios/minimal.yaml"))
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crcsim.engine import simulate
    from crcsim.errors import CrcsimError, ScenarioError
    from crcsim.results import load, save
    from crcsim.scenario import Scenario, load_scenario

__version__ = "0.1.0"
__all__ = ["CrcsimError", "Scenario", "ScenarioError", "load", "load_scenario", "save", "simulate"]

_HOME = {
    "CrcsimError": "crcsim.errors",
    "Scenario": "crcsim.scenario",
    "ScenarioError": "crcsim.errors",
    "load": "crcsim.results",
    "load_scenario": "crcsim.scenario",
    "save": "crcsim.results",
    "simulate": "crcsim.engine",
}


def __getattr__(name: str) -> object:
    """Import a public name when it is first used, so that `import crcsim` stays fast."""
    if name not in _HOME:
        raise AttributeError(f"module 'crcsim' has no attribute {name!r}")
    value: object = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
