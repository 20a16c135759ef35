"""The solver against closed forms, enumeration and another solver; nothing here is random but the inputs."""

import itertools

import numpy as np
import pytest

from crcsim.decisions.allocation import Limit, Objective, Problem, solve
from crcsim.decisions.allocation.problem import tail_mean
from crcsim.errors import NumericError

MEAN = Objective("mean")


def certain(curves, most, budget, nodes=401, **limits):
    """A problem of levers whose value is a function of their spend, without chance."""
    spend = np.linspace(0.0, most, nodes)
    values = tuple(curve(spend) - curve(0.0) for curve in curves)
    return Problem(
        (spend,) * len(curves),
        values,
        tuple(row[:, None] for row in values),
        0.0,
        np.zeros(1),
        budget,
        **limits,
    )


def drawn(seed, levers=3, nodes=4, paths=60, **limits):
    """A problem with any values, by path."""
    generator = np.random.default_rng(seed)
    spend = tuple(
        np.concatenate([[0.0], generator.uniform(0.5, 2.0, nodes - 1).cumsum()]) for _ in range(levers)
    )
    risk = tuple(
        np.concatenate([np.zeros((1, paths)), generator.normal(0.5, 1.5, (nodes - 1, paths)).cumsum(axis=0)])
        for _ in range(levers)
    )
    value = tuple(row.mean(axis=1) + generator.normal(0.0, 0.1) * (row.mean(axis=1) != 0.0) for row in risk)
    base = generator.normal(5.0, 2.0, paths)
    return Problem(spend, value, risk, 5.0, base, 6.0, **limits)


def test_water_filling_of_saturating_responses():
    """a K / (K + b) at equal marginal values: K = sqrt(a b / price) - b where above 0."""
    a, b, budget = np.array([4.0, 2.0, 0.2]), np.array([1.0, 2.0, 3.0]), 3.0
    curves = [lambda x, a=a[n], b=b[n]: a * x / (x + b) for n in range(3)]
    found = solve(certain(curves, 4.0, budget), MEAN)
    price = (np.sqrt(a[:2] * b[:2]).sum() / (budget + b[:2].sum())) ** 2  # the third gets nothing
    spends = np.r_[np.sqrt(a[:2] * b[:2] / price) - b[:2], 0.0]

    assert spends == pytest.approx(found.spend, abs=2e-3)
    assert price == pytest.approx(found.shadow_price, rel=5e-3)
    assert ("budget",) == found.binding


def test_water_filling_of_logarithms_under_a_limit_of_a_group():
    """a ln(1 + x / b): x = a / price - b; two of the three share a limit with a price of its own."""
    a, b = np.array([3.0, 2.0, 1.5]), np.array([1.0, 1.0, 0.5])
    curves = [lambda x, a=a[n], b=b[n]: a * np.log1p(x / b) for n in range(3)]
    found = solve(certain(curves, 4.0, 3.5, limits=(Limit("relations", (0, 1), 1.5),)), MEAN)
    inner = (a[:2].sum()) / (1.5 + b[:2].sum())

    assert [a[0] / inner - b[0], a[1] / inner - b[1], 2.0] == pytest.approx(found.spend, abs=3e-3)
    assert a[2] / (2.0 + b[2]) == pytest.approx(found.shadow_price, rel=3e-3)
    assert ("budget", "relations") == found.binding


