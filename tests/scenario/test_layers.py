# ruff: noqa: E501 (a part of the scenario is one line)
"""Customers in layers: defaults, segment, table row, own row; and what an own statement overrides."""

from collections.abc import Callable
from pathlib import Path

import pytest

from crcsim.errors import ScenarioError
from crcsim.scenario import load_scenario
from crcsim.scenario.customers import Customer

Write = Callable[..., Path]

DEFAULTS = "customer_defaults: {growth: 3%, volatility: 15%, receivable_days: 30, churn: {yearly_probability: 5%, source: data, tenure_shape: 0.8}}"
TABLE = (
    "customer_tables: [{file: accounts.csv, columns: {name: account, growth: cagr, receivable_days: days}}]"
)


def nordwerk(write: Write, **changes: str) -> Customer:
    """The customer Nordwerk of a scenario."""
    scenario = load_scenario(write(**{"customer_defaults": DEFAULTS, **changes}))
    return next(customer for customer in scenario.customers if customer.name == "Nordwerk")


def test_a_later_layer_overrides_an_earlier_one(write: Write) -> None:
    segments = "segments: {north: {volatility: 20%, receivable_days: 40, growth: 4%}}"
    Path("accounts.csv").write_text("account,cagr,days\nNordwerk,5%,50\n", encoding="utf-8")
    row = "  Nordwerk: {beta: 1.1, segment: north, receivable_days: 60, lines: {coatings: {wallet: 1 M EUR per year, share: 9%}}}"

    customer = nordwerk(write, segments=segments, tables=TABLE, Nordwerk=row)

    assert customer.volatility.value == 0.20
    assert customer.growth.value == 0.05
    assert customer.receivable_days.value == 60.0
    assert customer.churn.tenure_shape.value == 0.8


def test_a_segment_may_come_from_the_table(write: Write) -> None:
    Path("accounts.csv").write_text("account,group\nNordwerk,south\n", encoding="utf-8")
    table = "customer_tables: [{file: accounts.csv, columns: {name: account, segment: group}}]"
    row = "  Nordwerk: {beta: 1.1, lines: {coatings: {wallet: 1 M EUR per year, share: 9%}}}"

    customer = nordwerk(write, segments="segments: {south: {growth: 9%}}", tables=table, Nordwerk=row)

    assert ("south", 0.09) == (customer.segment, customer.growth.value)


def test_an_alternative_overrides_and_keeps_no_evidence_of_the_other(write: Write) -> None:
    row = "  Nordwerk: {beta: 1.1, churn: {hazard: 2%}, lines: {coatings: {wallet: 1 M EUR per year, share: 9%}}}"

    customer = nordwerk(write, Nordwerk=row)

    assert ("hazard", 0.02, None) == (
        customer.churn.risk.kind,
        customer.churn.risk.rate.value,
        customer.churn.risk.rate.source,
    )
    assert customer.churn.tenure_shape.value == 0.8
    assert customer.churn.tenure_shape.source == "data"


def test_a_distribution_replaces_another_as_a_whole(write: Write) -> None:
    defaults = DEFAULTS.replace("growth: 3%", "growth: {normal: {mean: 3%, sd: 1%}}")
    row = "  Nordwerk: {beta: 1.1, growth: {value: 2%, basis: real}, lines: {coatings: {wallet: 1 M EUR per year, share: 9%}}}"

    customer = nordwerk(write, customer_defaults=defaults, Nordwerk=row)

    assert (0.02, "real") == (customer.growth.value, customer.growth_basis)


def test_growth_is_stated_in_the_basis_of_the_scenario(write: Write) -> None:
    assert nordwerk(write, money="money: {currency: EUR, basis: real}").growth_basis == "real"


def test_a_line_of_the_defaults_describes_only_those_who_buy_it(write: Write) -> None:
    shared = (
        DEFAULTS[:-1]
        + ", lines: {coatings: {share: {reversion: 2, stated_as: median}}, service: {share: 10%}}}"
    )

    customer = nordwerk(write, customer_defaults=shared)

    assert ["coatings"] == [line.product for line in customer.lines]
    share = customer.lines[0].share
    assert (0.28, 0.28, 2.0, "median") == (
        share.now.value,
        share.target.value,
        share.reversion.value,
        share.stated_as,
    )


