"""Decisions: questions that need several runs."""

from crcsim.decisions.abandon import abandon
from crcsim.decisions.abandon_lines import abandon_lines
from crcsim.decisions.allocate import allocate
from crcsim.decisions.assign import assign
from crcsim.decisions.changes import Change, scenario_changes
from crcsim.decisions.compare import compare
from crcsim.decisions.contributions import contributions
from crcsim.decisions.decomposition import decompose
from crcsim.decisions.dominance import Dominance, dominance
from crcsim.decisions.growth import split_growth
from crcsim.decisions.information import information
from crcsim.decisions.marginal import marginal
from crcsim.decisions.select import select
from crcsim.decisions.strategies import compare_strategies
from crcsim.decisions.stress import reverse_stress, stress
from crcsim.decisions.timing import timing

__all__ = [
    "Change",
    "Dominance",
    "abandon",
    "abandon_lines",
    "allocate",
    "assign",
    "compare",
    "compare_strategies",
    "contributions",
    "decompose",
    "dominance",
    "information",
    "marginal",
    "reverse_stress",
    "scenario_changes",
    "select",
    "split_growth",
    "stress",
    "timing",
]
