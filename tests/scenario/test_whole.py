# ruff: noqa: E501 (a part of the scenario is one line)
"""The whole: the shape of a scenario, horizon values, correlations, the schema, and text that means nothing."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crcsim.errors import ScenarioError
from crcsim.scenario import Scenario, json_schema, load_scenario
from crcsim.scenario.plausibility import central_cost_of_capital
from crcsim.scenario.positive_definite import is_positive_definite, normal_correlation

Write = Callable[..., Path]


def test_a_scenario_has_canonical_units(write: Write) -> None:
    scenario = load_scenario(write(name="name: Two accounts"))

    assert ("Two accounts", 20, "EUR") == (scenario.name, scenario.time.periods, scenario.money.currency)
    assert (100_000, 1) == (scenario.simulation.paths, scenario.simulation.seed)
    assert scenario.economy.market.expected_return is not None
    assert (0.01, 0.08) == (scenario.economy.real_rate.value, scenario.economy.market.expected_return.value)
    assert (("north", None), (12_500_000.0, 6_000_000.0)) == (
        tuple(customer.segment for customer in reversed(scenario.customers)),
        tuple(line.wallet.value for c in reversed(scenario.customers) for line in c.lines if line.wallet),
    )
    assert scenario.warnings == ()


def test_options_of_the_economy_are_read(write: Write) -> None:
    economy = (
        "economy: {real_rate: 1%, expected_inflation: 2%, fisher: exact, market: {jumps: {rate: 0.2 per year,"
        " log_mean: -15%, log_sd: 10%}, regimes: {good: {expected_return: 11%, volatility: 13%,"
        " leave: {yearly_probability: 10%}}, bad: {expected_return: -5%, volatility: 28%, leave: {hazard: 50%}}}}}"
    )
    market = load_scenario(write(economy=economy)).economy.market

    assert market.regimes is not None
    assert market.jumps is not None
    assert (0.28, "hazard") == (market.regimes.bad.volatility.value, market.regimes.bad.leave.kind)
    assert (0.2, -0.15, 0.0) == (
        market.jumps.rate.value,
        market.jumps.log_mean.value,
        market.volatility.value,
    )


def test_cost_of_debt_may_be_a_list(write: Write) -> None:
    capital = load_scenario(
        write(capital="capital: {beta: 1, equity_share: 60%, cost_of_debt: [4%, 5%]}")
    ).capital

    assert [(0.04, "capital.cost_of_debt.0"), (0.05, "capital.cost_of_debt.1")] == [
        (cost.value, cost.place) for cost in capital.cost_of_debt
    ]


@pytest.mark.parametrize(("stated", "growth"), [("perpetuity", None), ("{perpetuity: {growth: 1%}}", 0.01)])
def test_a_horizon_value_may_state_its_growth(write: Write, stated: str, growth: float | None) -> None:
    capital = load_scenario(
        write(capital=f"capital: {{beta: 1.1, equity_share: 100%, horizon_value: {stated}}}")
    ).capital

    assert capital.horizon_value is not None
    found = capital.horizon_value.growth
    assert growth == (found.value if found else None)


@pytest.mark.parametrize(
    ("capital", "expected"),
    [
        ("beta: 1.2, equity_share: 100%", 0.03 + 1.2 * 0.05),
        (
            "beta: 1.2, equity_share: 60%, cost_of_debt: [4%, 6%], tax_rate: 30%",
            0.6 * 0.09 + 0.4 * 0.05 * 0.7,
        ),
        ("beta: 2, equity_share: 100%, form: log", 1.08**2 / 1.03 - 1),
    ],
)
def test_central_cost_of_capital_is_the_wacc(write: Write, capital: str, expected: float) -> None:
    scenario = load_scenario(write(capital=f"capital: {{{capital}}}"))

    assert central_cost_of_capital(scenario.economy, scenario.capital) == pytest.approx(expected, rel=1e-12)


def test_the_market_of_two_regimes_earns_its_average(write: Write) -> None:
    """Hazards of 1 and 3 per year: three quarters of the time good, 0.75 x 12 % + 0.25 x -4 % = 8 %."""
    economy = (
        "economy: {real_rate: 1%, expected_inflation: 2%, market: {regimes: {good: {expected_return: 12%, volatility: 13%,"
        " leave: {hazard: 1}}, bad: {expected_return: -4%, volatility: 28%, leave: {hazard: 3}}}}}"
    )
    scenario = load_scenario(write(economy=economy, capital="capital: {beta: 2}"))

    assert central_cost_of_capital(scenario.economy, scenario.capital) == pytest.approx(0.13, rel=1e-12)


def test_a_horizon_value_uses_the_rate_of_the_customer_and_real_growth(write: Write) -> None:
    """Own rate 3 % + 2 x 5 % = 13 %; real growth of 12 % is 14.24 % nominal: lost by -ln 0.95, it still ends."""
    row = "  Nordwerk: {beta: 2, rate: own, growth: {value: 12%, basis: real}, lines: {coatings: {wallet: 1 M EUR per year, share: 9%}}}"
    capital = "capital: {rate: 3%, horizon_value: perpetuity}"
    sound = load_scenario(write(Nordwerk=row, capital=capital))

    with pytest.raises(ScenarioError) as raised:
        sound.replace("customers.Nordwerk.rate", "firm")

    assert ["customers.Nordwerk"] == [problem.path for problem in raised.value.problems]


@pytest.mark.parametrize(("growth", "sound"), [("13.0%", True), ("13.5%", False)])
def test_a_horizon_value_needs_a_point_of_margin(write: Write, growth: str, sound: bool) -> None:
    """k = 8.5 %, h = -ln 0.95: (1+g) may reach 1.085 / 0.95 / e^0.01 - 1 = 13.07 %."""
    path = write(
        capital=f"capital: {{beta: 1.1, equity_share: 100%, horizon_value: {{perpetuity: {{growth: {growth}}}}}}}"
    )
    if sound:
        assert load_scenario(path).capital.horizon_value is not None
        return
    with pytest.raises(ScenarioError) as raised:
        load_scenario(path)

    assert {"horizon_value_without_end"} == {problem.code for problem in raised.value.problems}


def test_ranks_that_cannot_hold_together_are_repaired_with_a_warning(write: Write) -> None:
    a, b, c = "customer_defaults.growth", "capital.rate", "products.coatings.premium"
    uncertain = {
        "capital": "capital: {rate: {normal: {mean: 8%, sd: 1%}}}",
        "products": "products: {coatings: {premium: {normal: {mean: 8%, sd: 1%}}}, service: {}}",
    }
    pairs = ", ".join(
        f"{{rank: {rank}, between: [{x}, {y}]}}" for x, y, rank in ((a, b, 0.9), (b, c, 0.9), (a, c, -0.9))
    )
    scenario = load_scenario(write(**uncertain, end=f"correlations: [{pairs}]"))

    assert scenario.warnings == (
        "case.yaml:12:15: correlations: these cannot hold together and are moved to the nearest correlation matrix: "
        "capital.rate, customer_defaults.growth, products.coatings.premium",
    )
    assert [(a, b), (b, c), (a, c)] == [correlation.names for correlation in scenario.correlations]


def test_one_rank_for_several_places_and_names_for_ids(write: Write) -> None:
    row = "  Fjordline: {id: A-17, beta: {normal: {mean: 0.8, sd: 0.1}}, lines: {coatings: {wallet: 1 M EUR per year, share: 40%}}}"
    between = "[customer_defaults.growth, customers.Fjordline.beta, capital.rate]"
    scenario = load_scenario(
        write(
            Fjordline=row,
            capital="capital: {rate: {normal: {mean: 8%, sd: 1%}}}",
            end=f"correlations: [{{rank: 0.3, between: {between}}}]",
        )
    )

    assert ("customer_defaults.growth", "customers.A-17.beta", "capital.rate") == scenario.correlations[
        0
    ].names
    assert ((1.0, 0.3, 0.3), (0.3, 1.0, 0.3), (0.3, 0.3, 1.0)) == scenario.correlations[0].matrix


def test_a_stated_matrix_is_kept(write: Write) -> None:
    matrix = "[[1, 0.3], [0.3, 1]]"
    capital = "capital: {rate: {normal: {mean: 8%, sd: 1%}}}"
    end = f"correlations: [{{matrix: {matrix}, between: [customer_defaults.growth, capital.rate]}}]"

    assert ((1.0, 0.3), (0.3, 1.0)) == load_scenario(write(capital=capital, end=end)).correlations[0].matrix


def test_cholesky_tells_what_holds_together() -> None:
    limit = -1 / 2  # three equal correlations hold together above -1/2

    assert is_positive_definite(
        [[1, limit + 0.01, limit + 0.01], [limit + 0.01, 1, limit + 0.01], [limit + 0.01] * 2 + [1]]
    )
    assert not is_positive_definite([[1, limit, limit], [limit, 1, limit], [limit, limit, 1]])
    assert normal_correlation(1.0) == pytest.approx(1.0)


def test_the_schema_documents_every_key() -> None:
    schema = json_schema()
    jsonschema = pytest.importorskip("jsonschema")
    jsonschema.Draft202012Validator.check_schema(schema)

    customer = schema["$defs"]["customer"]["properties"]
    assert "Loss to a competitor." == customer["churn"]["description"]
    assert all(entry["description"] for entry in (*schema["properties"].values(), *customer.values()))


def test_a_sound_scenario_fits_the_schema(write: Write) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    validator = jsonschema.Draft202012Validator(json_schema())
    scenario = load_scenario(write())
    written = yaml.safe_load(Path("case.yaml").read_text(encoding="utf-8"))
    written["time"]["valuation_date"] = "2026-01-01"

    assert [] == list(validator.iter_errors(written))
    assert [] == list(validator.iter_errors(scenario.resolved()))
    assert [] != list(validator.iter_errors({**written, "corelations": []}))


SOUND = """crcsim: 1
time: {valuation_date: 2026-01-01, years: 5}
money: {currency: EUR}
economy: {real_rate: 1%, expected_inflation: 2%, market: {expected_return: 8%, volatility: 17%}}
capital: {beta: 1.1, equity_share: 70%, cost_of_debt: 5%, horizon_value: {perpetuity: {growth: 1%}}}
products: {coatings: {premium: {normal: {mean: 12%, sd: 1%}}}}
processes: {visits: {level: customer, cost_rate: 400 EUR, parts: [{line: indirect_personnel, share: 100%}]}}
segments: {north: {volatility: 20%, processes: {visits: {fixed: 12 per year}}}}
customers:
  Nordwerk: {segment: north, beta: 1.1, growth: 2%, churn: {hazard: 5%}, lines: {coatings: {wallet: 9 EUR per year, share: 28%, order_value: 5 EUR}}, processes: {visits: {per_order: 1}}, costs: {van: {amount: 9, line: depreciation}}, investments: {van: {amount: 9, at: 1}}}
