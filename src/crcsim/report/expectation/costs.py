"""What a customer is expected to cost beyond the variable costs of its lines, by phase (MODEL 8)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from crcsim.compile.costs.parts import CustomerCosts, Part, Rate
from crcsim.compile.values import Values
from crcsim.kernels.rows import NOTHING, PHASE_COST, PHASE_PROCESS
from crcsim.report.expectation.relation import SELLING, Ends, Relation
from crcsim.report.expectation.rows import Floats
from crcsim.scenario.scenario import Scenario

__all__ = ["Borne", "Costs", "Notices"]


@dataclass(frozen=True)
class Borne:
    """Costs of a period by phase, at base prices. `parts` [notice, whole or not paid, phase] are in notice
    from the end of the relation.
    """

    fixed: Floats  # [phase]
    idle: Floats  # [phase] capacity that is reserved and not used
    noncash: Floats  # [phase] what of both is no payment
    parts: Floats


class Costs:
    """Fixed costs, reserves and notices of one customer at central `values`, per period.

    `of_processes` are the costs of processes per unit of the volume of each line, and the part of them that
    is no payment; `unpaid_variable` is that part of the variable costs; all [line].
    """

    def __init__(self, scenario: Scenario, costs: CustomerCosts, values: Values) -> None:
        step = 1.0 / scenario.time.periods_per_year

        def central(parts: Iterable[Part], years: float | None) -> tuple[float, float]:
            """Share of a cost (with a notice, if one is given), and the part of it that is no payment."""
            own = [part for part in parts if years is None or part.notice == years]
            return sum(part.share for part in own), sum(part.share * (1.0 - part.cash_share) for part in own)

        charges, reserves, notices = costs.charges, costs.reserves, costs.notices
        lines = len(costs.lines)
        self._factors = [charge.factor for charge in charges]
        self._by_process = np.array([factor == PHASE_PROCESS for factor in self._factors], dtype=bool)
        amounts = [float(values.of(charge.amount)[0]) * charge.multiplier for charge in charges]
        self._amounts = np.array(amounts).reshape(-1, 1) * step
        self._rates = np.array([float(values.of(each.rate)[0]) for each in reserves]).reshape(-1, 1)
        self._reserved = np.array([each.reserved for each in reserves]) * step
        self._done = np.array([each.fixed for each in reserves]) * step
        self._use = np.array([each.use for each in reserves]).reshape(-1, lines)
        parts = costs.fixed_parts
        self._noncash = np.array([central(each, None)[1] for each in parts])  # [fixed cost or reserve]
        self.periods = np.array([years for _, years in notices]) / step  # [notice]
        shares = [
            (0.0, 0.0) if of_volume else central(each, years)
            for of_volume, years in notices
            for each in parts
        ]
        # [notice, fixed cost or reserve, whole or not paid]
        self._shares = np.array(shares).reshape(len(notices), len(parts), 2)
        usage = [
            float(line.total(values, line.in_notice(years), weight)[0]) if of_volume else 0.0
            for of_volume, years in notices
            for weight in ("full", "noncash")
            for line in costs.lines
        ]
        self._usage = np.array(usage).reshape(len(notices), 2, lines)
        rates = [process.cost_rate for process in scenario.processes.values()]
        processes = [
            [rate for rate in line.other if any(rate.quantity is each for each in rates)]
            for line in costs.lines
        ]

        def per_volume(of_lines: Sequence[Sequence[Rate]], weight: str) -> Floats:
            """Sum of the rates of each line, [line]."""
            pairs = zip(costs.lines, of_lines, strict=True)
            return np.array([float(line.total(values, own, weight)[0]) for line, own in pairs])

        self.of_processes = per_volume(processes, "full"), per_volume(processes, "noncash")
        self.unpaid_variable = per_volume([line.variable for line in costs.lines], "noncash")

    def bear(self, relation: Relation, needed: Floats, ratio: float) -> Borne:
        """Costs of a period. `needed` [line, phase] is its volume at today's prices (eq. 8.6, 8.8), `ratio`
        the cost rates of processes over today's.
        """
        alive = relation.here[0] * SELLING
        process = alive * relation.by_phase("process_factor")
        direct = alive * relation.by_phase("cost_factor")
        factors = {NOTHING: alive, PHASE_COST: direct, PHASE_PROCESS: process}
        fixed = self._amounts * np.array([factors[kind] for kind in self._factors]).reshape(-1, len(alive))
        fixed[self._by_process] *= ratio
        used = np.outer(self._done, process) + self._use @ needed
        idle = ratio * self._rates * np.maximum(0.0, np.outer(self._reserved, alive) - used)
        both = np.concatenate([fixed, idle])  # [fixed cost or reserve, phase]
        parts = np.swapaxes(self._shares, 1, 2) @ both + self._usage @ needed
        return Borne(fixed.sum(axis=0), idle.sum(axis=0), self._noncash @ both, parts)

    def split(self, parts: Floats) -> tuple[Floats, Floats]:
        """Sum of [notice, ...] over the notices that end, and over those that never do."""
        endless = np.isinf(self.periods)
        return np.asarray(parts[~endless].sum(axis=0)), np.asarray(parts[endless].sum(axis=0))


class Notices:
    """Costs that go on after the ends of all periods so far.

    Who has churned may return, with the same probability in every period; its notice is over then.
    """

    def __init__(self, costs: Costs, relation: Relation) -> None:
        self._periods, self._split = costs.periods, costs.split
        self._away = 1.0 - float(relation.p["win_back"])
        self._lost: list[Floats] = []  # [notice, whole or not paid] of those who end for good
        self._churned: list[Floats] = []

    def give(self, borne: Borne, ends: Ends) -> None:
        """Those who end in a period, with what they cost before; once for every flow that follows."""
        self._lost.append(borne.parts @ (ends.taken_over + ends.failed))
        self._churned.append(borne.parts @ ends.churned)

    def pay(self) -> tuple[Floats, Floats]:
        """(at the customer, at the company), each [whole or not paid], at base prices (eq. 8.9)."""
        since = np.arange(len(self._lost), 0, -1)  # flows since the end, this one included
        parts = np.clip(self._periods[:, None] - since + 1.0, 0.0, 1.0)  # [notice, end]
        shape = (len(since), len(self._periods), 2)
        lost, churned = (np.array(each).reshape(shape) for each in (self._lost, self._churned))
        due = lost + churned * (self._away ** (since - 1.0))[:, None, None]
        paid = np.einsum("ne,enw->nw", parts, due)
        return self._split(paid)
