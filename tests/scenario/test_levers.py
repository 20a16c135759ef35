# ruff: noqa: E501 (a part of the scenario is one line)
"""Levers, executives and strategies as the rest of the program gets them."""

import json
from collections.abc import Callable
from importlib import resources
from pathlib import Path

import pytest

from crcsim.errors import ScenarioError
from crcsim.scenario import Scenario, difference, json_schema, load_scenario
from crcsim.scenario.executives import ROLES, Executives
from crcsim.scenario.levers import EFFECTS, Judgements, Lever, Spend, Target
from crcsim.scenario.presets import PRESETS
from crcsim.scenario.quantity import Distribution
from crcsim.scenario.strategies import Drop, Plan, Strategy, Trigger
from tests.scenario.levers import BUYS_BOTH, parts, team

Write = Callable[..., Path]
NOW = "{levers: {team: {start: now}}}"


def lever(write: Write, **entries: str) -> Lever:
    """The lever `team` of a scenario."""
    return load_scenario(write(**parts(team=team(**entries)))).levers[0]


def strategies(write: Write, stated: dict[str, str], **changes: str) -> dict[str, Strategy]:
    """The strategies by name; there is a lever `team`, with maintenance."""
    scenario = load_scenario(write(**parts(stated, team=team(maintenance="1 M EUR per year")), **changes))
    return {strategy.name: strategy for strategy in scenario.strategies}


def executives(write: Write, stated: str) -> Executives:
    """The executives of a scenario."""
    found = load_scenario(write(end=f"executives: {stated}")).executives
    assert found is not None
    return found


def reread(scenario: Scenario) -> Scenario:
    """The scenario that the resolved document holds."""
    path = Path("resolved.yaml")
    path.write_text(json.dumps(scenario.resolved(), allow_nan=False), encoding="utf-8")
    return load_scenario(path)


def test_a_scenario_without_levers_has_none(write: Write) -> None:
    scenario = load_scenario(write())

    assert ((), None, ()) == (scenario.levers, scenario.executives, scenario.strategies)
    assert scenario.products["coatings"].capacity is None
    nordwerk = scenario.customers[1]
    assert (1.0, 0.0, 1.0) == (
        nordwerk.full_service.churn_hazard_ratio.value,
        nordwerk.full_service.share_logit.value,
        nordwerk.receptiveness.value,
    )


def test_capacity_full_service_and_receptiveness_are_read(write: Write) -> None:
    scenario = load_scenario(
        write(
            products="products: {coatings: {capacity: 80 M EUR per year}, service: {}}",
            customer_defaults="customer_defaults: {growth: 3%, volatility: 15%, churn: {hazard: 5%}, "
            "full_service: {churn_hazard_ratio: 1.5, share_target: {logit: -0.4}}, receptiveness: 80%}",
            segments="segments: {north: {receptiveness: 50%}}",
        )
    )
    fjordline, nordwerk = scenario.customers

    assert scenario.products["coatings"].capacity is not None
    assert 80e6 == scenario.products["coatings"].capacity.value
    assert (1.5, -0.4) == (
        nordwerk.full_service.churn_hazard_ratio.value,
        nordwerk.full_service.share_logit.value,
    )
    assert (0.8, 0.5) == (fjordline.receptiveness.value, nordwerk.receptiveness.value)
    assert "customer_defaults.full_service.share_target.logit" == nordwerk.full_service.share_logit.place


