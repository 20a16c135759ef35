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
