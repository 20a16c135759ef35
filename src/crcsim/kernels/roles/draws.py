"""Where the draws of a customer's executives come from."""

import numpy as np

from crcsim.kernels.accelerate import inline
from crcsim.kernels.arrays import Structure

#: Slots of a customer's own draws: its role (at the start in period 0), and the events of its executive.
ROLE_SLOT, DAMAGE_SLOT, CONCESSION_SLOT, DEAL_SLOT = 3, 4, 5, 6


@inline
def words_of(s: Structure, customer: int) -> tuple[np.uint64, np.uint64]:
    """Stream words of a customer."""
    entity = 1 + s.industry_count + customer
    return s.words[entity, 0], s.words[entity, 1]
