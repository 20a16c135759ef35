"""Customers and lines at the valuation date, and the phases they pass (MODEL 4)."""

from dataclasses import dataclass, field

import numpy as np

from crcsim.costing.lines import TIMING_LINES
from crcsim.kernels.rows import (
    ACTIVE,
    AWAY,
    CUSTOMER_ROWS,
    CUSTOMER_TABLE,
    ENDED,
    INDUSTRY_ROWS,
    INDUSTRY_TABLE,
    LINE_ROWS,
    LINE_TABLE,
    LOADING_ROWS,
    LOADING_TABLE,
    MERGED,
    MERGER_CAUSE,
    PROSPECT,
)
from tests.naive.tables import by_phase, table
from tests.naive.wallet import Compensated, regime_compensator

BUILD_UP = 1


@dataclass
class Line:
    """One line of a customer; arrays [path]."""

    parameters: dict
    moves: bool
    jumps: bool
    wallet: np.ndarray = None
    logit: np.ndarray = None
    share: np.ndarray = None
    fill: np.ndarray = None  # part of what is asked for that is delivered
    offered: bool = True
    shifts: dict = None  # what levers and dropped lines shift of it
    creations: list = None  # (address, effect, jumps per period) of the wallet that levers create

    def __post_init__(self):
        p = self.parameters
        self.wallet, self.logit, self.share = p["wallet"], p["logit_share"], p["share"]


@dataclass
class Customer:
    """State of one customer on all paths; arrays [path]."""

    place: int
    parameters: dict
    words: np.ndarray
    lines: list
    loadings: list  # (industry, loading)
    event_factor: int
    acquisition_periods: int
    status: np.ndarray
    phase: np.ndarray  # of the relation
    growth: Compensated
    wallet_compensator: np.ndarray  # [period, path]
    success_compensator: np.ndarray  # [period, path]
    tenure: bool
    success_matters: bool
    products: list = field(init=False)  # of the lines
    programmes: list = field(init=False)  # levers whose spend is its cost
    shifts: dict = field(init=False)  # what levers and dropped lines shift of it
    penalty: dict = field(init=False)  # of that, what dropped lines shift
    margin: np.ndarray = field(init=False)  # log of what its executive has made of its contribution
    concession: np.ndarray = field(init=False)  # log of what its executive makes of its prices
    executive_cost: np.ndarray = field(init=False)  # of the period at base prices
    line_phase: np.ndarray = field(init=False)  # of the lines: that of their owner
    owner: np.ndarray = field(init=False)
    cause: np.ndarray = field(init=False)
    end_period: np.ndarray = field(init=False)
    price: np.ndarray = field(init=False)
    age: np.ndarray = field(init=False)
    success: np.ndarray = field(init=False)  # sum of S
    shock: np.ndarray = field(init=False)  # S of the period
    uniform: np.ndarray = field(init=False)  # event uniform of the period
    costs: object = field(init=False)  # terms, as tests.naive.costs reads them from the scenario
    first_price: np.ndarray = field(init=False)  # price terms of the valuation date
    balances: dict = field(init=False)  # receivables, prepayments and payables
    write_off: np.ndarray = field(init=False)
    normal_cash: np.ndarray = field(init=False)  # of the last period, with that of the customers it owns

    def __post_init__(self):
        zero = np.zeros(self.status.shape)
        self.owner, self.line_phase = np.full(self.status.shape, self.place), self.phase
        self.cause, self.end_period = np.zeros(self.status.shape, int), np.zeros(self.status.shape, int)
        self.price, self.age = self.parameters["price"].copy(), self.parameters["tenure_years"].copy()
        self.first_price, self.balances = self.price, dict.fromkeys(TIMING_LINES, zero)
        self.success, self.write_off, self.normal_cash = zero.copy(), zero.copy(), zero.copy()
        self.shock, self.uniform = zero.copy(), zero.copy()
        self.penalty = {"churn": zero, "share": zero}

    @property
    def active(self):
        """True where the customer's own relation is active, [path]."""
        return self.status == ACTIVE


