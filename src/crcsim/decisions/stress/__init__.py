"""Stress tests: named shocks on the same draws, and what the worst paths have in common."""

from crcsim.decisions.stress.reverse import reverse_stress
from crcsim.decisions.stress.shocks import SHOCKS, Sizes, refuse_unknown
from crcsim.decisions.stress.stress import options_of, stress

__all__ = ["SHOCKS", "Sizes", "options_of", "refuse_unknown", "reverse_stress", "stress"]
