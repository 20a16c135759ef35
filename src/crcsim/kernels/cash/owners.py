"""Who sells under whom after a merger, and whom its cash counts for (A11)."""

from crcsim.kernels.accelerate import stage
from crcsim.kernels.arrays import Group
from crcsim.kernels.rows import MARK, STATE


@stage
def book_to_buyers(g: Group) -> None:
    """Lines of a merged customer count for the customer that owns them now (A11)."""
    for member in range(g.marks.shape[0]):
        for lane in range(g.marks.shape[2]):
            owner = g.marks[member, MARK.owner, lane]
            if owner != member:
                for row in (STATE.sales, STATE.cash, STATE.wallet, STATE.volume, STATE.contribution):
                    g.state[owner, row, lane] += g.state[member, row, lane]
                    g.state[member, row, lane] = 0.0
                g.state[member, STATE.selling, lane] = 0.0


@stage
def follow_owners(g: Group) -> None:
    """A merged customer's lines sell while their owner's relation is active."""
    for member in range(g.marks.shape[0]):
        for lane in range(g.marks.shape[2]):
            owner = g.marks[member, MARK.owner, lane]
            if owner != member:
                g.state[member, STATE.selling, lane] = g.state[owner, STATE.alive, lane]
