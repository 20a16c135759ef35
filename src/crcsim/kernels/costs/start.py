"""The cost parameters of a customer on a block."""

from crcsim.kernels.accelerate import stage
from crcsim.kernels.arrays import Floats, Group, Parameters, Structure
from crcsim.kernels.costs.notices import start_notices
from crcsim.kernels.costs.places import charge_row, count, other_row, ratio_row, reserve_row
from crcsim.kernels.lanes import fill, read_row
from crcsim.kernels.rows import CHARGE_TABLE, FACT, FLOW, INVESTMENT_TABLE, RATIO_TABLE, RESERVE_TABLE


@stage
def read_rows(p: Parameters, table: int, first: int, last: int, lo: int, out: Floats) -> None:
    """Values of consecutive members of a table of one row."""
    for place in range(first, last):
        read_row(p, table, 0, place, lo, out[place - first])


@stage
def start_costs(s: Structure, p: Parameters, g: Group, member: int, customer: int, lo: int) -> None:
    """Load the cost parameters of a member on the block that starts at chunk path `lo`; nothing is in
    notice yet.
    """
    facts, books = s.customers, g.books
    row = facts[FACT.flow_row, customer]
    lines = count(facts, FACT.line_start, FACT.line_end, customer)
    for place in range(row, other_row(facts, customer) + len(FLOW) + 3 * lines):
        fill(books.flows[place], 0.0)
    ratio, charge, reserve = (
        ratio_row(facts, customer),
        charge_row(facts, customer),
        reserve_row(facts, customer),
    )
    start, end = facts[FACT.ratio_start, customer], facts[FACT.ratio_end, customer]
    read_rows(p, RATIO_TABLE, start, end, lo, books.amounts[ratio:])
    start, end = facts[FACT.charge_start, customer], facts[FACT.charge_end, customer]
    read_rows(p, CHARGE_TABLE, start, end, lo, books.amounts[charge:])
    start, end = facts[FACT.reserve_start, customer], facts[FACT.reserve_end, customer]
    read_rows(p, RESERVE_TABLE, start, end, lo, books.amounts[reserve:])
    start, end = facts[FACT.investment_start, customer], facts[FACT.investment_end, customer]
    first = facts[FACT.group_investment, customer]
    read_rows(p, INVESTMENT_TABLE, start, end, lo, books.investments[first:])
    if facts[FACT.notice_end, customer] > facts[FACT.notice_start, customer]:
        start_notices(s, p, g, member, customer, lo)