def test_a_lever_is_in_canonical_units(write: Write) -> None:
    found = lever(write)

    assert ("team", Target("customers", ("Nordwerk",))) == (found.name, found.target)
    assert Spend(400_000.0, 3.0, (), 0.0) == found.spend
    assert ("expense", 0.0, None) == (found.booked_as, found.maintenance, found.preset)
    response = found.response
    assert response.half_effect_spend is not None
    assert (1.25, 0.25, 500_000.0, 1.0, 1.0) == (
        response.lag,
        response.decay.value,
        response.half_effect_spend.value,
        response.steepness.value,
        response.effectiveness.value,
    )
    assert response.judgements is None
    assert 1.0 == found.causal_share.value


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ("all", Target("all", ())),
        ("{customers: [Nordwerk, Fjordline]}", Target("customers", ("Fjordline", "Nordwerk"))),
        ("{segment: north}", Target("segment", ("north",))),
        ("{product: coatings}", Target("product", ("coatings",))),
    ],
)
def test_targets(write: Write, stated: str, expected: Target) -> None:
    assert expected == lever(write, target=stated).target


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ("{amount: 1 M EUR per year}", Spend(1e6, float("inf"), (), 0.0)),
        ("{payments: [1 M EUR, 0, 2 M EUR]}", Spend(0.0, float("inf"), (1e6, 0.0, 2e6), 0.0)),
        ("{once: 1.2 M EUR}", Spend(0.0, float("inf"), (), 1.2e6)),
    ],
)
def test_forms_of_spend(write: Write, stated: str, expected: Spend) -> None:
    assert expected == lever(write, spend=stated).spend


def test_judgements_take_the_place_of_half_effect_spend(write: Write) -> None:
    response = lever(
        write,
        maintenance="1 M EUR per year",
        response="{decay: 25%, judgements: {floor: 20%, maintenance: 30%, plus_half: 36%, saturation: 55%}}",
    ).response

    assert Judgements(0.2, 0.3, 0.36, 0.55) == response.judgements
    assert response.half_effect_spend is None
    assert 1.0 == response.steepness.value


def test_every_effect_is_read(write: Write) -> None:
    effects = (
        "{share_target: {logit: 0.5}, churn_hazard_ratio: 0.6, takeover_retention: {logit: 0.8}, coupling: 0.3, "
        "wallet_growth: 2% per year, wallet_creation: {rate: 0.05 per year, median: 3, log_sd: 0.4, line: coatings}, "
        "effectiveness: {ratio: 1.3, levers: all}, variable_cost_ratio: 0.97, price_premium: 2%, "
        "process_cost_ratio: 0.9}"
    )
    plant = team(
        target="{product: coatings}", effects="{share_target: {points: 5%}, capacity: 10 M EUR per year}"
    )
    products = "products: {coatings: {capacity: 80 M EUR per year}, service: {}}"
    scenario = load_scenario(
        write(products=products, **parts(team=team(effects=effects), plant=plant, other=team()))
    )
    found = {effect.kind: effect for each in scenario.levers for effect in each.effects}

    assert set(EFFECTS) == set(found)
    assert {
        "capacity": 10e6,
        "churn_hazard_ratio": 0.6,
        "coupling": 0.3,
        "effectiveness": 1.3,
        "price_premium": 0.02,
        "process_cost_ratio": 0.9,
        "share_logit": 0.5,
        "share_points": 0.05,
        "takeover_retention": 0.8,
        "variable_cost_ratio": 0.97,
        "wallet_creation": 0.05,
        "wallet_growth": 0.02,
    } == {kind: effect.size.value for kind, effect in found.items()}
    assert ("other", "plant") == found["effectiveness"].levers
    creation = found["wallet_creation"]
    assert creation.median is not None
    assert creation.log_sd is not None
    assert ("coatings", 3.0, 0.4) == (creation.line, creation.median.value, creation.log_sd.value)
    assert sorted(scenario.levers[2].effects, key=lambda effect: effect.kind) == list(
        scenario.levers[2].effects
    )


@pytest.mark.parametrize("stated", ["{rate: 2%, line: coatings}", "{line: coatings, rate: {value: 2%}}"])
def test_growth_of_one_line(write: Write, stated: str) -> None:
    (effect,) = lever(write, effects=f"{{wallet_growth: {stated}}}").effects

    assert ("wallet_growth", 0.02, "coatings") == (effect.kind, effect.size.value, effect.line)


def test_uncertain_growth_keeps_its_place(write: Write) -> None:
    (effect,) = lever(write, effects="{wallet_growth: {normal: {mean: 2%, sd: 1%}}}").effects

    assert isinstance(effect.size.value, Distribution)
    assert "levers.team.effects.wallet_growth.rate" == effect.size.place


