"""Amounts of money and limits of levers on the command line."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import click

__all__ = ["Amount", "LeverAmount", "Money", "by_levers"]

#: Commas stand between groups of three digits only: `1,5` is no number here, `1,500` is.
_AMOUNT = re.compile(
    r"(?P<number>-?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]*)?)\s*(?P<scale>k|M|bn)?\s*(?P<currency>[A-Z]{3})?"
)
_FACTORS = {None: 1.0, "k": 1e3, "M": 1e6, "bn": 1e9}


@dataclass(frozen=True)
class Money:
    """An amount as stated, in a currency if one was named."""

    text: str
    amount: float
    currency: str | None

    def of(self, currency: str, option: str) -> float:
        """The amount in the currency of a scenario; raises BadParameter for another one."""
        if self.currency not in (None, currency):
            raise click.BadParameter(
                f"wrong currency: {self.text}; allowed: {currency} (a scenario has one currency; convert the "
                "amount)",
                param_hint=f"'{option}'",
            )
        return self.amount


class Amount(click.ParamType[Money]):
    """Money such as `2 M EUR`, `800 k` or 500000; the scenario says in which currency."""

    name = "amount"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Money:
        """The amount with its currency, which is compared when the scenario is known."""
        if isinstance(value, Money):
            return value
        text = str(value).strip()
        found = _AMOUNT.fullmatch(text)
        number = float(found["number"].replace(",", "")) * _FACTORS[found["scale"]] if found else math.nan
        if found is None or not math.isfinite(number):
            commas = " (a comma stands between groups of three digits only)" if "," in text else ""
            self.fail(
                f"{text!r} is no amount, such as '2 M EUR', '1.5 M', '800 k' or 1,500,000{commas}", param, ctx
            )
        return Money(text, number, found["currency"])


class LeverAmount(click.ParamType[tuple[str, Money]]):
    """`LEVER=AMOUNT`; several levers have commas between them."""

    name = "lever=amount"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, Money]:
        """The names as stated, and the amount."""
        if isinstance(value, tuple):
            return value
        name, sign, amount = str(value).rpartition("=")
        if not sign or not name.strip():
            self.fail(f"{value!r} is not of the form LEVER=AMOUNT, such as 'relation=1.5 M EUR'", param, ctx)
        return name.strip(), Amount().convert(amount, param, ctx)


def by_levers(stated: Iterable[tuple[str, Money]], currency: str, option: str) -> dict[str, float]:
    """Amounts in the currency of a scenario by the names of levers; raises BadParameter for a name that
    comes twice.
    """
    found: dict[str, float] = {}
    for name, money in stated:
        if name in found:
            raise click.BadParameter(f"{name} is stated twice", param_hint=f"'{option}'")
        found[name] = money.of(currency, option)
    return found
