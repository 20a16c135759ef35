"""Optimal stopping by least squares on plain arrays: policy, lower bound, upper bound, simple rules."""

from crcsim.decisions.stopping.duality import Martingale, fit_martingale, upper_bounds
from crcsim.decisions.stopping.paths import StoppingPaths, present
from crcsim.decisions.stopping.policy import Policy, fit_policy
from crcsim.decisions.stopping.threshold import ThresholdRule, fit_threshold

__all__ = [
    "Martingale",
    "Policy",
    "StoppingPaths",
    "ThresholdRule",
    "fit_martingale",
    "fit_policy",
    "fit_threshold",
    "present",
    "upper_bounds",
]
