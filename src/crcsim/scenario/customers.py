"""A customer: its business, its lifecycle, its lines and its terms (MODEL 3, 4 and 8)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from crcsim.scenario import lifecycle
from crcsim.scenario.containers import MapOf
from crcsim.scenario.customer_costs import CUSTOMER_COSTS, INVESTMENTS, CustomerCost, Investment
from crcsim.scenario.families import central
from crcsim.scenario.growth import GrowthKind
from crcsim.scenario.kinds import Choice, FixedNumber, Flag, Text
from crcsim.scenario.lifecycle import Acquisition, Churn, EventCorrelation, Insolvency, Phase, Takeover
from crcsim.scenario.lines import LINE, Line
from crcsim.scenario.nodes import MapNode, Node, ScalarNode
from crcsim.scenario.processes import PROCESS_USES, ProcessUse
from crcsim.scenario.quantities import QuantityKind
from crcsim.scenario.quantity import Quantity, Risk
from crcsim.scenario.reading import INVALID, Address, Invalid, Reading
from crcsim.scenario.risks import NO_RISK, RISK
from crcsim.scenario.sections import Key, Section
from crcsim.scenario.values import Days, Duration, Interval, MoneyPerYear, Number

__all__ = ["CUSTOMER", "CUSTOMERS", "Customer", "FullService", "customer_id"]


@dataclass(frozen=True)
class FullService:
    """The penalty if everything else that the customer buys were dropped (source A8).

    `churn_hazard_ratio` is a factor of at least 1, `share_logit` logit points of at most 0.
    """

    churn_hazard_ratio: Quantity
    share_logit: Quantity


@dataclass(frozen=True)
class Customer:
    """One customer after the merge of defaults, segment, table row and its own row.

    `industry` holds loadings; `tenure` is in years at valuation; `discount` is a fraction of price;
    `direct_cost` is per year; `phases` always holds all five phases; `lines` are sorted by product, `costs`
    and `investments` by name, `processes` by process. `receptiveness` scales the effects of executive roles.
    """

    name: str
    id: str
    segment: str | None
    geography: str | None
    industry: Mapping[str, Quantity]
    beta: Quantity
    growth: Quantity
    growth_basis: str
    volatility: Quantity
    coupling: Quantity
    rate: str
    phase: str
    phases: Mapping[str, Phase]
    tenure: float
    direct_cost: Quantity
    discount: Quantity
    acquisition: Acquisition | None
    churn: Churn
    takeover: Takeover
    insolvency: Insolvency
    win_back: Risk
    event_correlation: EventCorrelation | None
    observed_with_other_causes: bool
    receivable_days: Quantity
    payable_days: Quantity
    prepayment_received_days: Quantity
    prepayment_made_days: Quantity
    full_service: FullService
    receptiveness: Quantity
    costs: tuple[CustomerCost, ...]
    investments: tuple[Investment, ...]
    processes: tuple[ProcessUse, ...]
    lines: tuple[Line, ...]


def _customer(values: dict[str, Any], at: Address) -> Customer:
    """Return the customer; `at` holds its name as path and its id as place."""
    growth = values.pop("growth")
    stated = {**values, "id": str(at.place[-1]), "growth": growth.quantity, "growth_basis": growth.basis}
    listed = {name: tuple(values[name].values()) for name in ("costs", "investments", "processes", "lines")}
    return Customer(name=str(at.path[-1]), **{**stated, **listed})


def _check(values: dict[str, Any], node: MapNode, reading: Reading) -> bool:
    """List what contradicts itself within one customer."""
    return _check_acquisition(values, node, reading) & _check_observed(values, node, reading)


def _check_acquisition(values: dict[str, Any], node: MapNode, reading: Reading) -> bool:
    """List a prospect that nobody acquires, and an acquisition of somebody who is a customer already."""
    if values["phase"] == "prospect" and values["acquisition"] is None:
        hint = "a prospect needs acquisition: {spend: .., conversion: {yearly_probability: ..}}"
        reading.report("missing_key", node.position, (*node.path, "acquisition"), hint=hint)
        return False
    if values["phase"] != "prospect" and values["acquisition"] is not None:
        stated = node.entries["acquisition"]
        hint = f"the phase is {values['phase']}; only a prospect is acquired"
        reading.report("inconsistent", stated.position, stated.path, value="acquisition", hint=hint)
        return False
    return True


def _check_observed(values: dict[str, Any], node: MapNode, reading: Reading) -> bool:
    """List yearly probabilities that were observed beside each other and leave no survivors (MODEL 1)."""
    if not values["observed_with_other_causes"]:
        return True
    risks = {name: values[name].risk for name in ("churn", "takeover", "insolvency")}
    at = node.entries["observed_with_other_causes"]
    hazards = [name for name, risk in risks.items() if risk.kind == "hazard" and central(risk.rate.value) > 0]
    if hazards:
        hint = f"{' and '.join(hazards)} is stated as a hazard; state every cause as a yearly_probability"
        reading.report("inconsistent", at.position, at.path, value="true", hint=hint)
        return False
    total = sum(central(risk.rate.value) for risk in risks.values())
    if total >= 1:
        hint = "the yearly probabilities of churn, takeover and insolvency add up to this"
        reading.report(
            "out_of_range", at.position, at.path, value=f"{total * 100:.6g}%", allowed="below 100%", hint=hint
        )
        return False
    return True


def customer_id(name: str, node: Node) -> str:
    """Return the stated id of a customer, or its name."""
    stated = node.entries.get("id") if isinstance(node, MapNode) else None
    own = isinstance(stated, ScalarNode) and not stated.shared and bool(stated.text.strip())
    return stated.text if own and isinstance(stated, ScalarNode) else name


class _Customers(MapOf[Customer]):
    """All customers by name; the draws of a customer belong to its id."""

    def read(self, node: Node, at: Address, reading: Reading) -> dict[str, Customer] | Invalid:
        """Return the customers; where a table is broken, only what stands in the scenario is checked."""
        if not reading.tables_broken:
            return super().read(node, at, reading)
        with reading.one_layer():
            super().read(node, at, reading)
        return INVALID

    def address(self, at: Address, name: str, node: Node) -> Address:
        """Return the address of one customer."""
        return Address((*at.path, name), (*at.place, customer_id(name, node)))


_PENALTY = Section(
    lambda values, at: values["logit"],
    (Key("logit", QuantityKind(Number(), Interval(high=0.0)), "Logit points, at most 0.", default=0.0),),
)
_FULL_SERVICE = Section(
    lambda values, at: FullService(values["churn_hazard_ratio"], values["share_target"]),
    (
        Key(
            "churn_hazard_ratio",
            QuantityKind(Number(), Interval(low=1.0)),
            "Factor on the churn hazard, at least 1.",
            default=1.0,
        ),
        Key("share_target", _PENALTY, "What the target share of the other lines loses.", default={}),
    ),
)
_ANY = QuantityKind(Number())
_DAYS = QuantityKind(Days(), Interval(low=0.0))
CUSTOMER = Section(
    _customer,
    (
        Key("id", Text(), "Identity of the draws; by default the name.", default=None),
        Key("segment", Text(), "The segment whose entries hold for this customer.", default=None),
        Key("geography", Text(), "Where the customer is, for totals.", default=None),
        Key("industry", MapOf(_ANY, "industry"), "Loading on each industry.", default={}),
        Key("beta", _ANY, "Loading of the customer's business on the market."),
        Key("growth", GrowthKind(), "Expected growth of the customer's business, effective annual."),
        Key(
            "volatility",
            QuantityKind(Number(ratio=True, per_year=True), Interval(low=0.0)),
            "Annual volatility of the customer's own part.",
        ),
        Key(
            "coupling",
            QuantityKind(Number(), Interval(low=0.0)),
            "How strongly the wallet follows the customer's success.",
            default=1.0,
        ),
        Key("rate", Choice(("firm", "own")), "Whose cost of capital discounts it.", default="firm"),
        Key("phase", Choice(lifecycle.PHASES), "The phase at the valuation date.", default="maturity"),
        Key("phases", lifecycle.PHASES_SECTION, "What each phase means.", default={}),
        Key(
            "tenure",
            FixedNumber(Duration(), Interval(low=0.0)),
            "How long it has been a customer at the valuation date.",
            default=0.0,
        ),
        Key(
            "direct_cost",
            QuantityKind(MoneyPerYear(), Interval(low=0.0)),
            "Direct costs of the customer per year.",
            default=0.0,
        ),
        Key(
            "discount",
            QuantityKind(Number(ratio=True), Interval(high=1.0, high_open=True)),
            "Price terms: the fraction by which its prices are lower.",
            default=0.0,
        ),
        Key("acquisition", lifecycle.ACQUISITION, "How a prospect is won.", default=None),
        Key("churn", lifecycle.CHURN, "Loss to a competitor."),
        Key("takeover", lifecycle.TAKEOVER, "The customer is taken over.", default=NO_RISK),
        Key("insolvency", lifecycle.INSOLVENCY, "The customer fails.", default=NO_RISK),
        Key("win_back", RISK, "The chance to win a lost customer back.", default=NO_RISK),
        Key("event_correlation", lifecycle.EVENT_CORRELATION, "Losses that cluster.", default=None),
        Key(
            "observed_with_other_causes",
            Flag(),
            "Whether the yearly probabilities were observed beside each other.",
            default=False,
        ),
        Key("receivable_days", _DAYS, "Days until the customer pays.", default=0.0),
        Key("payable_days", _DAYS, "Days until suppliers are paid for it.", default=0.0),
        Key("prepayment_received_days", _DAYS, "Days by which the customer pays ahead.", default=0.0),
        Key("prepayment_made_days", _DAYS, "Days by which suppliers are paid ahead for it.", default=0.0),
        Key(
            "full_service",
            _FULL_SERVICE,
            "What it does if everything else that it buys were dropped; a part of it for a part.",
            default={},
        ),
        Key(
            "receptiveness",
            QuantityKind(Number(ratio=True), Interval(low=0.0)),
            "How strongly it responds to executives; 100% as the customers of the survey.",
            default=1.0,
        ),
        Key("costs", CUSTOMER_COSTS, "Further direct costs of the customer, by name.", default={}),
        Key("investments", INVESTMENTS, "Payments for tools, systems and the like, by name.", default={}),
        Key("processes", PROCESS_USES, "The processes that it causes, by process.", default={}),
        Key("lines", MapOf(LINE, "product", required=True), "What it buys, by product."),
    ),
    check=_check,
)
CUSTOMERS = _Customers(CUSTOMER, "customer", required=True)
