"""What a cost accountant may say: a ledger of orders, costs, processes and payments, read and checked.

A ledger goes this way: YAML -> tree with positions; tables named in it (CSV, Parquet, XLSX) -> rows with
positions (`tables`) -> values by the tables of keys (`sections`) -> rows held against each other (`checks`)
-> LedgerDocument. `crcsim.compile.ledger` turns it into what `crcsim.costing` calculates with.
"""

from crcsim.scenario.ledger.document import LedgerDocument, Values, load_ledger
from crcsim.scenario.ledger.sections import (
    DIRECT_LINES,
    INDIRECT_LINES,
    LEDGER,
    OPENING,
    VARIABLE_LINES,
)

__all__ = [
    "DIRECT_LINES",
    "INDIRECT_LINES",
    "LEDGER",
    "OPENING",
    "VARIABLE_LINES",
    "LedgerDocument",
    "Values",
    "load_ledger",
]
