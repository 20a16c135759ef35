"""Where the flows of a customer stand within those of its group."""

from crcsim.kernels.accelerate import inline
from crcsim.kernels.arrays import Integers
from crcsim.kernels.rows import FACT


@inline
def count(facts: Integers, start: int, end: int, customer: int) -> int:
    """Members of a range of a customer."""
    return int(facts[end, customer] - facts[start, customer])


@inline
def ratio_row(facts: Integers, customer: int) -> int:
    """First row of a customer's uncertain ratios within its group."""
    return int(facts[FACT.flow_row, customer] + 2 * count(facts, FACT.line_start, FACT.line_end, customer))


@inline
def charge_row(facts: Integers, customer: int) -> int:
    """First row of a customer's fixed costs within its group."""
    return ratio_row(facts, customer) + count(facts, FACT.ratio_start, FACT.ratio_end, customer)


@inline
def reserve_row(facts: Integers, customer: int) -> int:
    """First row of a customer's reserves within its group."""
    return charge_row(facts, customer) + count(facts, FACT.charge_start, FACT.charge_end, customer)


@inline
def other_row(facts: Integers, customer: int) -> int:
    """First FLOW row of a customer within its group."""
    return reserve_row(facts, customer) + count(facts, FACT.reserve_start, FACT.reserve_end, customer)
