"""Ledgers for tests: the example by hand, and random ones that are sound."""

from decimal import Decimal
from pathlib import Path

from hypothesis import strategies as st

from crcsim.compile.ledger import compiled_ledger
from crcsim.costing.ledger import (
    Balance,
    Consumption,
    CostItem,
    Investment,
    Ledger,
    MainProcess,
    OrderLine,
    ProcessShare,
    Relation,
    SubProcess,
)
from crcsim.costing.lines import DIRECT_LINES, INDIRECT_LINES
from crcsim.scenario.ledger import load_ledger

PERIODS = ("first", "second")
CUSTOMERS = ("Aldmark", "Brenngau", "Carlsfeld")
PRODUCTS = ("plain", "special")
SEGMENTS = ("north", "south")
LEVELS = {"handling": "order", "storage": "product", "care": "customer"}

cents = st.integers(0, 10**9).map(lambda amount: Decimal(amount).scaleb(-2))
quantities = st.integers(0, 10**5).map(lambda number: Decimal(number).scaleb(-1))
shares = st.integers(0, 100).map(lambda share: Decimal(share).scaleb(-2))
notices = st.sampled_from([0.0, 0.25, 0.5, float("inf")])


def example(repository: Path) -> Ledger:
    """The worked example of the documentation."""
    return compiled_ledger(load_ledger(repository / "scenarios" / "costing-example" / "ledger.yaml"))


@st.composite
def orders(draw: st.DrawFn) -> list[OrderLine]:
    """Order lines with every amount in whole cents; each order has one customer and one period."""
    found = []
    for number in range(draw(st.integers(0, 4))):
        customer, period = draw(st.sampled_from(CUSTOMERS)), draw(st.sampled_from(PERIODS))
        for product in PRODUCTS[: draw(st.integers(1, 2))]:
            amounts = [draw(cents) for _ in range(5)]
            found.append(
                OrderLine(f"o{number}", customer, product, period, draw(quantities), *amounts, draw(shares))
            )
    return found


@st.composite
def cost_items(draw: st.DrawFn) -> list[CostItem]:
    """Cost items at the levels of customer, segment, company and of products without a customer."""
    objects = {"customer": CUSTOMERS, "segment": SEGMENTS, "product": PRODUCTS, "company": (None,)}
    found = []
    for number in range(draw(st.integers(0, 5))):
        level = draw(st.sampled_from(sorted(objects)))
        item = CostItem(
            f"cost {number}",
            draw(st.sampled_from(PERIODS)),
            level,
            draw(st.sampled_from([*DIRECT_LINES, *INDIRECT_LINES])),
            draw(cents),
            draw(shares),
            draw(notices),
            draw(st.sampled_from(objects[level])),
        )
        found.append(item)
    return found


@st.composite
def sub_processes(draw: st.DrawFn) -> list[SubProcess]:
    """Induced and neutral sub-processes of two cost centres in both periods."""
    found = []
    for period in PERIODS:
        for centre in ("plant", "office"):
            for number in range(draw(st.integers(0, 4))):
                induced = draw(st.booleans())
                quantity = draw(quantities) + 1 if induced else None
                driver = ("pieces" if induced else None, quantity, quantity)
                line, cost, share = draw(st.sampled_from(INDIRECT_LINES)), draw(cents), draw(shares)
                own = (centre, f"work {number}", period, induced, line, cost, share, draw(notices))
                found.append(SubProcess(*own, *driver))
    return found


@st.composite
def process_shares(draw: st.DrawFn) -> list[ProcessShare]:
    """Shares of every sub-process in the main processes, together at most 1."""
    found = []
    for centre in ("plant", "office"):
        for number in range(4):
            weights = [draw(st.integers(0, 5)) for _ in range(len(LEVELS) + 1)]
            whole = sum(weights) or 1
            for name, weight in zip(LEVELS, weights, strict=False):
                share = Decimal(weight * 100 // whole).scaleb(-2)
                found.append(ProcessShare(centre, f"work {number}", name, share))
    return found


@st.composite
def consumption(draw: st.DrawFn, lines: list[OrderLine]) -> list[Consumption]:
    """Who has main processes done in which period, with capacity kept ready."""
    found = []
    for order, period in sorted({(line.order, line.period) for line in lines}):
        quantity = draw(quantities)
        found.append(Consumption("handling", period, order, quantity, quantity + draw(quantities)))
    for period in PERIODS:
        for customer in CUSTOMERS:
            quantity = draw(quantities)
            found.append(Consumption("care", period, customer, quantity, quantity + draw(quantities)))
            product = draw(st.sampled_from(PRODUCTS))
            owner = draw(st.sampled_from([customer, None]))
            found.append(Consumption("storage", period, product, quantity, quantity, owner))
    return found


@st.composite
def main_processes(draw: st.DrawFn, rows: list[Consumption]) -> list[MainProcess]:
    """Main processes with room for what is consumed and reserved."""
    found = []
    for name, level in LEVELS.items():
        for period in PERIODS:
            own = [row for row in rows if (row.process, row.period) == (name, period)]
            quantity = sum((row.quantity for row in own), Decimal(0)) + draw(quantities)
            kept = sum((row.reserved - row.quantity for row in own), Decimal(0))
            maximum = quantity + kept + draw(quantities) + 1
            found.append(MainProcess(name, period, level, "times", quantity + 1, maximum + 1))
    return found


@st.composite
def ledgers(draw: st.DrawFn) -> Ledger:
    """Sound ledgers of three customers over two periods."""
    lines = draw(orders())
    rows = draw(consumption(lines))
    balances = [
        Balance(customer, period, *(draw(cents) for _ in range(4)))
        for customer in CUSTOMERS
        for period in draw(st.sampled_from([(), (None,), ("first",), (None, "first", "second")]))
    ]
    return Ledger(
        name="random",
        currency="EUR",
        periods=PERIODS,
        relations=tuple(Relation(name, period, "north", None) for name in CUSTOMERS for period in PERIODS),
        orders=tuple(lines),
        costs=tuple(draw(cost_items())),
        investments=(Investment("tools", "first", "customer", draw(cents), "Aldmark"),),
        balances=tuple(balances),
        sub_processes=tuple(draw(sub_processes())),
        process_shares=tuple(draw(process_shares())),
        main_processes=tuple(draw(main_processes(rows))),
        consumption=tuple(rows),
        process_rates=draw(st.sampled_from(["capacity", "actual"])),
    )