costs: [{name: office, amount: 9, notice: inf}]
shareholder_value: {debt: 1 k EUR}
ledger: {file: case.yaml, period: 2025}
mergers: [{target: Nordwerk, buyer: Nordwerk, hazard: 1%}]
correlations: [{rank: 0.4, between: [products.coatings.premium, customers.Nordwerk.growth]}]
levers:
  team: {preset: align_organisation, target: {customer: Nordwerk}, spend: {amount: 9, duration: 2}, maintenance: 5, response: {half_effect_spend: 9}, effects: {coupling: null, share_target: {points: 5%, line: coatings}}}
  plant: {target: {product: coatings}, spend: {payments: [1, 2]}, maintenance: 1, response: {decay: 9%, judgements: {floor: 20%, maintenance: 30%, plus_half: 36%, saturation: 55%}}, effects: {wallet_growth: 1%}}
executives: {limit: {dealmaker: 1}, transitions: {dealmaker: {hands_off: 9%}}, reference_mix: {dealmaker: 100%}}
strategies:
  now: {levers: {team: {start: now}, plant: {start: {when: {share_below: 20%, customer: Nordwerk}}}}, roles: {Nordwerk: mix}}
  less: {extends: now, levers: {team: null}, cost_programmes: {cut: {lever: team, maintenance: 40%, start: 1}}, product_mix: {coatings: {drop: now, customers: [Nordwerk]}}}
