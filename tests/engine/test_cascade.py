"""The cascade of costs on every path: the compiled kernel against the plain NumPy twin, and against itself.

Differences are relative to the sum of the absolute items of a customer, a level or the portfolio.
"""

import numpy as np
import pytest

import crcsim.engine.run
from crcsim import simulate
from crcsim.costing.items import ITEMS
from crcsim.errors import NumericError
from crcsim.results import content_hash
from tests.engine.runs import PATHS, difference, whole
from tests.naive.block import ITEM, Simulation
from tests.naive.random_scenarios import load, random_document

pytestmark = pytest.mark.jit

#: Largest difference between kernel and twin, and between a whole and the sum of its items.
TOLERANCE, ROUNDING = 1e-10, 1e-9

FEW, MANY = range(12), range(200)
#: A scenario with mergers, in which every kind of item is booked, in several coupling groups.
RICH = 36
LONG = 5000  # more paths than a chunk


def run(scenario, paths=PATHS, **options):
    """A result with the whole cascade."""
    return simulate(scenario, paths=paths, record=["cascade"], **{"threads": 2, **options})


def every_item(values, dims, labels=None):
    """A variable as an array in the order of `dims`, with all items in the twin's order, absent ones 0."""
    known = values.reindex(item=list(ITEMS), fill_value=0.0)
    for dim, names in (labels or {}).items():
        known = known.reindex({dim: names}, fill_value=0.0)
    return known.transpose(*dims).values


def pairs(twin, result):
    """(expected, simulated, scale) of every variable of the cascade, {name: arrays}."""
    r, headline = twin.result, twin.headline
    own, levels = r.npv_scale[headline], r.level_npv_scale[headline]
    total = own.sum(axis=0) + levels.sum(axis=0)
    flows = r.customer_items.sum(axis=0) + r.level_items.sum(axis=0)
    known = {"level": twin.levels, "product": twin.products}
    found = {
        "item_npv": (r.customer_item_npv.sum(axis=0) + r.level_item_npv.sum(axis=0), ("item", "path"), total),
        "item_cash_flow": (flows, ("item", "period", "recorded_path"), r.cash_flow_scale.sum(axis=0)),
    }
    for name, expected, scale in (
        ("customer", r.customer_item_npv, own[:, np.newaxis]),
        ("level", r.level_item_npv, levels[:, np.newaxis]),
        ("product", r.product_item_npv, total),
    ):
        found[f"{name}_item_npv"] = expected, (name, "item", "recorded_path"), scale
        mean_scale = np.mean(scale, axis=-1)
        found[f"{name}_item_npv_mean"] = expected.mean(axis=-1), (name, "item"), mean_scale
    for name, items in (("customer", r.customer_items), ("level", r.level_items)):
        mean = items.mean(axis=-1).transpose(0, 2, 1)
        scale = np.abs(items).mean(axis=-1).sum(axis=(1, 2))[:, np.newaxis, np.newaxis]
        found[f"{name}_item_mean"] = mean, (name, "period", "item"), scale
    labels = {name: {dim: known[dim] for dim in dims if dim in known} for name, (_, dims, _) in found.items()}
    return {
        name: (expected, every_item(result[name], dims, labels[name]), scale)
        for name, (expected, dims, scale) in found.items()
    }


def disagreements(twin, result):
    """{name: largest relative difference} of the variables in which kernel and twin differ."""
    gaps = {name: difference(*values) for name, values in pairs(twin, result).items()}
    return {name: gap for name, gap in gaps.items() if not gap <= TOLERANCE}


def sums(twin, result):
    """{identity: largest relative difference} between wholes and the sums of their items."""
    r, at = twin.result, result.attrs["headline"]
    npv, levels = result["npv"].sel(discounting=at), result["level_npv"].sel(discounting=at)
    own, shared = r.npv_scale[twin.headline], r.level_npv_scale[twin.headline]
    total = own.sum(axis=0) + shared.sum(axis=0)
    by_customer = result["customer_item_npv"].sum("item").transpose("customer", "recorded_path")
    by_level = result["level_item_npv"].sum("item").transpose("level", "recorded_path")
    flows = result["item_cash_flow"].sum("item").transpose("period", "recorded_path")
    means = result["customer_item_mean"].sum("item").transpose("customer", "period")
    return {
        "customers": difference(npv.values, by_customer.values, own),
        "levels": difference(levels.values, by_level.values, shared),
        "portfolio": difference(
            npv.sum("customer").values + levels.sum("level").values, result["item_npv"].sum("item"), total
        ),
        "cash flow": difference(result["cash_flow"].values, flows.values, r.cash_flow_scale.sum(axis=0)),
        "means": difference(
            result["customer_cash_flow_mean"].values, means.values, np.abs(r.customer_items).sum() / PATHS
        ),
    }


def unstated(twin, result):
    """Items that the twin books and the result does not hold."""
    r = twin.result
    total = np.abs(r.customer_items).sum(axis=(0, 2, 3)) + np.abs(r.level_items).sum(axis=(0, 2, 3))
    return {key for key, place in ITEM.items() if total[place]} - set(result["item"].values.tolist())


