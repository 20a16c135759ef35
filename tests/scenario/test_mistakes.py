# ruff: noqa: E501 (messages and one-line scenarios are as long as they are)
"""Every mistake that an analyst is likely to make, and the full message that it gets."""

import textwrap
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from crcsim.errors import ScenarioError
from crcsim.scenario import load_scenario


class Mistake(NamedTuple):
    """Parts of the sound scenario that are replaced, and what is then said."""

    name: str
    changes: Mapping[str, str]
    expected: str


def mistake(name: str, changes: Mapping[str, str], expected: str) -> Mistake:
    """A mistake with its message, indented as the source."""
    return Mistake(name, changes, textwrap.dedent(expected).strip())


def nordwerk(entries: str) -> dict[str, str]:
    """More entries of the customer in line 10."""
    sound = "beta: 1.1, lines: {coatings: {wallet: 12.5 M EUR per year, share: {now: 28%}}}"
    return {"Nordwerk": f"  Nordwerk: {{{sound}, {entries}}}"}


def line(entries: str) -> dict[str, str]:
    """The entries of a line in line 10."""
    return {"Nordwerk": f"  Nordwerk: {{beta: 1.1, lines: {{coatings: {{{entries}}}}}}}"}


def defaults(entries: str) -> dict[str, str]:
    """More entries of the defaults in line 7."""
    sound = "volatility: 15%, churn: {yearly_probability: 5%}"
    return {"customer_defaults": f"customer_defaults: {{{sound}, {entries}}}"}


def growth(text: str) -> dict[str, str]:
    """The shared growth in line 7."""
    return defaults(f"growth: {text}")


def premium(text: str) -> dict[str, str]:
    """The premium of coatings in line 6."""
    return {"products": f"products: {{coatings: {{premium: {text}}}, service: {{}}}}"}


def capital(entries: str) -> dict[str, str]:
    """More entries of the capital in line 5."""
    return {"capital": f"capital: {{beta: 1.1, {entries}}}"}


