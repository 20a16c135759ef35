"""Executive roles (MODEL 7): who serves a customer, the growth that comes with the role, and its events.

An executive serves while the relation is active. At the start of a period roles change where a term has
ended; in the period growth, events and the cost of the executive follow from the role.
"""
