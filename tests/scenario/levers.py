# ruff: noqa: E501 (a part of the scenario is one line)
"""Levers and strategies for the tests: two customers, one lever, and what changes of them."""

from collections.abc import Mapping

TEAM = {
    "preset": "",
    "target": "{customer: Nordwerk}",
    "spend": "{amount: 400 k EUR per year, duration: 3 years}",
    "maintenance": "",
    "response": "{lag: 15 months, decay: 25% per year, half_effect_spend: 500 k EUR per year}",
    "effects": "{churn_hazard_ratio: 0.6}",
    "causal_share": "",
}
BUYS_BOTH = (
    "  Nordwerk: {beta: 1.1, segment: north, lines: {coatings: {wallet: 12 M EUR per year, share: {now: 28%}},"
    " service: {wallet: 2 M EUR per year, share: 10%}}}"
)


def team(**entries: str) -> str:
    """The lever `team`, with some of its entries replaced; an empty text removes one."""
    stated = {**TEAM, **entries}
    return "{" + ", ".join(f"{key}: {text}" for key, text in stated.items() if text) + "}"


def parts(strategies: Mapping[str, str] | None = None, **levers: str) -> dict[str, str]:
    """Levers in line 12 and, behind them, strategies, one per line from line 14 on."""
    stated = ", ".join(f"{name}: {text}" for name, text in levers.items())
    found = {"levers": f"levers: {{{stated}}}"}
    if strategies:
        found["strategies"] = "\n".join(
            ["strategies:", *(f"  {name}: {text}" for name, text in strategies.items())]
        )
    return found
