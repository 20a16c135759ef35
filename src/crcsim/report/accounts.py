"""What a result says in accounting terms, for the report: statements and value tree, in tables and files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crcsim.measures.company_statement import company_statement
from crcsim.measures.item_values import holds_items
from crcsim.measures.phase_columns import holds_phases
from crcsim.measures.statements import FORMS, statement
from crcsim.measures.value_tree import value_tree
from crcsim.report.statements import statement_csv, statement_table
from crcsim.report.table import Table
from crcsim.report.value_tree import drill_table, tree_csv, tree_table
from crcsim.results.strategies import alone

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["FILES", "Accounts", "accounts"]

#: Names of the files beside the page, the picture of the tree included.
FILES = (
    *(f"{form}-by-{by}.csv" for form in FORMS for by in ("customer", "year")),
    "contribution-by-phase.csv",
    "company-result.csv",
    "company-result-by-year.csv",
    "value-tree.csv",
    "value-tree-by-customer.csv",
    "value_tree.svg",
    "value_tree.png",
)
_SHOWN = (("cash-flow", "customer"), ("contribution", "customer"), ("cash-flow", "year"))
_BY_PHASE = "contribution-by-phase"  # where the result knows the phases


@dataclass(frozen=True)
class Accounts:
    """Statements and trees of one strategy of a result, by the names of their files without `.csv`."""

    statements: Mapping[str, xr.Dataset]
    trees: Mapping[str, xr.Dataset]

    @property
    def tree(self) -> xr.Dataset:
        """The value tree of the portfolio."""
        return self.trees["value-tree"]

    def statement_tables(self) -> list[Table]:
        """Cash flow and contribution by customer, the company below them, cash flow by year, phases."""
        names = [f"{form}-by-{by}" for form, by in _SHOWN]
        names.insert(2, "company-result")
        if _BY_PHASE in self.statements:
            names.append(_BY_PHASE)
        return [statement_table(self.statements[name]) for name in names]

    def tree_tables(self) -> list[Table]:
        """The lines of the portfolio, and its value by customer."""
        return [tree_table(self.tree), drill_table(self.trees["value-tree-by-customer"])]

    def files(self) -> dict[str, str]:
        """Text by file name, numbers in full."""
        found = {f"{name}.csv": statement_csv(each) for name, each in self.statements.items()}
        return found | {f"{name}.csv": tree_csv(each) for name, each in self.trees.items()}


def accounts(dataset: xr.Dataset) -> Accounts | None:
    """The accounts of a result of one strategy; None where it holds no items.

    Raises CrcsimError for several strategies, NumericError where items do not add up to what the result says.
    """
    if not holds_items(dataset):
        return None
    statements = {
        f"{form}-by-{by}": statement(dataset, form, by) for form in FORMS for by in ("customer", "year")
    }
    if holds_phases(dataset):
        statements[_BY_PHASE] = statement(dataset, "contribution", "phase")
    statements["company-result"] = company_statement(dataset)
    statements["company-result-by-year"] = company_statement(dataset, "year")
    trees = {
        "value-tree": value_tree(dataset),
        "value-tree-by-customer": value_tree(dataset, drill="customer"),
    }
    return Accounts(
        {name: alone(each) for name, each in statements.items()},
        {name: alone(each) for name, each in trees.items()},
    )
