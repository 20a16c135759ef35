"""A result with several strategies, put together from results on the same draws."""

import json

import xarray as xr


def beside(results, **attributes):
    """One result from {strategy: result of one strategy}; the first is the baseline, and the economy is its.

    Items that only one of them books are zero in the others.
    """
    results = {name: result.assign_coords(strategy=[name]) for name, result in results.items()}
    first = next(iter(results.values()))
    if "item" in first.dims:
        longest = max((result["item"] for result in results.values()), key=len)
        results = {
            name: result
            if result.sizes["item"] == longest.size
            else result.reindex(item=longest.values, fill_value=0).assign_coords(
                {each: longest[each] for each in longest.coords if each != "item"}
            )
            for name, result in results.items()
        }
        first = next(iter(results.values()))
    shared = [name for name in first.data_vars if "strategy" not in first[name].dims]
    made = xr.concat(
        [result.drop_vars(shared) for result in results.values()],
        "strategy",
        coords="minimal",
        compat="override",
        join="exact",
        combine_attrs="override",
    )
    told = {
        name: value if isinstance(value, str) else json.dumps(value) for name, value in attributes.items()
    }
    return made.assign({name: first[name] for name in shared}).assign_attrs(first.attrs | told)
