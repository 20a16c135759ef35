"""Arrays without reference counting, for the inside of a kernel.

Every view of a counted array costs two atomic operations, which in short lane loops is more than the arithmetic: the block ran three
times slower with them. An `entry` borrows its arguments once and passes them on; its caller keeps the arrays alive.
"""

from __future__ import annotations

from typing import Any

from numba.core import types  # type: ignore[import-untyped]
from numba.extending import intrinsic  # type: ignore[import-untyped]
from numba.np.arrayobj import make_array  # type: ignore[import-untyped]

from crcsim.kernels.accelerate import JIT_ENABLED, inline
from crcsim.kernels.arrays import Group, Outputs, Parameters, Structure, Sums

if JIT_ENABLED:

    @intrinsic  # type: ignore[untyped-decorator]
    def borrowed(_: Any, array: Any) -> Any:
        """The same array without an owner."""
        if not isinstance(array, types.Array):
            return None

        def disown(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            struct = make_array(signature.return_type)
            given, result = struct(context, builder, arguments[0]), struct(context, builder)
            for name in ("nitems", "itemsize", "data", "shape", "strides"):
                setattr(result, name, getattr(given, name))
            result.meminfo = given.meminfo.type(None)
            result.parent = given.parent.type(None)
            return result._getvalue()

        return array(array), disown

else:

    def borrowed(array: Any) -> Any:
        """The same array; without compilation nothing is counted."""
        return array


@inline
def borrow_group(g: Group) -> Group:
    """The workspace without reference counting."""
    return Group(
        borrowed(g.parameters),
        borrowed(g.state),
        borrowed(g.marks),
        borrowed(g.line_parameters),
        borrowed(g.lines),
        borrowed(g.line_start),
        borrowed(g.line_facts),
        borrowed(g.merger_hazard),
    )


@inline
def borrow_structure(s: Structure) -> Structure:
    """The structure without reference counting."""
    return Structure(
        s.periods,
        s.step,
        s.timing,
        s.regimes,
        s.market_jumps,
        s.horizon,
        s.industry_count,
        borrowed(s.words),
        borrowed(s.customers),
        borrowed(s.lines),
        borrowed(s.loading_industry),
        borrowed(s.groups),
        borrowed(s.group_customer),
        borrowed(s.mergers),
        borrowed(s.level),
    )


@inline
def borrow_parameters(p: Parameters) -> Parameters:
    """The tables without reference counting."""
    return Parameters(
        borrowed(p.constant), borrowed(p.column), borrowed(p.uncertain), borrowed(p.start), borrowed(p.members)
    )


@inline
def borrow_outputs(o: Outputs) -> Outputs:
    """The outputs without reference counting."""
    return Outputs(
        borrowed(o.npv),
        borrowed(o.horizon_value),
        borrowed(o.level_npv),
        borrowed(o.cash_flow),
        borrowed(o.sales),
        borrowed(o.end_cause),
        borrowed(o.end_period),
        borrowed(o.market_index),
        borrowed(o.deflator),
        borrowed(o.inflation_index),
        borrowed(o.band_totals),
        borrowed(o.bands),
    )


@inline
def borrow_sums(sums: Sums) -> Sums:
    """The sums without reference counting."""
    return Sums(borrowed(sums.lanes), borrowed(sums.horizon_margin))
