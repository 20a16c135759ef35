"""A product line as a stopping problem: one run for each date of the drop, on the same draws."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from crcsim.compile.lines import line_owners
from crcsim.compile.program import Adjust, Program, Rates, Tables
from crcsim.decisions.stopping.line_innovations import Innovations, Member, Sums
from crcsim.decisions.trials import without_first
from crcsim.engine.groups import GroupPaths, economy_paths, group_paths, members_of
from crcsim.engine.relations import discount_factors, path_constants
from crcsim.kernels.arrays import Floats, Parameters
from crcsim.kernels.rows import CHUNK_PATHS, RELATION, RELATION_ROWS
from crcsim.scenario.scenario import Scenario
from crcsim.scenario.strategies import Drop, Strategy

__all__ = ["Dropped", "GoingOn", "LineOption", "LineRuns"]

#: What is recorded of one batch of strategies and customers should stay within this memory, bytes.
_MEMORY = 2**29

#: Rows of the table of lines without which a line sells as before and brings and costs nothing.
_MONEY_ROWS = ("net", "variable_cost", "volume_cost", "noncash", "process_cost")

Weights = dict[int, tuple[float, float, float]]


@dataclass(frozen=True)
class LineOption:
    """The right to drop one product, for these customers (all who buy it), beside a strategy."""

    product: str
    customers: tuple[str, ...]
    strategy: Strategy
    discounting: str

    def dropped(self, years: float) -> Strategy:
        """The strategy that also drops the product after so many years."""
        drops = [*self.strategy.drops, Drop(self.product, years, self.customers)]
        return replace(self.strategy, drops=tuple(sorted(drops, key=lambda each: each.product)))


@dataclass(frozen=True)
class GoingOn:
    """What is seen while the line is sold; date 0 is the valuation date, date t the end of period t."""

    value: Floats  # [path] present value of the customers' groups
    line: Floats  # [date, path] contribution of the line in the last period, after tax; 0 at date 0
    volume: Floats  # [date, path] its volume at base prices
    rest: Floats  # [date, path] contribution of its customers and their groups without it
    at_stake: Floats  # [date, path] rest x log of the churn ratio that a drop brings, by customer
    active: Floats  # [date, path] its customers whose relation is active or who are prospects
    market_index: Floats  # [date, path]
    innovations: tuple[Floats, ...]  # [period, path] each, of conditional mean zero, in currency
    returns: tuple[Floats, ...]  # [period, path] of deflator and deflated market, less one
    discount: Floats  # [period] mean factor of a flow


@dataclass(frozen=True)
class Dropped:
    """The same after the line has been dropped at a date."""

    value: Floats  # [path]
    rest: Floats  # [date, path], from the date of the drop on
    innovations: tuple[Floats, ...]  # [period, path]


class _KnownProgram(Program):
    """A program that is run group after group: the parameters of a chunk are found once."""

    def __init__(self, scenario: Scenario, seed: int, adjust: Adjust | None, names: Sequence[str]) -> None:
        self._found: dict[tuple[int, int], tuple[Parameters, Rates]] = {}
        super().__init__(scenario, seed, adjust, names)

    def parameters(self, first_path: int, paths: int = CHUNK_PATHS) -> tuple[Parameters, Rates]:
        """As those of a program."""
        key = first_path, paths
        if key not in self._found:
            self._found[key] = super().parameters(first_path, paths)
        return self._found[key]


class LineRuns:
    """The runs of one set of draws.

    weights: contribution of line and rest in the first period, and the part of the volume that the line is,
    by customer: they stand for what is not known before it; means of these paths unless given.
    """

    def __init__(
        self,
        scenario: Scenario,
        option: LineOption,
        seed: int,
        paths: int,
        threads: int,
        tell: Callable[[int], None],
        weights: Weights | None = None,
    ) -> None:
        self._scenario, self._option, self._seed = scenario, option, seed
        self._paths, self._threads, self._tell = paths, threads, tell
        self._never = self._program([option.strategy])
        self._buyers = {self._never.customers.index(name) for name in option.customers}
        self._groups = [
            group
            for group in range(self._never.structure.groups.shape[1])
            if self._buyers & set(members_of(self._never, group))
        ]
        self._economy = economy_paths(self._never, paths, threads)
        self._innovations = Innovations(self._never, self._constants, option.product, paths)
        self._known: dict[int, Member] = {}
        self.weights: Weights = {} if weights is None else weights
        self._given = weights is not None
        self.going_on = self._going_on()

    def _program(self, strategies: Sequence[Strategy], adjust: Adjust | None = None) -> Program:
        """A program of these strategies alone, all of them simulated in every group."""
        trials = [
            replace(each, name=f"trial {number:04d}", extends=None) for number, each in enumerate(strategies)
        ]
        names = [each.name for each in trials]
        scenario = replace(self._scenario, strategies=(*self._scenario.strategies, *trials))
        program = _KnownProgram(scenario, self._seed, adjust, names)
        decisions = without_first(program.decisions)
        program.decisions = decisions._replace(touched=np.ones_like(decisions.touched))
        return program

    def _going_on(self) -> GoingOn:
        free, dearer = (self._program([self._option.strategy], self._probe(kind)) for kind in (0, 1))
        s = self._never.structure
        sums = {
            name: np.zeros((s.periods + 1, self._paths))
            for name in ("line", "volume", "rest", "at_stake", "active")
        }
        value, drawn = np.zeros(self._paths), Sums()
        for group, members, first in self._batches(1):
            told, without, probed = (
                group_paths(each, group, members, self._paths, self._threads, self._option.discounting)
                for each in (self._never, free, dearer)
            )
            value += told.npv[0] if first else 0.0
            for place, member in enumerate(members):
                known = self._member(member, *(each.rows[0, :, place] for each in (told, without, probed)))
                self._known[member] = known
                for name in ("line", "rest", "volume"):
                    sums[name] += getattr(known, name)
                penalty = self._constants[member]["full_service"]
                sums["at_stake"] += known.rest * known.dropped * penalty
                if member in self._buyers:
                    sums["active"] += told.row("phase", 0, place) >= 0.0
                value += self._released(told, 0, place, member)
                drawn.add(self._innovations.going_on(told, place, member, known))
        self._tell(3)
        sums["active"][0] = len(self._buyers)
        return GoingOn(
            value,
            **sums,
            market_index=np.concatenate([np.ones((1, self._paths)), self._economy.market_index]),
            innovations=drawn.found,
            returns=self._innovations.market(self._economy),
            discount=self._discount(min(self._buyers)).mean(axis=1),
        )

    def _member(self, member: int, told: Floats, without: Floats, probed: Floats) -> Member:
        """One customer from its RELATION rows [row, date, path]: as it is, with a line that brings and costs
        nothing, and with one that costs one more per unit of volume.
        """
        earned, free, dearer = (each[RELATION.contribution] for each in (told, without, probed))
        line, volume = earned - free, (earned - dearer) / self._constants[member]["keep"]
        rest, total = free.copy(), told[RELATION.wallet] * told[RELATION.share]
        for each in (line, rest, volume):
            each[0] = 0.0
        part = np.divide(volume, total, out=np.zeros_like(volume), where=total > 0.0)
        if not self._given:
            self.weights[member] = float(line[1].mean()), float(rest[1].mean()), float(part[1].mean())
        products = [each.product for each in self._scenario.customers[member].lines]
        mine = [place for place, name in enumerate(products) if name == self._option.product]
        others = [place for place in range(len(products)) if place not in mine]
        own, other = (self._innovations.share(member, lines) for lines in (mine, others))
        return Member(line, rest, volume, part, own, other, self.weights[member])

    def dropped(self, dates: Sequence[int]) -> Iterator[tuple[int, Dropped]]:
        """The line dropped at each date (periods after the valuation date), batch by batch."""
        per_year, size = self._scenario.time.periods_per_year, self._strategies_of_batch()
        for begin in range(0, len(dates), size):
            batch = dates[begin : begin + size]
            yield from zip(batch, self._batch(batch, per_year), strict=True)

    def _batch(self, dates: Sequence[int], per_year: int) -> list[Dropped]:
        program = self._program([self._option.dropped(date / per_year) for date in dates])
        shape = (len(dates), program.structure.periods + 1, self._paths)
        value, rest, drawn = np.zeros((len(dates), self._paths)), np.zeros(shape), [Sums() for _ in dates]
        for group, members, first in self._batches(len(dates)):
            told = group_paths(program, group, members, self._paths, self._threads, self._option.discounting)
            value += told.npv if first else 0.0
            for place, member in enumerate(members):
                for row, date in enumerate(dates):
                    left = told.row("contribution", row, place).copy()
                    left[: date + 1] = self._known[member].rest[: date + 1]
                    rest[row] += left
                    value[row] += self._released(told, row, place, member)
                    known = self._known[member]
                    drawn[row].add(self._innovations.after(told, row, place, member, known, left, date))
        self._tell(len(dates))
        return [Dropped(*each) for each in zip(value, rest, (one.found for one in drawn), strict=True)]

    def others(self) -> Floats:
        """Present value of all customers and levels that the drop does not touch, [path]."""
        everyone, value = range(self._never.structure.groups.shape[1]), np.zeros(self._paths)
        for group in set(everyone) - set(self._groups):
            told = group_paths(self._never, group, [], self._paths, self._threads, self._option.discounting)
            value += told.npv[0]
        return value

    # --- the runs
    def _strategies_of_batch(self) -> int:
        per_member = 8 * (len(RELATION_ROWS) + 4) * (self._never.structure.periods + 1) * self._paths
        return max(1, _MEMORY // (per_member * self._widest()))

    def _widest(self) -> int:
        return max(len(members_of(self._never, group)) for group in self._groups)

    def _batches(self, strategies: int) -> Iterator[tuple[int, list[int], bool]]:
        """(group, some of its members, whether they are the first) for recording within the memory."""
        per_member = 8 * (len(RELATION_ROWS) + 4) * (self._never.structure.periods + 1) * self._paths
        size = max(1, _MEMORY // (per_member * strategies))
        for group in self._groups:
            members = members_of(self._never, group)
            for begin in range(0, len(members), size):
                yield group, members[begin : begin + size], begin == 0

    def _probe(self, kind: int) -> Adjust:
        """0: the line brings and costs nothing; 1: it costs one more per unit of volume. Its sales, the
        draws and all events stay as they are, so that contributions tell what it earns and its volume.
        """
        mine = np.array(
            [
                [line.product == self._option.product and customer.name in self._option.customers]
                for customer, line in line_owners(self._scenario)
            ]
        )

        def adjust(tables: Tables) -> None:
            rows = tables["lines"][1]
            if kind == 1:
                rows["variable_cost"] = rows["variable_cost"] + mine
                return
            for name in _MONEY_ROWS:
                rows[name] = np.where(mine, 0.0, rows[name])

        return adjust

    # --- money
    def _released(self, told: GroupPaths, strategy: int, place: int, member: int) -> Floats:
        """Working capital that comes back with the last flow where nothing after it counts, [path]."""
        if self._never.structure.horizon:
            return np.zeros(self._paths)
        last = told.row("working_capital", strategy, place)[-1]
        return np.asarray(last * self._discount(member)[-1])

    def _discount(self, member: int) -> Floats:
        return discount_factors(self._constants[member], self._option.discounting, self._economy.deflator)

    @cached_property
    def _constants(self) -> dict[int, dict[str, Floats]]:
        members = [member for group in self._groups for member in members_of(self._never, group)]
        return {member: path_constants(self._never, member, self._paths) for member in members}
