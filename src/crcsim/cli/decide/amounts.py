"""Amounts of money and limits of levers on the command line."""

from __future__ import annotations

import re
from typing import Any

import click

__all__ = ["Amount", "LeverAmount"]

_AMOUNT = re.compile(r"(-?[0-9][0-9,]*\.?[0-9]*)\s*(k|M|bn)?\s*([A-Z]{3})?")
_FACTORS = {None: 1.0, "k": 1e3, "M": 1e6, "bn": 1e9}


class Amount(click.ParamType[float]):
    """Money such as `2 M EUR`, `800 k` or 500000, in the currency of the scenario."""

    name = "amount"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The amount in currency; the currency itself is that of the scenario."""
        if isinstance(value, float):
            return value
        found = _AMOUNT.fullmatch(str(value).strip())
        if found is None:
            self.fail(f"{value!r} is no amount, such as '2 M EUR', '800 k' or 500000", param, ctx)
        return float(found[1].replace(",", "")) * _FACTORS[found[2]]


class LeverAmount(click.ParamType[tuple[str, float]]):
    """`LEVER=AMOUNT`; several levers have commas between them."""

    name = "lever=amount"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, float]:
        """The names as stated, and the amount."""
        name, sign, amount = str(value).rpartition("=")
        if not sign or not name.strip():
            self.fail(f"{value!r} is not of the form LEVER=AMOUNT, such as 'relation=1.5 M EUR'", param, ctx)
        return name.strip(), Amount().convert(amount, param, ctx)
