"""From sales to the items of a cash flow (MODEL 8), and from cash to present value (MODEL 9)."""

from dataclasses import dataclass, field

import numpy as np

from crcsim.costing.items import item_key
from crcsim.kernels.rows import ACTIVE, PROSPECT
from tests.naive.exits import chance_to_stay, churn_hazard, of_owner
from tests.naive.levers import spend_item

#: Items that are profit or loss; the others move cash alone.
NO_PROFIT = {
    *("variable_add_back", "direct_add_back", "indirect_add_back", "notice_add_back", "company_add_back"),
    *("receivables", "prepayments_received", "prepayments_made", "payables"),
    *("tax", "investment", "horizon_value"),
    *("programme_investment", "programme_investment:segment", "programme_investment:company"),
}
ADD_BACKS = ("variable_add_back", "direct_add_back", "indirect_add_back")


@dataclass
class LineFlow:
    """What one line sells in one period; arrays [path], currency of the period."""

    terms: object
    wallet: np.ndarray
    volume: np.ndarray  # at base prices
    sales: np.ndarray
    gross: np.ndarray  # sales at the price terms of the valuation date
    cost: np.ndarray  # factor of levers on variable costs

    @property
    def net(self):
        """Sales less sales deductions."""
        return self.sales * self.terms.net

    @property
    def variable(self):
        """Material, production and distribution."""
        return self.volume * sum(self.terms.ratios.values()) * self.cost


@dataclass
class Entries:
    """Signed amounts [path] by item, and those of them that one product causes."""

    by_item: dict = field(default_factory=dict)
    by_product: dict = field(default_factory=dict)  # (product, item)

    def add(self, item, amount, product=None):
        """Book an amount."""
        self.by_item[item] = self.by_item.get(item, 0.0) + amount
        if product is not None:
            self.name(item, amount, product)

    def name(self, item, amount, product):
        """Say which product causes a part of what is booked."""
        self.by_product[product, item] = self.by_product.get((product, item), 0.0) + amount

    def sum_of(self, items):
        """Sum of the amounts of some items."""
        return sum(amount for item, amount in self.by_item.items() if item in items)

    @property
    def profit(self):
        """Sum of all that is profit or loss."""
        return self.sum_of(set(self.by_item) - NO_PROFIT)


@dataclass
class Flow:
    """One customer's own period before it is booked to whoever owns its lines."""

    customer: Entries
    company: Entries  # what stays with the company after the relation has ended
    sales: np.ndarray
    wallet: np.ndarray
    volume: np.ndarray
    normal_cash: np.ndarray  # what a value after the horizon goes on with


def selling(customers, customer):
    """True where the customer's lines sell: where whoever owns them has an active relation, [path]."""
    return of_owner(customers, customer, "status") == ACTIVE


def sell(customer, sells, erosions, step):
    """Sales of all lines after the premium has eroded `erosions` periods (eq. 6.1, 8.1, 8.2, 8.11); what
    is no longer offered stays in the wallet.
    """
    flows = []
    for line, terms in zip(customer.lines, customer.costs.lines, strict=True):
        wallet = np.where(sells, line.wallet, 0.0)
        volume = wallet * line.share * (line.fill if line.offered else 0.0)
        premium = terms.premium * 0.5 ** (erosions * step / terms.half_life) + line.shifts["price"]
        base = volume * (1.0 + premium) * np.exp(customer.concession)
        cost = np.exp(line.shifts["variable"])
        cost = cost - kept(customer, terms, base * customer.price, volume, cost)
        flows.append(
            LineFlow(terms, wallet, volume, base * customer.price, base * customer.first_price, cost)
        )
    return flows


def kept(customer, terms, sales, volume, cost):
    """Part of a line's variable costs that an executive saves, so that its contribution rises by the factor
    on the margin; no cost falls below zero, and no loss grows (eq. 7.2).
    """
    stated = volume * sum(terms.ratios.values())
    variable = stated * cost
    gained = np.maximum(0.0, sales * terms.net - variable) * np.expm1(customer.margin)
    gained = np.where(variable > 0.0, np.minimum(gained, variable), 0.0)
    return np.divide(gained, stated, out=np.zeros_like(stated), where=stated > 0.0)


def start(customer, flows):
    """Working capital and notice stand already as today's sales and costs have it."""
    set_balances(customer, flows)
    for charge, fixed, usage in running_costs(customer, flows, 1.0):
        charge.after_fixed.base, charge.after_usage.base = fixed, usage


