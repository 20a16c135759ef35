"""Statements of a simulated result as tables for people and as full CSV text."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

import numpy as np

from crcsim.report.numbers import MoneyScale, fixed, money_scale
from crcsim.report.table import Table
from crcsim.report.tables import DISCOUNTINGS

if TYPE_CHECKING:
    import xarray as xr

__all__ = [
    "ROOM",
    "statement_csv",
    "statement_facts",
    "statement_table",
    "statement_title",
    "without_dust",
]

SIGNS = {1: "+", -1: "-", 0: "="}
_NAMES = {
    "cash-flow": "Customer cash flow",
    "contribution": "Customer contribution",
    "costing": "Customer costing",
    "company": "From the customers to the company",
}
#: The unit of a statement lets its largest amount have one digit more than elsewhere: others are far smaller.
ROOM = 10.0
_DUST = 1e-12  # of the largest amount: what is left where sums cancel out
_WIDEST = 8  # columns of amounts in a table
_DECIMALS = 2
_MARKS = (1, 2, 3, 5, 10, 20, 40, 80, 160, 320, 640)  # periods and years that a table shows


def without_dust(found: xr.Dataset) -> xr.Dataset:
    """The same numbers, but 0 where only rounding is left of sums that cancel out."""
    largest = max(float(np.abs(found[name]).max()) for name in found.data_vars)
    return found.where(~(np.abs(found) <= _DUST * largest), 0.0)  # what is not known stays so


def statement_title(found: xr.Dataset) -> str:
    """What a statement is, of whom and by what."""
    title = _NAMES[found.attrs["form"]]
    if found.attrs.get("customer"):
        title += f" of {found.attrs['customer']}"
    return title if found.attrs["by"] == "total" else f"{title} by {found.attrs['by']}"


def statement_table(found: xr.Dataset) -> Table:
    """The statement of one strategy: sign, line, a column for each amount; lines without amounts left out.

    A single column has its standard error beside it. Of many columns those with the largest last line are
    shown, of many periods some, the first and the last among them.
    """
    found = without_dust(found)
    scale = money_scale(float(np.abs(found["amount"]).max()) / ROOM, str(found.attrs["currency"]))
    lines = [
        place
        for place in range(found.sizes["line"])
        if found["sign"].values[place] == 0 or (found["amount"].values[place] != 0.0).any()
    ]
    shown = _shown_columns(found)
    alone = len(shown) == 1 and "amount_standard_error" in found
    heads = ("Present value", "±") if alone else tuple(_heads(found, shown))
    rows = tuple(
        (
            SIGNS[int(found["sign"].values[line])],
            str(found["label"].values[line]),
            *(text for place in shown for text in _texts(found, line, place, scale, alone)),
        )
        for line in lines
    )
    title = f"{statement_title(found)} ({scale.unit})"
    return Table(title, ("", "Line", *heads), "ll" + "r" * len(heads), rows, _notes(found, len(shown)))


def _shown_columns(found: xr.Dataset) -> list[int]:
    count = found.sizes["column"]
    if count <= _WIDEST + 1:
        return list(range(count))
    if found.attrs["by"] in ("period", "year"):
        marks = [mark - 1 for mark in _MARKS if mark < count - 1]
        return [*marks, count - 2, count - 1]
    own = found["amount"].isel(line=-1).values[:-1]
    largest = np.argsort(-own, kind="stable")[:_WIDEST]
    return [*largest.tolist(), count - 1]


def _heads(found: xr.Dataset, shown: list[int]) -> list[str]:
    word = {"period": "period ", "year": "year "}.get(found.attrs["by"], "")
    names = [str(found["column"].values[place]) for place in shown]
    return [name if name == "total" else f"{word}{name}" for name in names]


def _texts(found: xr.Dataset, line: int, column: int, scale: MoneyScale, alone: bool) -> tuple[str, ...]:
    amount = float(found["amount"].values[line, column])
    if "amount_standard_error" not in found:
        return (fixed(amount / scale.factor, _DECIMALS),)
    error = float(found["amount_standard_error"].values[line, column])
    text = scale.text(amount, error)
    return (text, scale.error_text(amount, error)) if alone else (text,)


def _notes(found: xr.Dataset, shown: int) -> tuple[str, ...]:
    if "discounting" in found.attrs:
        note = f"Mean present value at {DISCOUNTINGS[found.attrs['discounting']]}."
    else:
        note = "Mean flow over all paths; the total is not discounted."
    if found.attrs["by"] == "phase":
        note += (
            " By the phase of the relation in which it arises: after an end the phase before it, for lines "
            "taken over that of their new owner. Without the value after the last period."
        )
    if "amount_standard_error" not in found:
        note += f" Rounded to {_DECIMALS} decimals."
    note += " + added, - subtracted, = sum of the lines above. Lines without amounts are left out."
    hidden = found.sizes["column"] - shown
    if hidden:
        note += f" {hidden} more columns in the CSV file (-o FOLDER); the total holds all of them."
    return (note,)


def statement_csv(found: xr.Dataset) -> str:
    """The statement of one strategy in full: a row per line, a column per amount, then their errors."""
    columns = [str(name) for name in found["column"].values]
    heads = ["line", "label", "sign", *columns]
    blocks = [found["amount"].values]
    if "amount_standard_error" in found:
        heads += [f"{name} (standard error)" for name in columns]
        blocks.append(found["amount_standard_error"].values)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(heads)
    for place, numbers in enumerate(np.hstack(blocks).tolist()):
        labels = (str(found["line"].values[place]), str(found["label"].values[place]))
        writer.writerow([*labels, int(found["sign"].values[place]), *(_plain(number) for number in numbers)])
    return out.getvalue()


def _plain(number: float) -> str:
    return repr(number) if np.isfinite(number) else ""


def statement_facts(found: xr.Dataset) -> dict[str, Any]:
    """The statement of one strategy for machines: in full, None where undefined."""
    names = [str(name) for name in found["column"].values]
    errors = found.get("amount_standard_error")

    def numbers(values: Any) -> dict[str, float | None]:
        texts = (float(value) if np.isfinite(value) else None for value in values)
        return dict(zip(names, texts, strict=True))

    lines = []
    for place, key in enumerate(found["line"].values):
        facts = {
            "line": str(key),
            "label": str(found["label"].values[place]),
            "sign": int(found["sign"].values[place]),
            "amounts": numbers(found["amount"].values[place]),
        }
        if errors is not None:
            facts["standard_errors"] = numbers(errors.values[place])
        lines.append(facts)
    attributes = {
        name: found.attrs[name]
        for name in ("form", "by", "basis", "currency", "discounting")
        if name in found.attrs
    }
    return {**attributes, "columns": names, "lines": lines}
