"""What belongs to one strategy of arrays that hold all of them."""

from crcsim.kernels.accelerate import spliced
from crcsim.kernels.arrays import Executives, Items, Notes, Outputs, Strategies, Strategy, Sums


@spliced
def one_strategy(st: Strategies, k: int) -> Strategy:
    """One of the strategies of a run."""
    return Strategy(
        st.touched[k],
        st.run[k],
        st.start[k],
        st.trigger[k],
        st.response[k],
        st.spend[k],
        st.lasting[k],
        st.arriving[k],
        st.maintenance,
        st.drop[k],
    )


@spliced
def executives_of(st: Strategies, w: Executives, k: int) -> Executives:
    """What one strategy says of executives, with the workspace for them."""
    return Executives(st.role[k], st.terms[k], w.parameters, w.state, w.concessions, w.taken)


@spliced
def outputs_of(o: Outputs, k: int) -> Outputs:
    """Outputs of one strategy."""
    return Outputs(
        o.npv[k],
        o.horizon_value[k],
        o.level_npv[k],
        o.cash_flow[k],
        o.sales[k],
        o.end_cause[k],
        o.end_period[k],
        o.market_index,
        o.deflator,
        o.inflation_index,
        o.band_totals[k],
        o.bands[k],
        o.relations[k],
        o.relation_place,
    )


@spliced
def notes_of(n: Notes, k: int) -> Notes:
    """Bookings of one strategy."""
    items = n.items
    return Notes(
        n.cascade,
        Items(items.total[k], items.customers[k], items.levels[k], items.products[k], items.cash_flow[k]),
    )


@spliced
def sums_of(sums: Sums, k: int) -> Sums:
    """Sums of one strategy."""
    return Sums(
        sums.quantities[k],
        sums.series_values[k],
        sums.series_flows[k],
        sums.series_phases[k],
        sums.horizon_margin[k],
    )