def cascade(seed, folder):
    """(twin after its run, result of the kernel) of every strategy of one random scenario."""
    scenario = load(random_document(seed, PATHS), folder)
    program, result, found = whole(scenario), run(scenario), []
    for name in program.strategies:
        twin = Simulation(program, PATHS, strategy=name)
        twin.run()
        found.append((twin, result.sel(strategy=name)))
    return found


@pytest.fixture(scope="module", params=FEW)
def both(request, tmp_path_factory):
    """Twin and kernel after a run of one random scenario, by strategy."""
    return cascade(request.param, tmp_path_factory.mktemp("scenario"))


def test_kernel_and_twin_book_the_same_items(both):
    for twin, result in both:
        assert {} == disagreements(twin, result)
        assert set() == unstated(twin, result)


def test_items_add_up_to_cash_and_value(both):
    for twin, result in both:
        found = sums(twin, result)

        assert {} == {name: gap for name, gap in found.items() if not gap <= ROUNDING}


@pytest.mark.heavy
def test_kernel_and_twin_book_the_same_items_wherever_a_cost_is_stated(tmp_path):
    wrong, booked, refused = {}, set(), []
    for seed in MANY:
        try:
            strategies = cascade(seed, tmp_path)
        except NumericError:  # no finite value after the horizon on some path
            refused.append(seed)
            continue
        for twin, result in strategies:
            found = {**disagreements(twin, result), **dict.fromkeys(unstated(twin, result))}
            found |= {name: gap for name, gap in sums(twin, result).items() if not gap <= ROUNDING}
            wrong |= {(seed, twin.place): found} if found else {}
            npv = result["item_npv"]
            booked |= {key for key in result["item"].values.tolist() if npv.sel(item=key).any()}

    assert {} == wrong
    assert set(ITEMS) == booked
    assert len(refused) < 5


@pytest.fixture(scope="module")
def scenario(tmp_path_factory):
    """Mergers, levels, notice, reserves and a value after the horizon."""
    return load(random_document(RICH, LONG), tmp_path_factory.mktemp("scenario"))


@pytest.fixture(scope="module")
def result(scenario):
    return run(scenario, LONG, threads=1)


def test_threads_change_no_bit(scenario, result):
    assert content_hash(result) == content_hash(run(scenario, LONG, threads=3))


@pytest.mark.parametrize("lanes", [16, 128])
def test_lanes_change_no_bit(scenario, result, lanes):
    assert content_hash(result) == content_hash(run(scenario, LONG, lanes=lanes))


def test_the_memory_for_bands_changes_no_bit(scenario, result, monkeypatch):
    monkeypatch.setattr(crcsim.engine.run, "BAND_MEMORY", 1)

    assert content_hash(result) == content_hash(run(scenario, LONG))


def test_more_paths_leave_the_first_as_they_are(scenario, result):
    fewer = run(scenario, 3000)

    for dim in ("path", "recorded_path"):
        names = [name for name, values in fewer.data_vars.items() if dim in values.dims]
        same = {
            name: np.array_equal(fewer[name], result[name].isel({dim: slice(fewer.sizes[dim])}))
            for name in names
        }

        assert {"item_npv" if dim == "path" else "item_cash_flow"} <= set(names)
        assert [] == [name for name, equal in same.items() if not equal]


def test_means_and_their_errors_are_those_of_all_paths(result):
    """On 5000 paths all are recorded, so that means over all paths follow from the recorded ones."""
    for name in ("customer", "level", "product"):
        values = result[f"{name}_item_npv"].transpose("strategy", name, "item", "recorded_path").values
        scale = np.abs(values).mean(axis=-1).sum(axis=-1, keepdims=True)
        error = values.std(axis=-1, ddof=1) / np.sqrt(LONG)
        mean = result[f"{name}_item_npv_mean"].transpose("strategy", name, "item").values
        stated = result[f"{name}_item_npv_mean_standard_error"].transpose("strategy", name, "item").values

        assert difference(values.mean(axis=-1), mean, scale) <= TOLERANCE
        np.testing.assert_allclose(stated, error, rtol=1e-6, atol=1e-9 * float(scale.max()))


def test_means_are_over_all_paths_however_few_are_recorded(scenario, result, monkeypatch):
    monkeypatch.setattr(crcsim.engine.run, "BAND_PATHS", 1000)
    few = simulate(scenario, paths=LONG, record=[], threads=2)

    assert "item_cash_flow" not in few
    assert np.array_equal(result["item_npv"], few["item_npv"])
    for name in ("customer", "level", "product"):
        recorded = result[f"{name}_item_npv"].isel(recorded_path=slice(1000))
        assert np.array_equal(recorded, few[f"{name}_item_npv"])
        assert np.array_equal(result[f"{name}_item_npv_mean"], few[f"{name}_item_npv_mean"])
    for name in ("customer", "level"):
        assert np.array_equal(result[f"{name}_item_mean"], few[f"{name}_item_mean"])
