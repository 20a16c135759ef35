"""Innovations around a product line: functions of each period's draws whose conditional mean is zero by
construction, times amounts in currency that are known at the start of the period.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from crcsim.compile.program import Program
from crcsim.decisions.stopping.relations import returns
from crcsim.engine.groups import EconomyPaths, GroupPaths, share_normals
from crcsim.kernels.arrays import Floats
from crcsim.kernels.rows import BEGIN, FACT, LINE_FACT

__all__ = ["Innovations", "Member", "Sums"]

#: Events that a period must expect over all paths: what hardly ever happens looks like a constant.
_LEAST_EVENTS = 5.0


@dataclass(frozen=True)
class Member:
    """One customer while the line is sold; `first` are means of the first period, which stand for what is not
    known before it.
    """

    line: Floats  # [date, path] contribution of the line in the last period
    rest: Floats  # [date, path] that of everything else
    volume: Floats  # [date, path] volume of the line
    dropped: Floats  # [date, path] part of the volume that the line is
    line_share: Floats  # [period, path] normals behind the share of the line
    other_share: Floats  # [period, path] mean of those of the other lines
    first: tuple[float, float, float]  # line, rest, dropped


class Innovations:
    """Innovations of the customers of one set of runs; constants: `path_constants` by place."""

    def __init__(
        self, program: Program, constants: dict[int, dict[str, Floats]], product: str, paths: int
    ) -> None:
        self._program, self._constants = program, constants
        self._product, self._paths = product, paths
        self._begin = program.structure.timing == BEGIN
        s = program.structure
        self._plain = s.regimes == 0 and s.market_jumps == 0

    def market(self, economy: EconomyPaths) -> tuple[Floats, Floats]:
        """Returns of the deflator and of the deflated market, less one (eq. 2.6), [period, path]."""
        timing, deflator = self._program.structure.timing, economy.deflator
        risk_free = -np.log(next(iter(self._constants.values()))["risk_free_step"])
        return returns(deflator, timing, risk_free), returns(economy.market_index * deflator, timing)

    def going_on(self, told: GroupPaths, place: int, member: int, known: Member) -> list[Floats]:
        """Shocks while the line is sold, times contribution of line and rest, [period, path] each: business
        shock, own normal z^2 - 1, share noise, and events by cause.
        """
        shock, own = self._shock(told, 0, place), self._later(told.row("normal", 0, place))
        hazard = self._hazard(told, 0, place, member)
        events = self._events(hazard, told, 0, place, member)
        line, rest = _weights(known.line, known.first[0]), _weights(known.rest, known.first[1])
        curved = self._from_second(own**2 - 1.0)
        by_line = [shock, curved, known.line_share, *events]
        by_rest = [shock, known.other_share, *events]
        return [*(line * each for each in by_line), *(rest * each for each in by_rest)]

    def after(
        self, told: GroupPaths, strategy: int, place: int, member: int, known: Member, left: Floats, date: int
    ) -> list[Floats]:
        """The same of what is left [date, path] after a drop at a date: from then on the churn hazard bears
        the penalty for what is no full service any more (eq. 6.3).
        """
        hazard, constants = self._hazard(told, strategy, place, member), self._constants[member]
        part = known.dropped[date] if date else known.first[2]
        total = -np.log1p(-hazard[date])
        churn = np.maximum(total - constants["takeover"] - constants["insolvency"], 0.0)
        hazard[date] = -np.expm1(-total - churn * np.expm1(constants["full_service"] * part))
        events = self._events(hazard, told, strategy, place, member)
        rest = _weights(left, known.first[1])
        return [rest * each for each in (self._shock(told, strategy, place), known.other_share, *events)]

    def _from_second(self, drawn: Floats) -> Floats:
        """Draws by period; under `begin` nothing has happened before the first flow."""
        if self._begin:
            drawn[0] = 0.0
        return drawn

    def _later(self, row: Floats) -> Floats:
        return self._from_second(np.array(row[1:]))

    def _shock(self, told: GroupPaths, strategy: int, place: int) -> Floats:
        """Business shock, or its own part where regimes or jumps give the market another mean."""
        return self._later(told.row("shock" if self._plain else "normal", strategy, place))

    def _hazard(self, told: GroupPaths, strategy: int, place: int, member: int) -> Floats:
        """Probability of an event as it was last computed, [period, path]. Any number known at the start of
        the period serves: the innovation is nearer to the event the nearer it is to the true one.
        """
        hazard = told.row("event", strategy, place)[:-1].copy()
        hazard[0] = self._constants[member]["event"]
        return hazard

    def _events(
        self, hazard: Floats, told: GroupPaths, strategy: int, place: int, member: int
    ) -> list[Floats]:
        """Whether the event uniform lies below the part of churn, below that of churn and retained takeovers,
        or below the probability of any event (eq. 4.3), each less its probability.
        """
        constants = self._constants[member]
        total = np.maximum(-np.log1p(-hazard), 1e-300)
        lost = (1.0 - constants["retained"]) * constants["takeover"] + constants["insolvency"]
        stays = constants["retained"] * constants["takeover"]
        uniform = told.row("uniform", strategy, place)[1:]
        found = []
        for out in (lost + stays, lost, 0.0):
            below = hazard * np.maximum(1.0 - out / total, 0.0)
            below[below * self._paths < _LEAST_EVENTS] = 0.0
            found.append(self._from_second((uniform < below) - below))
        return found

    def share(self, member: int, lines: Sequence[int]) -> Floats:
        """Mean normal behind the shares of some lines, 0 where no share moves, [period, path]."""
        s = self._program.structure
        found = np.zeros((s.periods, self._paths))
        first = int(s.customers[FACT.line_start, member])
        for line in lines:
            if s.lines[LINE_FACT.share_moves, first + line] == 1:
                found += share_normals(self._program, member, line, self._paths) / len(lines)
        if self._begin:
            found = np.concatenate([np.zeros((1, self._paths)), found[:-1]])
        return found


def _weights(amounts: Floats, first: float) -> Floats:
    """What the draws of each period are weighted with, known at its start, [period, path]."""
    weights = amounts[:-1].copy()
    weights[0] = first
    return weights


class Sums:
    """Sums of several arrays over customers."""

    def __init__(self) -> None:
        self._parts: list[Floats] = []

    def add(self, parts: Sequence[Floats]) -> None:
        """Add the arrays of one customer."""
        if not self._parts:
            self._parts = [np.array(each) for each in parts]
            return
        for total, each in zip(self._parts, parts, strict=True):
            total += each

    @property
    def found(self) -> tuple[Floats, ...]:
        """The sums."""
        return tuple(self._parts)
