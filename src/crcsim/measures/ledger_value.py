"""Value of a ledger's customers and of the company: cash flows of the statements, discounted (C10-C13)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from crcsim.costing.journal import COST_KINDS, Booking
from crcsim.costing.statements import customer_cash_flow
from crcsim.errors import NumericError
from crcsim.valuation.betas import customer_rate, value_weighted_beta
from crcsim.valuation.capital import cost_of_equity, unlever_beta, wacc
from crcsim.valuation.discounting import horizon_multiple, horizon_ratio, present_value
from crcsim.valuation.rates import risk_free_rate
from crcsim.valuation.shareholder import ShareholderValue, shareholder_value

if TYPE_CHECKING:
    from crcsim.costing.ledger import Ledger

__all__ = ["CustomerValue", "LedgerValue", "RateBuildUp", "ledger_value", "rate_build_up"]

Floats = NDArray[np.float64]
_AGREE = 1e-9  # of both forms of customer value, relative to the sum of all flows


@dataclass(frozen=True)
class RateBuildUp:
    """The firm's cost of capital and what it is made of; only `rate` where it was stated directly."""

    rate: float
    risk_free: float | None = None
    market_return: float | None = None
    beta: float | None = None
    business_beta: float | None = None
    cost_of_equity: float | None = None
    equity_share: float = 1.0
    cost_of_debt: float = 0.0
    tax_rate: float = 0.0


@dataclass(frozen=True)
class CustomerValue:
    """Present values of one customer, currency: receipts, expenses, contributions and investments by period.

    `value` is Σ (e - a)(1+i)^-t, `value_from_contributions` -Σ I (1+i)^-t + Σ PECC (1+i)^-t (C10).
    """

    customer: str
    rate: float
    business_beta: float | None
    receipts: Floats
    expenses: Floats
    contributions: Floats
    investments: Floats
    discount_factors: Floats
    value: float
    value_from_contributions: float


@dataclass(frozen=True)
class LedgerValue:
    """Customers, flows that belong to none of them, and shareholder value where that is asked for.

    `unallocated` is [period], `unallocated_value` its present value at the firm's rate. `weighted_beta`
    is the value-weighted business beta of the customers, None unless all have one.
    """

    rate: RateBuildUp
    customers: tuple[CustomerValue, ...]
    unallocated: Floats
    unallocated_value: float
    weighted_beta: float | None
    shareholder: ShareholderValue | None


def rate_build_up(stated: Mapping[str, Any]) -> RateBuildUp:
    """The rate as stated, or the WACC of a CAPM cost of equity and the average cost of debt (C11)."""
    if stated["rate"] is not None:
        return RateBuildUp(stated["rate"])
    risk_free = risk_free_rate(stated["real_rate"], stated["expected_inflation"], stated["fisher"])
    share, tax = stated["equity_share"], stated["tax_rate"]
    debt = float(np.mean(stated["cost_of_debt"])) if stated["cost_of_debt"] else 0.0
    equity = cost_of_equity(risk_free, stated["beta"], stated["expected_market_return"])
    return RateBuildUp(
        rate=float(wacc(equity, debt, share, tax)),
        risk_free=float(risk_free),
        market_return=stated["expected_market_return"],
        beta=stated["beta"],
        business_beta=float(unlever_beta(stated["beta"], share, tax)),
        cost_of_equity=float(equity),
        equity_share=share,
        cost_of_debt=debt,
        tax_rate=tax,
    )


def ledger_value(
    ledger: Ledger,
    bookings: Sequence[Booking],
    years: Sequence[float],
    rate: RateBuildUp,
    betas: Mapping[str, float],
    shareholder: Mapping[str, Any] | None,
) -> LedgerValue:
    """Value all customers and the company.

    `years` by period from the valuation date, `betas` the stated business betas by customer (others take
    the firm's rate), `shareholder` what the ledger says of securities, debt and residual. Raises
    NumericError where a customer has a beta but the firm's rate was not built up, or where a perpetuity
    has no limit.
    """
    times = np.asarray(years, dtype=np.float64)
    own: dict[str | None, list[Booking]] = defaultdict(list)
    for booking in bookings:
        own[booking.customer].append(booking)
    customers = tuple(
        _customer(ledger, own[name], times, name, rate, betas.get(name)) for name in ledger.customers
    )
    unallocated = _by_period(ledger.periods, bookings, _unallocated)
    value = float(present_value(unallocated, rate.rate, times))
    build_up = None
    if shareholder is not None:
        flows = sum(each.value for each in customers) + value
        residual = _residual(ledger, bookings, times, rate.rate, shareholder["residual"])
        build_up = shareholder_value(
            flows, residual, float(shareholder["securities"]), float(shareholder["debt"])
        )
    return LedgerValue(rate, customers, unallocated, value, _weighted_beta(customers), build_up)


