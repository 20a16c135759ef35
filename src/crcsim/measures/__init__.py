"""Measures: numbers from one result. Each is a function Dataset -> Dataset, one file per subject.

Items are the customers, the levels that bear flows of no customer, and their `total`; the coordinate `kind`
tells them apart. Every estimate `x` stands beside its standard error `x_standard_error`.
"""

from crcsim.measures.company_statement import company_statement
from crcsim.measures.concentration import concentration
from crcsim.measures.convergence import convergence
from crcsim.measures.customer_value import customer_value
from crcsim.measures.discount import discount
from crcsim.measures.ends import ends
from crcsim.measures.groups import grouped
from crcsim.measures.horizon import horizon_share
from crcsim.measures.horizons import disagreements, three_horizons
from crcsim.measures.layers import layers
from crcsim.measures.moments import moments
from crcsim.measures.quantiles import quantiles
from crcsim.measures.rates import customer_rates, rate_build_up
from crcsim.measures.shareholder import shareholder_value
from crcsim.measures.statements import statement
from crcsim.measures.summary import summary, summary_table
from crcsim.measures.tail import tail
from crcsim.measures.value_tree import value_tree

__all__ = [
    "company_statement",
    "concentration",
    "convergence",
    "customer_rates",
    "customer_value",
    "disagreements",
    "discount",
    "ends",
    "grouped",
    "horizon_share",
    "layers",
    "moments",
    "quantiles",
    "rate_build_up",
    "shareholder_value",
    "statement",
    "summary",
    "summary_table",
    "tail",
    "three_horizons",
    "value_tree",
]
