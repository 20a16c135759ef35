"""What a relation is and earns on every path at the end of every period: what a decision sees."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from crcsim.compile.program import Program
from crcsim.compile.tables import cells
from crcsim.engine.run import Progress, Run
from crcsim.engine.simulate import check_horizon
from crcsim.engine.sinks import MemorySink, chunks, memory_outputs
from crcsim.errors import ArgumentError, no_such
from crcsim.kernels.arrays import Floats, Integers
from crcsim.kernels.rows import (
    CHUNK_PATHS,
    CUSTOMER,
    CUSTOMER_TABLE,
    DISCOUNTINGS,
    ECONOMY,
    ECONOMY_TABLE,
    FACT,
    FULL_SERVICE,
    FULL_SERVICE_TABLE,
    GROUP,
    NOTICE_FACT,
    RELATION,
    RELATION_ROWS,
)

__all__ = ["RelationPaths", "discount_factors", "path_constants", "relation_paths"]


@dataclass(frozen=True)
class RelationPaths:
    """One customer on all paths. Date 0 is the valuation date, date t the end of period t; amounts in
    currency, flows per period.
    """

    customer: str
    rows: Floats  # [RELATION row, date, path]
    notice_costs: Floats  # [notice, date, path] what the last period's costs go on to cost, after tax
    notice_periods: Floats  # [notice] length in periods, ENDLESS where the cost stays
    discount: Floats  # [period, path] factor of the flow, at the discounting of the decision
    index: Floats  # [date, path] price index of the last flow, 1 at the valuation date
    horizon_value: Floats  # [path] present value of what comes after the last period
    npv: Floats  # [path] present value of all flows, with the horizon value
    market: Floats  # [period, path] market index x deflator
    deflator: Floats  # [period, path]
    rate: Floats  # [path] yearly log discount rate, or log risk-free rate under `deflator`
    risk_free: Floats  # [path] log risk-free rate of a period
    first_event: Floats  # [path] probability that something happens to the relation in the first period
    plain_market: bool  # neither regimes nor jumps: shocks have mean zero
    timing: int  # END, MID or BEGIN

    def row(self, name: str) -> Floats:
        """One row of RELATION_ROWS, [date, path]."""
        return np.asarray(self.rows[RELATION_ROWS.index(name)])


def relation_paths(
    program: Program,
    customer: str,
    paths: int,
    threads: int,
    *,
    discounting: str | None = None,
    progress: Progress | None = None,
) -> RelationPaths:
    """Simulate one customer (with its coupling group) in the last strategy of a program.

    discounting: that of the present values, the scenario's headline unless given. Raises ArgumentError for an
    unknown customer or discounting, NumericError where a path has no finite value after the horizon.
    """
    chosen = discounting or program.scenario.capital.discounting
    if customer not in program.customers:
        raise no_such("customer", customer, program.customers)
    if chosen not in DISCOUNTINGS:
        raise ArgumentError(f"discounting must be one of {', '.join(DISCOUNTINGS)}, not {chosen!r}")
    s, place = program.structure, program.customers.index(customer)
    strategies, last = len(program.strategies), len(program.strategies) - 1
    notices = slice(s.customers[FACT.notice_start, place], s.customers[FACT.notice_end, place])
    count = int(notices.stop - notices.start)
    recorded = np.zeros((strategies, len(RELATION_ROWS) + count, 1, s.periods + 1, paths))
    chosen_place: Integers = np.full(s.customers.shape[1], -1, dtype=np.int64)
    chosen_place[place] = 0
    outputs = memory_outputs(s, len(program.levels), paths, economy=True, strategies=strategies)
    outputs = outputs._replace(relations=recorded, relation_place=chosen_place)
    sink = MemorySink(outputs)
    run = Run(program, sink, paths, threads, detail=False, progress=progress)
    group = _group_of(program, place)
    no_bands = np.empty((strategies, 4, 0, s.periods, 0)), np.zeros((strategies, 3, s.periods, 0))
    work = chunks(paths)
    if group > 0:  # the economy is written beside the first group
        run.record(work, *no_bands, 0, 1)
    run.record(work, *no_bands, group, group + 1)
    check_horizon(program, sink)
    return _labelled(program, sink, place, last, chosen, recorded[last, :, 0], count, notices)


def _group_of(program: Program, customer: int) -> int:
    s = program.structure
    where = int(np.flatnonzero(s.group_customer == customer)[0])
    return int(
        np.flatnonzero((s.groups[GROUP.member_start] <= where) & (where < s.groups[GROUP.member_end]))[0]
    )


def _labelled(
    program: Program,
    sink: MemorySink,
    place: int,
    strategy: int,
    discounting: str,
    recorded: Floats,
    notices: int,
    places: slice,
) -> RelationPaths:
    s, outputs, value = program.structure, sink.of(strategy), DISCOUNTINGS.index(discounting)
    paths, rows = recorded.shape[-1], len(RELATION_ROWS)
    constants = path_constants(program, place, paths)
    _, step = _rates(constants, discounting)
    factors = discount_factors(constants, discounting, np.asarray(outputs.deflator))
    index = np.concatenate([np.ones((1, paths)), outputs.inflation_index])
    horizon = outputs.horizon_value[value, place] if s.horizon else np.zeros(paths)
    relation = recorded[:rows]
    relation[RELATION.phase, 0] = _phase_today(s.customers[:, place])
    return RelationPaths(
        customer=program.customers[place],
        rows=relation,
        notice_costs=recorded[rows : rows + notices],
        notice_periods=np.asarray(s.notices[NOTICE_FACT.periods, places]),
        discount=np.asarray(factors),
        index=index,
        horizon_value=np.asarray(horizon),
        npv=np.asarray(outputs.npv[value, place]),
        market=outputs.market_index * outputs.deflator,
        deflator=np.asarray(outputs.deflator),
        rate=-np.log(step) / s.step,
        risk_free=-np.log(constants["risk_free_step"]),
        first_event=constants["event"],
        plain_market=s.regimes == 0 and s.market_jumps == 0,
        timing=int(s.timing),
    )


def discount_factors(constants: dict[str, Floats], discounting: str, deflator: Floats) -> Floats:
    """Factor of every flow [period, path] at a discounting, from `path_constants` of a customer."""
    if discounting == "deflator":
        return deflator
    first, step = _rates(constants, discounting)
    return np.asarray(first * step ** np.arange(deflator.shape[0])[:, np.newaxis])


def _rates(constants: dict[str, Floats], discounting: str) -> tuple[Floats, Floats]:
    """Factor of the first flow and of a period, [path]."""
    kind = "discount" if discounting == "wacc" else "risk_free"
    return constants[f"{kind}_first"], constants[f"{kind}_step"]


def _phase_today(facts: Integers) -> float:
    return 0.0 if facts[FACT.prospect] == 1 else float(facts[FACT.phase])


def path_constants(program: Program, place: int, paths: int) -> dict[str, Floats]:
    """Rows that stay the same on a path, [path] each: discount factors of the first flow and of a period;
    `event`, the probability that something happens to this customer's relation in the first period; hazards
    of takeover and insolvency per period, and the chance to stay after the first; the log of the churn ratio
    if everything were dropped; and what tax leaves.
    """
    phase = int(_phase_today(program.structure.customers[:, place]))
    wanted = {
        "discount_first": (CUSTOMER_TABLE, CUSTOMER.discount_first, place),
        "discount_step": (CUSTOMER_TABLE, CUSTOMER.discount_step, place),
        "event": (CUSTOMER_TABLE, CUSTOMER.event_prospect + phase, place),
        "takeover": (CUSTOMER_TABLE, CUSTOMER.takeover, place),
        "retained": (CUSTOMER_TABLE, CUSTOMER.retained, place),
        "insolvency": (CUSTOMER_TABLE, CUSTOMER.insolvency, place),
        "full_service": (FULL_SERVICE_TABLE, FULL_SERVICE.churn, place),
        "keep": (ECONOMY_TABLE, ECONOMY.keep, 0),
        "risk_free_first": (ECONOMY_TABLE, ECONOMY.risk_free_first, 0),
        "risk_free_step": (ECONOMY_TABLE, ECONOMY.risk_free_step, 0),
    }
    found = {name: np.empty(paths) for name in wanted}
    for _, start, count in chunks(paths):
        parameters, _ = program.parameters(start, CHUNK_PATHS)
        for name, (table, row, member) in wanted.items():
            value = np.broadcast_to(cells(parameters, table, row)[member], CHUNK_PATHS)
            found[name][start : start + count] = value[:count]
    return found