def set_balances(customer, flows):
    """Balances behind the sales of a period (eq. 8.4); returns how much each has risen."""
    net, variable = sum(flow.net for flow in flows), sum(flow.variable for flow in flows)
    terms, before = customer.costs, customer.balances
    customer.balances = {
        "receivables": net * terms.receivable,
        "prepayments_received": net * terms.prepayment_received,
        "prepayments_made": variable * terms.prepayment_made,
        "payables": variable * terms.payable,
    }
    return {name: after - before[name] for name, after in customer.balances.items()}


def running_costs(customer, flows, index):
    """(charge, fixed amount, amount of use) at base prices of all charges in one period (eq. 8.6 to 8.8);
    levers act on the cost of processes.
    """
    alive, phase, paths = customer.active, customer.phase, np.arange(len(customer.phase))
    cost, found = np.exp(customer.shifts["process"]), []
    for charge in customer.costs.charges:
        fixed = np.where(alive, charge.fixed[phase, paths], 0.0)
        usage = sum(flow.volume / index * rate for flow, rate in zip(flows, charge.rates, strict=True))
        factor = cost if charge.of_process else 1.0
        found.append((charge, fixed * factor, usage * factor))
    for reserve in customer.costs.reserves:
        used = np.where(alive, reserve.fixed[phase, paths], 0.0)
        for flow, quantity in zip(flows, reserve.quantities, strict=True):
            used = used + quantity * flow.volume / index
        idle = np.maximum(0.0, np.where(alive, reserve.reserved, 0.0) - used)
        for charge, price in reserve.parts:
            found.append((charge, idle * price * cost, np.zeros(idle.shape)))
    return found


def earn(customers, customer, economy, t, erosions, step):
    """All items of one customer's own period (eq. 8.5)."""
    sells, index = selling(customers, customer), economy.price_index[t - 1]
    keep = economy.parameters["keep"]
    flows = sell(customer, sells, erosions, step)
    entries, company = Entries(), Entries()
    for flow in flows:
        book_sales(entries, flow)
    running = running_costs(customer, flows, index)
    for charge, fixed, usage in running:
        book_charge(entries, charge, fixed, usage, index)
    book_by_product(entries, customer, flows)
    share_out_savings(entries, customer, flows)
    spending = (customer.status == PROSPECT) & (t <= customer.acquisition_periods)
    entries.add("acquisition", -np.where(spending, customer.costs.acquisition * index, 0.0))
    for programme in customer.programmes:
        spent = np.where(customer.active | spending, programme.spend(t) * index, 0.0)
        entries.add(spend_item(programme.lever), -spent)
    entries.add("executive_cost", -customer.executive_cost * index)
    ending = sum(
        np.where(customer.active, programme.ending(t) * index, 0.0)
        for programme in customer.programmes
        if programme.lever.booked_as == "expense"
    )
    normal_cash = (entries.profit + ending) * keep + entries.sum_of(ADD_BACKS)
    for charge, fixed, usage in running:
        paid = charge.after_fixed.follow(customer.active, fixed) + charge.after_usage.follow(sells, usage)
        endless = np.isinf(charge.notice)
        book_notice(company if endless else entries, charge, paid * index, endless)
    loss, customer.write_off = customer.write_off, np.zeros(len(customer.phase))
    entries.add("write_off", -loss)
    for book in (entries, company):
        book.add("tax", -(1.0 - keep) * book.profit)
    book_timing(entries, set_balances(customer, flows))
    for period, amount in customer.costs.investments:
        if period == t:
            entries.add("investment", -np.where(customer.active, amount * index, 0.0))
    totals = (sum(getattr(flow, name) for flow in flows) for name in ("sales", "wallet", "volume"))
    return Flow(entries, company, *totals, normal_cash)


def book_sales(entries, flow):
    """Gross sales, concessions, deductions and variable costs of one line (eq. 8.2, 8.11)."""
    terms = flow.terms
    entries.add("gross_sales", flow.gross, terms.product)
    entries.add("price_concessions", flow.sales - flow.gross, terms.product)
    entries.add("sales_deductions", flow.net - flow.sales, terms.product)
    for name, ratio in terms.ratios.items():
        entries.add(name, -flow.volume * ratio, terms.product)
    saved, mean = flow.volume * sum(terms.ratios.values()) - flow.variable, sum(terms.central.values())
    for name, ratio in terms.central.items():
        entries.add(name, saved * (ratio / mean if mean else 0.0), terms.product)
    entries.add("variable_add_back", (1.0 - terms.cash_share) * flow.variable, terms.product)


