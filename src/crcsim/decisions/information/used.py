"""Which uncertain parameters the compared alternatives use at all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from crcsim.compile.copula import Block
from crcsim.compile.values import uncertain_places
from crcsim.decisions.trials import stated_strategy
from crcsim.scenario.scenario import Scenario

__all__ = ["used_places"]


def used_places(scenario: Scenario, strategies: Iterable[str], blocks: Sequence[Block]) -> set[str]:
    """Places of the uncertain parameters that may matter to one of these strategies.

    Those of a lever matter where a strategy has a plan for it or it is maintained, those of executives where
    one assigns roles or has the sponsor programme; all others of the scenario always. Whatever is correlated
    (by one of the blocks) with a parameter that matters tells of it, and so it matters too.
    """
    chosen = [stated_strategy(scenario, name) for name in strategies]
    planned = {plan.lever for strategy in chosen for plan in strategy.plans}
    levers = tuple(lever for lever in scenario.levers if lever.name in planned or lever.maintenance)
    served = any(strategy.roles or strategy.sponsor_programme for strategy in chosen)
    executives = scenario.executives if served else None
    found = set(uncertain_places(replace(scenario, levers=levers, executives=executives, strategies=())))
    for block in blocks:
        if found.intersection(block.names):
            found.update(block.names)
    return found
