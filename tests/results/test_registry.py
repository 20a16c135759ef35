"""Every variable is described, and a Dataset that is no result is told so in one pass."""

import numpy as np

from crcsim.results.registry import REGISTRY, describe, problems, table
from tests.results.example import make_result


def test_a_result_has_no_problems():
    assert () == problems(make_result())


def test_optional_variables_may_be_absent():
    assert () == problems(make_result().drop_vars(["horizon_value", "npv_fresh", "market_index"]))


def test_a_result_without_bands_is_a_result():
    bands = [name for name in REGISTRY if name.endswith("_band") or name == "customer_active_count"]

    assert () == problems(make_result().drop_vars(bands))


def test_a_result_without_levels_is_a_result():
    assert () == problems(make_result().isel(level=slice(0, 0)))


def test_all_problems_are_found_at_once():
    result = make_result().drop_vars("sales").assign(surprise=("path", np.zeros(200)))
    result["npv"].values[0, 0, 0, 0] = np.nan
    result["end_cause"] = result["end_cause"].astype(float)
    result["cash_flow"] = result["cash_flow"].transpose("path", "period", "strategy")
    result.attrs |= {"headline": "wac", "warnings": None}

    found = problems(result.assign_coords(customer=["Nordwerk", "Nordwerk", "Østkamm"]))

    assert {
        "sales is missing",
        "surprise is not a variable of a result",
        "npv holds NaN or infinity",
        "end_cause holds float64, not integers",
        "cash_flow has dimensions ('path', 'period', 'strategy'), not ('strategy', 'period', 'path')",
        "the labels of customer are not unique",
        "the headline 'wac' is none of the discountings",
        "the attribute warnings is NoneType, neither text nor a number",
    } == set(found)


def test_infinity_is_wrong_even_where_nan_is_allowed():
    result = make_result()
    result["customer_share_mean"].values[0, 0, 0] = np.inf

    assert ("customer_share_mean holds infinity",) == problems(result)


def test_describing_names_the_unit_in_the_results_currency_and_leaves_the_original_alone():
    result = make_result()

    described = describe(result)

    assert "EUR per period" == described["cash_flow"].attrs["units"]
    assert "year" == described["years"].attrs["units"]
    assert {} == result["cash_flow"].attrs == result["years"].attrs
    assert {"long_name", "units", "source"} == set.intersection(
        *(set(described[name].attrs) for name in described.variables)
    )


def test_the_table_has_a_row_per_variable():
    rows = table().splitlines()

    assert len(REGISTRY) + 2 == len(rows)
    assert {5} == {row.count("|") - 1 for row in rows}
