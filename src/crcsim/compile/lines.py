"""Rows of the lines: wallet, share, price and variable cost (MODEL 3, 6, 8). All arrays [line, 1 or path]."""

from __future__ import annotations

import numpy as np

from crcsim.compile.values import Floats, Values
from crcsim.errors import NumericError
from crcsim.kernels.rows import PHASES
from crcsim.scenario.customers import Customer
from crcsim.scenario.lines import Line
from crcsim.scenario.quantity import Quantity
from crcsim.scenario.scenario import Scenario
from crcsim.valuation.share import logit, logit_for_mean_share, ornstein_uhlenbeck, stationary_sd

ZERO, ONE = Quantity(0.0, "zero"), Quantity(1.0, "one")


def line_owners(scenario: Scenario) -> list[tuple[Customer, Line]]:
    """All lines in canonical order, each with its customer."""
    return [(customer, line) for customer in scenario.customers for line in customer.lines]


def line_rows(scenario: Scenario, values: Values, step: float) -> dict[str, Floats]:
    """Rows of the line table."""
    owners = line_owners(scenario)
    lines = [line for _, line in owners]
    products = [scenario.products[line.product] for line in lines]
    share_now = values.matrix([line.share.now for line in lines])
    premium = values.matrix([product.premium for product in products])
    half_life = values.matrix([product.premium_half_life for product in products])
    price = 1.0 - values.matrix([customer.discount for customer, _ in owners])
    creations = [line.wallet_creation for line in lines]
    pull, noise = ornstein_uhlenbeck(*_reversion_and_volatility(values, lines), step)
    costs = [
        values.matrix([getattr(p, name) for p in products])
        for name in ("material", "production", "distribution")
    ]
    return {
        "wallet": _wallet(values, lines, share_now, (1.0 + premium) * price) * step,
        "logit_share": np.where(share_now < 1.0, logit(np.minimum(share_now, 1.0 - 1e-12)), 0.0),
        "share": share_now,
        **_targets(values, owners),
        "pull": np.asarray(pull),
        "noise": np.asarray(noise),
        "trend": np.exp(np.log1p(values.matrix([line.trend for line in lines])) * step),
        "jump_mean": values.matrix([c.rate if c else ZERO for c in creations]) * step,
        "jump_log_mean": np.log(values.matrix([c.median if c else ONE for c in creations])),
        "jump_log_sd": values.matrix([c.log_sd if c else ZERO for c in creations]),
        "premium": premium,
        "premium_step": np.exp2(-step / half_life),
        "net": 1.0 - values.matrix([product.sales_deductions for product in products]),
        "variable_cost": costs[0] + costs[1] + costs[2],
        "logit_reset": _resets(values, owners),
    }


def _reversion_and_volatility(values: Values, lines: list[Line]) -> tuple[Floats, Floats]:
    return (
        values.matrix([line.share.reversion for line in lines]),
        values.matrix([line.share.volatility for line in lines]),
    )


def _wallet(values: Values, lines: list[Line], share: Floats, price_factor: Floats) -> Floats:
    """Wallet per year at base prices: stated, or today's sales / (share x initial price factor)."""
    stated = values.matrix([line.wallet or ZERO for line in lines])
    sales = values.matrix([line.sales or ZERO for line in lines])
    given_by_sales = np.array([[line.wallet is None] for line in lines])
    return np.where(given_by_sales, sales / (share * price_factor), stated)


def _targets(values: Values, owners: list[tuple[Customer, Line]]) -> dict[str, Floats]:
    """Logit share target by phase: stated as mean of the stationary share or as its median, plus the value
    advantage (D4).
    """
    lines = [line for _, line in owners]
    target = values.matrix([line.share.target for line in lines])
    advantage = values.matrix([line.share.value_advantage for line in lines])
    spread = np.asarray(stationary_sd(*_reversion_and_volatility(values, lines)))
    moving = np.array([[line.share.kind == "moving"] for line in lines])
    as_mean = (
        moving
        & np.array([[line.share.stated_as == "mean"] for line in lines])
        & np.isfinite(spread)
        & (spread > 0.0)
    )
    rows = {}
    for phase in PHASES:
        factor = values.matrix([customer.phases[phase].share_factor for customer, _ in owners])
        wanted = np.where(moving, target * factor, 0.5)
        _refuse_full_shares(wanted, owners, phase)
        score = np.asarray(logit(wanted))
        if np.any(as_mean):
            by_mean = logit_for_mean_share(np.where(as_mean, wanted, 0.5), np.where(as_mean, spread, 0.0))
            score = np.where(as_mean, by_mean, score)
        rows[f"logit_target_{phase}"] = score + advantage
    return rows


def _refuse_full_shares(wanted: Floats, owners: list[tuple[Customer, Line]], phase: str) -> None:
    """A share that moves on the logit scale stays strictly between 0 and 1."""
    bad = np.flatnonzero(np.any((wanted <= 0.0) | (wanted >= 1.0), axis=1))
    if bad.size:
        customer, line = owners[bad[0]]
        where = f"customers.{customer.name}.lines.{line.product}.share.target"
        raise NumericError(
            f"{where} x phases.{phase}.share_factor must lie strictly between 0 % and 100 %; "
            "it does not on every path"
        )


def _resets(values: Values, owners: list[tuple[Customer, Line]]) -> Floats:
    """Share after a retained takeover on the logit scale; NaN where the share goes on as it was."""
    resets = [customer.takeover.share_reset for customer, _ in owners]
    stated = np.array([[reset is not None] for reset in resets])
    half = Quantity(0.5, "half")
    return np.where(stated, logit(values.matrix([reset or half for reset in resets])), np.nan)