def test_an_effect_may_be_correlated(write: Write) -> None:
    scenario = load_scenario(
        write(
            **parts(team=team(effects="{churn_hazard_ratio: {pert: {low: 0.3, mode: 0.6, high: 1}}}")),
            end="correlations: [{rank: 0.4, between: [customer_defaults.growth, levers.team.effects.churn_hazard_ratio]}]",
        )
    )

    assert "levers.team.effects.churn_hazard_ratio" == scenario.correlations[0].names[1]


def preset(write: Write, name: str, **entries: str) -> Lever:
    """A lever over a preset, with what a preset cannot know."""
    of_product = name in ("product_functionality", "product_capacity")
    stated = {
        "target": "{product: coatings}" if of_product else "{customer: Nordwerk}",
        "response": "{half_effect_spend: 1 M EUR per year}",
        "effects": "{capacity: 10 M EUR per year}" if name == "product_capacity" else "",
        **entries,
    }
    products = "products: {coatings: {capacity: 80 M EUR per year}, service: {}}"
    scenario = load_scenario(write(products=products, **parts(team=team(preset=name, **stated))))

    assert scenario == reread(scenario).replace("name", scenario.name)
    return scenario.levers[0]


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_says_where_its_numbers_come_from(write: Write, name: str) -> None:
    found = preset(write, name)
    stated = [effect for effect in found.effects if effect.kind != "capacity"]
    sources = [quantity.source or "" for effect in stated for quantity in (effect.size,)]

    assert name == found.preset
    assert found.response.lag > 0
    assert [] == [text for text in [*sources, found.response.decay.source or ""] if "judgement: " not in text]


def test_presets_are_the_files_beside_them() -> None:
    files = resources.files("crcsim.scenario").joinpath("presets").iterdir()

    assert sorted(PRESETS) == sorted(file.name.removesuffix(".yaml") for file in files)


def test_a_lever_overrides_its_preset(write: Write) -> None:
    found = preset(
        write,
        "invest_in_relationship",
        response="{lag: 6 months, half_effect_spend: 1 M EUR per year}",
        effects="{share_target: {points: 3%}, wallet_growth: {line: coatings}, churn_hazard_ratio: 0.5}",
    )
    churn, points, growth = found.effects

    assert (0.5, 0.25) == (found.response.lag, found.response.decay.value)
    assert (0.5, None) == (churn.size.value, churn.size.source)
    assert ("share_points", 0.03) == (points.kind, points.size.value)
    assert "coatings" == growth.line
    assert isinstance(growth.size.value, Distribution)


def test_a_bare_rate_replaces_that_of_the_preset(write: Write) -> None:
    growth = preset(write, "invest_in_relationship", effects="{wallet_growth: 1%}").effects[-1]

    assert ("wallet_growth", 0.01, None) == (growth.kind, growth.size.value, growth.line)


def test_judgements_drop_the_steepness_of_a_preset(write: Write) -> None:
    found = preset(
        write,
        "product_mix",
        maintenance="1 M EUR per year",
        response="{judgements: {floor: 20%, maintenance: 30%, plus_half: 36%, saturation: 55%}}",
    )

    assert found.response.half_effect_spend is None
    assert 1.0 == found.response.lag


def test_an_effect_of_a_preset_may_be_removed(write: Write) -> None:
    found = preset(write, "invest_in_relationship", effects="{churn_hazard_ratio: null, share_target: }")

    assert ["wallet_growth"] == [effect.kind for effect in found.effects]


def test_an_overlay_removes_an_effect_for_good(write: Write) -> None:
    write("base.yaml", **parts(team=team(effects="{churn_hazard_ratio: 0.6, coupling: 0.1}")))
    Path("over.yaml").write_text(
        "crcsim: 1\nextends: base.yaml\nlevers: {team: {effects: {coupling: null}}}\n", encoding="utf-8"
    )
    Path("again.yaml").write_text(
        "crcsim: 1\nextends: over.yaml\nlevers: {team: {effects: {coupling: 0.2}}}\n", encoding="utf-8"
    )
    scenario = load_scenario("over.yaml")

    assert ["churn_hazard_ratio"] == [effect.kind for effect in scenario.levers[0].effects]
    assert scenario == reread(scenario).replace("name", "over")
    assert 0.2 == load_scenario("again.yaml").levers[0].effects[1].size.value


