"""A coupling group and its block as one of the ways to run them sees them."""

from crcsim.kernels.accelerate import spliced
from crcsim.kernels.arrays import Block, Group


@spliced
def members_only(w: Group, members: int, changed: int, roles: int, plain: int) -> Group:
    """The group's own part of the workspace; changed, roles and plain as in `Group`."""
    return Group(
        w.parameters[:members],
        w.state[:members],
        w.marks[:members],
        w.line_parameters,
        w.lines,
        w.line_start,
        w.line_facts,
        w.merger_hazard,
        w.books,
        changed,
        roles,
        plain,
    )


@spliced
def unbooked(b: Block) -> Block:
    """A block in which nothing is booked."""
    return Block(
        b.economy,
        b.market,
        b.draws,
        b.industries,
        b.totals,
        b.lane,
        b.mask,
        b.factor,
        b.first,
        b.path,
        b.valid,
        b.detail,
        b.batch,
        0,
        b.keep,
        b.flows,
        b.scratch,
    )
