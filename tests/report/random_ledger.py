"""Ledgers of many customers as files: sound, random, the same for the same seed."""

import csv
import random
from pathlib import Path

PHASES = ("build_up", "growth", "maturity", "decline")
SIZES = {"standard": (500, 5000), "tailored": (20, 400), "spare part": (1, 40), "large unit": (1, 3)}
PRICES = {"standard": 60.0, "tailored": 140.0, "spare part": 45.0, "large unit": 9000.0}


def write_ledger(folder: Path, customers: int, periods: int, seed: int = 1) -> Path:
    """Write `ledger.yaml` and its CSV files into a folder, and return its path.

    Every customer has one or two orders in a period, of one or two of four products; three cost centres
    and three main processes; a key-account manager for every tenth customer.
    """
    chance = random.Random(seed)
    years = [str(2020 + number) for number in range(periods)]
    names = [f"Customer {number + 1:03d}" for number in range(customers)]
    relations = [("name", "period", "segment", "phase")]
    orders = [("order", "customer", "product", "period", "units", "sales", "sales_deductions", "material",
               "production", "distribution", "cash_share")]  # fmt: skip
    costs = [("name", "level", "object", "line", "amount", "notice")]
    consumption = [("process", "object", "customer", "period", "quantity", "reserved")]
    balances = [("customer", "period", "receivables", "payables")]
    counts = dict.fromkeys(years, 0)
    moves = dict.fromkeys(years, 0)
    visits = dict.fromkeys(years, 0)
    for place, name in enumerate(names):
        weight = chance.lognormvariate(0.0, 1.0)
        start = chance.randrange(4)
        for year in years:
            phase = PHASES[min(start + (int(year) - 2020) // 3, 3)]
            relations.append((name, year, f"segment {place % 4 + 1}", phase))
            for number in range(chance.choice((1, 1, 2))):
                order = f"{name[9:]}-{year}-{number}"
                counts[year] += 1
                consumption.append(("order handling", order, "", "", 1, ""))
                for product in chance.sample(sorted(SIZES), chance.choice((1, 1, 2))):
                    units = max(1, round(weight * chance.uniform(*SIZES[product])))
                    sales = units * PRICES[product]
                    parts = [chance.uniform(*span) * sales for span in ((0, 0.05), (0.3, 0.5), (0.1, 0.2), (0.03, 0.06))]
                    orders.append((order, name, product, year, units, f"{sales:.2f}",
                                   *(f"{part:.2f}" for part in parts), chance.choice((1, 0.9))))  # fmt: skip
                    steps = chance.randint(1, 12)
                    moves[year] += steps
                    consumption.append(("storage", product, name, year, steps, ""))
            calls = chance.randint(0, 12)
            visits[year] += calls + 2
            consumption.append(("customer care", name, "", year, calls, calls + 2))
            balances.append((name, year, f"{chance.uniform(0, 20000) * weight:.2f}", f"{chance.uniform(0, 9000):.2f}"))
        if place % 10 == 0:
            costs.append((f"key-account manager {place}", "customer", name, "other_direct", 9000, "6 months"))
            costs.append((f"fair {place}", "customer", name, "marketing", 1500, 0))
            costs.append((f"tools {place}", "customer", name, "depreciation", 2500, "inf"))
    costs.append(("campaign", "segment", "segment 1", "marketing", 20000, "3 months"))
    costs.append(("management", "company", "", "indirect_administration", 400 * customers, "inf"))
    processes = [("name", "period", "level", "driver", "quantity", "maximum_quantity")]
    subs = [("cost_centre", "name", "period", "behaviour", "line", "cost", "notice", "driver", "quantity")]
    for year in years:
        for name, level, driver, done in (("order handling", "order", "orders", counts), ("storage", "product", "moves", moves), ("customer care", "customer", "visits", visits)):
            done_now = max(done[year], 1)
            processes.append((name, year, level, driver, done_now, round(1.1 * done_now) + 2 * customers))
        subs.append(("sales office", "enter orders", year, "induced", "indirect_personnel", 180 * counts[year], "3 months", "orders", counts[year]))
        subs.append(("stores", "move pallets", year, "induced", "indirect_material", 35 * moves[year], 0, "moves", moves[year]))
        subs.append(("sales office", "visit", year, "induced", "indirect_distribution", 400 * visits[year], "3 months", "visits", visits[year]))
        subs.append(("sales office", "lead sales office", year, "neutral", "indirect_administration", 90 * customers, "inf", "", ""))
        subs.append(("stores", "lead stores", year, "neutral", "indirect_administration", 40 * customers, "inf", "", ""))
    tables = {"customers": relations, "orders": orders, "costs": costs, "balances": balances,
              "sub_processes": subs, "main_processes": processes, "consumption": consumption}  # fmt: skip
    for table, rows in tables.items():
        with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
    shares = (("sales office", "enter orders", "order handling"), ("sales office", "visit", "customer care"), ("stores", "move pallets", "storage"))
    lines = [
        "ledger: 1",
        f"name: {customers} customers over {periods} periods",
        "currency: EUR",
        "periods:",
        *(f"  - {{name: {year}, years: {number}}}" for number, year in enumerate(years)),
        *(f"{table}: {{file: {table}.csv}}" for table in tables),
        "process_shares:",
        *(f"  - {{cost_centre: {centre}, sub_process: {sub}, process: {process}}}" for centre, sub, process in shares),
        "valuation: {rate: 8%}",
        "shareholder_value: {debt: 100000}",
    ]  # fmt: skip
    path = folder / "ledger.yaml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
