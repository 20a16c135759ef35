"""Exits and cash: every stage of the kernel alone against the twin's, on lanes amid random scenarios."""

from types import SimpleNamespace

import numpy as np
import pytest

from crcsim.engine.sinks import empty_sums, memory_outputs, outputs_of
from crcsim.kernels.cash import flows as cash_flows
from crcsim.kernels.cash import levels, lines, value
from crcsim.kernels.cash import owners as cash_owners
from crcsim.kernels.exits import events, hazards, stages
from crcsim.kernels.lanes import sum_lanes
from crcsim.kernels.rows import CUSTOMER, FACT, LINE_STATE, STATE, SUM_LANES
from tests.engine.lanes import BALANCES, members, plain, same
from tests.engine.runs import PATHS, TOLERANCE, difference, no_notes
from tests.naive import cash as naive_cash
from tests.naive import exits as naive_exits
from tests.naive import products as naive_products
from tests.naive.lifecycle import move

#: Flows of the kernel, the twin's item and the sign between them.
FLOW_ITEMS = (
    ("acquisition", "acquisition", -1.0),
    ("notice", "notice_costs", -1.0),
    ("notice_noncash", "notice_add_back", 1.0),
    ("receivables", "receivables", 1.0),
    ("prepayments_received", "prepayments_received", 1.0),
    ("prepayments_made", "prepayments_made", 1.0),
    ("payables", "payables", 1.0),
    ("write_off", "write_off", -1.0),
    ("tax", "tax", -1.0),
    ("investment", "investment", -1.0),
    ("relationship_spend", "relationship_spend", -1.0),
    ("programme_investment", "programme_investment", -1.0),
    ("unavoidable", "unavoidable", -1.0),
    ("unavoidable_noncash", "company_add_back", 1.0),
    ("unavoidable_tax", "tax", -1.0),
)
COMPANY_FLOWS = ("unavoidable", "unavoidable_noncash", "unavoidable_tax")


def hazards_of_kernel(lanes, member, customer):
    """Let the kernel find the hazards of the period and the probability of an event."""
    p, state, facts = lanes.g.parameters[member], lanes.g.state[member], lanes.s.customers[:, customer.place]
    if facts[FACT.tenure] == 1:
        hazards.tenure_hazard(p, state, lanes.mark(member, "phase"), lanes.s.step)
    if facts[FACT.success] == 1:
        hazards.success_hazard(p, state)
    hazards.merger_hazards(lanes.s, lanes.g, lanes.group, member)
    hazards.event_probability(p, state)


def test_hazards(groups):
    for lanes, member, customer in members(groups):
        alive = np.stack([other.active for other in lanes.twin.customers])
        own = [merger for merger in lanes.twin.mergers if merger.target == customer.place]
        churn = naive_exits.churn_hazard(customer, lanes.s.step)
        insolvency = naive_exits.insolvency_hazard(customer, lanes.t)
        merging = sum((m.hazard * alive[m.buyer] for m in own), start=np.zeros(PATHS))
        total = churn + insolvency + merging + customer.parameters["takeover"]
        hazards_of_kernel(lanes, member, customer)

        assert same(churn, lanes.state(member, "churn_now"))
        assert same(insolvency, lanes.state(member, "insolvency_now"))
        assert same(merging, lanes.state(member, "merger_now"))
        assert same(np.where(customer.active, 1.0 - np.exp(-total), 0.0), lanes.state(member, "event"))


def test_success_is_followed(groups, r):
    for lanes, member, customer in members(groups):
        shock, p = r.normal(0.0, 0.2, PATHS), customer.parameters
        log_mean = lanes.state(member, "success_log_mean").copy()
        lanes.state(member, "shock")[:] = shock
        plain(hazards.follow_success)(lanes.g.parameters[member], lanes.g.state[member], lanes.economy, 0)

        assert same(customer.success + shock, lanes.state(member, "success"))
        assert same(log_mean + p["success_drift"], lanes.state(member, "success_log_mean"))


