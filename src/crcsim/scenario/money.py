"""The currency of a scenario, and whether its inputs are nominal or real."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from crcsim.scenario.kinds import Choice, Text, wrong_type
from crcsim.scenario.nodes import Node, ScalarNode
from crcsim.scenario.reading import Address, Invalid, Reading
from crcsim.scenario.sections import Key, Section

__all__ = ["CURRENCY_CODE", "MONEY", "Money"]


@dataclass(frozen=True)
class Money:
    """One currency for all flows; `basis` is `nominal` or `real` and holds where an input does not say."""

    currency: str
    basis: str


class CurrencyCode(Text):
    """Three capital letters, as in ISO 4217."""

    def read(self, node: Node, at: Address, reading: Reading) -> str | Invalid:
        """Return the code of the currency."""
        if not isinstance(node, ScalarNode) or not CURRENCY_CODE.fullmatch(node.text):
            return wrong_type(node, "three capital letters such as EUR", reading)
        return super().read(node, at, reading)

    def schema(self) -> dict[str, Any]:
        """Return the schema of a currency code."""
        return {"type": "string", "pattern": f"^{CURRENCY_CODE.pattern}$"}


CURRENCY_CODE = re.compile("[A-Z]{3}")
MONEY = Section(
    lambda values, at: Money(**values),
    (
        Key("currency", CurrencyCode(), "The one currency of the scenario."),
        Key(
            "basis",
            Choice(("nominal", "real")),
            "Whether growth rates include inflation where they do not say so themselves.",
            default="nominal",
        ),
    ),
)
