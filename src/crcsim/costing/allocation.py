"""Two-stage allocation: neutral cost to induced sub-processes, sub-processes to main processes.

Every part of a cost keeps its origin, so that a main process still knows its kinds of cost, their cash
share and their notice. Parts are in whole cents; each stage adds up to what went into it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from crcsim.costing.cents import NOTHING, apportion
from crcsim.costing.ledger import Ledger, MainProcess, ProcessShare, SubProcess
from crcsim.costing.rates import process_cost_rate, productivity
from crcsim.errors import NumericError

__all__ = ["Allocation", "CostedProcess", "LoadedProcess", "Part", "allocate", "load_centre"]


@dataclass(frozen=True)
class Part:
    """A part of the cost of a sub-process."""

    origin: SubProcess
    amount: Decimal


@dataclass(frozen=True)
class LoadedProcess:
    """An induced sub-process with its share of the neutral cost of its cost centre."""

    sub_process: SubProcess
    parts: tuple[Part, ...]

    @property
    def neutral_cost(self) -> Decimal:
        """What it bears of the neutral cost."""
        return self.cost - self.sub_process.cost

    @property
    def cost(self) -> Decimal:
        """Its own cost and the neutral one."""
        return total(self.parts)


@dataclass(frozen=True)
class CostedProcess:
    """A main process with all cost that belongs to it."""

    process: MainProcess
    parts: tuple[Part, ...]

    @property
    def cost(self) -> Decimal:
        """Cost from all cost centres."""
        return total(self.parts)

    @property
    def rate_on_capacity(self) -> Fraction:
        """Cost per process if the capacity were used up."""
        return process_cost_rate(self.cost, self.process.maximum_quantity)

    @property
    def rate_on_quantity(self) -> Fraction | None:
        """Cost per process that was done; None where none was."""
        return process_cost_rate(self.cost, self.process.quantity) if self.process.quantity else None

    @property
    def productivity(self) -> Fraction | None:
        """Processes done per unit of currency; None where nothing was spent."""
        return productivity(self.cost, self.process.quantity) if self.cost else None


@dataclass(frozen=True)
class Allocation:
    """Where the cost of all sub-processes of a period went; `unassigned` is part of no main process."""

    loaded: tuple[LoadedProcess, ...]
    processes: tuple[CostedProcess, ...]
    unassigned: tuple[Part, ...]


def total(parts: Iterable[Part]) -> Decimal:
    """The sum of parts."""
    return sum((part.amount for part in parts), NOTHING)


def allocate(ledger: Ledger, period: str) -> Allocation:
    """Allocate the cost of all sub-processes of a period.

    Raises NumericError where the parts do not add up to the cost, which would be a mistake of ours.
    """
    done = [sub for sub in ledger.sub_processes if sub.period == period]
    loaded: list[LoadedProcess] = []
    unassigned: list[Part] = []
    for centre in dict.fromkeys(sub.cost_centre for sub in done):
        found, left = load_centre([sub for sub in done if sub.cost_centre == centre])
        loaded += found
        unassigned += left
    by_process: dict[str, list[Part]] = defaultdict(list)
    for sub in loaded:
        unassigned += _spread(sub, ledger.process_shares, by_process)
    processes = tuple(
        CostedProcess(process, tuple(by_process.pop(process.name, ())))
        for process in ledger.main_processes
        if process.period == period
    )
    unassigned += [part for parts in by_process.values() for part in parts]
    _check_conserved(done, processes, unassigned)
    return Allocation(tuple(loaded), processes, tuple(unassigned))


def load_centre(done: Sequence[SubProcess]) -> tuple[list[LoadedProcess], list[Part]]:
    """The induced sub-processes of one cost centre with the neutral cost on them, in proportion to their own.

    The second list is neutral cost that no induced cost can bear.
    """
    induced = [sub for sub in done if sub.induced]
    parts = {sub.name: [Part(sub, sub.cost)] for sub in induced}
    left: list[Part] = []
    own = [sub.cost for sub in induced]
    for neutral in (sub for sub in done if not sub.induced):
        if not sum(own):
            left.append(Part(neutral, neutral.cost))
            continue
        for sub, amount in zip(induced, apportion(neutral.cost, own), strict=True):
            parts[sub.name].append(Part(neutral, amount))
    return [LoadedProcess(sub, tuple(parts[sub.name])) for sub in induced], left


def _spread(
    loaded: LoadedProcess, shares: Iterable[ProcessShare], by_process: dict[str, list[Part]]
) -> list[Part]:
    """Add the parts of a sub-process to its main processes; return what belongs to none."""
    sub = loaded.sub_process
    own = [share for share in shares if (share.cost_centre, share.sub_process) == (sub.cost_centre, sub.name)]
    rest = 1 - sum((share.share for share in own), Decimal(0))
    left = []
    for part in loaded.parts:
        amounts = apportion(part.amount, [*(share.share for share in own), rest])
        for share, amount in zip(own, amounts, strict=False):
            by_process[share.process].append(Part(part.origin, amount))
        left.append(Part(part.origin, amounts[-1]))
    return left


def _check_conserved(
    done: Iterable[SubProcess], processes: Iterable[CostedProcess], unassigned: Iterable[Part]
) -> None:
    went = sum((process.cost for process in processes), NOTHING) + total(unassigned)
    cost = sum((sub.cost for sub in done), NOTHING)
    if went != cost:
        raise NumericError(f"{went} of process costs were allocated, but they are {cost}")
