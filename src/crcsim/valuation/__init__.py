"""Plain formulas of valuation: rates, risks, cost of capital, discounting, state prices, shares.

Every function takes numbers or NumPy arrays of any shape, broadcasts, and returns float64 of the broadcast
shape. Rates and hazards are annual, times and steps are in years, NaN goes in and NaN comes out. What no
formula can answer (a probability of 1 as a hazard, a perpetuity that does not converge) raises ValueError.
"""