def test_a_line_of_the_defaults_with_a_wallet_holds_for_all(write: Write) -> None:
    shared = DEFAULTS[:-1] + ", lines: {service: {wallet: 1 M EUR per year, share: 100%}}}"

    customer = nordwerk(write, customer_defaults=shared)

    assert ["coatings", "service"] == [line.product for line in customer.lines]
    assert customer.lines[1].share.kind == "fixed"
    assert customer.lines[1].wallet is not None
    assert customer.lines[1].wallet.place == "customer_defaults.lines.service.wallet"


def test_a_fixed_share_drops_what_moved_it(write: Write) -> None:
    shared = DEFAULTS[:-1] + ", lines: {coatings: {share: {now: 20%, reversion: 2}}}}"
    row = "  Nordwerk: {beta: 1.1, lines: {coatings: {wallet: 1 M EUR per year, share: {fixed: 9%}}}}"

    share = nordwerk(write, customer_defaults=shared, Nordwerk=row).lines[0].share

    assert ("fixed", 0.09, 0.0) == (share.kind, share.now.value, share.reversion.value)


def test_customers_are_in_canonical_order_and_normalised(write: Write) -> None:
    row = "{beta: 1, lines: {coatings: {wallet: 1 M EUR per year, share: 9%}}}"
    scenario = load_scenario(write(A=f"  O\u0308resta: {row}", B=f"  Aldmark: {row}"))

    assert ["Aldmark", "Fjordline", "Nordwerk", "\u00d6resta"] == [
        customer.name for customer in scenario.customers
    ]


def test_a_mistake_in_the_defaults_is_listed_once(write: Write) -> None:
    with pytest.raises(ScenarioError) as raised:
        load_scenario(write(customer_defaults=DEFAULTS.replace("15%", "-15%")))

    assert ["customer_defaults.volatility"] == [problem.path for problem in raised.value.problems]


def test_a_mistake_in_a_segment_that_nobody_uses_is_listed(write: Write) -> None:
    with pytest.raises(ScenarioError) as raised:
        load_scenario(write(segments="segments: {north: {}, south: {churn: {hazard: -1}}}"))

    assert ["segments.south.churn.hazard"] == [problem.path for problem in raised.value.problems]


def test_every_phase_is_there_with_neutral_factors(write: Write) -> None:
    defaults = DEFAULTS[:-1] + ", phases: {decline: {growth: -3%}}}"

    phases = nordwerk(write, customer_defaults=defaults).phases

    assert ["prospect", "build_up", "growth", "maturity", "decline"] == list(phases)
    assert (-0.03, 1.0) == (phases["decline"].growth.value, phases["decline"].churn_factor.value)
    assert (0.0, float("inf")) == (phases["growth"].growth.value, phases["growth"].duration.value)


def test_all_mechanisms_of_a_customer_are_read(write: Write) -> None:
    row = (
        "  Nordwerk: {beta: 1.1, phase: prospect, industry: {marine: 0.4}, coupling: 1.5, rate: own, tenure: 18 months,"
        " discount: 2%, geography: Europe, acquisition: {spend: 400 k EUR per year, duration: 3 years,"
        " conversion: {yearly_probability: 25%}}, takeover: {hazard: 2%, retained: 55%, price_concession: 5%,"
        " share_reset: 20%, wallet_multiplier: {median: 0.9, log_sd: 0.3}},"
        " insolvency: {yearly_probability: 1%, loss_given_default: 60%, success_exponent: 1, hazard_cap: 40% per year},"
        " win_back: {hazard: 10%}, event_correlation: {rho: 0.2, factor: marine},"
        " lines: {coatings: {sales: 3 M EUR per year, share: {now: 20%, value_advantage: 0.1}, trend: 1%,"
        " wallet_creation: {rate: 0.1 per year, median: 1.5, log_sd: 0.3}}}}"
    )

    customer = nordwerk(write, Nordwerk=row)

    assert customer.acquisition is not None
    assert (400_000.0, 3.0, 0.25) == (
        customer.acquisition.spend.value,
        customer.acquisition.duration,
        customer.acquisition.conversion.rate.value,
    )
    assert customer.takeover.share_reset is not None
    assert (0.55, 0.9, 0.3) == (
        customer.takeover.retained.value,
        customer.takeover.median.value,
        customer.takeover.log_sd.value,
    )
    assert customer.event_correlation is not None
    assert ("marine", 1.5, "own", "Europe") == (
        customer.event_correlation.factor,
        customer.tenure,
        customer.rate,
        customer.geography,
    )
    line = customer.lines[0]
    assert line.wallet is None
    assert line.wallet_creation is not None
    assert 1.5 == line.wallet_creation.median.value
