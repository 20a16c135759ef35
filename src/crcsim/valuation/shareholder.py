"""Shareholder value after Rappaport, with the customers as the operating part (Schmeisser, diagram 6)."""

from dataclasses import dataclass

from numpy.typing import ArrayLike

from crcsim.valuation.arrays import Floats, floats

__all__ = ["ShareholderValue", "shareholder_value"]


@dataclass(frozen=True)
class ShareholderValue:
    """The build-up, each in currency and of the same shape."""

    cash_flows: Floats
    residual: Floats
    securities: Floats
    company_value: Floats
    debt: Floats
    shareholder_value: Floats

    @property
    def residual_share(self) -> Floats:
        """Part of flows and residual value that is residual; NaN or infinite where they cancel out."""
        return self.residual / (self.cash_flows + self.residual)


def shareholder_value(
    cash_flows: ArrayLike, residual: ArrayLike, securities: ArrayLike = 0.0, debt: ArrayLike = 0.0
) -> ShareholderValue:
    """PV of cash flows + PV of residual value + securities - market value of debt (Rappaport 1986).

    `cash_flows` are those of the portfolio and the unallocated ones of segments and company; all four are
    present values or market values in currency, numbers or arrays of one shape.
    """
    flows, rest, papers, owed = (floats(part) for part in (cash_flows, residual, securities, debt))
    company = flows + rest + papers
    return ShareholderValue(flows, rest, papers, company, owed, company - owed)