def test_an_overlay_removes_what_its_preset_has(write: Write) -> None:
    write(
        "base.yaml",
        **parts(
            team=team(
                preset="product_mix",
                response="{half_effect_spend: 1 M EUR per year}",
                effects="{share_target: {logit: 0.5}}",
            )
        ),
    )
    Path("over.yaml").write_text(
        "crcsim: 1\nextends: base.yaml\nlevers: {team: {effects: {share_target: null}}}\n", encoding="utf-8"
    )
    scenario = load_scenario("over.yaml")

    assert ["price_premium", "variable_cost_ratio"] == [effect.kind for effect in scenario.levers[0].effects]
    assert scenario == reread(scenario).replace("name", "over")


def test_effects_that_change_nothing_are_warned_of(write: Write) -> None:
    effects = (
        "{takeover_retention: {logit: 0.5}, process_cost_ratio: 0.9, effectiveness: {ratio: 2, levers: all}}"
    )

    assert (
        "case.yaml:12:275: levers.team.effects.effectiveness: it changes nothing: there is no other lever",
        "case.yaml:12:255: levers.team.effects.process_cost_ratio: it changes nothing: no process is used",
        "case.yaml:12:221: levers.team.effects.takeover_retention: it changes nothing: no customer of the target may be taken over with `retained` from 0 to 100%",
    ) == load_scenario(write(**parts(team=team(effects=effects)))).warnings


def test_a_strategy_starts_a_lever(write: Write) -> None:
    found = strategies(write, {"now": NOW, "half": "{levers: {team: {start: 18 months, spend: 50%}}}"})

    assert Strategy("now", (Plan("team", 0.0, None),), (), (), False, None) == found["now"]
    assert (Plan("team", 1.5, None, 0.5),) == found["half"].plans


def test_a_strategy_holds_all_that_it_extends(write: Write) -> None:
    found = strategies(
        write,
        {
            "now": "{levers: {team: {start: now, spend: 50%}}, roles: {Nordwerk: dealmaker}, sponsor_programme: true}",
            "later": "{extends: now, levers: {team: {start: 18 months}}, roles: {Fjordline: mix}}",
            "last": "{extends: later, levers: {team: }, roles: {Nordwerk: hands_off}, sponsor_programme: false}",
            "again": "{extends: last, levers: {team: {start: 2 years}}}",
        },
    )

    assert (Plan("team", 1.5, None, 0.5),) == found["later"].plans
    assert (("Fjordline", "mix"), ("Nordwerk", "dealmaker")) == found["later"].roles
    assert found["later"].sponsor_programme
    assert ("later", (), (("Fjordline", "mix"), ("Nordwerk", "hands_off"))) == (
        found["last"].extends,
        found["last"].plans,
        found["last"].roles,
    )
    assert not found["last"].sponsor_programme
    assert (Plan("team", 2.0, None, 1.0),) == found["again"].plans


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("{share_below: 20%}", Trigger("share_below", 0.2, "coatings", "Nordwerk")),
        ("{share_above: 60%}", Trigger("share_above", 0.6, "coatings", "Nordwerk")),
        ("{churn_hazard_above: 8% per year}", Trigger("churn_hazard_above", 0.08, None, "Nordwerk")),
        ("{bad_years: 2, customer: Nordwerk}", Trigger("bad_years", 2.0, None, "Nordwerk")),
        ("{good_years: 3}", Trigger("good_years", 3.0, None, "Nordwerk")),
        ("{market_below: 80%}", Trigger("market_below", 0.8, None, None)),
        ("{market_above: 200%}", Trigger("market_above", 2.0, None, None)),
    ],
)
def test_triggers_name_their_customer_and_line(write: Write, when: str, expected: Trigger) -> None:
    (plan,) = strategies(write, {"wait": f"{{levers: {{team: {{start: {{when: {when}}}}}}}}}"})["wait"].plans

    assert (0.0, expected) == (plan.start, plan.trigger)


