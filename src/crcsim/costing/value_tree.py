"""The index hierarchy from turnover to shareholder value (Schmeisser, diagram 5; SOURCES C12) as a tree.

Every node is the sum of its children when amounts are signed as they enter the value. The subtotals of the
customer cash flow form a chain: each stands below the next one, beside the lines that lie between them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from crcsim.costing.items import COMPANY_LEVELS, INVESTMENT_LINES, ITEMS, SIMULATED_CASH_FLOW

__all__ = ["DEBT", "PORTFOLIO", "SECURITIES", "SHAREHOLDER", "Node", "value_tree_nodes"]

PORTFOLIO, SHAREHOLDER = "portfolio_value", "shareholder_value"
SECURITIES, DEBT = "securities", "debt"

_BEFORE_TAX = {
    "payment_effective_contribution": "payment-effective customer contribution after timing, before tax",
    "cash_flow": "customer cash flow before tax",
}
_LABELS = {line.key: line.label for line in SIMULATED_CASH_FLOW} | _BEFORE_TAX
_LEVEL_WORDS = {
    "product": "by volume",
    "order": "by order",
    "customer": "by customer",
    "idle": "non-required capacity",
}


@dataclass(frozen=True)
class Node:
    """A node of the tree; `parent` is "" for the root, `depth` the distance to it.

    `sign`: how it stands in the statement. `items`: all items below it, signed as they enter the value.
    """

    key: str
    label: str
    parent: str
    sign: int
    depth: int
    items: tuple[str, ...]


@dataclass
class _Branch:
    key: str
    label: str
    sign: int
    children: list[_Branch]
    items: tuple[str, ...] = ()


def value_tree_nodes(items: Sequence[str], shareholder: bool = False) -> tuple[Node, ...]:
    """The nodes over the given items: parents before children, the chain of subtotals after its siblings.

    Tax is one line of the portfolio, because losses of segments and company reduce it. A cost line whose
    items arise at several levels has a child for each. With `shareholder` the root is the shareholder value,
    with securities and debt beside the portfolio.
    """
    root = _portfolio(items)
    if shareholder:
        papers = _Branch(SECURITIES, "marketable securities", 1, [])
        debt = _Branch(DEBT, "market value of debt", -1, [])
        root = _Branch(SHAREHOLDER, "shareholder value", 1, [papers, debt, root])
    return tuple(_flat(root, "", 0))


def _portfolio(items: Sequence[str]) -> _Branch:
    """The value of the portfolio: horizon, tax, levels, and the chain of the customers."""
    of_levels = [key for key in items if ITEMS[key].level in COMPANY_LEVELS]
    rest = [key for key in items if key not in of_levels]
    children = [
        *_leaves("horizon_value", "value after the last period", 1, rest),
        *_leaves("tax", "tax of customers, segments and company", -1, rest),
        *_levels(of_levels),
        _customers(rest),
    ]
    return _Branch(PORTFOLIO, "value of the portfolio", 1, children)


def _leaves(line: str, label: str, sign: int, items: Iterable[str]) -> list[_Branch]:
    """The branch of a line, none without items; with a child for each level where there are several."""
    own = [key for key in items if ITEMS[key].line == line]
    if len(own) < 2:
        return [_Branch(line, label, sign, [], (key,)) for key in own]
    parts = [
        _Branch(f"{line}:{level}", f"{label}, {_LEVEL_WORDS[level]}", sign, [], (key,))
        for key, level in ((key, ITEMS[key].level) for key in own)
    ]
    return [_Branch(line, label, sign, parts)]


def _levels(items: Sequence[str]) -> Iterator[_Branch]:
    """Costs that no customer causes: by level, each with its lines; what stays, what is no payment, and what
    is invested.
    """
    costs = [key for key in items if ":" in key and ITEMS[key].line not in INVESTMENT_LINES]
    for level in COMPANY_LEVELS:
        own = [key for key in costs if ITEMS[key].level == level]
        parts = [_Branch(key, f"{_LABELS[ITEMS[key].line]} ({level})", -1, [], (key,)) for key in own]
        if parts:
            yield _Branch(f"{level}_costs", f"{level} costs", -1, parts)
    yield from _leaves("unavoidable", "costs that stay after the end of relations", -1, items)
    yield from _leaves("company_add_back", "payment-ineffective costs of segments and company", 1, items)
    invested = [key for key in items if ITEMS[key].line in INVESTMENT_LINES]
    parts = [_Branch(key, f"of the {ITEMS[key].level}", -1, [], (key,)) for key in invested]
    if parts:
        yield _Branch("level_investment", "investment in programmes of segments and company", -1, parts)


def _customers(items: Sequence[str]) -> _Branch:
    """The chain of subtotals from sales to the cash flow of the customers."""
    below: list[_Branch] = []
    for line in SIMULATED_CASH_FLOW:
        if line.sign == 0:
            below = [_Branch(line.key, _LABELS[line.key], 1, below)]
        elif line.key != "tax":
            chain = below[-1:] if below and below[-1].key in _CHAIN else []
            below = [
                *below[: len(below) - len(chain)],
                *_leaves(line.key, line.label, line.sign, items),
                *chain,
            ]
    return below[0]


#: What begins the chain, and its links.
_CHAIN = {"gross_sales", *(line.key for line in SIMULATED_CASH_FLOW if line.sign == 0)}


def _flat(branch: _Branch, parent: str, depth: int) -> Iterator[Node]:
    below = [node for child in branch.children for node in _flat(child, branch.key, depth + 1)]
    own = (*branch.items, *(key for node in below if node.depth == depth + 1 for key in node.items))
    yield Node(branch.key, branch.label, parent, branch.sign, depth, own)
    yield from below
