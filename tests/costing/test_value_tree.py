"""The tree of the value: every item once, every node the sum of its children, sales at the bottom."""

import pytest

from crcsim.costing.items import ITEMS
from crcsim.costing.value_tree import value_tree_nodes


@pytest.fixture
def nodes():
    return value_tree_nodes(tuple(ITEMS), shareholder=True)


def test_every_item_enters_the_root_once(nodes):
    assert sorted(ITEMS) == sorted(nodes[0].items)
    leaves = [node for node in nodes if node.key not in {other.parent for other in nodes}]
    assert sorted(ITEMS) == sorted(key for node in leaves for key in node.items)


def test_a_node_holds_the_items_of_its_children(nodes):
    for node in nodes:
        below = [key for child in nodes if child.parent == node.key for key in child.items]
        assert not below or sorted(below) == sorted(node.items)


def test_keys_are_unique_and_parents_come_first(nodes):
    keys = [node.key for node in nodes]

    assert len(set(keys)) == len(keys)
    for place, node in enumerate(nodes[1:], start=1):
        parent = keys.index(node.parent)
        assert parent < place
        assert nodes[parent].depth + 1 == node.depth


def test_the_chain_leads_from_the_shareholders_down_to_sales(nodes):
    by_key = {node.key: node for node in nodes}
    chain, key = [], "sales"
    while key:
        chain.append(key)
        key = by_key[key].parent

    assert [
        "sales",
        "net_revenue",
        "payment_effective_product_contribution",
        "payment_effective_contribution_1",
        "payment_effective_contribution_2",
        "payment_effective_contribution",
        "cash_flow",
        "portfolio_value",
        "shareholder_value",
    ] == chain


def test_signs_are_those_of_the_statement(nodes):
    signs = {node.key: node.sign for node in nodes}

    assert (1, -1, 1, -1, -1, -1) == tuple(
        signs[key] for key in ("sales", "material", "direct_add_back", "receivables", "segment_costs", "debt")
    )


def test_a_line_at_several_levels_has_a_child_for_each():
    nodes = value_tree_nodes(("gross_sales", "indirect_administration:order", "indirect_administration:idle"))
    children = [node.label for node in nodes if node.parent == "indirect_administration"]

    assert ["indirect administration, by order", "indirect administration, non-required capacity"] == children


def test_only_what_can_be_booked_stands_in_the_tree():
    nodes = value_tree_nodes(("gross_sales", "material"))

    assert {"material", "gross_sales"} == {node.key for node in nodes if len(node.items) == 1} - {
        "sales",
        "net_revenue",
    }
    assert "tax" not in {node.key for node in nodes}
