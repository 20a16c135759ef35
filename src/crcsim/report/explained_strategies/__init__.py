"""What strategies do before anything is simulated: spend, responses, effects and pay-back (MODEL 5, 6, 7)."""

from __future__ import annotations

from typing import Any

from crcsim.report.explained_strategies.courses import course_facts, response_table, spend_table
from crcsim.report.explained_strategies.drops import drop_facts, drop_table
from crcsim.report.explained_strategies.effects import effect_facts, effect_table
from crcsim.report.explained_strategies.known import KnownStrategies
from crcsim.report.explained_strategies.payback import payback_facts, payback_table
from crcsim.report.explained_strategies.roles import role_facts, role_table
from crcsim.report.table import Table

__all__ = ["KnownStrategies", "strategy_facts", "strategy_tables"]


def strategy_tables(known: KnownStrategies) -> list[Table]:
    """Tables of the strategies; empty ones where there is nothing to say."""
    tables = (spend_table, response_table, effect_table, payback_table, drop_table, role_table)
    return [table(known) for table in tables]


def strategy_facts(known: KnownStrategies) -> list[dict[str, Any]]:
    """The same for machines, by strategy, in full."""
    return [
        {
            "strategy": strategy.name,
            "levers": [
                {**course_facts(known, strategy, each), "effects": effect_facts(known, each)}
                for each in known.acting[strategy.name]
            ],
            "pay_back": payback_facts(known, strategy),
            "drops": drop_facts(known, strategy),
            "roles": role_facts(known, strategy),
            "sponsor_programme": strategy.sponsor_programme,
        }
        for strategy in known.scenario.strategies
    ]
