"""Coupling groups: customers linked by mergers or correlated parameters, in canonical order."""

from crcsim.compile.groups import coupling_groups, simulation_groups

FOUR = """
customers:
  A: {growth: {normal: {mean: 2%, sd: 1%}}}
  B: {growth: {normal: {mean: 2%, sd: 1%}}, lines: {goods: {wallet: 1, share: 50%}}}
  C: {lines: {goods: {wallet: 1, share: 50%}}}
  D: {lines: {goods: {wallet: 1, share: 50%}}}
"""
MERGER = "mergers: [{target: D, buyer: B, yearly_probability: 5%}]"
CORRELATION = "correlations: [{rank: 0.5, between: [customers.A.growth, customers.B.growth]}]"


def test_without_links_everybody_is_alone(scenario):
    assert (("A",), ("B",), ("C",), ("D",)) == coupling_groups(scenario(FOUR))


def test_links_chain_through_mergers_and_correlations(scenario):
    loaded = scenario(FOUR, MERGER, CORRELATION)

    assert (("A", "B", "D"), ("C",)) == coupling_groups(loaded)


def test_only_mergers_need_to_be_simulated_together(scenario):
    loaded = scenario(FOUR, MERGER, CORRELATION)

    assert (("A",), ("B", "D"), ("C",)) == simulation_groups(loaded)


#: `trust` of A makes `team` of B more effective, and that makes `price` of C so.
CHAIN = """
levers:
  trust: {target: {customer: A}, spend: {once: 1}, effects: {effectiveness: {ratio: 2, levers: [team]}}}
  team: {target: {customer: B}, spend: {once: 1}, effects: {effectiveness: {ratio: 2, levers: [price]}}}
  price: {target: {customer: C}, spend: {once: 1}, effects: {price_premium: 1%}}
"""
CURVE = "levers: {NAME: {response: {decay: 50%, half_effect_spend: 1}}}"


def test_what_waits_for_a_customer_links_all_that_it_acts_on_by_way_of_other_levers(scenario):
    start = "{when: {churn_hazard_above: 5%}}"
    curves = [CURVE.replace("NAME", name) for name in ("trust", "team", "price")]
    loaded = scenario(FOUR, CHAIN, *curves, f"strategies: {{act: {{levers: {{trust: {{start: {start}}}}}}}}}")

    assert (("A", "B", "C"), ("D",)) == simulation_groups(loaded)


def test_an_executive_links_what_a_stock_reaches_that_it_may_set_back(scenario):
    """`trust` of A makes `team` of B more effective, and that `price` of C."""
    curves = [CURVE.replace("NAME", name) for name in ("trust", "team", "price")]
    assigned = [
        scenario(FOUR, CHAIN, *curves, f"strategies: {{act: {{roles: {{{name}: loose_cannon}}}}}}")
        for name in "ABCD"
    ]

    assert [(("A", "B", "C"), ("D",)), (("A",), ("B", "C"), ("D",))] == [
        simulation_groups(each) for each in assigned[:2]
    ]
    assert [(("A",), ("B",), ("C",), ("D",))] * 2 == [simulation_groups(each) for each in assigned[2:]]


def test_customers_of_a_product_with_a_capacity_are_simulated_together(scenario):
    loaded = scenario(FOUR, "products: {goods: {capacity: 10}}")

    assert (("A", "B", "C", "D"),) == simulation_groups(loaded)
