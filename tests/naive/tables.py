"""What a compiled program says, by name: the only file that knows how tables and structure are packed."""

from dataclasses import dataclass

import numpy as np

from crcsim.kernels import rows


def table(p, number, rows, paths):
    """All members of one parameter table, each {row name: [path]}, whether drawn or the same on all paths."""
    start, count = p.start[number], p.members[number]
    return [
        {name: cell(p, start + row * count + member, paths) for row, name in enumerate(rows)}
        for member in range(count)
    ]


def cell(p, position, paths):
    """The values of one cell, [path]."""
    column = p.column[position]
    return np.broadcast_to(p.constant[position] if column < 0 else p.uncertain[column, :paths], paths).copy()


def by_phase(parameters, name, phase):
    """The parameter `name` of the phase that holds on each path, [path]."""
    by_phase = np.stack([parameters[f"{name}_{word}"] for word in rows.PHASES])
    return by_phase[phase, np.arange(len(phase))]


@dataclass
class Layout:
    """The structure of a program in plain lists."""

    periods: int
    step: float  # years
    timing: int
    regimes: bool
    market_jumps: bool
    horizon: bool
    economy_words: np.ndarray
    industry_words: np.ndarray
    customer_words: np.ndarray
    facts: list  # {fact: number} of each customer
    line_facts: list  # {fact: number} of each line
    loading_industry: np.ndarray
    order: np.ndarray  # customers in the order of their groups
    mergers: list  # (position of the target, position of the buyer)
    level: np.ndarray


def layout(s):
    """The structure of a program by name."""
    customers = s.words[1 + s.industry_count :]
    return Layout(
        periods=s.periods,
        step=s.step,
        timing=s.timing,
        regimes=bool(s.regimes),
        market_jumps=bool(s.market_jumps),
        horizon=bool(s.horizon),
        economy_words=s.words[0],
        industry_words=s.words[1 : 1 + s.industry_count],
        customer_words=customers,
        facts=named(rows.FACT_ROWS, s.customers),
        line_facts=named(rows.LINE_FACT_ROWS, s.lines),
        loading_industry=s.loading_industry,
        order=s.group_customer,
        mergers=listed_mergers(s),
        level=s.level,
    )


def named(rows, numbers):
    """{row name: number} of every column."""
    return [dict(zip(rows, column, strict=True)) for column in np.asarray(numbers).T.tolist()]


def listed_mergers(s):
    """(target, buyer) of all listed mergers, as positions of customers instead of places in their groups."""
    found = []
    for group in named(rows.GROUP_ROWS, s.groups):
        members = s.group_customer[group["member_start"] : group["member_end"]]
        for merger in range(group["merger_start"], group["merger_end"]):
            target, buyer = s.mergers[:, merger]
            found.append((members[target], members[buyer]))
    return found
