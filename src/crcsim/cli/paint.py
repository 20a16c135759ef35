"""Colour for lines that click prints; none where NO_COLOR asks for none (click drops it off a terminal)."""

from __future__ import annotations

import os
from typing import Any

import click

__all__ = ["paint"]


def paint(text: str, **style: Any) -> str:
    """The text in a style of `click.style`."""
    return text if os.environ.get("NO_COLOR") else click.style(text, **style)