def book_charge(entries, charge, fixed, usage, index):
    """A charge and its payment-ineffective part."""
    amount = (fixed + usage) * index
    entries.add(charge.item, -amount)
    entries.add(charge.add_back, (1.0 - charge.cash_share) * amount)


def book_by_product(entries, customer, flows):
    """Name the product behind every cost of use."""
    for charge in customer.costs.charges:
        cost = np.exp(customer.shifts["process"]) if charge.of_process else 1.0
        for flow, rate in zip(flows, charge.rates, strict=True):
            amount = flow.volume * rate * cost
            entries.name(charge.item, -amount, flow.terms.product)
            entries.name(charge.add_back, (1.0 - charge.cash_share) * amount, flow.terms.product)


def share_out_savings(entries, customer, flows):
    """What levers save of the processes of a line goes to their items as these stand at the means of all
    inputs, instead of as it does on the path.
    """
    charges = [charge for charge in customer.costs.charges if charge.of_process]
    for number, flow in enumerate(flows):
        saved = [
            flow.volume * charge.rates[number] * -np.expm1(customer.shifts["process"]) for charge in charges
        ]
        total, mean = sum(saved), sum(charge.central[number] for charge in charges)
        for charge, own in zip(charges, saved, strict=True):
            moved = total * (charge.central[number] / mean if mean else 0.0) - own
            entries.add(charge.item, moved, flow.terms.product)
            entries.add(charge.add_back, -(1.0 - charge.cash_share) * moved, flow.terms.product)


def book_notice(entries, charge, paid, endless):
    """What is paid in notice (eq. 8.9); what never ends stays with the company."""
    cost, add_back = ("unavoidable", "company_add_back") if endless else ("notice_costs", "notice_add_back")
    entries.add(cost, -paid)
    entries.add(add_back, (1.0 - charge.cash_share) * paid)


def book_timing(entries, rises):
    """Sales on credit and payments made ahead cost cash, the two others bring it (eq. 8.4)."""
    signs = {"receivables": -1, "prepayments_received": 1, "prepayments_made": -1, "payables": 1}
    for name, rise in rises.items():
        entries.add(name, signs[name] * rise)


def discount_factors(s, economy, customer, t):
    """Factors of the flow of period t under (wacc, risk_free, deflator), [3, path] (eq. 2.4, 2.5, 2.7)."""
    p = customer.parameters
    return all_factors(economy, p["discount_first"] * p["discount_step"] ** (t - 1), t)


def company_factors(economy, t):
    """Factors of what no customer bears: the firm's own rate, [3, path]."""
    e = economy.parameters
    return all_factors(economy, e["wacc_first"] * e["wacc_step"] ** (t - 1), t)


def all_factors(economy, wacc, t):
    """A factor at the cost of capital beside those of the risk-free rate and the deflator, [3, path]."""
    e = economy.parameters
    return np.stack([wacc, e["risk_free_first"] * e["risk_free_step"] ** (t - 1), economy.deflator[t - 1]])


def horizon_values(s, economy, customer):
    """Value at the last flow of all that follows it under the three discountings, [3, path] (eq. 9.1).

    The last normalised cash grows, is discounted and survives for ever by q a period.
    """
    p = customer.parameters
    hazard = (
        churn_hazard(customer, s.step) + (1.0 - chance_to_stay(customer)) * p["takeover"] + p["insolvency"]
    )
    ratios = p["horizon_ratio"], p["horizon_ratio"], p["horizon_ratio_deflator"]
    values = []
    for factor, ratio in zip(discount_factors(s, economy, customer, s.periods), ratios, strict=True):
        q = np.exp(ratio - hazard)
        values.append(np.where(customer.active, customer.normal_cash * factor * q / (1.0 - q), 0.0))
    return np.stack(values)


def level_entries(cost, amount, keep):
    """Items of one segment or company cost in one period, `amount` at prices of the period."""
    entries = Entries()
    entries.add(item_key(cost.line, cost.level), -amount)
    entries.add("company_add_back", (1.0 - cost.cash_share) * amount)
    entries.add("tax", -(1.0 - keep) * entries.profit)
    return entries
