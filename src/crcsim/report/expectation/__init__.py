"""A scenario without chance: what each customer is expected to do, by recursion instead of simulation.

The *deterministic limit*: every uncertain quantity at its mean, every shock at its expectation, every risk as
the share of customers that it takes in a period (MODEL 3, 4, 8, 9). Wallet, share and price are carried as
expectations by phase; costs follow from them, those in notice from the ends of each period and what these
customers cost before. A strategy shifts targets, hazards, growth, prices and costs by the responses of its
levers at the means of their effects, and drops lines; in the baseline maintenance is paid. Left out:
executive roles, limits of capacity and what relieves them, listed mergers, the effect of success on
insolvency, event correlation with a factor that the customer's business is loaded on, and the tenure of those
who come later or come back; a share that a phase or a takeover moves is exact in its logit only. Idle
capacity is that at the expected volume of a phase: exact where the capacity is never, or always, used up.
With fixed parameters and none of these, the mean of a simulation differs from the limit by its standard error
alone.
"""

from crcsim.report.expectation.limit import (
    CostsNow,
    Expectation,
    Levels,
    expectations,
    level_value,
    levels,
)

__all__ = ["CostsNow", "Expectation", "Levels", "expectations", "level_value", "levels"]
