# ruff: noqa: E501 (messages and one-line scenarios are as long as they are)
"""Every mistake in levers, executives and strategies, and the full message that it gets."""

from collections.abc import Callable
from pathlib import Path

import pytest

from crcsim.errors import ScenarioError
from crcsim.scenario import load_scenario
from tests.scenario.levers import BUYS_BOTH, parts, team
from tests.scenario.test_mistakes import Mistake, defaults, mistake


def lever(**entries: str) -> dict[str, str]:
    """The lever `team` in line 12, some of its entries replaced."""
    return parts(team=team(**entries))


def strategy(text: str, **entries: str) -> dict[str, str]:
    """The strategy `try` in line 14, over the lever `team` with some of its entries replaced."""
    return parts({"try": text}, team=team(**entries))


MISTAKES = [
    mistake(
        "effect that does nothing",
        lever(effects="{}"),
        """
        case.yaml:12:200: levers.team.effects: empty
            allowed: at least one effect
        """,
    ),
    mistake(
        "preset that is not there",
        lever(preset="align_organization"),
        """
        case.yaml:12:25: levers.team.preset: unknown word: align_organization
            allowed: one of identify_potential, align_strategy, invest_in_relationship, expand_wallet, align_organisation, product_mix, product_functionality, product_capacity
            did you mean: align_organisation
        """,
    ),
    mistake(
        "preset alone does not know the amounts",
        {"levers": "levers: {team: {preset: expand_wallet}}"},
        """
        case.yaml:12:16: levers.team.target: missing key
            hint: state target: On what it acts.
        case.yaml:12:16: levers.team.spend: missing key
            hint: state spend: What it costs while it is active.
        case.yaml:12:16: levers.team.response.half_effect_spend: missing key
            allowed: half_effect_spend or judgements
            hint: state the yearly spend that has half of the effect in the long run, or four judgements
        """,
    ),
    mistake(
        "removal of an effect that no preset has",
        lever(effects="{churn_hazard_ratio: 0.6, coupling: null}"),
        """
        case.yaml:12:236: levers.team.effects.coupling: nothing to remove
            hint: nothing below states it; leave it out, or state what it is
        """,
    ),
    mistake(
        "removal of an effect that the preset has not",
        lever(preset="product_mix", effects="{coupling: null}"),
        """
        case.yaml:12:232: levers.team.effects.coupling: nothing to remove
            hint: nothing below states it; leave it out, or state what it is
        """,
    ),
    mistake(
        "unknown effect",
        lever(effects="{churn_hazard_ration: 0.6}"),
        """
        case.yaml:12:201: levers.team.effects.churn_hazard_ration: unknown key: churn_hazard_ration
            did you mean: churn_hazard_ratio
        """,
    ),
    mistake(
        "target without a form",
        lever(target="Nordwerk"),
        """
        case.yaml:12:25: levers.team.target: wrong type: Nordwerk
            allowed: a map with customer, customers, segment, product
            hint: state it as {customer: ..}, {customers: [..]}, {segment: ..}, {product: ..} or all
        """,
    ),
    mistake(
        "two targets",
        lever(target="{customer: Nordwerk, segment: north}"),
        """
        case.yaml:12:25: levers.team.target: conflicting keys: customer and segment
            allowed: only customer or customers or segment or product
        """,
    ),
    mistake(
        "unknown customer of a target",
        lever(target="{customer: Nordwork}"),
        """
        case.yaml:12:36: levers.team.target.customer: unknown customer: Nordwork
            did you mean: Nordwerk
        """,
    ),
    mistake(
        "unknown customers of a target",
        lever(target="{customers: [Nordwork, Fjordline]}"),
        """
        case.yaml:12:38: levers.team.target.customers.0: unknown customer: Nordwork
            did you mean: Nordwerk
        """,
    ),
    mistake(
        "customer named twice",
        lever(target="{customers: [Nordwerk, Nordwerk]}"),
        """
        case.yaml:12:48: levers.team.target.customers.1: duplicate customer: Nordwerk
            hint: name each customer once
        """,
    ),
    mistake(
        "no customers",
        lever(target="{customers: []}"),
        """
        case.yaml:12:37: levers.team.target.customers: empty
            allowed: at least one customer
        """,
    ),
    mistake(
        "unknown segment of a target",
        lever(target="{segment: nort}"),
        """
        case.yaml:12:35: levers.team.target.segment: unknown segment: nort
            did you mean: north
        """,
    ),
    mistake(
        "unknown product of a target",
        lever(target="{product: coating}"),
        """
        case.yaml:12:35: levers.team.target.product: unknown product: coating
            did you mean: coatings
        """,
    ),
    mistake(
        "segment without customers",
        {"segments": "segments: {north: {}, south: {}}", **lever(target="{segment: south}")},
        """
        case.yaml:12:35: levers.team.target.segment: empty target: south
            hint: south has no customers
        """,
    ),
    mistake(
        "product that nobody buys",
        lever(target="{product: service}"),
        """
        case.yaml:12:35: levers.team.target.product: empty target: service
            hint: no customer buys service
        """,
    ),
    mistake(
        "spend without a form",
        lever(spend="400 k EUR per year"),
        """
        case.yaml:12:54: levers.team.spend: wrong type: 400 k EUR per year
            allowed: a map with amount, duration, payments, once
            hint: state it as {amount: 400 k EUR per year}, {payments: [..]} or {once: ..}
        """,
    ),
    mistake(
        "two forms of spend",
        lever(spend="{amount: 1 M EUR per year, once: 1 M EUR}"),
        """
        case.yaml:12:54: levers.team.spend: conflicting keys: amount and once
            allowed: only amount or payments or once
        """,
    ),
    mistake(
        "duration without an amount",
        lever(spend="{duration: 3 years}"),
        """
        case.yaml:12:54: levers.team.spend.amount: missing key
            hint: state the amount per year that is spent for this duration
        """,
    ),
    mistake(
        "spend of nothing",
        lever(spend="{payments: [0, 0]}"),
        """
        case.yaml:12:65: levers.team.spend.payments: empty
            allowed: at least one payment above 0
        """,
    ),
    mistake(
        "payment per year",
        lever(spend="{payments: [1 M EUR per year]}"),
        """
        case.yaml:12:66: levers.team.spend.payments.0: unexpected unit: 1 M EUR per year
            hint: leave out `per year`: it is spent within one year
        """,
    ),
    mistake(
        "amount that is not per year",
        lever(spend="{amount: 1 M EUR}"),
        """
        case.yaml:12:63: levers.team.spend.amount: missing period: 1 M EUR
            allowed: per year
            hint: write for example 12.5 M EUR per year
        """,
    ),
    mistake(
        "decay of nothing",
        lever(response="{decay: 0%, half_effect_spend: 1 M EUR per year}"),
        """
        case.yaml:12:121: levers.team.response.decay: out of range: 0%
            allowed: above 0% and at most 100%
        """,
    ),
    mistake(
        "decay of more than all",
        lever(response="{decay: 110%, half_effect_spend: 1 M EUR per year}"),
        """
        case.yaml:12:121: levers.team.response.decay: out of range: 110%
            allowed: above 0% and at most 100%
        """,
    ),
    mistake(
        "response to no amount",
        lever(response="{decay: 25%, steepness: 2}"),
        """
        case.yaml:12:113: levers.team.response.half_effect_spend: missing key
            allowed: half_effect_spend or judgements
            hint: state the yearly spend that has half of the effect in the long run, or four judgements
        """,
    ),
    mistake(
        "two forms of a response",
        lever(
            response="{decay: 25%, half_effect_spend: 1 M EUR per year, judgements: {floor: 20%, maintenance: 30%, plus_half: 36%, saturation: 55%}}"
        ),
        """
        case.yaml:12:113: levers.team.response: conflicting keys: half_effect_spend and judgements
            allowed: only half_effect_spend or judgements
        """,
    ),
    mistake(
        "judgements that do not rise",
        lever(
            maintenance="1 M EUR per year",
            response="{decay: 25%, judgements: {floor: 20%, maintenance: 30%, plus_half: 30%, saturation: 55%}}",
        ),
        """
        case.yaml:12:211: levers.team.response.judgements.plus_half: out of range: 30%
            allowed: above maintenance, which is 30%
            hint: the judgements rise: floor, maintenance, plus_half, saturation
        """,
    ),
    mistake(
        "judgements of no spend",
        lever(
            response="{decay: 25%, judgements: {floor: 20%, maintenance: 30%, plus_half: 36%, saturation: 55%}}"
        ),
        """
        case.yaml:12:16: levers.team.maintenance: missing key
            hint: the judgements are made at the maintenance spend and at half as much again
        """,
    ),
    mistake(
        "causal share of more than all",
        lever(causal_share="120%"),
        """
        case.yaml:12:241: levers.team.causal_share: out of range: 120%
            allowed: at least 0% and at most 100%
        """,
    ),
    mistake(
        "share effect without a scale",
        lever(effects="{share_target: 5%}"),
        """
        case.yaml:12:215: levers.team.effects.share_target: wrong type: 5%
            allowed: a map with logit, points, line
            hint: state it as {logit: 0.5} or {points: 5%}
        """,
    ),
    mistake(
        "share effect with two scales",
        lever(effects="{share_target: {logit: 0.5, points: 5%}}"),
        """
        case.yaml:12:215: levers.team.effects.share_target: conflicting keys: logit and points
            allowed: only logit or points
        """,
    ),
    mistake(
        "retention without a scale",
        lever(effects="{takeover_retention: 0.5}"),
        """
        case.yaml:12:221: levers.team.effects.takeover_retention: wrong type: 0.5
            allowed: a map with logit
            hint: state it as {logit: 0.8}
        """,
    ),
    mistake(
        "growth of nothing",
        lever(effects="{wallet_growth: {line: coatings}}"),
        """
        case.yaml:12:216: levers.team.effects.wallet_growth.rate: missing key
            hint: state rate: Growth of the wallet a year that it adds.
        """,
    ),
    mistake(
        "wallet creation without its size",
        lever(effects="{wallet_creation: {rate: 0.05 per year}}"),
        """
        case.yaml:12:218: levers.team.effects.wallet_creation.median: missing key
            hint: state median: Median of the factor by which a jump multiplies the wallet.
        case.yaml:12:218: levers.team.effects.wallet_creation.log_sd: missing key
            hint: state log_sd: Standard deviation of the log of that factor.
        """,
    ),
    mistake(
        "unknown line of an effect",
        lever(effects="{share_target: {logit: 0.5, line: coating}}"),
        """
        case.yaml:12:234: levers.team.effects.share_target.line: unknown product: coating
            did you mean: coatings
        """,
    ),
    mistake(
        "line that the target does not buy",
        lever(effects="{share_target: {logit: 0.5, line: service}}"),
        """
        case.yaml:12:234: levers.team.effects.share_target.line: inconsistent: service
            hint: no customer of the target buys it
        """,
    ),
    mistake(
        "line of another product",
        {
            "Nordwerk": BUYS_BOTH,
            **lever(target="{product: coatings}", effects="{wallet_growth: {rate: 1%, line: service}}"),
        },
        """
        case.yaml:12:232: levers.team.effects.wallet_growth.line: inconsistent: service
            hint: the lever acts on coatings only
        """,
    ),
    mistake(
        "share that is fixed",
        lever(target="{customer: Fjordline}", effects="{share_target: {logit: 0.5}}"),
        """
        case.yaml:12:216: levers.team.effects.share_target: inconsistent: Fjordline coatings
            hint: these shares are fixed; state {now: ..} for what can move, or leave this out
        """,
    ),
    mistake(
        "points beyond the whole wallet",
        lever(effects="{share_target: {points: 80%}}"),
        """
        case.yaml:12:224: levers.team.effects.share_target.points: out of range: 80%
            allowed: above -28% and below 72%
            hint: the share of Nordwerk in coatings is 28% today
        """,
    ),
    mistake(
        "points below nothing",
        lever(effects="{share_target: {points: -30%}}"),
        """
        case.yaml:12:224: levers.team.effects.share_target.points: out of range: -30%
            allowed: above -28% and below 72%
            hint: the share of Nordwerk in coatings is 28% today
        """,
    ),
    mistake(
        "unknown lever that becomes more effective",
        lever(effects="{effectiveness: {ratio: 1.3, levers: [teem]}}"),
        """
        case.yaml:12:238: levers.team.effects.effectiveness.levers.0: unknown lever: teem
            did you mean: team
        """,
    ),
    mistake(
        "lever that makes itself more effective",
        lever(effects="{effectiveness: {ratio: 1.3, levers: [team]}}"),
        """
        case.yaml:12:238: levers.team.effects.effectiveness.levers.0: inconsistent: team
            hint: a lever cannot make itself more effective; name other levers, or `all` others
        """,
    ),
    mistake(
        "effectiveness of no lever",
        lever(effects="{effectiveness: {ratio: 1.3, levers: []}}"),
        """
        case.yaml:12:237: levers.team.effects.effectiveness.levers: empty
            allowed: at least one lever
        """,
    ),
    mistake(
        "effectiveness of a word",
        lever(effects="{effectiveness: {ratio: 1.3, levers: team}}"),
        """
        case.yaml:12:237: levers.team.effects.effectiveness.levers: wrong type: team
            allowed: a list of levers, or all
        """,
    ),
    mistake(
        "capacity of a customer",
        lever(effects="{capacity: 1 M EUR per year}"),
        """
        case.yaml:12:211: levers.team.effects.capacity: inconsistent: capacity
            hint: capacity is that of a product; state target: {product: ..}
        """,
    ),
    mistake(
        "capacity of a product without one",
        lever(target="{product: coatings}", effects="{capacity: 1 M EUR per year}"),
        """
        case.yaml:12:210: levers.team.effects.capacity: inconsistent: capacity
            hint: products.coatings has no capacity; state it there, or leave this out
        """,
    ),
    mistake(
        "process costs of a product",
        lever(target="{product: coatings}", effects="{process_cost_ratio: 0.9}"),
        """
        case.yaml:12:220: levers.team.effects.process_cost_ratio: inconsistent: process_cost_ratio
            hint: process costs are those of customers; the target has to be customers, a segment or all
        """,
    ),
    mistake(
        "penalty that is none",
        defaults("growth: 3%, full_service: {churn_hazard_ratio: 0.9, share_target: {logit: 0.4}}"),
        """
        case.yaml:7:118: customer_defaults.full_service.churn_hazard_ratio: out of range: 0.9
            allowed: at least 1
        case.yaml:7:145: customer_defaults.full_service.share_target.logit: out of range: 0.4
            allowed: at most 0
        """,
    ),
    mistake(
        "capacity of nothing",
        {"products": "products: {coatings: {capacity: 0 EUR per year}, service: {}}"},
        """
        case.yaml:6:33: products.coatings.capacity: out of range: 0 EUR per year
            allowed: above 0 EUR per year
        """,
    ),
    mistake(
        "strategy that changes the economy",
        strategy("{economy: {}}"),
        """
        case.yaml:14:9: strategies.try.economy: unknown key: economy
            hint: a strategy changes levers, product_mix, cost_programmes, roles and sponsor_programme only; another economy, other customers or draws are another scenario
        """,
    ),
    mistake(
        "strategy with a typing error",
        strategy("{lever: {team: {start: now}}}"),
        """
        case.yaml:14:9: strategies.try.lever: unknown key: lever
            did you mean: levers
        """,
    ),
    mistake(
        "strategy called baseline",
        {"strategies": "strategies: {baseline: {}}"},
        """
        case.yaml:12:14: strategies.baseline: reserved name: baseline
            hint: the baseline is always there, without any lever; choose another name
        """,
    ),
    mistake(
        "strategy that extends the baseline",
        strategy("{extends: baseline}"),
        """
        case.yaml:14:18: strategies.try.extends: unknown strategy: baseline
            hint: nothing happens in the baseline; leave `extends` out
        """,
    ),
    mistake(
        "strategy that extends a stranger",
        strategy("{extends: tri, levers: {team: }}"),
        """
        case.yaml:14:18: strategies.try.extends: unknown strategy: tri
            hint: there is no other strategy
        """,
    ),
    mistake(
        "strategies in a circle",
        {"strategies": "strategies: {a: {extends: b}, b: {extends: c}, c: {extends: b}}"},
        """
        case.yaml:12:61: strategies.c.extends: extends itself: a -> b -> c -> b
            hint: remove one `extends:` of this circle
        """,
    ),
    mistake(
        "strategy that extends itself",
        strategy("{extends: try}"),
        """
        case.yaml:14:18: strategies.try.extends: extends itself: try -> try
            hint: remove one `extends:` of this circle
        """,
    ),
    mistake(
        "removal of a plan that is not there",
        strategy("{levers: {team: null}}"),
        """
        case.yaml:14:24: strategies.try.levers.team: nothing to remove
            hint: nothing below states it; leave it out, or state what it is
        """,
    ),
    mistake(
        "removal of a role that is not there",
        {"strategies": "strategies: {a: {}, b: {extends: a, roles: {Nordwerk: }}}"},
        """
        case.yaml:12:55: strategies.b.roles.Nordwerk: nothing to remove
            hint: nothing below states it; leave it out, or state what it is
        """,
    ),
    mistake(
        "unknown lever of a strategy",
        strategy("{levers: {teem: {start: now}}}"),
        """
        case.yaml:14:18: strategies.try.levers.teem: unknown lever: teem
            did you mean: team
        """,
    ),
    mistake(
        "plan without a start",
        strategy("{levers: {team: {spend: 50%}}}"),
        """
        case.yaml:14:24: strategies.try.levers.team.start: missing key
            hint: state start: When it starts: `now`, a time after the valuation date, or `{when: ..}`.
        """,
    ),
    mistake(
        "plan that is a word",
        strategy("{levers: {team: now}}"),
        """
        case.yaml:14:24: strategies.try.levers.team: wrong type: now
            allowed: a map with start, spend
            hint: state it as {start: now}
        """,
    ),
    mistake(
        "start that is no time",
        strategy("{levers: {team: {start: soon}}}"),
        """
        case.yaml:14:32: strategies.try.levers.team.start: not a duration: soon
            hint: write for example 18 months or 6 years
        """,
    ),
    mistake(
        "start after the horizon",
        strategy("{levers: {team: {start: 5 years}}}"),
        """
        case.yaml:14:32: strategies.try.levers.team.start: out of range: 5 years
            allowed: before the horizon, which is at 5 years
        """,
    ),
    mistake(
        "trigger without a kind",
        strategy("{levers: {team: {start: {when: {line: coatings}}}}}"),
        """
        case.yaml:14:39: strategies.try.levers.team.start.when.share_below: missing key
            allowed: share_below or share_above or churn_hazard_above or bad_years or good_years or market_below or market_above
        """,
    ),
    mistake(
        "two triggers",
        strategy("{levers: {team: {start: {when: {bad_years: 2, market_below: 80%}}}}}"),
        """
        case.yaml:14:39: strategies.try.levers.team.start.when: conflicting keys: bad_years and market_below
            allowed: only share_below or share_above or churn_hazard_above or bad_years or good_years or market_below or market_above
        """,
    ),
    mistake(
        "trigger of several customers",
        strategy("{levers: {team: {start: {when: {bad_years: 2}}}}}", target="all"),
        """
        case.yaml:14:39: strategies.try.levers.team.start.when.customer: missing key
            hint: say whose state is judged: the lever team acts on Fjordline, Nordwerk
        """,
    ),
    mistake(
        "trigger of another customer",
        strategy("{levers: {team: {start: {when: {bad_years: 2, customer: Fjordline}}}}}"),
        """
        case.yaml:14:64: strategies.try.levers.team.start.when.customer: inconsistent: Fjordline
            hint: it is no customer of the lever team
        """,
    ),
    mistake(
        "trigger of an unknown customer",
        strategy("{levers: {team: {start: {when: {bad_years: 2, customer: Nordwork}}}}}"),
        """
        case.yaml:14:64: strategies.try.levers.team.start.when.customer: unknown customer: Nordwork
            did you mean: Nordwerk
        """,
    ),
    mistake(
        "market trigger of a customer",
        strategy("{levers: {team: {start: {when: {market_below: 80%, customer: Nordwerk}}}}}"),
        """
        case.yaml:14:69: strategies.try.levers.team.start.when.customer: inconsistent: customer
            hint: market_below is not judged by a customer; leave it out
        """,
    ),
    mistake(
        "trigger with a useless line",
        strategy("{levers: {team: {start: {when: {bad_years: 2, line: coatings}}}}}"),
        """
        case.yaml:14:60: strategies.try.levers.team.start.when.line: inconsistent: line
            hint: bad_years is not judged by a line; leave it out
        """,
    ),
    mistake(
        "share of one of several lines",
        {"Nordwerk": BUYS_BOTH, **strategy("{levers: {team: {start: {when: {share_below: 20%}}}}}")},
        """
        case.yaml:14:39: strategies.try.levers.team.start.when.line: missing key
            hint: say whose share is judged: Nordwerk buys coatings, service
        """,
    ),
    mistake(
        "share of a line that is not bought",
        strategy("{levers: {team: {start: {when: {share_below: 20%, line: service}}}}}"),
        """
        case.yaml:14:64: strategies.try.levers.team.start.when.line: inconsistent: service
            hint: Nordwerk does not buy it
        """,
    ),
    mistake(
        "share that never falls",
        strategy("{levers: {team: {start: {when: {share_below: 20%}}}}}", target="{customer: Fjordline}"),
        """
        case.yaml:14:39: strategies.try.levers.team.start.when: inconsistent: coatings
            hint: the share of Fjordline in coatings is fixed: it never falls
        """,
    ),
    mistake(
        "share that never rises",
        strategy("{levers: {team: {start: {when: {share_above: 20%}}}}}", target="{customer: Fjordline}"),
        """
        case.yaml:14:39: strategies.try.levers.team.start.when: inconsistent: coatings
            hint: the share of Fjordline in coatings is fixed: it never rises
        """,
    ),
    mistake(
        "rising market of a customer",
        strategy("{levers: {team: {start: {when: {market_above: 150%, customer: Nordwerk}}}}}"),
        """
        case.yaml:14:70: strategies.try.levers.team.start.when.customer: inconsistent: customer
            hint: market_above is not judged by a customer; leave it out
        """,
    ),
    mistake(
        "good years of a line",
        strategy("{levers: {team: {start: {when: {good_years: 2, line: coatings}}}}}"),
        """
        case.yaml:14:61: strategies.try.levers.team.start.when.line: inconsistent: line
            hint: good_years is not judged by a line; leave it out
        """,
    ),
    mistake(
        "misspelt trigger",
        strategy("{levers: {team: {start: {when: {market_abov: 150%}}}}}"),
        """
        case.yaml:14:39: strategies.try.levers.team.start.when.share_below: missing key
            allowed: share_below or share_above or churn_hazard_above or bad_years or good_years or market_below or market_above
        case.yaml:14:40: strategies.try.levers.team.start.when.market_abov: unknown key: market_abov
            did you mean: market_above
        """,
    ),
    mistake(
        "unknown product that is dropped",
        strategy("{product_mix: {coating: {drop: now}}}"),
        """
        case.yaml:14:23: strategies.try.product_mix.coating: unknown product: coating
            did you mean: coatings
        """,
    ),
    mistake(
        "product that nobody loses",
        strategy("{product_mix: {service: {drop: now}}}"),
        """
        case.yaml:14:32: strategies.try.product_mix.service: empty target: service
            hint: no customer buys it
        """,
    ),
    mistake(
        "product that a customer does not buy",
        {"Nordwerk": BUYS_BOTH, **strategy("{product_mix: {service: {drop: now, customers: [Fjordline]}}}")},
        """
        case.yaml:14:55: strategies.try.product_mix.service.customers: inconsistent: Fjordline
            hint: no buyer of service
        """,
    ),
    mistake(
        "product that a segment does not buy",
        strategy("{product_mix: {service: {drop: now, segment: north}}}"),
        """
        case.yaml:14:53: strategies.try.product_mix.service.segment: empty target: north
            hint: no customer of it buys service
        """,
    ),
    mistake(
        "drop for customers and a segment",
        strategy("{product_mix: {coatings: {drop: now, segment: north, customers: [Nordwerk]}}}"),
        """
        case.yaml:14:33: strategies.try.product_mix.coatings: conflicting keys: customers and segment
            allowed: only customers or segment
        """,
    ),
    mistake(
        "drop after the horizon",
        strategy("{product_mix: {coatings: {drop: 6 years}}}"),
        """
        case.yaml:14:40: strategies.try.product_mix.coatings.drop: out of range: 6 years
            allowed: before the horizon, which is at 5 years
        """,
    ),
    mistake(
        "drop on a trigger",
        strategy("{product_mix: {coatings: {drop: {when: {bad_years: 2}}}}}"),
        """
        case.yaml:14:40: strategies.try.product_mix.coatings.drop: wrong type: a map of 1 key
            allowed: a number such as 18 months
        """,
    ),
    mistake(
        "cut of nothing",
        strategy("{cost_programmes: {cut: {lever: team, maintenance: 40%, start: now}}}"),
        """
        case.yaml:14:40: strategies.try.cost_programmes.cut.lever: inconsistent: team
            hint: levers.team states no maintenance that could be cut
        """,
    ),
    mistake(
        "cut of an unknown lever",
        strategy("{cost_programmes: {cut: {lever: teem, maintenance: 40%, start: now}}}"),
        """
        case.yaml:14:40: strategies.try.cost_programmes.cut.lever: unknown lever: teem
            did you mean: team
        """,
    ),
    mistake(
        "cut that leaves all",
        strategy("{cost_programmes: {cut: {lever: team, maintenance: 100%, start: now}}}"),
        """
        case.yaml:14:59: strategies.try.cost_programmes.cut.maintenance: out of range: 100%
            allowed: at least 0% and below 100%
        """,
    ),
    mistake(
        "lever named twice",
        strategy(
            "{levers: {team: {start: now}}, cost_programmes: {cut: {lever: team, maintenance: 40%, start: now}}}",
            maintenance="1 M EUR per year",
        ),
        """
        case.yaml:14:70: strategies.try.cost_programmes.cut.lever: duplicate lever: team
            hint: levers.team names it already; a strategy names each lever once
        """,
    ),
    mistake(
        "unknown role",
        strategy("{roles: {Nordwerk: champion}}"),
        """
        case.yaml:14:27: strategies.try.roles.Nordwerk: unknown word: champion
            allowed: one of hands_off, loose_cannon, social_visitor, dealmaker, growth_champion, mix
            did you mean: growth_champion
        """,
    ),
    mistake(
        "role of an unknown customer",
        strategy("{roles: {Nordwork: dealmaker}}"),
        """
        case.yaml:14:17: strategies.try.roles.Nordwork: unknown customer: Nordwork
            did you mean: Nordwerk
        """,
    ),
    mistake(
        "more roles than there are",
        {
            "executives": "executives: {limit: {dealmaker: 1}}",
            "strategies": "strategies: {try: {roles: {Nordwerk: dealmaker, Fjordline: dealmaker}}}",
        },
        """
        case.yaml:13:27: strategies.try.roles: too many roles: 2 of dealmaker in try
            allowed: at most 1
            hint: assign fewer, or raise executives.limit
        """,
    ),
    mistake(
        "reference mix that is not the whole",
        {"end": "executives: {reference_mix: {hands_off: 28%, dealmaker: 18%}}"},
        """
        case.yaml:12:29: executives.reference_mix: wrong shares: 46%
            allowed: 100% together
            hint: the shares of the roles add up to this; a role that is not stated has none
        """,
    ),
    mistake(
        "role that all and more leave",
        {"end": "executives: {transitions: {dealmaker: {hands_off: 60%, growth_champion: 50%}}}"},
        """
        case.yaml:12:39: executives.transitions.dealmaker: wrong shares: 110%
            allowed: at most 100% together
        """,
    ),
    mistake(
        "role that moves to itself",
        {"end": "executives: {transitions: {dealmaker: {dealmaker: 60%}}}"},
        """
        case.yaml:12:51: executives.transitions.dealmaker.dealmaker: inconsistent: 60%
            hint: state the moves to other roles; the rest stays
        """,
    ),
    mistake(
        "programme that makes fewer champions",
        {"end": "executives: {sponsor_programme: {champions: 2%}}"},
        """
        case.yaml:12:45: executives.sponsor_programme.champions: out of range: 2%
            allowed: at least 4%, as many as without the programme
        """,
    ),
    mistake(
        "unknown role in the costs",
        {"end": "executives: {cost: {champion: 1 EUR per year}}"},
        """
        case.yaml:12:21: executives.cost.champion: unknown key: champion
            did you mean: growth_champion
        """,
    ),
    mistake(
        "damage that does good",
        {"end": "executives: {damage: {share: {logit: 0.3}}}"},
        """
        case.yaml:12:38: executives.damage.share.logit: out of range: 0.3
            allowed: at most 0
        """,
    ),
    mistake(
        "limit below nobody",
        {"end": "executives: {limit: {dealmaker: -1}}"},
        """
        case.yaml:12:33: executives.limit.dealmaker: out of range: -1
            allowed: a whole number from 0 to 1000000
        """,
    ),
]


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda each: each.name)
def test_mistake_gets_its_message(mistake: Mistake, write: Callable[..., Path]) -> None:
    path = write(**mistake.changes)

    with pytest.raises(ScenarioError) as raised:
        load_scenario(path)

    assert mistake.expected == "\n".join(problem.text() for problem in raised.value.problems)
