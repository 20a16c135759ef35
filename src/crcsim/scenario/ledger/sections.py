"""The tables of keys of a ledger: every table, its columns, their units and what they mean."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from crcsim.scenario.containers import ListOf, MapOf
from crcsim.scenario.kinds import Choice, FixedNumber, Text, WholeNumber
from crcsim.scenario.ledger.exact import AMOUNT, COST, FRACTION, QUANTITY, ExactNumber
from crcsim.scenario.money import CurrencyCode
from crcsim.scenario.nodes import MapNode
from crcsim.scenario.reading import Reading
from crcsim.scenario.sections import REQUIRED, Alternatives, Key, Section
from crcsim.scenario.values import Duration, Interval, Number

__all__ = ["DIRECT_LINES", "INDIRECT_LINES", "LEDGER", "OPENING", "TABLES", "TABLE_FILE", "VARIABLE_LINES"]

VARIABLE_LINES = ("material", "production", "distribution")
DIRECT_LINES = ("depreciation", "marketing", "other_direct")
INDIRECT_LINES = (
    "indirect_material",
    "indirect_production",
    "indirect_personnel",
    "indirect_administration",
    "indirect_distribution",
    "product_advertising",
)
OPENING = "opening"
_PHASES = ("prospect", "build_up", "growth", "maturity", "decline")
_LEVELS = ("product", "order", "customer", "segment", "company")
_NOTHING, _ALL = Decimal("0.00"), Decimal(1)
_NOTICE = FixedNumber(Duration(), Interval(low=0.0), endless=True)
_RATE = FixedNumber(Number(ratio=True), Interval(low=-1.0, low_open=True))
_SHARE = FixedNumber(Number(ratio=True), Interval(0.0, 1.0))

_PERIOD = Key("period", Text(), "The period; empty: it holds in every period.", default=None)
_NOTICE_DOC = "Time until the cost can be given up: 0 within the period, `6 months`, `inf` not at all."


def _row(values: dict[str, Any], at: object) -> dict[str, Any]:
    return values


def _table(*keys: Key) -> Section[dict[str, Any]]:
    return Section(_row, keys)


TABLES: dict[str, Section[dict[str, Any]]] = {
    "periods": _table(
        Key("name", Text(), "The period, as the other tables call it."),
        Key(
            "years",
            FixedNumber(Number(), Interval(low=0.0)),
            "Years from the valuation date to its flows; flows at 0 are not discounted.",
        ),
    ),
    "customers": _table(
        Key("name", Text(), "The customer."),
        _PERIOD,
        Key("segment", Text(), "Its segment.", default=None),
        Key("phase", Choice(_PHASES), "The phase of the relation in the period.", default=None),
        Key(
            "beta",
            FixedNumber(Number()),
            "Beta of its business without debt; stated, it is discounted at a rate of its own.",
            default=None,
        ),
    ),
    "orders": _table(
        Key("order", Text(), "The order; several products of one order are several rows."),
        Key("customer", Text(), "Who ordered."),
        Key("product", Text(), "What was ordered."),
        Key("period", Text(), "The period in which the order is earned."),
        Key("units", QUANTITY, "Units of the product."),
        Key("sales", COST, "Sales before deductions."),
        Key("sales_deductions", COST, "Rebates, discounts, bonuses.", default=_NOTHING),
        Key("material", COST, "Variable cost of material.", default=_NOTHING),
        Key("production", COST, "Variable cost of production.", default=_NOTHING),
        Key("distribution", COST, "Variable cost of distribution.", default=_NOTHING),
        Key("cash_share", FRACTION, "Payments of the period among the variable costs.", default=_ALL),
    ),
    "costs": _table(
        Key("name", Text(), "What it is."),
        _PERIOD,
        Key("level", Choice(_LEVELS), "The lowest level that causes the cost."),
        Key("object", Text(), "Product, order, customer or segment that causes it.", default=None),
        Key("customer", Text(), "At the level of a product: the customer that causes it.", default=None),
        Key(
            "line",
            Choice((*VARIABLE_LINES, *DIRECT_LINES, *INDIRECT_LINES)),
            "The line of the cash-flow statement.",
        ),
        Key("amount", COST, "The cost of the period."),
        Key("cash_share", FRACTION, "Payments of the period in it; by default 1, 0 for depreciation.", None),
        Key("notice", _NOTICE, _NOTICE_DOC),
    ),
    "investments": _table(
        Key("name", Text(), "What is paid for."),
        Key("period", Text(), "The period of the payment."),
        Key("level", Choice(_LEVELS[2:]), "The level that it is for.", default="customer"),
        Key("object", Text(), "The customer or segment that it is for.", default=None),
        Key("amount", COST, "The payment."),
    ),
    "balances": _table(
        Key("customer", Text(), "The customer."),
        Key(
            "period",
            Text(),
            f"The period at whose end the balances stand; `{OPENING}`: before the first one.",
        ),
        Key("receivables", COST, "Sales on credit, not yet paid by the customer.", default=_NOTHING),
        Key("prepayments_received", COST, "Paid by the customer, not yet earned.", default=_NOTHING),
        Key("prepayments_made", COST, "Paid to suppliers for it, not yet consumed.", default=_NOTHING),
        Key("payables", COST, "Consumed for it, not yet paid to suppliers.", default=_NOTHING),
    ),
    "cost_centres": _table(
        Key("name", Text(), "The cost centre."),
        Key(
            "surcharge_base",
            Choice((*VARIABLE_LINES, "variable_costs", "net_revenue")),
            "What overhead surcharges would be a percentage of.",
            default="variable_costs",
        ),
    ),
    "sub_processes": _table(
        Key("cost_centre", Text(), "Where it is done."),
        Key("name", Text(), "The sub-process."),
        _PERIOD,
        Key(
            "behaviour",
            Choice(("induced", "neutral")),
            "Whether its cost varies with its driver (induced by the quantity of activity) or is fixed.",
        ),
        Key("line", Choice(INDIRECT_LINES), "The line of the cash-flow statement."),
        Key("cost", COST, "Its cost in the period."),
        Key("cash_share", FRACTION, "Payments of the period in it.", default=_ALL),
        Key("notice", _NOTICE, f"{_NOTICE_DOC} By default 0 if induced, inf if neutral.", default=None),
        Key("driver", Text(), "What its quantity counts; induced ones only.", default=None),
        Key("quantity", QUANTITY, "Quantity of its driver; induced ones only.", default=None),
        Key("maximum_quantity", QUANTITY, "What its capacity allows; by default the quantity.", default=None),
    ),
    "process_shares": _table(
        Key("cost_centre", Text(), "The cost centre of the sub-process."),
        Key("sub_process", Text(), "An induced sub-process."),
        Key("process", Text(), "The main process that it is part of."),
        Key("share", FRACTION, "The part of its cost; a rest stays with the company.", default=_ALL),
    ),
    "main_processes": _table(
        Key("name", Text(), "The main process."),
        _PERIOD,
        Key("level", Choice(_LEVELS[:3]), "What it is done for."),
        Key("driver", Text(), "Its cost driver."),
        Key("quantity", QUANTITY, "Quantity of the driver in the period."),
        Key("maximum_quantity", QUANTITY, "What its capacity allows; by default the quantity.", default=None),
    ),
    "consumption": _table(
        Key("process", Text(), "The main process."),
        Key("object", Text(), "The product, order or customer that it is done for."),
        Key("customer", Text(), "For a product: the customer that causes it.", default=None),
        Key("period", Text(), "The period; empty: that of the order, else every period.", default=None),
        Key("quantity", QUANTITY, "Quantity of the driver."),
        Key("reserved", QUANTITY, "Capacity kept ready for it; by default the quantity.", default=None),
    ),
}

TABLE_FILE = Section(
    _row,
    (
        Key("file", Text(), "A .csv, .parquet or .xlsx file beside the ledger."),
        Key("columns", MapOf(Text(), "key"), "Key of the table: header of its column.", default={}),
        Key("sheet", Text(), "The sheet of a workbook; by default the first.", default=None),
    ),
)

_SIZE = ExactNumber(Number(), Interval(low=0.0, low_open=True))


def _check_build_up(values: dict[str, Any], node: MapNode, reading: Reading) -> bool:
    """List what a rate that is built up still needs."""
    if values["rate"] is not None:
        return True
    needed = ["real_rate", "expected_market_return", "beta"]
    if values["equity_share"] < 1.0 and not values["cost_of_debt"]:
        needed.append("cost_of_debt")
    missing = [name for name in needed if values[name] in (None, ())]
    for name in missing:
        hint = "the rate is built up: real rate, inflation, market return, beta, and debt where there is any"
        reading.report("missing_key", node.position, (*node.path, name), hint=hint)
    return not missing


_VALUATION = Section(
    _row,
    (
        Key("rate", _RATE, "The cost of capital, stated directly.", default=None),
        Key("real_rate", _RATE, "Real risk-free rate.", default=None),
        Key("expected_inflation", _RATE, "Expected inflation.", default=0.0),
        Key("fisher", Choice(("additive", "exact")), "How the two make the risk-free rate.", "additive"),
        Key("expected_market_return", _RATE, "Expected return of the market.", default=None),
        Key("beta", FixedNumber(Number()), "Beta of the firm's equity.", default=None),
        Key("equity_share", FixedNumber(Number(ratio=True), Interval(0.0, 1.0, low_open=True)), "E/V.", 1.0),
        Key("cost_of_debt", ListOf(_RATE, "period"), "Cost of debt by period; averaged.", default=None),
        Key("tax_rate", _SHARE, "Tax rate of the shield on debt; flows are before tax.", default=0.0),
    ),
    (Alternatives((("rate",), ("real_rate", "expected_market_return", "beta"))),),
    check=_check_build_up,
)
_RESIDUAL = Section(
    _row,
    (
        Key("growth", _RATE, "Yearly growth after the last period.", default=0.0),
        Key(
            "cash_flow",
            AMOUNT,
            "Flow that goes on; by default the last one without investments and changes of working capital.",
            default=None,
        ),
    ),
)
_SHAREHOLDER_VALUE = Section(
    _row,
    (
        Key("securities", COST, "Marketable securities.", default=_NOTHING),
        Key("debt", COST, "Market value of debt.", default=_NOTHING),
        Key("residual", _RESIDUAL, "A perpetuity after the last period; without it nothing.", default=None),
    ),
)

LEDGER = Section(
    _row,
    (
        Key("ledger", WholeNumber(1, 1), "The version of the format."),
        Key("name", Text(), "A title; by default the name of the file.", default=None),
        Key("currency", CurrencyCode(), "The one currency of the ledger."),
        Key(
            "process_rates",
            Choice(("capacity", "actual")),
            "Whether processes are charged at cost per capacity, the rest being cost of capacity that was "
            "not required, or at cost per actual quantity.",
            default="capacity",
        ),
        *(
            Key(
                name,
                ListOf(section, "row"),
                f"Rows, or a file of them: {name.replace('_', ' ')}.",
                REQUIRED if name == "periods" else None,
            )
            for name, section in TABLES.items()
        ),
        Key("order_sizes", ListOf(_SIZE, "size"), "Order sizes of the degression table.", default=None),
        Key("valuation", _VALUATION, "The rate at which flows are discounted.", default=None),
        Key("shareholder_value", _SHAREHOLDER_VALUE, "What else belongs to shareholder value.", default=None),
    ),
)