def _customer(
    ledger: Ledger,
    own: Iterable[Booking],
    times: Floats,
    name: str,
    firm: RateBuildUp,
    beta: float | None,
) -> CustomerValue:
    """One customer from the cash-flow statement of its own bookings, in both forms of C10."""
    statement = customer_cash_flow(own, ledger.periods, lambda booking: booking.period)
    lines = {key: np.array(values[:-1], dtype=np.float64) for key, values in statement.amounts.items()}
    receipts = lines["net_revenue"] - lines["receivables"] + lines["prepayments_received"]
    expenses = receipts - lines["cash_flow"]
    rate = firm.rate if beta is None else _own_rate(firm, beta, name)
    first = float(present_value(receipts - expenses, rate, times))
    earned, paid = lines["payment_effective_contribution"], lines["investment"]
    second = float(present_value(earned, rate, times) - present_value(paid, rate, times))
    if abs(first - second) > _AGREE * float(np.abs(receipts).sum() + np.abs(expenses).sum()):
        raise NumericError(f"the two forms of the value of {name} differ: {first} and {second}")
    factors = np.exp(-np.log1p(rate) * times)
    return CustomerValue(name, rate, beta, receipts, expenses, earned, paid, factors, first, second)


def _own_rate(firm: RateBuildUp, beta: float, name: str) -> float:
    if firm.risk_free is None or firm.market_return is None:
        raise NumericError(
            f"customer {name} has a beta, but the valuation states its rate directly: build the rate up "
            "(real_rate, expected_market_return, beta), or leave the customer's beta out"
        )
    debt = (firm.equity_share, firm.cost_of_debt, firm.tax_rate)
    return float(customer_rate(beta, firm.risk_free, firm.market_return, *debt))


def _weighted_beta(customers: Sequence[CustomerValue]) -> float | None:
    betas = [each.business_beta for each in customers if each.business_beta is not None]
    if not betas or len(betas) < len(customers):
        return None
    return float(value_weighted_beta(betas, [each.value for each in customers]))


def _by_period(
    periods: Sequence[str], bookings: Iterable[Booking], flow: Callable[[Booking], Decimal]
) -> Floats:
    """Σ flow(booking) by period, exact until it becomes a float."""
    sums = dict.fromkeys(periods, Decimal(0))
    for booking in bookings:
        sums[booking.period] += flow(booking)
    return np.array([float(sums[period]) for period in periods])


def _unallocated(booking: Booking) -> Decimal:
    """Cash flow of a booking that belongs to no customer."""
    outside = booking.customer is None and booking.kind != "revenue"
    return -booking.cash if outside else Decimal(0)


def _lasting(booking: Booking) -> Decimal:
    """Cash flow of a booking without investments and timing: what may go on for ever."""
    if booking.kind in COST_KINDS or booking.line == "sales_deductions":
        return -booking.cash
    return booking.cash if booking.line == "sales" else Decimal(0)


def _residual(
    ledger: Ledger,
    bookings: Iterable[Booking],
    times: Floats,
    rate: float,
    stated: Mapping[str, Any] | None,
) -> float:
    """Present value of what comes after the last period: flow q / (1 - q), q = ((1+g)/(1+i))^Δ (C13)."""
    if stated is None:
        return 0.0
    flow = stated["cash_flow"]
    if flow is None:
        flow = _by_period(ledger.periods, bookings, _lasting)[-1]
    step = times[-1] - times[-2] if len(times) > 1 else 1.0
    try:
        multiple = horizon_multiple(horizon_ratio(stated["growth"], rate, 0.0, step))
    except ValueError:
        raise NumericError(
            f"the residual value has no limit: its growth of {stated['growth']:.4g} is not below the rate of "
            f"{rate:.4g} (shareholder_value.residual.growth)"
        ) from None
    return float(present_value([float(flow) * float(multiple)], rate, times[-1:]))
