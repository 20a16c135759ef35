"""Two-stage allocation and charges: what is caused is borne by who causes it, and nothing is lost."""

from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from hypothesis import given

from crcsim.costing.allocation import CostedProcess, Part, allocate, load_centre
from crcsim.costing.charges import charge, consumers
from crcsim.costing.ledger import Consumption, Ledger, MainProcess, SubProcess
from tests.costing.ledgers import example, ledgers


def sub_process(name: str, cost: int, induced: bool = True) -> SubProcess:
    quantity = Decimal(10) if induced else None
    return SubProcess(
        "plant",
        name,
        "year",
        induced,
        "indirect_personnel",
        Decimal(cost),
        Decimal(1),
        0.0,
        "pieces",
        quantity,
    )


def test_neutral_cost_follows_induced_cost() -> None:
    loaded, left = load_centre(
        [sub_process("a", 80_000), sub_process("b", 40_000), sub_process("lead", 30_000, induced=False)]
    )

    assert [100_000, 50_000] == [each.cost for each in loaded]
    assert [20_000, 10_000] == [each.neutral_cost for each in loaded]
    assert [] == left


def test_neutral_cost_without_induced_cost_stays_where_it_is() -> None:
    loaded, left = load_centre([sub_process("a", 0), sub_process("lead", 30_000, induced=False)])

    assert [0] == [each.cost for each in loaded]
    assert [30_000] == [part.amount for part in left]


def test_rates_of_the_example(repository: Path) -> None:
    storage = allocate(example(repository), "2026").processes[0]

    assert Decimal("7605.00") == storage.cost
    assert Fraction("11.70") == storage.rate_on_capacity
    assert Fraction("50.70") == storage.rate_on_quantity
    assert storage.productivity == 1 / Fraction("50.70")


@given(ledgers())
def test_allocation_conserves_every_cost(ledger: Ledger) -> None:
    for period in ledger.periods:
        found = allocate(ledger, period)
        went = sum(process.cost for process in found.processes) + sum(
            part.amount for part in found.unassigned
        )

        assert sum(sub.cost for sub in ledger.sub_processes if sub.period == period) == went


@given(ledgers())
def test_charges_conserve_the_cost_of_every_process(ledger: Ledger) -> None:
    for period in ledger.periods:
        for costed in allocate(ledger, period).processes:
            charges = charge(costed, consumers(ledger, costed.process), ledger.process_rates)

            assert costed.cost == sum(each.part.amount for each in charges)


def process(quantity: int, maximum: int) -> CostedProcess:
    done = MainProcess("care", "year", "customer", "visits", Decimal(quantity), Decimal(maximum))
    return CostedProcess(done, (Part(sub_process("a", 1000), Decimal(1000)),))


ROWS = (
    Consumption("care", "year", "Aldmark", Decimal(30), Decimal(50)),
    Consumption("care", "year", "Brenngau", Decimal(40), Decimal(40)),
)


def amounts(rates: str) -> dict[tuple[str, str | None], Decimal]:
    charges = charge(process(80, 125), ROWS, rates)
    return {
        (each.kind, each.consumer.object if each.consumer else None): each.part.amount for each in charges
    }


def test_capacity_that_is_not_required_is_charged_only_to_who_keeps_it() -> None:
    assert {
        ("process", "Aldmark"): 240,
        ("process", "Brenngau"): 320,
        ("other_objects", None): 80,
        ("non_required_capacity", "Aldmark"): 160,
        ("idle_capacity", None): 200,
    } == amounts("capacity")


def test_rate_on_actual_quantity_holds_everything() -> None:
    assert {
        ("process", "Aldmark"): 375,
        ("process", "Brenngau"): 500,
        ("other_objects", None): 125,
    } == amounts("actual")
