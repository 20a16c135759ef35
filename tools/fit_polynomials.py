"""Fit the polynomials of `crcsim.kernels.maths` and print their coefficients.

Each one is the minimax polynomial of a smooth function on a short interval, found by the Remez exchange
algorithm in 60-digit arithmetic (E. Remez, 1934; J.-M. Muller, Elementary Functions, 3rd ed., section 3.4)
and then rounded coefficient by coefficient to the nearest float64. Run it with mpmath installed:

    python tools/fit_polynomials.py
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from mpmath import mp, mpf  # type: ignore[import-untyped]

Function = Callable[[mpf], mpf]

NORMAL_CDF_SCALE = 5
"""The a in t = (|x| - a) / (|x| + a), which maps the half line to [-1, 1)."""

NORMAL_CDF_END = 39
"""Beyond this many standard deviations the normal tail probability is below the smallest float64."""


@dataclass(frozen=True)
class Target:
    """A function to be approximated on [low, high] by a polynomial of the given degree."""

    name: str
    function: Function
    low: mpf
    high: mpf
    degree: int


def targets() -> tuple[Target, ...]:
    """The functions that `crcsim.kernels.maths` evaluates by polynomials, in the order of that file."""
    half_ln2 = mp.ln(2) / 2
    largest_s = (mp.sqrt(2) - 1) / (mp.sqrt(2) + 1)
    largest_t = mpf(NORMAL_CDF_END - NORMAL_CDF_SCALE) / (NORMAL_CDF_END + NORMAL_CDF_SCALE)
    return (
        Target("EXP", mp.exp, -half_ln2, half_ln2, 11),
        Target("LOG", log_remainder, mpf(0), largest_s**2, 6),
        Target("SIN", sine_over_argument, mpf(0), mpf(1) / 4, 6),
        Target("COS", lambda z: mp.cos(mp.pi / 2 * mp.sqrt(z)), mpf(0), mpf(1) / 4, 6),
        Target("NORMAL_CDF", scaled_normal_tail, mpf(-1), largest_t, 20),
    )


def log_remainder(z: mpf) -> mpf:
    """R(z) in ln((1 + s) / (1 - s)) = 2 s + s z R(z), where z = s**2."""
    if z == 0:
        return mpf(2) / 3
    s = mp.sqrt(z)
    return (2 * mp.atanh(s) / s - 2) / z


def sine_over_argument(z: mpf) -> mpf:
    """sin(pi f / 2) / f, where z = f**2 and f counts quarter turns."""
    f = mp.sqrt(z)
    return mp.pi / 2 if z == 0 else mp.sin(mp.pi / 2 * f) / f


def scaled_normal_tail(t: mpf) -> mpf:
    """Phi(-x) exp(x**2 / 2) (x + a), where x = a (1 + t) / (1 - t)."""
    x = NORMAL_CDF_SCALE * (1 + t) / (1 - t)
    return mp.erfc(x / mp.sqrt(2)) / 2 * mp.exp(x * x / 2) * (x + NORMAL_CDF_SCALE)


def minimax(target: Target, rounds: int = 6) -> tuple[list[mpf], mpf]:
    """Coefficients (constant first) that minimise the largest relative error, and that error."""
    middle, radius = (target.low + target.high) / 2, (target.high - target.low) / 2
    count = target.degree + 2
    nodes = [middle - radius * mp.cos(mp.pi * i / (count - 1)) for i in range(count)]
    coefficients: list[mpf] = []
    for _ in range(rounds):
        coefficients = levelled(target.function, nodes, target.degree)
        nodes = alternation(target, coefficients, count)
    return coefficients, max(abs(relative_error(target.function, coefficients, x)) for x in nodes)


def levelled(function: Function, nodes: list[mpf], degree: int) -> list[mpf]:
    """The polynomial whose relative errors at the nodes are equal in size and alternate in sign."""
    values = [function(x) for x in nodes]
    rows = [
        [x**power for power in range(degree + 1)] + [(-1) ** i * value]
        for i, (x, value) in enumerate(zip(nodes, values, strict=True))
    ]
    return list(mp.lu_solve(mp.matrix(rows), mp.matrix(values)))[:-1]


def alternation(target: Target, coefficients: list[mpf], count: int) -> list[mpf]:
    """The places of largest error, one per change of sign, searched on a fine Chebyshev grid."""
    middle, radius = (target.low + target.high) / 2, (target.high - target.low) / 2
    steps = 60 * count
    best: list[tuple[mpf, mpf]] = []
    for i in range(steps + 1):
        x = middle - radius * mp.cos(mp.pi * i / steps)
        error = relative_error(target.function, coefficients, x)
        if not best or error * best[-1][1] < 0:
            best.append((x, error))
        elif abs(error) > abs(best[-1][1]):
            best[-1] = (x, error)
    while len(best) > count:
        best.pop(0 if abs(best[0][1]) < abs(best[-1][1]) else -1)
    if len(best) < count:
        raise ArithmeticError(f"{target.name}: only {len(best)} of {count} alternations found")
    return [x for x, _ in best]


def relative_error(function: Function, coefficients: list[mpf], x: mpf) -> mpf:
    """(polynomial - function) / function at x."""
    polynomial = mpf(0)
    for coefficient in reversed(coefficients):
        polynomial = polynomial * x + coefficient
    return polynomial / function(x) - 1


def main() -> None:
    """Print every polynomial as a Python tuple, constant first, with its largest relative error."""
    mp.dps = 60
    for target in targets():
        coefficients, error = minimax(target)
        print(f"# degree {target.degree}, relative error {mp.nstr(error, 2)}")
        print(f"{target.name} = (")
        for coefficient in coefficients:
            print(f"    {float(coefficient)!r},")
        print(")")


if __name__ == "__main__":
    main()