def test_the_trigger_of_a_product_lever_judges_the_product(write: Write) -> None:
    stated = {"wait": "{levers: {team: {start: {when: {share_below: 20%, customer: Nordwerk}}}}}"}
    scenario = load_scenario(
        write(Nordwerk=BUYS_BOTH, **parts(stated, team=team(target="{product: coatings}")))
    )

    assert Trigger("share_below", 0.2, "coatings", "Nordwerk") == scenario.strategies[0].plans[0].trigger


def test_a_cost_programme_is_a_plan_that_spends_nothing(write: Write) -> None:
    stated = {"cut": "{cost_programmes: {team_cut: {lever: team, maintenance: 40%, start: 6 months}}}"}

    assert (Plan("team", 0.5, None, 0.0, 0.4, "team_cut"),) == strategies(write, stated)["cut"].plans


def test_drops_name_those_who_buy(write: Write) -> None:
    found = strategies(
        write,
        {
            "all": "{product_mix: {coatings: {drop: 1 year}, service: {drop: now}}}",
            "one": "{product_mix: {coatings: {drop: now, customers: [Fjordline]}}}",
            "some": "{product_mix: {coatings: {drop: now, segment: north}}}",
        },
        Nordwerk=BUYS_BOTH,
    )

    assert (Drop("coatings", 1.0, ("Fjordline", "Nordwerk")), Drop("service", 0.0, ("Nordwerk",))) == found[
        "all"
    ].drops
    assert (Drop("coatings", 0.0, ("Fjordline",)),) == found["one"].drops
    assert (Drop("coatings", 0.0, ("Nordwerk",)),) == found["some"].drops


def test_roles_without_executives_use_the_defaults(write: Write) -> None:
    scenario = load_scenario(write(end="strategies: {try: {roles: {Nordwerk: growth_champion}}}"))

    assert scenario.executives is not None
    assert scenario == reread(scenario).replace("name", "case")
    assert executives(write, "{}") == scenario.executives


def test_defaults_of_executives_are_those_of_the_survey(write: Write) -> None:
    found = executives(write, "{}")

    assert ("hands_off", "loose_cannon", "social_visitor", "dealmaker", "growth_champion") == ROLES
    assert (
        Distribution("pert", {"low": 0.0, "mode": 0.1, "high": 0.3}, (), (0.0, 1.0))
        == found.causal_share.value
    )
    assert (0.28, 0.21, 0.19, 0.18, 0.14) == found.reference_mix
    assert (2.5, True, 1.0) == (found.term, found.renewed, found.fade)
    assert (0.0, 0.1, 0.8, 0.0, 0.1) == pytest.approx(found.transitions[2])
    assert (0.0, 0.0, 0.0, 0.9, 0.1) == found.transitions[3]
    assert ((0.0,) * 5, (None,) * 5) == (found.cost, found.limit)
    assert (0.3, 1.0, -0.3) == (found.damage_rate.value, found.damage_setback, found.damage_share.value)
    assert (0.3, 0.03, 1.0) == (
        found.concession_rate.value,
        found.concession_price.value,
        found.concession_duration,
    )
    assert (0.2, 0.3) == (found.deal_rate.value, found.deal_share.value)
    assert (0.0, 0.26, 0.04) == (found.sponsor_cost, found.sponsor_champions, found.sponsor_without)


def test_executives_are_stated(write: Write) -> None:
    found = executives(
        write,
        "{reference_mix: {dealmaker: 60%, hands_off: 40%}, term: 2 years, renewed: false, fade: 6 months, "
        "transitions: {hands_off: {dealmaker: 25%}}, cost: {growth_champion: 150 k EUR per year}, "
        "limit: {growth_champion: 3}, damage: {share: {logit: -0.5}}, sponsor_programme: {cost: 500 k EUR per year}}",
    )

    assert (0.4, 0.0, 0.0, 0.6, 0.0) == found.reference_mix
    assert (2.0, False, 0.5) == (found.term, found.renewed, found.fade)
    assert ((0.75, 0.0, 0.0, 0.25, 0.0), (0.0, 0.0, 0.0, 1.0, 0.0)) == (
        found.transitions[0],
        found.transitions[3],
    )
    assert (150_000.0, 3) == (found.cost[4], found.limit[4])
    assert (-0.5, 0.3, 500_000.0) == (found.damage_share.value, found.damage_rate.value, found.sponsor_cost)