def start_customers(s, tables, e, paths):
    """All customers at the valuation date, in canonical order."""
    parameters = table(tables, CUSTOMER_TABLE, CUSTOMER_ROWS, paths)
    line_parameters = table(tables, LINE_TABLE, LINE_ROWS, paths)
    loadings = [p["loading"] for p in table(tables, LOADING_TABLE, LOADING_ROWS, paths)]
    lines = [start_line(p, facts) for p, facts in zip(line_parameters, s.line_facts, strict=True)]
    industries = list(zip(s.loading_industry, loadings, strict=True))
    scales = [p["shock_scale"] for p in table(tables, INDUSTRY_TABLE, INDUSTRY_ROWS, paths)]
    return [start_customer(s, e, place, p, lines, industries, scales) for place, p in enumerate(parameters)]


def start_customer(s, e, place, p, lines, all_loadings, scales):
    """One customer at the valuation date, out of the lines and loadings of all customers."""
    facts, paths = s.facts[place], len(p["beta"])
    loadings = all_loadings[facts["loading_start"] : facts["loading_end"]]
    industries = sum(((loading * scales[j]) ** 2 for j, loading in loadings), start=np.zeros(paths))
    return Customer(
        place=place,
        parameters=p,
        words=s.customer_words[place],
        lines=lines[facts["line_start"] : facts["line_end"]],
        loadings=loadings,
        event_factor=facts["event_factor"],
        acquisition_periods=facts["acquisition_periods"],
        status=np.full(paths, PROSPECT if facts["prospect"] else ACTIVE),
        phase=np.full(paths, 0 if facts["prospect"] else facts["phase"]),
        growth=Compensated(s, e, p["shock_scale"] ** 2 + industries),
        wallet_compensator=regime_compensator(s, e, p, "wallet"),
        success_compensator=regime_compensator(s, e, p, "success"),
        tenure=bool(facts["tenure"]),
        success_matters=bool(facts["success"]),
    )


def start_line(p, facts):
    """One line at the valuation date."""
    return Line(p, moves=bool(facts["share_moves"]), jumps=bool(facts["wallet_jumps"]))


def chance_to_move(customer, t):
    """Probability to leave the phase, to convert, or to return in period t, given no event, [path]."""
    p = customer.parameters
    converts = p["conversion"] if t <= customer.acquisition_periods else np.zeros_like(p["conversion"])
    return np.select(
        [customer.active, customer.status == PROSPECT, customer.status == AWAY],
        [by_phase(p, "advance", customer.phase), converts, p["win_back"]],
        0.0,
    )


def move(customer, moved):
    """The next phase, the conversion of a prospect into `build_up`, or the return of a churned customer.

    Returns where each of them happened, {event: [path]}.
    """
    advanced, converted = moved & customer.active, moved & (customer.status == PROSPECT)
    returned = moved & (customer.status == AWAY)
    customer.phase = np.where(advanced, customer.phase + 1, np.where(converted, BUILD_UP, customer.phase))
    customer.status = np.where(converted | returned, ACTIVE, customer.status)
    customer.age = np.where(converted | returned, 0.0, customer.age)
    customer.cause = np.where(returned, 0, customer.cause)
    customer.end_period = np.where(returned, 0, customer.end_period)
    return {"advanced": advanced, "converted": converted, "returned": returned}


def end(customer, ended, cause, period, may_return=None):
    """The relation ends where `ended`, for good unless `may_return`."""
    final = MERGED if cause == MERGER_CAUSE else ENDED
    status = final if may_return is None else np.where(may_return, AWAY, ENDED)
    customer.status = np.where(ended, status, customer.status)
    customer.cause = np.where(ended, cause, customer.cause)
    customer.end_period = np.where(ended, period, customer.end_period)
