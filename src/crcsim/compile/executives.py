"""Executive roles as the kernel reads them (MODEL 7): who has one, what is drawn per path, what holds for
all.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from crcsim.compile.values import Floats, Values
from crcsim.errors import NumericError
from crcsim.kernels.arrays import Integers
from crcsim.kernels.rows import MIXED, NO_ROLE, ROLE_COUNT, TERM, TERM_ROWS
from crcsim.scenario.costs import LevelCost
from crcsim.scenario.executives import MIX, ROLES, Executives
from crcsim.scenario.quantity import Quantity
from crcsim.scenario.scenario import Scenario
from crcsim.scenario.strategies import Strategy
from crcsim.scenario.time import Time
from crcsim.valuation.executives import effective_years, mix_with_champions, relative_growth

__all__ = [
    "concession_ring",
    "executive_costs",
    "executive_rows",
    "executive_terms",
    "level_costs",
    "role_codes",
    "role_links",
    "role_places",
    "sponsor_item",
]

#: A term this close to the end of a period, in terms, ends with it.
_ROUNDING = 1e-9


def role_places(scenario: Scenario) -> list[int]:
    """Positions of the customers to which any strategy assigns an executive: members of the table
    `executives`.
    """
    named = {customer for strategy in scenario.strategies for customer, _ in strategy.roles}
    return [place for place, customer in enumerate(scenario.customers) if customer.name in named]


def role_links(scenario: Scenario) -> list[tuple[str, ...]]:
    """Customers of each strategy whose executives take limited places from each other."""
    executives = scenario.executives
    if executives is None or all(limit is None for limit in executives.limit):
        return []
    return [tuple(name for name, _ in strategy.roles) for strategy in scenario.strategies if strategy.roles]


# --- costs --------------------------------------------------------------------------------------------------
def level_costs(scenario: Scenario) -> tuple[LevelCost, ...]:
    """Costs of segments and the company; the last one is that of the sponsor programme, where a strategy has
    one, which only such strategies bear.
    """
    executives = scenario.executives
    if executives is None or not any(strategy.sponsor_programme for strategy in scenario.strategies):
        return scenario.costs
    amount = Quantity(executives.sponsor_cost, "executives.sponsor_programme.cost")
    programme = LevelCost("sponsor programme", "company", None, amount, "executive_cost", 1.0, 0.0)
    return (*scenario.costs, programme)


def sponsor_item(scenario: Scenario) -> int:
    """Position of the sponsor programme among the level costs, -1 where no strategy has one."""
    return len(scenario.costs) if len(level_costs(scenario)) > len(scenario.costs) else -1


def executive_costs(scenario: Scenario) -> set[str]:
    """Names of the customers that may bear the cost of an executive."""
    executives = scenario.executives
    if executives is None or not any(executives.cost):
        return set()
    return {scenario.customers[place].name for place in role_places(scenario)}


# --- what is drawn per path ---------------------------------------------------------------------------------
def executive_rows(scenario: Scenario, values: Values, step: float) -> dict[str, Floats]:
    """Rows of the table of executives, [member, 1 or path]: effects and rates of events follow the
    receptiveness of the customer, the size of an event is that of the scenario (eq. 7.1, 7.3).
    """
    stated = scenario.executives
    members = [scenario.customers[place] for place in role_places(scenario)]
    if stated is None or not members:
        return dict.fromkeys(("influence", *_RATES, *_SIZES), np.zeros((0, 1)))
    receptiveness = values.matrix([customer.receptiveness for customer in members])
    return {
        "influence": receptiveness * values.of(stated.causal_share),
        **{row: receptiveness * values.of(getattr(stated, name)) * step for row, name in _RATES.items()},
        **{row: values.matrix([getattr(stated, row)] * len(members)) for row in _SIZES},
    }


_RATES = {
    "damage_mean": "damage_rate",
    "concession_mean": "concession_rate",
    "deal_mean": "deal_rate",
}
_SIZES = ("damage_share", "concession_price", "deal_share")


# --- what holds for all executives of a strategy ------------------------------------------------------------
def role_codes(scenario: Scenario, strategy: Strategy) -> Integers:
    """Role of every customer's executive at the valuation date, [customer]."""
    found = np.full(len(scenario.customers), NO_ROLE, dtype=np.int64)
    names = [customer.name for customer in scenario.customers]
    for customer, role in strategy.roles:
        found[names.index(customer)] = MIXED if role == MIX else ROLES.index(role)
    return found


