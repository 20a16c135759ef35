"""Scarce executives where they bring most: a linear assignment, judged on other draws."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from crcsim.compile.program import Program
from crcsim.decisions import provenance
from crcsim.decisions.assignment import assign_by_size, assign_posts, assigned_value
from crcsim.decisions.risk_adjusted import Effect, RiskAdjusted
from crcsim.decisions.trials import Totals, Trials, stated_strategy
from crcsim.engine.run import Run, default_threads
from crcsim.engine.simulate import check_horizon
from crcsim.engine.sinks import MemorySink, chunks, memory_outputs
from crcsim.engine.values import path_sales
from crcsim.errors import ArgumentError, no_such
from crcsim.kernels.arrays import Floats, Integers
from crcsim.kernels.rows import DISCOUNTINGS
from crcsim.measures import estimates
from crcsim.measures.values import with_error
from crcsim.scenario.executives import MIX, ROLES
from crcsim.scenario.strategies import BASELINE, Strategy
from crcsim.valuation.executives import CAVEAT

if TYPE_CHECKING:
    import xarray as xr

    from crcsim.scenario.scenario import Scenario

__all__ = ["CHOICES", "MOST_PATHS", "Assignment", "asked", "assign", "paths_of"]

CHOICES = ("assigned", "by sales")

#: Paths unless stated: every customer is simulated with every role.
MOST_PATHS = 20_000

_SOURCE = "MODEL 10"
_NEXT_SEED = 1  # the assignment is chosen on the draws of seed + 1
_NOBODY = ""


def assign(
    scenario: Scenario,
    *,
    roles: Sequence[str] | None = None,
    limits: Mapping[str, int] | None = None,
    customers: Sequence[str] | None = None,
    risk_aversion: float = 0.0,
    strategy: str = BASELINE,
    paths: int | None = None,
    seed: int | None = None,
    threads: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> xr.Dataset:
    """Which customers get the executives of a limited number, and what it brings over assigning by sales.

    roles: that are assigned; those with a limit in the scenario or in `limits` unless given. limits: other
    numbers of posts than the scenario's. customers: all unless given. risk_aversion λ: what an effect on NPV
    is worth is its mean plus λ x its mean on the portfolio's worst 5 % of the paths without executives; with
    λ > 0 both at the risk-free rate, otherwise the mean at the headline discounting. strategy: what is done
    beside; its own roles are taken out. paths: at most 20,000 unless given.

    Every customer is simulated with every role, each alone. The assignment is chosen on the draws of the next
    seed and judged on those of `seed`, where it is also simulated as a whole, with all limits. All with
    `_standard_error`, in currency, and by the measure that chose: `value` [customer, role], effect of a role
    on the customer's NPV; `gain` [choice] over nobody of the assignment and of that by sales, simulated as a
    whole; `difference` between the two and `in_sample`, what the draws of the choice promise of the
    assignment (without errors of the choice); `one_more` [role], of another post in a limited role; `sponsor`
    of the programme, where all these customers take executives as they come. With λ > 0 also the plain mean
    of each, `..._mean`; errors are NaN where fewer than 10 paths are the worst.

    `sales_today` [customer], with error: expected sales of the next 12 months without executives. Without
    errors: `role_assigned`, `role_by_sales` [customer] (empty: nobody); `better`, share of paths on which the
    assignment beats that by sales.

    Raises ArgumentError for unknown names, or where no role is limited. Sources: SOURCES B1, B5, B6; Kuhn
    1955; the error of the mean on the worst paths: Hong and Liu 2009.
    """
    order = asked(
        scenario,
        roles=roles,
        limits=limits,
        customers=customers,
        risk_aversion=risk_aversion,
        strategy=strategy,
    )
    chosen_seed = scenario.simulation.seed if seed is None else seed
    count = paths_of(scenario, paths)
    threads = threads or default_threads()
    steps = _Steps(progress, count)
    chosen_on = _effects(order, chosen_seed + _NEXT_SEED, count, threads, steps)
    judged_on = _effects(order, chosen_seed, count, threads, steps)
    program = Program(_separate(order, ()), chosen_seed)
    time = order.scenario.time
    months = tuple(range(min(time.periods_per_year, time.periods)))  # the next 12, or all that there are
    sales = path_sales(program, count, threads, months, steps.next(1)).customers.sum(axis=0)[order.places]
    worth = chosen_on.measure.worth(chosen_on.rows)
    best = assign_posts(worth, order.limits)
    usual = assign_by_size(worth, order.limits, sales.mean(axis=1))
    trials = Trials(order.scenario, paths=count, seed=chosen_seed, threads=threads)
    whole = trials.run(order.strategies(best, usual))
    attributes = provenance.of_scenario("assign", scenario, chosen_seed, count, order.options)
    attributes |= {"strategy": strategy, "risk_aversion": risk_aversion, "discounting": order.discounting}
    attributes["caveats"] = json.dumps([CAVEAT], ensure_ascii=False)
    told = _to_tell(order, chosen_on, judged_on, best, whole)
    return _dataset(order, told, sales, best, usual, attributes)


@dataclass(frozen=True)
class Assignment:
    """What is asked: who is to be assigned to whom."""

    scenario: Scenario  # with the limits of the question
    plan: Strategy  # what is done beside, without roles
    roles: tuple[str, ...]
    limits: tuple[int | None, ...]
    names: tuple[str, ...]
    risk_aversion: float

    @property
    def options(self) -> dict[str, Any]:
        """The arguments that the answer depends on."""
        return {
            "roles": list(self.roles),
            "limits": dict(zip(self.roles, self.limits, strict=True)),
            "customers": list(self.names),
            "risk_aversion": self.risk_aversion,
            "strategy": self.plan.name,
        }

    @property
    def places(self) -> list[int]:
        """Positions of the customers in the scenario."""
        known = [customer.name for customer in self.scenario.customers]
        return [known.index(name) for name in self.names]

    @property
    def discounting(self) -> str:
        """Of the values: the headline, or where risk counts the risk-free rate."""
        return "risk_free" if self.risk_aversion else self.scenario.capital.discounting

    def with_roles(self, roles: Sequence[tuple[str, str]], sponsored: bool = False) -> Strategy:
        """The plan with these (customer, role)."""
        return replace(self.plan, roles=tuple(sorted(roles)), sponsor_programme=sponsored)

    def strategies(self, *assignments: Integers) -> list[Strategy]:
        """Nobody, each assignment, executives as they come, and the same with a sponsor programme."""
        mixed = [(name, MIX) for name in self.names]
        return [
            self.plan,
            *(
                self.with_roles(
                    [
                        (name, self.roles[role])
                        for name, role in zip(self.names, chosen, strict=True)
                        if role >= 0
                    ]
                )
                for chosen in assignments
            ),
            self.with_roles(mixed),
            self.with_roles(mixed, sponsored=True),
        ]


def paths_of(scenario: Scenario, paths: int | None) -> int:
    """Paths of each of the runs."""
    return min(scenario.simulation.paths, MOST_PATHS) if paths is None else paths


def asked(
    scenario: Scenario,
    *,
    roles: Sequence[str] | None = None,
    limits: Mapping[str, int] | None = None,
    customers: Sequence[str] | None = None,
    risk_aversion: float = 0.0,
    strategy: str = BASELINE,
) -> Assignment:
    """The question, checked; arguments as in `assign`. Raises ArgumentError for what is unknown or out of
    range, or where no role is limited.
    """
    plan = replace(stated_strategy(scenario, strategy), roles=(), sponsor_programme=False)
    if scenario.executives is None:
        raise ArgumentError("the scenario has no executives; state them under `executives`")
    if not 0.0 <= risk_aversion < np.inf:
        raise ArgumentError(f"risk_aversion must be at least 0, not {risk_aversion:g}")
    known, changed = [customer.name for customer in scenario.customers], dict(limits or {})
    for name in (*(roles or ()), *changed):
        if name not in ROLES:
            raise no_such("role", name, ROLES)
    for name in customers or ():
        if name not in known:
            raise no_such("customer", name, known)
    if any(number < 0 for number in changed.values()):
        raise ArgumentError("a limit must be at least 0")
    stated = dict(zip(ROLES, scenario.executives.limit, strict=True)) | changed
    chosen = [role for role in ROLES if (stated[role] is not None if roles is None else role in roles)]
    if all(stated[role] is None for role in chosen):
        raise ArgumentError("no role is limited; state `executives.limit`, such as growth_champion: 3")
    executives = replace(scenario.executives, limit=tuple(stated[role] for role in ROLES))
    return Assignment(
        replace(scenario, executives=executives),
        plan,
        tuple(chosen),
        tuple(stated[role] for role in chosen),
        tuple(name for name in known if customers is None or name in customers),
        float(risk_aversion),
    )


class _Steps:
    """Progress of several runs, told as one."""

    def __init__(self, report: Callable[[int, int], None] | None, paths: int) -> None:
        self._report, self._paths, self._done, self._all = report, paths, 0, 3 * paths

    def next(self, runs: int) -> Callable[[int, int], None] | None:
        """What the next run calls."""
        before = self._done
        self._done += runs * self._paths
        report = self._report
        if report is None:
            return None
        return lambda done, _: report(before + done, self._all)


@dataclass(frozen=True)
class _Effects:
    """What every role adds at every customer, each alone."""

    rows: Floats  # [customer, role, path] at the discounting of the values
    measure: RiskAdjusted


def _separate(order: Assignment, strategies: Sequence[Strategy]) -> Scenario:
    """The scenario with these strategies alone and without limits, which would couple the customers."""
    executives = order.scenario.executives
    assert executives is not None
    free = replace(executives, limit=(None,) * len(ROLES))
    return replace(order.scenario, executives=free, strategies=tuple(strategies))


def _effects(order: Assignment, seed: int, paths: int, threads: int, steps: _Steps) -> _Effects:
    """Simulate the plan, and the plan with one role at every customer for each role."""
    named = [replace(order.plan, name="nobody")]
    for role in order.roles:
        everybody = order.with_roles([(name, role) for name in order.names])
        named.append(replace(everybody, name=f"role {role}"))
    named.sort(key=lambda each: each.name)
    program = Program(_separate(order, named), seed, strategies=[each.name for each in named])
    outputs = memory_outputs(program.structure, len(program.levels), paths, False, len(program.strategies))
    sink = MemorySink(outputs)
    Run(program, sink, paths, threads, detail=False, progress=steps.next(1)).all_paths(chunks(paths))
    check_horizon(program, sink)
    place = program.strategies.index
    npv = outputs.npv[:, DISCOUNTINGS.index(order.discounting)][:, order.places]
    nobody = npv[place("nobody")]
    rows = np.stack([npv[place(f"role {role}")] - nobody for role in order.roles], axis=1)
    at = DISCOUNTINGS.index("risk_free")
    total = outputs.npv[place("nobody"), at].sum(axis=0) + outputs.level_npv[place("nobody"), at].sum(axis=0)
    return _Effects(rows, RiskAdjusted.of(order.risk_aversion, total))


def _to_tell(
    order: Assignment, chosen_on: _Effects, judged_on: _Effects, best: Integers, whole: Totals
) -> dict[str, Effect]:
    """All effects by the names of their variables."""
    totals = whole.risk if order.risk_aversion else whole.value
    gains, judge = totals[1:3] - totals[0], judged_on.measure
    promised, more = assigned_value(chosen_on.rows, best), _one_more(order, chosen_on, judged_on, best)
    return {
        "value": Effect(
            ("customer", "role"), judged_on.rows, judge, "effect of a role on the customer's NPV"
        ),
        "gain": Effect(("choice",), gains, judge, "NPV of the portfolio over that without executives"),
        "difference": Effect((), gains[0] - gains[1], judge, "gain of the assignment over that by sales"),
        "in_sample": Effect(
            (), promised, chosen_on.measure, "gain of the assignment on the draws that chose it"
        ),
        "one_more": Effect(("role",), more, judge, "value of one more post"),
        "sponsor": Effect((), totals[4] - totals[3], judge, "value of the sponsor programme"),
    }


def _dataset(
    order: Assignment,
    told: dict[str, Effect],
    sales: Floats,
    best: Integers,
    usual: Integers,
    attributes: dict[str, Any],
) -> xr.Dataset:
    """sales: of the next 12 months [customer, path]."""
    import xarray as xr

    money, one = order.scenario.money.currency, ("customer",)

    def words(chosen: Integers) -> list[str]:
        return [order.roles[role] if role >= 0 else _NOBODY for role in chosen]

    variables: dict[str, Any] = {}
    for name, effect in told.items():
        variables |= effect.variables(name, money, _SOURCE)
    today = np.array([estimates.mean(row) for row in sales])
    variables |= with_error("sales_today", one, today, "expected sales of the next 12 months", money, _SOURCE)
    variables |= {
        "role_assigned": (one, words(best), {"long_name": "role by linear assignment", "units": "1"}),
        "role_by_sales": (one, words(usual), {"long_name": "role by sales of today", "units": "1"}),
        "better": (
            (),
            float(np.mean(told["difference"].rows > 0.0)),
            {"long_name": "share of paths on which the assignment beats that by sales", "units": "1"},
        ),
        "limit": (
            ("role",),
            np.array([np.inf if limit is None else float(limit) for limit in order.limits]),
            {"long_name": "number of posts", "units": "1"},
        ),
    }
    coords = {"customer": list(order.names), "role": list(order.roles), "choice": list(CHOICES)}
    return xr.Dataset(variables, coords, attributes)


def _one_more(order: Assignment, chosen_on: _Effects, judged_on: _Effects, best: Integers) -> Floats:
    """What the assignment with one more post brings more [role, path]: solved again on the draws of the
    choice, judged on the others; 0 where a role has no limit.
    """
    now, rows = assigned_value(judged_on.rows, best), []
    worth = chosen_on.measure.worth(chosen_on.rows)
    for place, limit in enumerate(order.limits):
        if limit is None:
            rows.append(np.zeros_like(now))
            continue
        more = [*order.limits[:place], limit + 1, *order.limits[place + 1 :]]
        rows.append(assigned_value(judged_on.rows, assign_posts(worth, more)) - now)
    return np.stack(rows)
