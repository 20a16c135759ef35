"""A ledger for people: tables for the terminal, a page, and CSV files."""

from crcsim.report.costing.excerpt import excerpt
from crcsim.report.costing.files import write_costing
from crcsim.report.costing.sheet import Sheet, as_json, as_table
from crcsim.report.costing.tables import CostingTables, costing_tables

__all__ = ["CostingTables", "Sheet", "as_json", "as_table", "costing_tables", "excerpt", "write_costing"]
