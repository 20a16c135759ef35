"""Where the relation to one customer is expected to stand, by phase, and how many end (MODEL 3, 4)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from crcsim.kernels.rows import PHASES
from crcsim.report.expectation.rows import Floats, Rows
from crcsim.report.expectation.shifts import Shifts
from crcsim.scenario.customers import Customer
from crcsim.scenario.scenario import Scenario
from crcsim.valuation.full_service import dropped_share
from crcsim.valuation.share import expit, logit, mean_share

__all__ = ["PROSPECT", "SELLING", "Ends", "Relation"]

PROSPECT = PHASES.index("prospect")
#: Phases in which the relation is active, [phase].
SELLING = np.arange(len(PHASES)) != PROSPECT


@dataclass(frozen=True)
class Ends:
    """Part of the customers of each phase that ends in a period, [phase]."""

    churned: Floats  # these may return
    taken_over: Floats
    failed: Floats

    @classmethod
    def none(cls) -> Ends:
        """Before the first period."""
        nobody = np.zeros(len(PHASES))
        return cls(nobody, nobody, nobody)


class Relation:
    """One customer carried from period to period.

    `here` and `away` [weight, phase]: the share of paths on which the customer stands in a phase (prospect:
    not yet won) or has churned out of it and may return; weighted with 1, with its wallet, and with wallet
    times price. `p` holds the rows of the customer, `lines` those of its lines, [line].
    """

    def __init__(self, scenario: Scenario, customer: Customer, p: Rows, lines: Rows, shifts: Shifts) -> None:
        self.p, self.lines, self.shifts = p, lines, shifts
        self.grown = np.cumsum(np.insert(shifts.wallet, 0, 0.0, axis=1), axis=1)  # [line, period]
        self.offered, self.dropped = np.ones(len(customer.lines)), 0.0
        self.step_length = 1.0 / scenario.time.periods_per_year
        self.today = PHASES.index(customer.phase)
        duration = customer.acquisition.duration if customer.acquisition else np.inf
        self.acquisition_periods = max(1.0, np.rint(duration * scenario.time.periods_per_year))
        self.here, self.away = np.zeros((3, len(PHASES))), np.zeros((3, len(PHASES)))
        self.here[:, self.today] = 1.0
        self.moving = [place for place, line in enumerate(customer.lines) if line.share.kind == "moving"]
        self.targets = np.stack([lines[f"logit_target_{phase}"] for phase in PHASES], axis=1)  # [line, phase]
        self.logit = np.outer(lines["logit_share"], self.here[0])  # E[logit of share; phase], [line, phase]
        self.logit_away = np.zeros_like(self.logit)

    def courted(self, t: int) -> float:
        """Probability that the customer is a prospect on which money is spent in period t, from 0."""
        return float(self.here[0][PROSPECT]) if t < self.acquisition_periods else 0.0

    def by_phase(self, row: str) -> Floats:
        """A parameter that is held for each phase."""
        return np.array([self.p[f"{row}_{phase}"] for phase in PHASES])

    # --- share of wallet (eq. 3.5) ---------------------------------------------------------------------
    def share(self, line: int, period: int) -> Floats:
        """Expected share of wallet [phase] of a line after `period` steps."""
        if line not in self.moving:
            return np.full(len(PHASES), self.lines["share"][line])
        kept = (1.0 - self.lines["pull"][line]) ** 2
        spread = period if kept == 1.0 else (1.0 - kept**period) / (1.0 - kept)
        count = self.here[0]
        mean = np.divide(self.logit[line], count, out=np.zeros_like(count), where=count > 0)
        return np.asarray(mean_share(mean, self.lines["noise"][line] * np.sqrt(spread)))

    def long_run_shares(self) -> Floats:
        """Stationary mean share of every line in today's phase; today's share where it does not move."""
        shares = self.lines["share"].copy()
        for line in self.moving:
            kept = (1.0 - self.lines["pull"][line]) ** 2
            if kept < 1.0:
                shares[line] = mean_share(
                    self.targets[line, self.today], self.lines["noise"][line] / np.sqrt(1.0 - kept)
                )
        return shares

    def drift_shares(self, t: int) -> None:
        """One step of the logits towards the targets of the phases in period t, on average."""
        pull = self.lines["pull"][:, None]
        penalty = self.shifts.logit_dropped * self.dropped
        targets = self.targets + self.shifts.share[:, t, None] + penalty
        self.logit += pull * (targets * self.here[0] - self.logit)
        self.logit_away += pull * (targets * self.away[0] - self.logit_away)

    def move_shares(
        self, event: Floats, advance: Floats, retained: Floats, churned: Floats, back: float
    ) -> None:
        """The logits go where their customers go; a retained takeover may reset them."""
        reset = self.lines["logit_reset"][:, None]
        stayed = retained * np.where(np.isnan(reset), self.logit, reset * self.here[0])
        gone = self.logit * churned * (back > 0)
        self.logit = _advanced(self.logit, event, advance) + stayed + self.logit_away * back
        self.logit_away = self.logit_away * (1.0 - back) + gone

    # --- risks (eq. 4.1 to 4.4) ------------------------------------------------------------------------
    def hazards(self, t: int) -> tuple[Floats, float, float]:
        """Churn [phase], takeover and insolvency of period t (from 0): hazards times its length."""
        shape, age = self.p["tenure_shape"], self.p["tenure_years"] + t * self.step_length
        tenure = self.p["tenure_scale"] * ((age + self.step_length) ** shape - age**shape)
        levers = np.exp(self.shifts.churn[self.within(t)])
        churn = self.by_phase("churn") * (tenure * levers * self.shifts.ratio_dropped**self.dropped)
        return churn, float(self.p["takeover"]), float(self.p["insolvency"])

    def within(self, t: int) -> int:
        """The period whose shifts hold in period t: itself, after the horizon the last one."""
        return min(t, len(self.shifts.churn) - 1)

    def retained(self, t: int) -> float:
        """Probability that a customer that is taken over in period t stays."""
        shift = self.shifts.retention[self.within(t)]
        return float(expit(logit(self.p["retained"]) + shift) if shift else self.p["retained"])

    def losses(self, t: int) -> Floats:
        """Hazard of losing the customer in period t, [phase]."""
        churn, takeover, insolvency = self.hazards(t)
        return np.asarray(churn + (1.0 - self.retained(t)) * takeover + insolvency)

    def events(self, t: int) -> tuple[Floats, Floats]:
        """Probability [phase] that anything happens in period t, and per unit of hazard."""
        churn, takeover, insolvency = self.hazards(t)
        hazard = np.where(SELLING, churn + takeover + insolvency, 0.0)
        event = -np.expm1(-hazard)
        return event, np.divide(event, hazard, out=np.zeros_like(event), where=hazard > 0)

    def life(self) -> float:
        """Years until a loss at the hazards of today's phase; of a prospect, once it is won."""
        loss = float(self.losses(0)[self.today])
        return self.step_length / loss if loss > 0 else np.inf

    def step(self, t: int) -> Ends:
        """Growth, share and exits of period t; returns who ends."""
        self.drop_lines(t)
        grow = np.exp(self.by_phase("phase_growth"))
        self.here[1:] *= grow
        self.away[1:] *= grow
        self.drift_shares(t)
        churn, takeover, insolvency = self.hazards(t)
        event, part = self.events(t)
        advance = self.by_phase("advance")
        advance[PROSPECT] = self.p["conversion"] if t < self.acquisition_periods else 0.0
        taken_over = part * takeover
        retained = taken_over * self.retained(t)
        self.move(event, advance, retained, part * churn)
        return Ends(part * churn, taken_over - retained, np.asarray(part * insolvency))

    def move(self, event: Floats, advance: Floats, retained: Floats, churned: Floats) -> None:
        """Everyone to the next state: parts [phase] of those here; of those away a part returns."""
        back = float(self.p["win_back"])
        self.move_shares(event, advance, retained, churned, back)
        multiplier = np.exp(self.p["multiplier_log_median"] + self.p["multiplier_log_sd"] ** 2 / 2)
        kept = np.array([1.0, multiplier, multiplier * (1.0 - self.p["price_concession"])])[:, None]
        gone = self.here * churned * (back > 0)
        self.here = _advanced(self.here, event, advance) + self.here * retained * kept + self.away * back
        self.away = self.away * (1.0 - back) + gone

    # --- sales (eq. 3.2, 3.4, 6.1, 6.3, 8.1) -----------------------------------------------------------
    def drop_lines(self, t: int) -> None:
        """Lines that are no longer offered from period t on, and their part of the volume."""
        offered = self.shifts.offered[:, t]
        dropped = self.offered > offered
        if dropped.any():
            asked = self.asked(t).sum(axis=1)
            self.dropped += float(dropped_share(asked, dropped))
            self.offered = offered

    def asked(self, period: int) -> Floats:
        """Volume [line, phase] after `period` steps as if every line were offered."""
        return np.asarray(self.bought(period) * self.here[1])

    def bought(self, period: int) -> Floats:
        """Volume [line, phase] per unit of the wallet weight, as if every line were offered."""
        p, lines = self.p, self.lines
        growth = p["coupling"] * p["growth"] * self.step_length
        jumps = lines["jump_mean"] * np.expm1(lines["jump_log_mean"] + lines["jump_log_sd"] ** 2 / 2)
        trend = lines["trend"] ** period * np.exp((growth + jumps) * period + self.grown[:, period])
        shares = np.stack([self.share(line, period) for line in range(len(trend))])
        return np.asarray((lines["wallet"] * trend)[:, None] * shares * SELLING)

    def volumes(self, period: int, t: int) -> tuple[Floats, Floats]:
        """Expected volume and sales [line, phase] after `period` steps, per period, with the shifts of period
        t; -1: today.
        """
        lines = self.lines
        premium = 1.0 + lines["premium"] * lines["premium_step"] ** period
        if t >= 0:
            premium = premium + self.shifts.price[:, t]
        bought = self.bought(period) * self.offered[:, None]
        return bought * self.here[1], bought * self.here[2] * (self.p["price"] * premium)[:, None]


def _advanced(weights: Floats, event: Floats, advance: Floats) -> Floats:
    """Those without an event: some go on to the next phase, the others stay. `weights` [..., phase]."""
    untouched = weights * (1.0 - event)
    moved = untouched * advance
    following = np.zeros_like(moved)
    following[..., 1:] = moved[..., :-1]
    return np.asarray(untouched - moved + following)