def test_event_uniform_of_a_factor(r):
    p = np.zeros((len(CUSTOMER), PATHS))
    p[CUSTOMER.factor_loading], p[CUSTOMER.factor_own] = np.sqrt(0.3), np.sqrt(0.7)
    factor, own, uniform = r.normal(size=PATHS), r.normal(size=PATHS), np.empty(PATHS)
    stages.load_factor(p, factor, own, uniform)
    parameters = {"factor_loading": np.sqrt(0.3), "factor_own": np.sqrt(0.7)}
    customer = SimpleNamespace(event_factor=0, parameters=parameters, words=None)
    economy = SimpleNamespace(normal=factor[np.newaxis])
    generator = SimpleNamespace(at=lambda *address: (own, None, uniform))

    assert same(naive_exits.event_draws(customer, economy, generator, 1)[0], uniform)


@pytest.mark.parametrize("correlated", [False, True])
def test_lanes_where_something_happens(r, correlated):
    first, second, event, chance = r.random((4, PATHS))
    hits = np.empty(PATHS, dtype=np.int64)
    found = stages.select_lanes(first, second, correlated, event, chance, hits)
    happens, moves, _ = naive_exits.what_happens(first, second if correlated else None, event, chance)

    assert np.flatnonzero(happens | moves).tolist() == hits[:found].tolist()


def test_changes_without_an_event(groups):
    for lanes, member, customer in members(groups):
        chance = lanes.state(member, "move").copy()
        for lane in np.flatnonzero(chance > 0.0):
            events.change_state(lanes.g, member, lane)
        move(customer, chance > 0.0)
        assert_same_relation(lanes, member, customer)


def test_events(groups, r):
    """All customers, as in a period: the kernel group by group and lane by lane, the twin with masks."""
    twin, t = groups[0].twin, groups[0].t
    for lanes, member, customer in members(groups):
        customer.uniform = np.where(r.random(PATHS) < 0.8, r.random(PATHS) * 0.1, r.random(PATHS))
        lanes.state(member, "uniform")[:] = customer.uniform
    for lanes in groups:
        step_group(lanes)
    naive_exits.step_exits(twin.s, twin.customers, twin.mergers, twin.economy, twin.generator, t)

    for lanes, member, customer in members(groups):
        assert_same_relation(lanes, member, customer)
    for row, _, line in (entry for lanes in groups for entry in lanes.lines()):
        assert same(line.wallet, row[LINE_STATE.wallet])
        assert same(line.share, row[LINE_STATE.share])


def step_group(lanes):
    """The kernel's exits of one period: draws decide, then mergers, then all other events."""
    facts = lanes.s.customers
    for member, customer in enumerate(lanes.members):
        factor = lanes.twin.economy.normal[lanes.t - 1]
        if customer.event_factor > 0:
            factor = lanes.twin.economy.industry_normal[customer.event_factor - 1, lanes.t - 1]
        plain(stages.prepare_exits)(
            lanes.s, lanes.g, lanes.group, member, customer.place, factor, lanes.draws, lanes.t
        )
    for member, customer in enumerate(lanes.members):
        correlated = facts[FACT.event_factor, customer.place] >= 0
        stages.merge_targets(lanes.s, lanes.g, lanes.group, member, correlated, lanes.t)
    for member, customer in enumerate(lanes.members):
        plain(stages.resolve_exits)(lanes.s, lanes.g, member, customer.place, lanes.draws, lanes.t)


def assert_same_relation(lanes, member, customer):
    """Status, phase, owner and end of a customer are the same, its price and write-off to rounding."""
    places = [other.place for other in lanes.members]
    assert customer.status.tolist() == lanes.mark(member, "status").tolist()
    assert customer.phase.tolist() == lanes.mark(member, "phase").tolist()
    assert customer.cause.tolist() == lanes.mark(member, "cause").tolist()
    assert customer.end_period.tolist() == lanes.mark(member, "period").tolist()
    assert customer.owner.tolist() == [places[owner] for owner in lanes.mark(member, "owner")]
    assert customer.active.tolist() == (lanes.state(member, "alive") == 1.0).tolist()
    assert same(customer.price, lanes.state(member, "price"))
    assert same(customer.write_off, lanes.state(member, "write_off"))


