"""From sales to cash and present value (MODEL 8, 9)."""

from dataclasses import dataclass

import numpy as np

from crcsim.kernels.arrays import ACTIVE
from tests.naive.exits import churn_hazard, of_owner
from tests.naive.lifecycle import cost


@dataclass
class Period:
    """What one customer's lines did in one period; arrays [path], currency of the period."""

    sales: np.ndarray
    net: np.ndarray
    variable: np.ndarray
    wallet: np.ndarray
    volume: np.ndarray


def selling(customers, customer):
    """True where the customer's lines sell: where whoever owns them has an active relation, [path]."""
    return of_owner(customers, customer, "status") == ACTIVE


def sell(customer, sells, erosions):
    """Sales of all lines after the premium has eroded `erosions` times (eq. 8.1, 8.2)."""
    total = Period(*(np.zeros(sells.shape) for _ in range(5)))
    for line in customer.lines:
        p = line.parameters
        wallet = np.where(sells, line.wallet, 0.0)
        volume = wallet * line.share
        sales = volume * customer.price * (1.0 + p["premium"] * p["premium_step"] ** erosions)
        total.sales += sales
        total.net += sales * p["net"]
        total.variable += volume * p["variable_cost"]
        total.wallet += wallet
        total.volume += volume
    return total


def set_working_capital(customer, period):
    """Receivables and payables that stand behind the sales of a period (eq. 8.4), and nothing else."""
    customer.receivable = period.net * customer.parameters["receivable"]
    customer.payable = period.variable * customer.parameters["payable"]
    customer.write_off = np.zeros(period.net.shape)


def earn(customers, customer, economy, t, erosions):
    """(sales of the period, contribution after tax, cash) of one customer (eq. 8.3, 8.5)."""
    keep = economy.parameters["keep"]
    period = sell(customer, selling(customers, customer), erosions)
    indexed = cost(customer, t) * economy.price_index[t - 1]
    contribution = (period.net - period.variable - indexed) * keep
    before, loss = customer.receivable - customer.payable, customer.write_off
    set_working_capital(customer, period)
    after = customer.receivable - customer.payable
    return period, contribution, contribution + before - after - loss * keep


def discount_factors(s, economy, customer, t):
    """Factors of the flow of period t under (wacc, risk_free, deflator), [3, path] (eq. 2.4, 2.5, 2.7)."""
    e, p = economy.parameters, customer.parameters
    return np.stack(
        [
            p["discount_first"] * p["discount_step"] ** (t - 1),
            e["risk_free_first"] * e["risk_free_step"] ** (t - 1),
            economy.deflator[t - 1],
        ]
    )


def horizon_values(s, economy, customer):
    """Value at the last flow of all that follows it under the three discountings, [3, path] (eq. 9.1).

    The last contribution grows, is discounted and survives for ever by q a period.
    """
    p = customer.parameters
    hazard = churn_hazard(customer, s.step) + (1.0 - p["retained"]) * p["takeover"] + p["insolvency"]
    ratios = p["horizon_ratio"], p["horizon_ratio"], p["horizon_ratio_deflator"]
    values = []
    for factor, ratio in zip(discount_factors(s, economy, customer, s.periods), ratios, strict=True):
        q = np.exp(ratio - hazard)
        values.append(np.where(customer.active, customer.contribution * factor * q / (1.0 - q), 0.0))
    return np.stack(values)


def level_flows(s, economy, amount):
    """(cash flow [period, path], present values [3, path]) of one segment or company cost, after tax."""
    e = economy.parameters
    flow = -amount * economy.price_index * e["keep"]
    times = np.arange(s.periods)[:, np.newaxis]
    factors = [
        e["wacc_first"] * e["wacc_step"] ** times,
        e["risk_free_first"] * e["risk_free_step"] ** times,
        economy.deflator,
    ]
    return flow, np.stack([(flow * factor).sum(axis=0) for factor in factors])
