"""From a scenario to a result: blocks of paths over threads, sinks for finished chunks, estimates of time
and memory.
"""

from crcsim.engine.estimate import Estimate, estimate, warmup
from crcsim.engine.simulate import simulate

__all__ = ["Estimate", "estimate", "simulate", "warmup"]
