"""Memory for one block: lane arrays as large as the largest coupling group needs."""

import numpy as np

from crcsim.kernels.arrays import Books, Executives, Group, Integers, Levers, Strategies, Structure
from crcsim.kernels.rows import (
    CUSTOMER_ROWS,
    EFFECT,
    EXECUTIVE,
    FACT,
    FLOW,
    FULL_SERVICE,
    GROUP,
    LEVER,
    LEVER_STATE,
    LINE_FACT_ROWS,
    LINE_ROWS,
    LINE_STATE,
    MARK,
    NOTICE,
    PHASES,
    PRODUCT_STATE,
    ROLE_COUNT,
    ROLE_STATE,
    STATE,
)

CUSTOMER_COUNT, LINE_COUNT = len(CUSTOMER_ROWS), len(LINE_ROWS)

LINE_FACT_COUNT = len(LINE_FACT_ROWS)

STATE_COUNT, MARK_COUNT, LINE_STATE_COUNT = len(STATE), len(MARK), len(LINE_STATE)

FLOW_COUNT = len(FLOW)


def allocate_group(s: Structure, lanes: int) -> Group:
    """Lane arrays for the largest coupling group, and for the flows and costs of the largest one."""
    members = s.groups[GROUP.member_end] - s.groups[GROUP.member_start]
    mergers = s.groups[GROUP.merger_end] - s.groups[GROUP.merger_start]
    facts = s.customers
    lines = facts[FACT.line_end] - facts[FACT.line_start]
    notices = facts[FACT.notice_end] - facts[FACT.notice_start]
    investments = facts[FACT.investment_end] - facts[FACT.investment_start]
    group = np.repeat(np.arange(members.shape[0]), members)
    lines_of_group = np.bincount(group, weights=lines[s.group_customer]).astype(np.int64)
    ratios, charges, reserves = (
        facts[FACT.ratio_end] - facts[FACT.ratio_start],
        facts[FACT.charge_end] - facts[FACT.charge_start],
        facts[FACT.reserve_end] - facts[FACT.reserve_start],
    )
    rows = largest(facts[FACT.flow_row] + 5 * lines + ratios + charges + reserves + FLOW_COUNT)
    size = largest(members)
    series = largest(s.groups[GROUP.series_end] - s.groups[GROUP.series_start])
    books = Books(
        np.zeros((series, lanes)),
        np.zeros((series, lanes)),
        np.zeros((len(PHASES), series, lanes)),
        np.zeros((rows, lanes)),
        np.zeros((rows if size > 1 else 1, lanes)),
        np.zeros((rows, lanes)),
        np.zeros((size, 2, lanes)),
        np.zeros((size, 2, 2, s.notice_ring, lanes)),
        np.zeros((size, 2, 2, lanes)),
        np.zeros((len(NOTICE), largest(facts[FACT.group_notice_line] + notices * lines), lanes)),
        np.zeros((largest(facts[FACT.group_investment] + investments), lanes)),
    )
    return Group(
        np.zeros((size, CUSTOMER_COUNT, lanes)),
        np.zeros((size, STATE_COUNT, lanes)),
        np.zeros((size, MARK_COUNT, lanes), dtype=np.int64),
        np.zeros((largest(lines_of_group), LINE_COUNT, lanes)),
        np.zeros((largest(lines_of_group), LINE_STATE_COUNT, lanes)),
        np.zeros(size + 1, dtype=np.int64),
        np.zeros((LINE_FACT_COUNT, largest(lines_of_group)), dtype=np.int64),
        np.zeros((largest(mergers), lanes)),
        books,
        0,
        0,
        0,
    )


def allocate_levers(s: Structure, lanes: int) -> Levers:
    """Lane arrays for what a strategy changes in the largest group."""
    groups = s.groups
    levers = largest(groups[GROUP.slot_of_lever_end] - groups[GROUP.slot_of_lever_start])
    products = largest(groups[GROUP.product_end] - groups[GROUP.product_start])
    return Levers(
        np.zeros((levers, len(LEVER_STATE), lanes)),
        np.zeros((levers, len(LEVER), lanes)),
        np.zeros((largest(groups[GROUP.effect_end] - groups[GROUP.effect_start]), len(EFFECT), lanes)),
        np.zeros((products, len(PRODUCT_STATE), lanes)),
        np.zeros((largest(groups[GROUP.member_end] - groups[GROUP.member_start]), len(FULL_SERVICE), lanes)),
    )


def allocate_executives(s: Structure, strategies: Strategies, lanes: int) -> Executives:
    """Lane arrays for the executives of the largest group; small ones where no strategy has any."""
    served = int(np.max(strategies.role, initial=-1)) >= 0
    members = largest(s.groups[GROUP.member_end] - s.groups[GROUP.member_start]) if served else 1
    return Executives(
        strategies.role[0],
        strategies.terms[0],
        np.zeros((members, len(EXECUTIVE), lanes)),
        np.zeros((members, len(ROLE_STATE), lanes)),
        np.zeros((members, 2, s.concession_ring, lanes)),
        np.zeros((ROLE_COUNT, lanes)),
    )


def largest(counts: Integers) -> int:
    """The largest of some counts, at least 1."""
    return max(1, int(np.max(counts, initial=1)))