def test_a_term_that_the_source_advises_against_is_warned_of(write: Write) -> None:
    scenario = load_scenario(write(end="executives: {term: 5 years}"))

    assert ("case.yaml:12:20: executives.term: 5 years; sponsors should serve two to three years",) == (
        scenario.warnings
    )


WHOLE = parts(
    {
        "now": "{levers: {team: {start: now}}, roles: {Nordwerk: mix}, sponsor_programme: true}",
        "less": "{extends: now, levers: {team: null}, product_mix: {service: {drop: 1 year}}}",
        "none": "{extends: less, product_mix: {service: }}",
        "wait": "{levers: {plant: {start: {when: {churn_hazard_above: 9%, customer: Fjordline}}}}}",
        "cut": "{cost_programmes: {fewer: {lever: plant, maintenance: 0%, start: {when: {market_below: 70%}}}}}",
    },
    team=team(preset="align_organisation", effects="{takeover_retention: , share_target: {points: 5%}}"),
    plant=team(
        target="{product: coatings}",
        spend="{payments: [1 M EUR, 2 M EUR]}",
        maintenance="1 M EUR per year",
        response="{decay: {normal: {mean: 20%, sd: 1%}}, judgements: {floor: 20%, maintenance: 30%, plus_half: 36%, saturation: 55%}}",
        effects="{wallet_growth: {normal: {mean: 2%, sd: 1%}}}",
    ),
)


def test_the_resolved_document_reads_back_with_levers_and_strategies(write: Write) -> None:
    scenario = load_scenario(write(Nordwerk=BUYS_BOTH, **WHOLE))
    again = reread(scenario)

    assert scenario == again.replace("name", "case")
    assert scenario.resolved() == again.resolved()
    assert [] == difference(scenario, again)


def test_a_sound_strategy_fits_the_schema(write: Write) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    validator = jsonschema.Draft202012Validator(json_schema())

    assert [] == list(validator.iter_errors(load_scenario(write(Nordwerk=BUYS_BOTH, **WHOLE)).resolved()))


def test_replace_reaches_levers_and_strategies(write: Write) -> None:
    scenario = load_scenario(write(Nordwerk=BUYS_BOTH, **WHOLE))

    changed = scenario.replace("strategies.less.levers.team.start", 2).replace("levers.team.spend.once", 1e6)
    changed = changed.replace("strategies.now.sponsor_programme", False).replace("executives.term", 3)
    changed = changed.replace("levers.team.effects.effectiveness", None)

    strategy = next(each for each in changed.strategies if each.name == "less")
    assert (Plan("team", 2.0, None),) == strategy.plans
    assert Spend(0.0, float("inf"), (), 1e6) == changed.levers[1].spend
    assert ["churn_hazard_ratio", "share_points"] == [effect.kind for effect in changed.levers[1].effects]
    assert changed.executives is not None
    assert 3.0 == changed.executives.term


def test_replace_removes_a_plan(write: Write) -> None:
    scenario = load_scenario(write(**parts({"now": NOW}, team=team()))).replace(
        "strategies.now.levers.team", None
    )

    assert () == scenario.strategies[0].plans
    assert scenario == reread(scenario).replace("name", "case")


@pytest.mark.parametrize(
    ("path", "code", "near"),
    [
        ("strategies.nov.levers.team.start", "unknown_strategy", "now"),
        ("strategies.now.levers.tean.start", "unknown_lever", "team"),
        ("strategies.cut.cost_programmes.feware.start", "unknown_programme", "fewer"),
        ("levers.tean.maintenance", "unknown_lever", "team"),
    ],
)
def test_replace_names_what_is_there(write: Write, path: str, code: str, near: str) -> None:
    scenario = load_scenario(write(Nordwerk=BUYS_BOTH, **WHOLE))

    with pytest.raises(ScenarioError) as raised:
        scenario.replace(path, 1)

    assert [(code, near)] == [(problem.code, problem.nearest) for problem in raised.value.problems]
