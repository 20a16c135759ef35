"""Share of wallet (MODEL 3): Ornstein-Uhlenbeck on the logit scale."""

from scipy.special import expit

from crcsim.kernels.share import SHARE_SLOT
from tests.naive.tables import by_phase


def share_normal(customer, number, first_line_normal, generator, t):
    """Share noise of a line: the customer's own second normal, or one of a pair drawn for two lines."""
    if number == 0:
        return first_line_normal
    pair, second = divmod(number - 1, 2)
    return generator.at(customer.words, t, SHARE_SLOT + pair)[second]


def step_shares(customer, first_line_normal, generator, t):
    """x_t = x_{t-1} + pull (x* - x_{t-1}) + noise eta_t with the target of the phase and all shifts (eq.
    3.5).
    """
    for number, line in enumerate(customer.lines):
        if not line.moves:
            continue
        p = line.parameters
        normal = share_normal(customer, number, first_line_normal, generator, t)
        target = by_phase(p, "logit_target", customer.line_phase) + line.shifts["share"]
        line.logit = line.logit + p["pull"] * (target - line.logit) + p["noise"] * normal
        line.share = expit(line.logit)