MISTAKES = [
    mistake(
        "tab as indentation",
        {"Nordwerk": "\tNordwerk: {}"},
        """
        case.yaml:10:1: not yaml
            hint: indent with spaces, not with tabs
        """,
    ),
    mistake(
        "empty value",
        {"products": "products:"},
        """
        case.yaml:6:10: products: nothing stated
            allowed: a map from each product to its entries
        """,
    ),
    mistake(
        "second document",
        {"end": "---\ncrcsim: 1"},
        """
        case.yaml:12:1: second document
            hint: one file holds one scenario: remove the line `---`
        """,
    ),
    mistake(
        "duplicate key",
        {"capital": "capital: {beta: 1.1, equity_share: 70%, cost_of_debt: 5%, beta: 1.2}"},
        """
        case.yaml:5:59: duplicate key: beta
            hint: first stated in line 5; keep one of them
        """,
    ),
    mistake(
        "duplicate customer",
        {"Fjordline": '  "Nordwerk": {beta: 0.8}'},
        """
        case.yaml:11:3: duplicate key: Nordwerk
            hint: first stated in line 10; keep one of them
        """,
    ),
    mistake(
        "anchor and alias",
        {"products": "products: {coatings: &a {premium: 12%}, service: *a}"},
        """
        case.yaml:6:22: anchor: &a
            hint: write the value out where it is used
        case.yaml:6:50: alias: *a
            hint: write the value out, or use `extends:`
        """,
    ),
    mistake(
        "tag",
        {"products": "products: {coatings: {premium: !!str 12%}, service: {}}"},
        """
        case.yaml:6:32: tag: tag:yaml.org,2002:str
            hint: remove the tag; types follow from the place
        """,
    ),
    mistake(
        "nested too deeply",
        {"end": "sweep: " + "{a: " * 18 + "1" + "}" * 18},
        """
        case.yaml:12:69: nested too deeply
            allowed: at most 16 levels
        """,
    ),
    mistake(
        "number with underscores is text",
        {"end": "simulation: {paths: 100_000}"},
        """
        case.yaml:12:21: simulation.paths: wrong type: 100_000
            allowed: a whole number from 1 to 1000000000
        """,
    ),
    mistake(
        "sexagesimal is text",
        {"end": "simulation: {seed: 1:30}"},
        """
        case.yaml:12:20: simulation.seed: wrong type: 1:30
            allowed: a whole number from 0 to 9223372036854775807
        """,
    ),
    mistake(
        "key without text",
        {"end": "? [a, b]\n: 1"},
        """
        case.yaml:12:3: key without text
            hint: write the key as a word or a name
        """,
    ),
    mistake(
        "wrong version",
        {"crcsim": "crcsim: 2"},
        """
        case.yaml:1:9: crcsim: unsupported version: 2
            allowed: 1
        """,
    ),
    mistake(
        "version missing",
        {"crcsim": ""},
        """
        case.yaml:1:1: crcsim: missing key
            hint: state crcsim: The version of the scenario format.
        """,
    ),
    mistake(
        "unknown part",
        {"end": "corelations: []"},
        """
        case.yaml:12:1: corelations: unknown key: corelations
            did you mean: correlations
        """,
    ),
    mistake(
        "unknown key without a near one",
        {"money": "money: {currency: EUR, zzz: 1}"},
        """
        case.yaml:3:24: money.zzz: unknown key: zzz
            hint: known keys: currency, basis
        """,
    ),
    mistake(
        "unknown key in a customer",
        nordwerk("colour: red"),
        """
        case.yaml:10:94: customers.Nordwerk.colour: unknown key: colour
            hint: known keys: id, segment, geography, industry, beta, growth, volatility, coupling, rate, phase, phases, tenure, direct_cost, discount, acquisition, churn, takeover, insolvency, win_back, event_correlation, observed_with_other_causes, receivable_days, payable_days, prepayment_received_days, prepayment_made_days, full_service, receptiveness, costs, investments, processes, lines
        """,
    ),
    mistake(
        "unknown key in the defaults",
        defaults("growth: 3%, volatilty: 12%"),
        """
        case.yaml:7:83: customer_defaults.volatilty: unknown key: volatilty
            did you mean: volatility
        """,
    ),
    mistake(
        "key of another part",
        defaults("growth: 3%, id: X"),
        """
        case.yaml:7:83: customer_defaults.id: misplaced key: id
            hint: it belongs in the customer's own row
        """,
    ),
    mistake(
        "no is text, not false",
        nordwerk("observed_with_other_causes: no"),
        """
        case.yaml:10:122: customers.Nordwerk.observed_with_other_causes: wrong type: no
            allowed: true or false
            hint: `yes`, `no`, `on` and `off` are text in YAML 1.2
        """,
    ),
    mistake(
        "boolean for a number",
        nordwerk("coupling: true"),
        """
        case.yaml:10:104: customers.Nordwerk.coupling: wrong type: true
            allowed: a number such as 0.5
        """,
    ),
    mistake(
        "quoted number",
        nordwerk('coupling: "1.5"'),
        """
        case.yaml:10:104: customers.Nordwerk.coupling: wrong type: 1.5
            allowed: a number such as 0.5
            hint: write the number without quotes
        """,
    ),
    mistake(
        "thousands separators",
        nordwerk("direct_cost: '350,000 EUR per year'"),
        """
        case.yaml:10:107: customers.Nordwerk.direct_cost: not an amount: 350,000 EUR per year
            hint: write the number without thousands separators
        """,
    ),
    mistake(
        "decimal comma",
        nordwerk("coupling: '1,5'"),
        """
        case.yaml:10:104: customers.Nordwerk.coupling: not a number: 1,5
            hint: write a decimal point, not a comma
        """,
    ),
    mistake(
        "not a number",
        nordwerk("volatility: high"),
        """
        case.yaml:10:106: customers.Nordwerk.volatility: not a number: high
            hint: write for example 5%
        """,
    ),
    mistake(
        "NaN",
        nordwerk("coupling: .nan"),
        """
        case.yaml:10:104: customers.Nordwerk.coupling: not finite: .nan
            allowed: a finite number
        """,
    ),
    mistake(
        "infinity",
        nordwerk("coupling: .inf"),
        """
        case.yaml:10:104: customers.Nordwerk.coupling: not finite: .inf
            allowed: a finite number
        """,
    ),
    mistake(
        "word inf where there is an end",
        {"time": "time: {valuation_date: 2026-01-01, years: inf}"},
        """
        case.yaml:2:43: time.years: not finite: inf
            allowed: a finite number
        """,
    ),
    mistake(
        "map for a text",
        nordwerk("geography: {}"),
        """
        case.yaml:10:105: customers.Nordwerk.geography: wrong type: a map of 0 keys
            allowed: a text
        """,
    ),
    mistake(
        "list for a map",
        {"products": "products: [coatings, service]"},
        """
        case.yaml:6:11: products: wrong type: a list of 2
            allowed: a map from each product to its entries
        """,
    ),
    mistake(
        "impossible date",
        {"time": "time: {valuation_date: 2026-02-30, years: 5}"},
        """
        case.yaml:2:24: time.valuation_date: wrong type: 2026-02-30
            allowed: a date such as 2026-01-31
        """,
    ),
    mistake(
        "missing date",
        {"time": "time: {years: 5}"},
        """
        case.yaml:2:7: time.valuation_date: missing key
            hint: state valuation_date: The date of the valuation, time 0.
        """,
    ),
    mistake(
        "unknown word",
        nordwerk("phase: matureity"),
        """
        case.yaml:10:101: customers.Nordwerk.phase: unknown word: matureity
            allowed: one of prospect, build_up, growth, maturity, decline
            did you mean: maturity
        """,
    ),
    mistake(
        "wrong flow timing",
        {"time": "time: {valuation_date: 2026-01-01, years: 5, flow_timing: middle}"},
        """
        case.yaml:2:59: time.flow_timing: unknown word: middle
            allowed: one of end, mid, begin
            did you mean: mid
        """,
    ),
    mistake(
        "periods of five",
        {"time": "time: {valuation_date: 2026-01-01, years: 5, periods_per_year: 5}"},
        """
        case.yaml:2:64: time.periods_per_year: out of range: 5
            allowed: one of 1, 2, 4, 12
        """,
    ),
    mistake(
        "broken number of periods",
        {"time": "time: {valuation_date: 2026-01-01, years: 5.3, periods_per_year: 4}"},
        """
        case.yaml:2:43: time.years: broken period: 5.3
            allowed: a multiple of 1/4 year
            hint: 21.2 periods are not a whole number
        """,
    ),
    mistake(
        "too many periods",
        {"time": "time: {valuation_date: 2026-01-01, years: 400, periods_per_year: 12}"},
        """
        case.yaml:2:43: time.years: too many periods: 4800
            allowed: at most 4000 periods
        """,
    ),
    mistake(
        "no paths",
        {"end": "simulation: {paths: 0}"},
        """
        case.yaml:12:21: simulation.paths: out of range: 0
            allowed: a whole number from 1 to 1000000000
        """,
    ),
    mistake(
        "duration without a unit word",
        nordwerk("tenure: 18 moons"),
        """
        case.yaml:10:102: customers.Nordwerk.tenure: not a duration: 18 moons
            hint: write for example 18 months or 6 years
        """,
    ),
    mistake(
        "wrong currency",
        line("wallet: 2 M USD per year, share: 20%"),
        """
        case.yaml:10:52: customers.Nordwerk.lines.coatings.wallet: wrong currency: 2 M USD per year
            allowed: EUR
            hint: a scenario has one currency; convert the amount
        """,
    ),
    mistake(
        "amount without its period",
        line("wallet: 2 M EUR, share: 20%"),
        """
        case.yaml:10:52: customers.Nordwerk.lines.coatings.wallet: missing period: 2 M EUR
            allowed: per year
            hint: write for example 12.5 M EUR per year
        """,
    ),
    mistake(
        "amount per month",
        line("wallet: 2 M EUR per month, share: 20%"),
        """
        case.yaml:10:52: customers.Nordwerk.lines.coatings.wallet: wrong period: 2 M EUR per month
            allowed: per year
            hint: write for example 12.5 M EUR per year
        """,
    ),
    mistake(
        "currency code",
        {"money": "money: {currency: euro}"},
        """
        case.yaml:3:19: money.currency: wrong type: euro
            allowed: three capital letters such as EUR
        """,
    ),
    mistake(
        "per year on a share",
        line("wallet: 2 M EUR per year, share: 20% per year"),
        """
        case.yaml:10:77: customers.Nordwerk.lines.coatings.share: unexpected unit: 20% per year
            hint: leave out `per year`; write for example 5%
        """,
    ),
    mistake(
        "share above 100 %",
        line("wallet: 2 M EUR per year, share: 120%"),
        """
        case.yaml:10:77: customers.Nordwerk.lines.coatings.share: out of range: 120%
            allowed: above 0% and at most 100%
        """,
    ),
    mistake(
        "moving share of 100 %",
        line("wallet: 2 M EUR per year, share: {now: 100%}"),
        """
        case.yaml:10:83: customers.Nordwerk.lines.coatings.share.now: out of range: 100%
            allowed: above 0% and below 100%
        """,
    ),
    mistake(
        "fixed and moving",
        line("wallet: 2 M EUR per year, share: {fixed: 20%, target: 30%}"),
        """
        case.yaml:10:77: customers.Nordwerk.lines.coatings.share: conflicting keys: fixed and target
            allowed: only fixed or now
        """,
    ),
    mistake(
        "wallet without a share",
        line("wallet: 2 M EUR per year"),
        """
        case.yaml:10:43: customers.Nordwerk.lines.coatings.share: missing key
            hint: state share: Our share of the wallet.
        """,
    ),
    mistake(
        "neither wallet nor sales",
        line("share: 20%"),
        """
        case.yaml:10:43: customers.Nordwerk.lines.coatings.wallet: missing key
            allowed: wallet or sales
        """,
    ),
    mistake(
        "wallet and sales",
        line("wallet: 2 M EUR per year, sales: 1 M EUR per year, share: 20%"),
        """
        case.yaml:10:43: customers.Nordwerk.lines.coatings: conflicting keys: wallet and sales
            allowed: only wallet or sales
        """,
    ),
    mistake(
        "negative wallet",
        line("wallet: -2 M EUR per year, share: 20%"),
        """
        case.yaml:10:52: customers.Nordwerk.lines.coatings.wallet: out of range: -2 M EUR per year
            allowed: above 0 EUR per year
        """,
    ),
    mistake(
        "no lines",
        {"Nordwerk": "  Nordwerk: {beta: 1.1}"},
        """
        case.yaml:10:13: customers.Nordwerk.lines: missing key
            hint: state lines: What it buys, by product.
        """,
    ),
    mistake(
        "empty lines",
        {"Nordwerk": "  Nordwerk: {beta: 1.1, lines: {}}"},
        """
        case.yaml:10:32: customers.Nordwerk.lines: empty
            allowed: at least one product
        """,
    ),
    mistake(
        "no beta",
        {"Nordwerk": "  Nordwerk: {lines: {coatings: {wallet: 1 M EUR per year, share: 20%}}}"},
        """
        case.yaml:10:13: customers.Nordwerk.beta: missing key
            hint: state beta: Loading of the customer's business on the market.
        """,
    ),
    mistake(
        "risk as a bare number",
        nordwerk("churn: 5%"),
        """
        case.yaml:10:101: customers.Nordwerk.churn: wrong type: 5%
            allowed: a map with yearly_probability, hazard, tenure_shape, tenure_reference
            hint: state a risk as {yearly_probability: 5%} or {hazard: 5% per year}
        """,
    ),
    mistake(
        "risk stated twice",
        nordwerk("takeover: {yearly_probability: 2%, hazard: 2%}"),
        """
        case.yaml:10:104: customers.Nordwerk.takeover: conflicting keys: yearly_probability and hazard
            allowed: only yearly_probability or hazard
        """,
    ),
    mistake(
        "certain risk",
        nordwerk("churn: {yearly_probability: 100%}"),
        """
        case.yaml:10:122: customers.Nordwerk.churn.yearly_probability: out of range: 100%
            allowed: at least 0% and below 100%
        """,
    ),
    mistake(
        "negative hazard",
        nordwerk("churn: {hazard: -1%}"),
        """
        case.yaml:10:110: customers.Nordwerk.churn.hazard: out of range: -1%
            allowed: at least 0%
        """,
    ),
    mistake(
        "probability as percent without the sign",
        nordwerk("takeover: {yearly_probability: 2}"),
        """
        case.yaml:10:125: customers.Nordwerk.takeover.yearly_probability: out of range: 2
            allowed: at least 0% and below 100%
        """,
    ),
    mistake(
        "observed causes leave no survivors",
        nordwerk(
            "observed_with_other_causes: true, churn: {yearly_probability: 60%}, takeover: {yearly_probability: 40%}"
        ),
        """
        case.yaml:10:122: customers.Nordwerk.observed_with_other_causes: out of range: 100%
            allowed: below 100%
            hint: the yearly probabilities of churn, takeover and insolvency add up to this
        """,
    ),
    mistake(
        "observed hazard",
        nordwerk("observed_with_other_causes: true, churn: {hazard: 5%}"),
        """
        case.yaml:10:122: customers.Nordwerk.observed_with_other_causes: inconsistent: true
            hint: churn is stated as a hazard; state every cause as a yearly_probability
        """,
    ),
    mistake(
        "prospect without acquisition",
        nordwerk("phase: prospect"),
        """
        case.yaml:10:13: customers.Nordwerk.acquisition: missing key
            hint: a prospect needs acquisition: {spend: .., conversion: {yearly_probability: ..}}
        """,
    ),
    mistake(
        "acquisition of a customer",
        nordwerk("acquisition: {spend: 1 M EUR per year, conversion: {yearly_probability: 20%}}"),
        """
        case.yaml:10:107: customers.Nordwerk.acquisition: inconsistent: acquisition
            hint: the phase is maturity; only a prospect is acquired
        """,
    ),
    mistake(
        "premium and expected return",
        {
            "economy": "economy: {real_rate: 1%, expected_inflation: 2%, market: {expected_return: 8%, premium: 5%, volatility: 17%}, industries: {marine: {volatility: 15%}}}"
        },
        """
        case.yaml:4:58: economy.market: conflicting keys: expected_return and premium
            allowed: only expected_return or premium or regimes
        """,
    ),
    mistake(
        "market without a return",
        {"economy": "economy: {real_rate: 1%, expected_inflation: 2%, market: {volatility: 17%}}"},
        """
        case.yaml:4:58: economy.market.expected_return: missing key
            allowed: expected_return or premium or regimes
        """,
    ),
    mistake(
        "neither beta nor rate",
        {"capital": "capital: {equity_share: 100%}"},
        """
        case.yaml:5:10: capital.beta: missing key
            allowed: beta or rate
            hint: state the firm's equity beta for the CAPM, or its cost of capital as `rate`
        """,
    ),
    mistake(
        "debt without a cost",
        capital("equity_share: 70%"),
        """
        case.yaml:5:10: capital.cost_of_debt: missing key
            hint: equity_share is 0.7: state what the debt costs per year
        """,
    ),
    mistake(
        "equity share of nothing",
        capital("equity_share: 0%"),
        """
        case.yaml:5:36: capital.equity_share: out of range: 0%
            allowed: above 0% and at most 100%
        """,
    ),
    mistake(
        "unknown horizon value",
        capital("horizon_value: perpetual"),
        """
        case.yaml:5:37: capital.horizon_value: unknown word: perpetual
            allowed: none, perpetuity or {perpetuity: {growth: 1%}}
            did you mean: perpetuity
        """,
    ),
    mistake(
        "horizon value without end",
        capital("horizon_value: {perpetuity: {growth: 16%}}"),
        """
        case.yaml:5:37: customers.Fjordline: horizon value without end: growth 0.16, cost of capital 0.085, hazard of loss 0.05129
            allowed: growth at least one point a year below cost of capital plus hazard
            hint: state capital.horizon_value: {perpetuity: {growth: ..}} with a lower growth, or none
        case.yaml:5:37: customers.Nordwerk: horizon value without end: growth 0.16, cost of capital 0.085, hazard of loss 0.05129
            allowed: growth at least one point a year below cost of capital plus hazard
            hint: state capital.horizon_value: {perpetuity: {growth: ..}} with a lower growth, or none
        """,
    ),
    mistake(
        "unknown product",
        {"Nordwerk": "  Nordwerk: {beta: 1.1, lines: {coating: {wallet: 1 M EUR per year, share: 20%}}}"},
        """
        case.yaml:10:33: customers.Nordwerk.lines.coating: unknown product: coating
            did you mean: coatings
        """,
    ),
    mistake(
        "unknown industry",
        nordwerk("industry: {maritime: 0.5}"),
        """
        case.yaml:10:105: customers.Nordwerk.industry.maritime: unknown industry: maritime
            did you mean: marine
        """,
    ),
    mistake(
        "unknown segment",
        nordwerk("segment: nord"),
        """
        case.yaml:10:103: customers.Nordwerk.segment: unknown segment: nord
            did you mean: north
        """,
    ),
    mistake(
        "unknown factor",
        nordwerk("event_correlation: {rho: 20%, factor: markets}"),
        """
        case.yaml:10:132: customers.Nordwerk.event_correlation.factor: unknown factor: markets
            did you mean: market
        """,
    ),
    mistake(
        "merger with itself",
        {"end": "mergers: [{target: Nordwerk, buyer: Nordwerk, yearly_probability: 2%}]"},
        """
        case.yaml:12:37: mergers.0.buyer: same customer: Nordwerk
            hint: a customer cannot merge with itself
        """,
    ),
    mistake(
        "merger of a stranger",
        {"end": "mergers: [{target: Nordwork, buyer: Fjordline, yearly_probability: 2%}]"},
        """
        case.yaml:12:20: mergers.0.target: unknown customer: Nordwork
            did you mean: Nordwerk
        """,
    ),
    mistake(
        "merger twice",
        {
            "end": "mergers: [{target: Nordwerk, buyer: Fjordline, yearly_probability: 2%}, {target: Nordwerk, buyer: Fjordline, hazard: 1%}]"
        },
        """
        case.yaml:12:73: mergers.1: duplicate merger: Nordwerk -> Fjordline
            hint: this merger is listed already; add up the probabilities
        """,
    ),
    mistake(
        "segment cost without segment",
        {"end": "costs: [{name: office, level: segment, amount: 1 M EUR per year}]"},
        """
        case.yaml:12:9: costs.0.segment: missing key
            hint: name the segment that bears this cost
        """,
    ),
    mistake(
        "company cost with segment",
        {"end": "costs: [{name: office, level: company, segment: north, amount: 1 M EUR per year}]"},
        """
        case.yaml:12:49: costs.0.segment: inconsistent: north
            hint: a cost of the company has no segment; write level: segment, or leave the segment out
        """,
    ),
    mistake(
        "cost twice",
        {
            "end": "costs: [{name: office, amount: 1 M EUR per year}, {name: office, amount: 2 M EUR per year}]"
        },
        """
        case.yaml:12:58: costs.1.name: duplicate cost: office
            hint: name it otherwise
        """,
    ),
    mistake(
        "identity twice",
        nordwerk("id: Fjordline"),
        """
        case.yaml:10:98: customers.Nordwerk.id: duplicate id: Fjordline
            hint: the customer Fjordline has it already; draws belong to one customer
        """,
    ),
    mistake(
        "name of a sum",
        {"Fjordline": "  total: {beta: 0.8, lines: {coatings: {wallet: 6 M EUR per year, share: 40%}}}"},
        """
        case.yaml:11:10: customers.total: reserved name: total
            hint: results use this name for what belongs to no customer; choose another one
        """,
    ),
    mistake(
        "unknown record",
        {"end": "record: [economics]"},
        """
        case.yaml:12:10: record.0: unknown word: economics
            allowed: one of economy, cascade
            did you mean: economy
        """,
    ),
    mistake(
        "unknown family",
        growth("{norml: {mean: 3%, sd: 1%}}"),
        """
        case.yaml:7:80: customer_defaults.growth.norml: unknown key: norml
            did you mean: normal
        """,
    ),
    mistake(
        "two families",
        growth("{normal: {mean: 3%, sd: 1%}, uniform: {low: 1%, high: 2%}}"),
        """
        case.yaml:7:79: customer_defaults.growth: conflicting keys: normal and uniform
            allowed: one of value, normal, truncated_normal, lognormal, beta, pert, triangular, uniform, quantiles
        """,
    ),
    mistake(
        "no family",
        growth("{source: plan}"),
        """
        case.yaml:7:79: customer_defaults.growth: missing key
            allowed: one of value, normal, truncated_normal, lognormal, beta, pert, triangular, uniform, quantiles
        """,
    ),
    mistake(
        "incomplete family",
        growth("{normal: {mean: 3%}}"),
        """
        case.yaml:7:88: customer_defaults.growth.normal: incomplete distribution: mean
            allowed: mean, sd or quantiles
        """,
    ),
    mistake(
        "unknown parameter",
        growth("{normal: {mean: 3%, std: 1%}}"),
        """
        case.yaml:7:99: customer_defaults.growth.normal.std: unknown key: std
            did you mean: sd
        """,
    ),
    mistake(
        "negative standard deviation",
        growth("{normal: {mean: 3%, sd: -1%}}"),
        """
        case.yaml:7:103: customer_defaults.growth.normal.sd: out of range: -1%
            allowed: at least 0%
        """,
    ),
    mistake(
        "low above high",
        growth("{uniform: {low: 3%, high: 1%}}"),
        """
        case.yaml:7:105: customer_defaults.growth.uniform.high: inconsistent distribution: 1%
            allowed: above low, which is 3%
        """,
    ),
    mistake(
        "mode outside",
        growth("{pert: {low: 1%, mode: 5%, high: 3%}}"),
        """
        case.yaml:7:102: customer_defaults.growth.pert.mode: inconsistent distribution: 5%
            allowed: from low 1% to high 3%
        """,
    ),
    mistake(
        "mean outside truncation",
        growth("{truncated_normal: {mean: 9%, sd: 1%, low: 1%, high: 5%}}"),
        """
        case.yaml:7:105: customer_defaults.growth.truncated_normal.mean: inconsistent distribution: 9%
            allowed: above 1% and below 5%
        """,
    ),
    mistake(
        "truncation missing",
        growth("{truncated_normal: {mean: 3%, sd: 1%, low: 1%}}"),
        """
        case.yaml:7:98: customer_defaults.growth.truncated_normal: incomplete distribution: low, mean, sd
            allowed: mean, sd or quantiles with low, high
        """,
    ),
    mistake(
        "impossible beta",
        premium("{beta: {mean: 50%, sd: 50%}}"),
        """
        case.yaml:6:55: products.coatings.premium.beta.sd: inconsistent distribution: 50%
            allowed: below 50% for a beta with this mean
        """,
    ),
    mistake(
        "quantiles not increasing",
        growth("{quantiles: {5%: 4%, 95%: 2%}}"),
        """
        case.yaml:7:91: customer_defaults.growth.quantiles: quantiles not increasing: 5%: 4%, 95%: 2%
            allowed: a larger value at a larger probability
        """,
    ),
    mistake(
        "quantile at certainty",
        growth("{normal: {quantiles: {5%: 1%, 100%: 2%}}}"),
        """
        case.yaml:7:109: customer_defaults.growth.normal.quantiles.100%: out of range: 100%
            allowed: above 0% and below 100%
        """,
    ),
    mistake(
        "one quantile",
        growth("{quantiles: {50%: 2%}}"),
        """
        case.yaml:7:91: customer_defaults.growth.quantiles: wrong number of quantiles: 1
            allowed: two or three
        """,
    ),
    mistake(
        "distribution leaves its range",
        nordwerk("takeover: {yearly_probability: {normal: {mean: 2%, sd: 1%}}}"),
        """
        case.yaml:10:134: customers.Nordwerk.takeover.yearly_probability.normal: distribution leaves range: normal
            allowed: at least 0% and below 100%
            hint: 0.023 of its draws would fall outside; use truncated_normal, beta, pert or quantiles
        """,
    ),
    mistake(
        "uniform leaves its range",
        nordwerk("takeover: {yearly_probability: {uniform: {low: 0%, high: 120%}}}"),
        """
        case.yaml:10:151: customers.Nordwerk.takeover.yearly_probability.uniform.high: out of range: 120%
            allowed: at least 0% and at most 100%
        """,
    ),
    mistake(
        "each outside customers",
        premium("{normal: {mean: 12%, sd: 1%}, each: true}"),
        """
        case.yaml:6:68: products.coatings.premium.each: misplaced key: each
            hint: `each: true` belongs in customer_defaults or a segment
        """,
    ),
    mistake(
        "each is not a flag",
        growth("{normal: {mean: 12%, sd: 1%}, each: yes}"),
        """
        case.yaml:7:115: customer_defaults.growth.each: wrong type: yes
            allowed: true or false
        """,
    ),
    mistake(
        "unknown basis",
        growth("{value: 2%, basis: reel}"),
        """
        case.yaml:7:98: customer_defaults.growth.basis: unknown word: reel
            allowed: one of nominal, real
            did you mean: real
        """,
    ),
    mistake(
        "correlation with a stranger",
        {
            "end": "correlations: [{rank: 0.4, between: [customer_defaults.growth, economy.market.expected_return2]}]"
        },
        """
        case.yaml:12:64: correlations.0.between.1: unknown place: economy.market.expected_return2
            hint: uncertain quantities: customer_defaults.growth
        """,
    ),
    mistake(
        "correlation with a number",
        {"end": "correlations: [{rank: 0.4, between: [customer_defaults.growth, capital.beta]}]"},
        """
        case.yaml:12:64: correlations.0.between.1: not a distribution: capital.beta
            hint: only what is stated as a distribution can be correlated
        """,
    ),
    mistake(
        "correlation with a shared draw by a customer",
        {
            "end": "correlations: [{rank: 0.4, between: [customers.Nordwerk.growth, capital.beta]}]",
            **capital("rate: {normal: {mean: 8%, sd: 1%}}"),
        },
        """
        case.yaml:12:38: correlations.0.between.0: unknown place: customers.Nordwerk.growth
            did you mean: customer_defaults.growth
            hint: it is one draw that customers share; name it there, or add `each: true` there
        case.yaml:12:65: correlations.0.between.1: not a distribution: capital.beta
            hint: only what is stated as a distribution can be correlated
        """,
    ),
    mistake(
        "correlation with itself",
        {"end": "correlations: [{rank: 0.4, between: [customer_defaults.growth, customer_defaults.growth]}]"},
        """
        case.yaml:12:37: correlations.0.between: wrong names: customer_defaults.growth, customer_defaults.growth
            allowed: two or more different places
        """,
    ),
    mistake(
        "rank of one",
        {"end": "correlations: [{rank: 1, between: [customer_defaults.growth, capital.rate]}]"},
        """
        case.yaml:12:23: correlations.0.rank: out of range: 1
            allowed: above -1 and below 1
        """,
    ),
    mistake(
        "matrix of the wrong size",
        {
            "end": "correlations: [{matrix: [[1, 0.4]], between: [customer_defaults.growth, capital.rate]}]",
            **capital("rate: {normal: {mean: 8%, sd: 1%}}"),
        },
        """
        case.yaml:12:25: correlations.0.matrix: not square: 1 rows
            allowed: 2 rows of 2 numbers, one per name in `between`
        """,
    ),
    mistake(
        "matrix not symmetric",
        {
            "end": "correlations: [{matrix: [[1, 0.4], [0.3, 1]], between: [customer_defaults.growth, capital.rate]}]",
            **capital("rate: {normal: {mean: 8%, sd: 1%}}"),
        },
        """
        case.yaml:12:25: correlations.0.matrix: not symmetric: 0.3
            allowed: 0.4 in row 2, column 1
        """,
    ),
    mistake(
        "matrix with a wrong diagonal",
        {
            "end": "correlations: [{matrix: [[0.9, 0.4], [0.4, 1]], between: [customer_defaults.growth, capital.rate]}]",
            **capital("rate: {normal: {mean: 8%, sd: 1%}}"),
        },
        """
        case.yaml:12:25: correlations.0.matrix: diagonal not one: 0.9
            allowed: 1 in row 1, column 1
        """,
    ),
    mistake(
        "matrix not positive definite",
        {
            "end": "correlations: [{matrix: [[1, 0.9, -0.9], [0.9, 1, 0.9], [-0.9, 0.9, 1]], between: [customer_defaults.growth, capital.rate, products.coatings.premium]}]",
            **capital("rate: {normal: {mean: 8%, sd: 1%}}"),
            **premium("{normal: {mean: 8%, sd: 1%}}"),
        },
        """
        case.yaml:12:25: correlations.0.matrix: not positive definite
            hint: these correlations cannot hold together; move them towards 0
        """,
    ),
    mistake(
        "pair stated twice",
        {
            "end": "correlations: [{rank: 0.4, between: [customer_defaults.growth, capital.rate]}, {rank: 0.5, between: [capital.rate, customer_defaults.growth]}]",
            **capital("rate: {normal: {mean: 8%, sd: 1%}}"),
        },
        """
        case.yaml:12:101: correlations.1.between: duplicate correlation: capital.rate and customer_defaults.growth
            hint: state each pair once
        """,
    ),
    mistake(
        "missing base",
        {"end": "extends: missing.yaml"},
        """
        case.yaml:12:10: extends: missing file: missing.yaml
        """,
    ),
    mistake(
        "missing table",
        {"end": "customer_tables: [{file: missing.csv}]"},
        """
        case.yaml:12:26: customer_tables.0.file: missing file: missing.csv
        """,
    ),
    mistake(
        "table of another type",
        {"end": "customer_tables: [{file: case.yaml}]"},
        """
        case.yaml:12:26: customer_tables.0.file: unknown file type: case.yaml
            allowed: .csv, .parquet or .xlsx
        """,
    ),
    mistake(
        "several at once",
        {**capital("tax_rate: 110%, equity_share: 100%"), **nordwerk("phase: matureity, coupling: -1")},
        """
        case.yaml:5:32: capital.tax_rate: out of range: 110%
            allowed: at least 0% and below 100%
        case.yaml:10:101: customers.Nordwerk.phase: unknown word: matureity
            allowed: one of prospect, build_up, growth, maturity, decline
            did you mean: maturity
        case.yaml:10:122: customers.Nordwerk.coupling: out of range: -1
            allowed: at least 0
        """,
    ),
]


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda each: each.name)
def test_mistake_gets_its_message(mistake: Mistake, write: Callable[..., Path]) -> None:
    path = write(**mistake.changes)

    with pytest.raises(ScenarioError) as raised:
        load_scenario(path)

    assert mistake.expected == "\n".join(problem.text() for problem in raised.value.problems)