def test_a_budget_that_does_not_bind_has_no_price():
    """Dorfman and Steiner (1954): advertising is elasticity 0.1 over price elasticity 2, 5 % of sales.

    At the best price the margin of sales is one over the price elasticity.
    """
    sales = 3.0

    def profit(spend):
        return sales * np.power(spend, 0.1) / 2.0 - spend

    problem = certain([profit], 0.4, 5.0, nodes=4_001)
    found = solve(problem, MEAN)
    spend = float(found.spend[0])

    assert 0.05 == pytest.approx(spend / (sales * spend**0.1), rel=5e-3)
    assert 0.0 == pytest.approx(found.shadow_price, abs=1e-9)
    assert () == found.binding


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize(
    "objective",
    [MEAN, Objective("mean-cvar", weight=0.7, level=0.2), Objective("cvar", floor=6.0, level=0.2)],
)
def test_whole_programmes_are_those_of_enumeration(seed, objective):
    problem = drawn(seed, whole=(True,) * 3, limits=(Limit("pair", (0, 2), 3.5),))
    best = -np.inf
    for nodes in itertools.product(range(4), repeat=3):
        spend = np.array([row[node] for row, node in zip(problem.spend, nodes, strict=True)])
        if spend.sum() > 6.0 or spend[[0, 2]].sum() > 3.5:
            continue
        risk = problem.base_risk + sum(row[node] for row, node in zip(problem.risk, nodes, strict=True))
        value = 5.0 + sum(row[node] for row, node in zip(problem.value, nodes, strict=True))
        tail = tail_mean(risk, 0.2)[0]
        reached = {"mean": value, "mean-cvar": risk.mean() + 0.7 * tail, "cvar": tail}[objective.kind]
        if objective.kind != "cvar" or value >= objective.floor:
            best = max(best, reached)
    if best == -np.inf:
        with pytest.raises(NumericError, match="no plan meets"):
            solve(problem, objective)
        return

    assert best == pytest.approx(solve(problem, objective).objective, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("seed", range(3))
def test_any_amount_between_nodes_is_that_of_a_fine_grid(seed):
    """Three levers whose values rise and fall: no plan on a grid of 16 spends each is better, one as good."""
    problem = drawn(seed, nodes=3)
    found = solve(problem, Objective("mean-cvar", weight=1.0, level=0.2))
    grids = [np.linspace(0.0, row[-1], 16) for row in problem.spend]
    rows = []
    for grid, spend, risk in zip(grids, problem.spend, problem.risk, strict=True):
        rows.append(np.array([np.interp(grid, spend, risk[:, path]) for path in range(risk.shape[1])]).T)
    best = -np.inf
    for nodes in itertools.product(range(16), repeat=3):
        if sum(grid[node] for grid, node in zip(grids, nodes, strict=True)) <= 6.0:
            risk = problem.base_risk + sum(row[node] for row, node in zip(rows, nodes, strict=True))
            best = max(best, risk.mean() + np.sort(risk)[:12].mean())

    assert best <= found.objective + 1e-9
    assert best == pytest.approx(found.objective, abs=0.1)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("kind", ["mean-cvar", "cvar"])
def test_cvar_is_that_of_another_solver(kind):
    """The whole linear programme of Rockafellar and Uryasev, with a row for every path, by CVXPY."""
    cp = pytest.importorskip("cvxpy")
    problem = drawn(8, levers=4, nodes=3, paths=400)
    for row, risk in zip(problem.value, problem.risk, strict=True):  # concave: no whole numbers are needed
        risk[2] = risk[1] + 0.5 * (risk[2] - risk[1]).clip(max=risk[1])
        row[:] = risk.mean(axis=1)
    objective = Objective(kind, weight=2.0, floor=6.2 if kind == "cvar" else -np.inf, level=0.1)
    weights = [cp.Variable(3, nonneg=True) for _ in problem.spend]
    path = problem.base_risk + sum(risk.T @ w for risk, w in zip(problem.risk, weights, strict=True))
    border = cp.Variable()
    tail = border - cp.sum(cp.pos(border - path)) / (0.1 * 400)
    mean = cp.sum(path) / 400
    limits = [cp.sum(w) == 1 for w in weights]
    limits.append(sum(spend @ w for spend, w in zip(problem.spend, weights, strict=True)) <= problem.budget)
    if kind == "cvar":
        value = 5.0 + sum(row @ w for row, w in zip(problem.value, weights, strict=True))
        limits.append(value >= 6.2)
    wanted = cp.Problem(cp.Maximize(tail if kind == "cvar" else mean + 2.0 * tail), limits)
    best = wanted.solve(solver="HIGHS")
    found = solve(problem, objective)

    assert best == pytest.approx(found.objective, rel=1e-6)
