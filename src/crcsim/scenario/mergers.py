"""Listed mergers between customers of the portfolio (MODEL 4, source A11)."""

from __future__ import annotations

from dataclasses import dataclass

from crcsim.scenario.containers import ListOf
from crcsim.scenario.kinds import Text
from crcsim.scenario.nodes import MapNode, Node, describe
from crcsim.scenario.quantity import Risk
from crcsim.scenario.reading import Address
from crcsim.scenario.risks import ONE_RISK, RISK_HINT, RISK_KEYS, risk_of
from crcsim.scenario.sections import Key, Section

__all__ = ["MERGERS", "Merger"]


@dataclass(frozen=True)
class Merger:
    """The customer `target` may merge into the customer `buyer`; both are names."""

    target: str
    buyer: str
    risk: Risk


MERGER = Section(
    lambda values, at: Merger(values["target"], values["buyer"], risk_of(values)),
    (
        Key("target", Text(), "The customer that would disappear."),
        Key("buyer", Text(), "The customer under which its lines would continue."),
        *RISK_KEYS,
    ),
    (ONE_RISK,),
    scalar_hint=RISK_HINT,
)


class _Mergers(ListOf[Merger]):
    """All mergers; the draws of a merger belong to its two customers, not to its number in the list."""

    def address(self, at: Address, index: int, node: Node) -> Address:
        """Return the address of one merger."""
        entries = node.entries if isinstance(node, MapNode) else {}
        names = [describe(entries[key]) for key in ("target", "buyer") if key in entries]
        return Address((*at.path, index), (*at.place, *names))


MERGERS = _Mergers(MERGER, "merger")
