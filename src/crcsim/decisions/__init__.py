"""Decisions: questions that need several runs."""

from crcsim.decisions.changes import Change, scenario_changes
from crcsim.decisions.compare import compare
from crcsim.decisions.decomposition import decompose
from crcsim.decisions.dominance import Dominance, dominance
from crcsim.decisions.growth import split_growth

__all__ = [
    "Change",
    "Dominance",
    "compare",
    "decompose",
    "dominance",
    "scenario_changes",
    "split_growth",
]
