"""Random costs for a random scenario: every kind of cost, cash share and notice, small amounts beside sales."""

from crcsim.costing.lines import DIRECT_LINES, INDIRECT_LINES

PROCESSES = ("handling", "storage", "visits")
LEVELS = ("product", "order", "customer")


def add_costs(r, document):
    """Costs of products, processes, customers and levels, by the choices of `r`."""
    for product in document["products"].values():
        product.update(product_costs(r))
    per_year = document["time"]["periods_per_year"]
    names = r.some(PROCESSES, least=1) if r.chance(0.9) else []
    document["processes"] = {name: process(r, per_year) for name in names}
    document["customer_defaults"].update(
        r.maybe(0.3, costs=lambda: {"care": stated_cost(r, per_year)}),
        **r.maybe(0.2, prepayment_received_days=lambda: r.quantity(5.0, 40.0)),
    )
    for customer in document["customers"].values():
        add_customer_costs(r, document, customer)
    for cost in document["costs"]:
        cost.update(level_terms(r))


def product_costs(r):
    """Order value, cost per order and cash share of a product."""
    ordered = r.maybe(0.7, order_value=lambda: r.number(1.0, 20.0))
    costs = r.maybe(0.7, direct_order_cost=lambda: r.number(0.1, 1.0)) if ordered else {}
    return {**ordered, **costs, **r.maybe(0.5, cash_share=lambda: r.number(0.5, 1.0))}


def process(r, per_year):
    """A process with one line, or with two or three parts."""
    parts = {"parts": process_parts(r, per_year)} if r.chance(0.5) else {"line": r.one(*INDIRECT_LINES)}
    own = {} if "parts" in parts else cash_and_notice(r, per_year)
    return {"level": r.one(*LEVELS), "cost_rate": r.quantity(0.02, 0.5, 0.4), **parts, **own}


def process_parts(r, per_year):
    """Parts that are the whole together."""
    lines = r.some(INDIRECT_LINES, least=2, most=3)
    shares = [r.one(0.25, 0.3, 0.4) for _ in lines[1:]]
    shares.append(round(1.0 - sum(shares), 6))
    return [
        {"line": line, "share": share, **cash_and_notice(r, per_year)}
        for line, share in zip(lines, shares, strict=True)
    ]


def cash_and_notice(r, per_year):
    """How much of a cost is paid, and how long it goes on: not at all, some periods, for ever."""
    notice = r.one(r.whole(1, 4) / per_year, r.number(0.1, 3.0) / per_year, "inf", 1.5 / per_year)
    return {**r.maybe(0.6, notice=lambda: notice), **r.maybe(0.5, cash_share=lambda: r.number(0.0, 1.0))}


def stated_cost(r, per_year):
    """A cost that a customer states itself."""
    line, terms = r.one(*DIRECT_LINES), cash_and_notice(r, per_year)
    if line == "depreciation":
        terms.pop("cash_share", None)
    return {
        "amount": r.quantity(0.5, 5.0, 0.4),
        "line": line,
        "follows": r.one("nothing", "phase", "volume"),
        "level": r.one("order", "customer"),
        **terms,
    }


def add_customer_costs(r, document, customer):
    """Costs, investments, processes and prepayments of one customer."""
    per_year, years = document["time"]["periods_per_year"], document["time"]["years"]
    names = r.some(("manager", "fairs", "tools"))
    for line in customer["lines"].values():
        line.update(r.maybe(0.2, order_value=lambda: r.number(1.0, 20.0)))
    for entries in customer.get("phases", {}).values():
        entries.update(r.maybe(0.5, process_factor=lambda: r.quantity(0.5, 2.0)))
    orders = all("order_value" in {**document["products"][p], **e} for p, e in customer["lines"].items())
    uses = r.some(tuple(document["processes"]), least=min(1, len(document["processes"])))
    customer.update(
        **r.maybe(0.7, costs=lambda: {name: stated_cost(r, per_year) for name in names}),
        **r.maybe(0.5, investments=lambda: investments(r, per_year, years)),
        **r.maybe(0.4, prepayment_received_days=lambda: r.quantity(5.0, 40.0)),
        **r.maybe(0.4, prepayment_made_days=lambda: r.quantity(5.0, 40.0)),
        processes={name: process_use(r, orders) for name in uses},
    )


def investments(r, per_year, years):
    """One or two payments, at the start of a period or within it."""
    dates = [r.whole(0, round(years * per_year) - 1) / per_year, r.number(0.0, 0.99 * years)]
    return {
        f"investment {number}": {"amount": r.quantity(1.0, 10.0, 0.4), "at": date}
        for number, date in enumerate(r.some(dates, least=1))
    }


def process_use(r, orders):
    """How many processes a customer causes, at times with capacity kept ready."""
    return {
        **r.maybe(0.5, fixed=lambda: r.number(0.5, 10.0)),
        **(r.maybe(0.6, per_order=lambda: r.number(0.2, 3.0)) if orders else {}),
        **r.maybe(0.6, per_volume=lambda: r.number(0.02, 0.5)),
        **r.maybe(0.6, reserved=lambda: r.number(1.0, 30.0)),
    }


def level_terms(r):
    """Line and cash share of a cost of a segment or of the company."""
    line = r.maybe(0.8, line=lambda: r.one(*DIRECT_LINES, *INDIRECT_LINES))
    unpaid = line.get("line") == "depreciation"
    return {**line, **({} if unpaid else r.maybe(0.5, cash_share=lambda: r.number(0.0, 1.0)))}
