"""Decisions: questions that need several runs."""

from crcsim.decisions.changes import Change, scenario_changes
from crcsim.decisions.compare import compare
from crcsim.decisions.dominance import Dominance, dominance

__all__ = ["Change", "Dominance", "compare", "dominance", "scenario_changes"]