sweep: {capital.beta: [1, 2]}
"""
TREE = yaml.safe_load(SOUND.replace("2026-01-01", "'2026-01-01'"))
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from(
        ["5%", "2 M EUR per year", "18 months", "inf", "none", "north", "Nordwerk", "each", "value", "normal"]
    ),
)
KEYS = st.sampled_from(
    [
        "value",
        "normal",
        "mean",
        "sd",
        "quantiles",
        "5%",
        "95%",
        "each",
        "source",
        "basis",
        "beta",
        "fixed",
        "now",
        "name",
        "hazard",
    ]
)
TREES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3), max_leaves=8
)


def paths(node: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """The path of every node below the root."""
    children = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [each for key, child in children for each in [(*path, key), *paths(child, (*path, key))]]


def outcome(file: Path) -> Scenario | ScenarioError:
    """The scenario in a file, or why there is none."""
    try:
        return load_scenario(file)
    except ScenarioError as error:
        return error


def assert_refused_or_read(text: str, folder: Path) -> None:
    """A text is either a scenario or a ScenarioError, and both can be shown as JSON."""
    file = folder / "case.yaml"
    file.write_bytes(text.encode("utf-8", "surrogatepass"))

    found = outcome(file)

    assert str(found)
    json.dumps(found.resolved() if isinstance(found, Scenario) else found.to_dict(), allow_nan=False)


FUZZ = settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])


@FUZZ
@given(
    change=st.tuples(st.sampled_from(paths(TREE)), TREES),
    again=st.tuples(st.sampled_from(paths(TREE)), TREES),
)
def test_no_node_in_no_place_breaks_the_reader(
    tmp_path: Path, change: tuple[tuple[str | int, ...], object], again: tuple[tuple[str | int, ...], object]
) -> None:
    tree = json.loads(json.dumps(TREE))
    for path, value in (change, again):
        node = tree
        try:
            for key in path[:-1]:
                node = node[key]
            node[path[-1]] = value
        except (KeyError, IndexError, TypeError):
            continue  # the first change removed the place of the second
    assert_refused_or_read(yaml.safe_dump(tree, allow_unicode=True), tmp_path)


@FUZZ
@given(start=st.integers(0, len(SOUND)), length=st.integers(0, 12), text=st.text(max_size=8))
def test_no_typing_error_breaks_the_reader(tmp_path: Path, start: int, length: int, text: str) -> None:
    assert_refused_or_read(SOUND[:start] + text + SOUND[start + length :], tmp_path)


@FUZZ
@given(content=st.text(max_size=60))
def test_no_text_breaks_the_reader(tmp_path: Path, content: str) -> None:
    assert_refused_or_read(content, tmp_path)
