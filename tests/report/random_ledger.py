"""Ledgers of many customers as files: sound, random, the same for the same seed."""

import csv
import random
from collections import Counter
from pathlib import Path

PHASES = ("build_up", "growth", "maturity", "decline")
PRODUCTS = {  # price, and smallest and largest number of units in an order
    "standard": (60.0, 500, 5000),
    "tailored": (140.0, 20, 400),
    "spare part": (45.0, 1, 40),
    "large unit": (9000.0, 1, 3),
}
PROCESSES = {  # level, driver, cost centre, sub-process, its cost per unit of the driver, line, notice
    "order handling": (
        "order",
        "orders",
        "sales office",
        "enter orders",
        180,
        "indirect_personnel",
        "3 months",
    ),
    "storage": ("product", "moves", "stores", "move pallets", 35, "indirect_material", "0"),
    "customer care": ("customer", "visits", "sales office", "visit", 400, "indirect_distribution", "inf"),
}
HEADERS = {
    "customers": "name,period,segment,phase",
    "orders": "order,customer,product,period,units,sales,sales_deductions,material,production,distribution",
    "costs": "name,level,object,line,amount,notice",
    "balances": "customer,period,receivables,payables",
    "sub_processes": "cost_centre,name,period,behaviour,line,cost,notice,driver,quantity",
    "main_processes": "name,period,level,driver,quantity,maximum_quantity",
    "consumption": "process,object,customer,period,quantity,reserved",
}


def write_ledger(folder: Path, customers: int, periods: int, seed: int = 1) -> Path:
    """Write `ledger.yaml` and its CSV files into a folder, and return its path.

    Every customer has one or two orders in a period, of one or two of four products; two cost centres
    and three main processes; a key-account manager for every tenth customer.
    """
    chance = random.Random(seed)
    years = [str(2020 + number) for number in range(periods)]
    rows: dict[str, list[tuple[object, ...]]] = {table: [] for table in HEADERS}
    done: Counter[tuple[str, str]] = Counter()
    for place in range(customers):
        name, weight, start = (
            f"Customer {place + 1:03d}",
            chance.lognormvariate(0.0, 1.0),
            chance.randrange(4),
        )
        for number, year in enumerate(years):
            phase = PHASES[min(start + number // 3, 3)]
            rows["customers"].append((name, year, f"segment {place % 4 + 1}", phase))
            owed = (f"{chance.uniform(0, span):.2f}" for span in (20_000 * weight, 9_000))
            rows["balances"].append((name, year, *owed))
            _order(chance, name, year, weight, rows, done)
            visits = chance.randint(0, 12)
            done["customer care", year] += visits
            rows["consumption"].append(("customer care", name, "", year, visits, visits + 2))
        if place % 10 == 0:
            own = (("manager", "other_direct", 9000, "6 months"), ("tools", "depreciation", 2500, "inf"))
            rows["costs"] += [(f"{what} {place}", "customer", name, *rest) for what, *rest in own]
    rows["costs"].append(("campaign", "segment", "segment 1", "marketing", 20_000, "3 months"))
    rows["costs"].append(("management", "company", "", "indirect_administration", 400 * customers, "inf"))
    for year in years:
        _processes(year, customers, rows, done)
    for table, header in HEADERS.items():
        with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([header.split(","), *rows[table]])
    return _main_file(folder, customers, years)


def _order(
    chance: random.Random,
    name: str,
    year: str,
    weight: float,
    rows: dict[str, list[tuple[object, ...]]],
    done: Counter[tuple[str, str]],
) -> None:
    """One or two orders of a customer in a period, and what is done for them."""
    for number in range(chance.choice((1, 1, 2))):
        order = f"{name[9:]}-{year}-{number}"
        done["order handling", year] += 1
        rows["consumption"].append(("order handling", order, "", "", 1, ""))
        for product in chance.sample(sorted(PRODUCTS), chance.choice((1, 1, 2))):
            price, fewest, most = PRODUCTS[product]
            units = max(1, round(weight * chance.uniform(fewest, most)))
            shares = ((0, 0.05), (0.3, 0.5), (0.1, 0.2), (0.03, 0.06))
            amounts = (f"{chance.uniform(*share) * units * price:.2f}" for share in shares)
            rows["orders"].append((order, name, product, year, units, f"{units * price:.2f}", *amounts))
            moves = chance.randint(1, 12)
            done["storage", year] += moves
            rows["consumption"].append(("storage", product, name, year, moves, ""))


def _processes(
    year: str, customers: int, rows: dict[str, list[tuple[object, ...]]], done: Counter[tuple[str, str]]
) -> None:
    """Processes with capacity to spare, and two neutral sub-processes."""
    for name, (level, driver, centre, sub, rate, line, notice) in PROCESSES.items():
        quantity = max(done[name, year], 1)
        rows["main_processes"].append((name, year, level, driver, quantity, quantity + 3 * customers))
        cost = rate * quantity
        rows["sub_processes"].append((centre, sub, year, "induced", line, cost, notice, driver, quantity))
    for centre in ("sales office", "stores"):
        lead = (centre, f"lead {centre}", year, "neutral", "indirect_administration", 65 * customers)
        rows["sub_processes"].append((*lead, "inf", "", ""))


def _main_file(folder: Path, customers: int, years: list[str]) -> Path:
    lines = [
        "ledger: 1",
        f"name: {customers} customers over {len(years)} periods",
        "currency: EUR",
        "periods:",
        *(f"  - {{name: {year}, years: {number}}}" for number, year in enumerate(years)),
        *(f"{table}: {{file: {table}.csv}}" for table in HEADERS),
        "process_shares:",
        *(
            f"  - {{cost_centre: {centre}, sub_process: {sub}, process: {name}}}"
            for name, (_, _, centre, sub, *_) in PROCESSES.items()
        ),
        "valuation: {rate: 8%}",
        "shareholder_value: {debt: 100000}",
    ]
    path = folder / "ledger.yaml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
