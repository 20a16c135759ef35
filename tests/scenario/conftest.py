# ruff: noqa: E501 (a part of the scenario is one line, so that mistakes have known lines)
"""A small sound scenario, one line per part: a test that changes a line knows where its mistake is."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

PARTS = {
    "crcsim": "crcsim: 1",  # line 1
    "time": "time: {valuation_date: 2026-01-01, years: 5, periods_per_year: 4}",
    "money": "money: {currency: EUR}",
    "economy": "economy: {real_rate: 1%, expected_inflation: 2%, market: {expected_return: 8%, volatility: 17%}, "
    "industries: {marine: {volatility: 15%}}}",
    "capital": "capital: {beta: 1.1, equity_share: 70%, cost_of_debt: 5%, tax_rate: 25%}",  # line 5
    "products": "products: {coatings: {premium: 12%}, service: {}}",
    "customer_defaults": "customer_defaults: {growth: {normal: {mean: 3%, sd: 1%}}, volatility: 15%, "
    "churn: {yearly_probability: 5%}}",
    "segments": "segments: {north: {}}",
    "customers": "customers:",
    "Nordwerk": "  Nordwerk: {beta: 1.1, segment: north, lines: {coatings: {wallet: 12.5 M EUR per year, share: {now: 28%}}}}",
    "Fjordline": "  Fjordline: {beta: 0.8, lines: {coatings: {wallet: 6 M EUR per year, share: 40%}}}",
}


def scenario_text(changes: Mapping[str, str]) -> str:
    """The scenario with some of its parts replaced; an empty text removes one, a new name stands at the end."""
    parts = {**PARTS, **changes}
    return "".join(f"{text}\n" for text in parts.values() if text)


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Write the scenario, with parts replaced, to a file in an empty current folder; return its relative path."""
    monkeypatch.chdir(tmp_path)

    def write_scenario(name: str = "case.yaml", /, **changes: str) -> Path:
        path = Path(name)
        path.write_text(scenario_text(changes), encoding="utf-8")
        return path

    return write_scenario
