"""What starts a lever on a path (MODEL 5): the state at the end of a period, for the next one."""

import numpy as np

from tests.naive.exits import churn_hazard


def start_years(simulation):
    """The year before the first one had the volume of the valuation date."""
    for programme in simulation.programmes:
        if waits_for(programme) in ("bad_years", "good_years"):
            customer = judged(simulation, programme)
            programme.last_year = volume(customer) / simulation.s.step


def waits_for(programme):
    """Kind of the trigger of a programme, None without one."""
    return programme.plan.trigger.kind if programme.plan and programme.plan.trigger else None


def judged(simulation, programme):
    """The customer of the twin whose state is judged."""
    names = [customer.name for customer in simulation.scenario.customers]
    return simulation.customers[names.index(programme.plan.trigger.customer)]


def volume(customer):
    """Volume of a period that a customer asks for while its own relation is active, at base prices."""
    return sum(np.where(customer.active, line.wallet * line.share, 0.0) for line in customer.lines)


def judge(simulation, t):
    """Plans that begin in period t, by the state at the end of the period before."""
    for programme in simulation.programmes:
        kind = waits_for(programme)
        if kind is not None:
            fires = FIRES[kind](simulation, programme, programme.plan.trigger, t - 1)
            if not kind.startswith("market"):
                fires = fires & judged(simulation, programme).active
            begins = np.isinf(programme.start) & fires
            programme.start = np.where(begins, t, programme.start)
            simulation.events[f"started by {kind}"] += int(begins.sum())


def share_below(simulation, programme, trigger, t):
    """The share of wallet of a line is below the level."""
    customer = judged(simulation, programme)
    return customer.lines[customer.products.index(trigger.line)].share < trigger.level


def share_above(simulation, programme, trigger, t):
    """The share of wallet of a line is above the level."""
    customer = judged(simulation, programme)
    return customer.lines[customer.products.index(trigger.line)].share > trigger.level


def churn_hazard_above(simulation, programme, trigger, t):
    """The churn hazard per year, of the phase, the tenure and the shifts of the moment, is above the
    level.
    """
    step = simulation.s.step
    return churn_hazard(judged(simulation, programme), step) > trigger.level * step


def bad_years(simulation, programme, trigger, t):
    """So many years in a row had a lower volume than the year before; judged when a year ends. Less than one
    part in 10^9 is no change.
    """
    return years_in_a_row(simulation, programme, trigger, t, lambda year, last: year < last * (1 - 1e-9))


def good_years(simulation, programme, trigger, t):
    """The same of a higher volume."""
    return years_in_a_row(simulation, programme, trigger, t, lambda year, last: year > last * (1 + 1e-9))


def years_in_a_row(simulation, programme, trigger, t, counts):
    """So many years in a row that count, by their volume and that of the year before."""
    programme.year = programme.year + volume(judged(simulation, programme))
    if t % simulation.scenario.time.periods_per_year:
        return np.zeros(programme.year.shape, dtype=bool)
    counted = counts(programme.year, programme.last_year)
    programme.in_a_row = np.where(counted, programme.in_a_row + 1, 0)
    programme.last_year, programme.year = programme.year, np.zeros(programme.year.shape)
    return programme.in_a_row >= trigger.level


def market_below(simulation, programme, trigger, t):
    """The market index at the end of the period is below the level, a fraction of today's."""
    return market_index(simulation, t) < trigger.level


def market_above(simulation, programme, trigger, t):
    """The market index at the end of the period is above the level, a multiple of today's."""
    return market_index(simulation, t) > trigger.level


def market_index(simulation, t):
    """The market index at the end of period t, today's is 1."""
    economy = simulation.economy
    returns = economy.shock[:t] + economy.parameters["index_drift"]
    return np.exp(economy.parameters["index_start"] + returns.sum(axis=0))


FIRES = {
    "share_below": share_below,
    "share_above": share_above,
    "churn_hazard_above": churn_hazard_above,
    "bad_years": bad_years,
    "good_years": good_years,
    "market_below": market_below,
    "market_above": market_above,
}