def concession_ring(scenario: Scenario) -> int:
    """Periods in which a concession may hold, at most all."""
    stated, time = scenario.executives, scenario.time
    if stated is None or not role_places(scenario):
        return 1
    return int(min(time.periods, np.ceil(stated.concession_duration * time.periods_per_year - _ROUNDING)))


def executive_terms(scenario: Scenario, strategies: Sequence[Strategy]) -> Floats:
    """[strategy, TERM row, column]: by role, or by the number of periods that an executive has served.

    Raises NumericError for a term shorter than a period, and where limits leave no role for a customer
    whose executive is drawn.
    """
    time, stated = scenario.time, scenario.executives
    found = np.zeros((len(strategies), len(TERM_ROWS), max(ROLE_COUNT, time.periods + 1)))
    if stated is None:
        return found
    if stated.term * time.periods_per_year < 1.0 - _ROUNDING:
        raise NumericError(
            f"executives.term: {stated.term:g} years are shorter than a period; an executive serves for at "
            "least one period"
        )
    for rows, strategy in zip(found, strategies, strict=True):
        champions = stated.sponsor_champions if strategy.sponsor_programme else stated.sponsor_without
        mix = mix_with_champions(champions, stated.reference_mix)
        _refuse_full_roles(strategy, stated, mix)
        _fill_terms(rows, stated, mix, time)
        rows[TERM.programme, 0] = float(strategy.sponsor_programme)
    return found


def _fill_terms(rows: Floats, stated: Executives, mix: Floats, time: Time) -> None:
    """TERM rows of one strategy, but for its programme."""
    growth, per_year = relative_growth(stated.reference_mix), time.periods_per_year
    by_role = {
        TERM.sales: growth.sales,
        TERM.margin: growth.margin,
        TERM.cost: np.array(stated.cost) / per_year,
        TERM.limit: np.array([np.inf if limit is None else limit for limit in stated.limit]),
        TERM.mix: mix,
        **{TERM.move_hands_off + role: np.array(stated.transitions[role]) for role in range(ROLE_COUNT)},
    }
    for row, values in by_role.items():
        rows[row, :ROLE_COUNT] = values
    for row, values in _clock(stated, time).items():
        rows[row, : values.size] = values
    rows[TERM.setback, 0] = stated.damage_setback * per_year
    rows[TERM.duration, 0] = stated.concession_duration * per_year


def _clock(stated: Executives, time: Time) -> dict[int, Floats]:
    """Rows by the number of periods served before (eq. 7.4)."""
    years = np.arange(time.periods + 2) / time.periods_per_year
    end = np.inf if stated.renewed else stated.term
    terms = np.floor(years / stated.term + _ROUNDING)
    changes = np.diff(terms, prepend=0.0)[:-1] if stated.renewed else np.zeros(years.size - 1)
    return {
        TERM.weight: np.diff(effective_years(years, end, stated.fade)),
        TERM.serving: np.clip((end - years[:-1]) * time.periods_per_year, 0.0, 1.0),
        TERM.change: changes,
    }


def _refuse_full_roles(strategy: Strategy, stated: Executives, mix: Floats) -> None:
    """Every customer whose executive is drawn must find a role that is not at its limit."""
    drawn = sum(role == MIX for _, role in strategy.roles)
    room = 0.0
    for role, limit, share in zip(ROLES, stated.limit, mix, strict=True):
        named = sum(each == role for _, each in strategy.roles)
        if share > 0.0:
            room += np.inf if limit is None else limit - named
    if drawn > room:
        raise NumericError(
            f"strategies.{strategy.name}: executives.limit leaves room for {room:.0f} of the {drawn} "
            "customers whose role is drawn (mix); raise a limit or name roles"
        )
