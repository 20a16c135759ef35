"""What the next unit of money brings, lever by lever: marginal value beside average return (MODEL 10)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from crcsim.decisions.marginal.measure import measured
from crcsim.decisions.marginal.runs import run_steps
from crcsim.decisions.marginal.steps import plan_steps
from crcsim.decisions.trials import Trials, chosen_levers, stated_strategy
from crcsim.scenario.strategies import BASELINE

if TYPE_CHECKING:
    import xarray as xr

    from crcsim.scenario.scenario import Scenario

__all__ = ["marginal"]


def marginal(
    scenario: Scenario,
    *,
    strategy: str = BASELINE,
    levers: Iterable[str] | None = None,
    paths: int | None = None,
    seed: int | None = None,
    threads: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> xr.Dataset:
    """Derivative of the expected NPV of the portfolio by the spend on each lever, at the plan of a strategy.

    strategy: the plan at which spend is moved. levers: all of the scenario unless given; one that the plan
    does not use starts now. paths, seed: as the scenario says unless given. threads: all cores unless given.
    progress: called with (paths done, paths of all runs).

    Per unit of the present value of what is spent, at the headline discounting and after tax relief; the
    spend is a cost in the NPV, so that a value above 0 says: spend more. All [lever], each with
    `_standard_error`, from differences on the same draws:

    - `marginal`: of the next unit; `marginal_interval` [lever, bound] at 95 %, of each lever alone;
    - `average`: of the whole programme, as stated or as the strategy has it, on `average_paths` paths;
    - `cvar_change`, `loss_probability_change`: of the mean of the worst 5 % and of P(NPV < 0) at the
      risk-free rate, per unit (currency per currency, and per currency) of the next spend at that rate;
    - `pays`: share of paths whose NPV at the risk-free rate is higher with the whole programme;
    - `spend`: present value of the stated programme; `behind_first`: marginal of the first lever less this.

    Without errors: `spend_factor`, the part of the stated spend in the plan; `probability_positive`, of the
    marginal value above 0, given its sampling error; `step`, by how many stated spends it was moved;
    `sign_established`, `behind_established`: whether beyond the sampling error for all levers together (95 %,
    Bonferroni). Coordinates `side` (customer, product) and `method` [lever].

    Attributes `first` (highest marginal value), `first_distinguishable`, and where both sides have a lever
    `first_customer`, `first_product` and `side_difference`, the first less the second, with its error and its
    interval (95 % for all pairs).

    Raises ArgumentError for unknown names and arguments out of range, NumericError where a path has no finite
    value. Sources: MODEL 10; Glasserman (2003), Monte Carlo Methods in Financial Engineering, 7.1.
    """
    plan = stated_strategy(scenario, strategy)
    names = chosen_levers(scenario, levers)
    trials = Trials(scenario, paths=paths, seed=seed, threads=threads, progress=progress)
    steps = plan_steps(scenario, plan, names)
    options = {"strategy": strategy, "levers": None if levers is None else names}
    return measured(trials, plan, steps, run_steps(trials, plan, steps), options)
