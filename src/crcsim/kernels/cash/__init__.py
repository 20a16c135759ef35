"""From sales to cash and present value (MODEL 8, 9): lines, contribution, working capital, discounting,
segment and company flows.
"""
