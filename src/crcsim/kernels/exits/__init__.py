"""Competing risks (MODEL 4): one event uniform per customer and period, the cause in proportion to the
hazards.

The lane loops only find the few lanes where something happens; what happens there is written out lane by
lane.
"""
