"""The best use of a budget over levers, on plain arrays (MODEL 10)."""

from crcsim.decisions.allocation.problem import Limit, Objective, Problem, Solution
from crcsim.decisions.allocation.search import Box, Evaluate, Found, search, starts, surroundings
from crcsim.decisions.allocation.solver import solve

__all__ = [
    "Box",
    "Evaluate",
    "Found",
    "Limit",
    "Objective",
    "Problem",
    "Solution",
    "search",
    "solve",
    "starts",
    "surroundings",
]
