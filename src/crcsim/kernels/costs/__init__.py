"""Costs of a customer beyond the variable ones of its lines (MODEL 8): fixed costs, capacity kept ready,
costs in notice after the end, investments. Every flow stays in `Books`, so that `cascade` can book it.
"""