def test_cash_of_a_period(groups, r):
    naive_products.fill_orders(groups[0].twin, groups[0].twin.economy.price_index[groups[0].t - 1])
    for lanes in groups:
        lanes.fill_orders()
    for lanes, member, customer in members(groups):
        block = lanes.block()
        customers, economy, t = lanes.twin.customers, lanes.twin.economy, lanes.t
        customer.write_off = customer.balances["receivables"] * r.random(PATHS)
        lanes.state(member, "write_off")[:] = customer.write_off
        strategy, place = lanes.baseline, (lanes.executives, lanes.group, member, customer.place)
        plain(cash_flows.earn)(lanes.s, strategy, lanes.g, lanes.v, *place, block, t - 1, True)
        lines.measure_wallet(lanes.g, member)
        flow = naive_cash.earn(customers, customer, economy, t, t, lanes.s.step)
        items, company = flow.customer.by_item, flow.company.by_item
        scale = max(np.max(np.abs(amount)) for amount in (*items.values(), *company.values()))

        for name in ("sales", "wallet", "volume"):
            assert same(getattr(flow, name), lanes.state(member, name)), name
        assert same(flow.normal_cash, lanes.state(member, "contribution"))
        assert same(sum(items.values()), lanes.state(member, "cash"))
        assert same(sum(company.values(), start=np.zeros(PATHS)), block.totals[0, t - 1])
        for name, item, sign in FLOW_ITEMS:
            if item == "tax" and lanes.s.taxed == 0:  # no flow of its own, but within the cash
                continue
            expected = sign * (company if name in COMPANY_FLOWS else items).get(item, np.zeros(PATHS))
            assert difference(expected, lanes.flow(customer, name), scale) <= TOLERANCE, name
        assert difference(-items["price_concessions"], lanes.concessions(customer), scale) <= TOLERANCE
        for row, name in BALANCES.items():
            assert same(customer.balances[name], lanes.state(member, row)), name


def test_flows_are_booked_to_owners(groups, r):
    for lanes in groups:
        flows = r.normal(size=(len(lanes.members), PATHS))
        lanes.g.state[:, STATE.cash] = flows
        cash_owners.book_to_buyers(lanes.g)
        owners = np.stack([customer.owner for customer in lanes.members])

        for member, customer in enumerate(lanes.members):
            booked = np.where(owners == customer.place, flows, 0.0).sum(axis=0)
            assert same(booked, lanes.state(member, "cash"))


def test_present_values(groups, r):
    for lanes, member, customer in members(groups):
        periods, deflator = lanes.s.periods, lanes.twin.economy.deflator
        flows, total = r.normal(size=(periods, PATHS)), np.zeros(PATHS)
        s, economy = lanes.twin.s, lanes.twin.economy
        factors = [naive_cash.discount_factors(s, economy, customer, t + 1) for t in range(periods)]
        for t in range(periods):
            lanes.state(member, "cash")[:] = flows[t]
            state = lanes.g.state[member]
            value.discount(lanes.g.parameters[member], state, lanes.economy, deflator[t], total)
        expected = (flows[:, np.newaxis] * np.array(factors)).sum(axis=0)

        assert same(expected, lanes.g.state[member, STATE.npv_wacc : STATE.npv_deflator + 1])
        assert same(flows.sum(axis=0), total)


def test_level_costs(groups):
    lanes, twin = groups[0], groups[0].twin
    for place, cost in enumerate(twin.scenario.costs):
        outputs = outputs_of(memory_outputs(lanes.s, len(twin.levels), PATHS, economy=False), 0)
        block, sums, notes = lanes.block()._replace(booked=0), empty_sums(lanes.s, 0), no_notes(twin.program)
        scratch = np.zeros((10, PATHS))
        levels.charge_levels(lanes.s, lanes.parameters, outputs, notes, sums, block, place, scratch)
        values = np.zeros((3, PATHS))
        for t, index in enumerate(twin.economy.price_index):
            amount = twin.reader.of(cost.amount) * lanes.s.step * index
            entries = naive_cash.level_entries(cost, amount, twin.economy.parameters["keep"])
            flow = sum(entries.by_item.values())
            values += flow * naive_cash.company_factors(twin.economy, t + 1)

            assert same(flow, block.totals[0, t])
        assert same(values, outputs.level_npv[:, lanes.s.level[place]])


@pytest.mark.parametrize("valid", [1, 16, 23, 64])
def test_sums_over_lanes_do_not_depend_on_the_blocks(r, valid):
    values = r.normal(size=64)
    total, in_blocks = sum_lanes(values, valid, 0.5), 0.5
    for lo in range(0, valid, SUM_LANES):
        in_blocks = sum_lanes(values[lo : lo + SUM_LANES].copy(), min(SUM_LANES, valid - lo), in_blocks)

    assert total == in_blocks
    assert same(0.5 + values[:valid].sum(), total)
