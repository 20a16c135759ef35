"""What a stopping problem is made of: cash while it goes on, a value on stopping, what is known, by date."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from crcsim.errors import ArgumentError
from crcsim.kernels.arrays import Floats, Integers

__all__ = ["Flags", "StoppingPaths", "present"]

Flags = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]


@dataclass(frozen=True)
class StoppingPaths:
    """One set of paths of a stopping problem, all amounts as present values.

    At date t = 0..T-1 the holder may stop where `allowed`, and then gets `exit_value` instead of all later
    cash; otherwise the cash of period t (from date t to t+1) comes in. Stopping at date T means never: `cash`
    of the last period holds whatever follows.
    """

    features: Floats  # [path, date, feature] what a policy may look at
    cash: Floats  # [path, period] present value of each flow
    exit_value: Floats  # [path, date] present value of stopping
    allowed: Flags  # [path, date] whether stopping is possible (and worth a thought)
    #: [path, period, innovation], of conditional mean zero given all that is known before the period
    innovations: Floats = field(default_factory=lambda: np.zeros((0, 0, 0)))
    #: [path, date, feature] what an all-knowing holder sees, for the upper bound; None: `features`
    known: Floats | None = None

    def __post_init__(self) -> None:
        paths, dates = self.cash.shape
        shapes = {
            "features": self.features.shape[:2],
            "exit_value": self.exit_value.shape,
            "allowed": self.allowed.shape,
        }
        if self.innovations.size:
            shapes["innovations"] = self.innovations.shape[:2]
        if self.known is not None:
            shapes["known"] = self.known.shape[:2]
        for name, shape in shapes.items():
            if shape != (paths, dates):
                raise ArgumentError(f"{name} must have {paths} paths and {dates} dates, not {shape}")

    @property
    def dates(self) -> int:
        """Number of dates at which stopping is possible."""
        return int(self.cash.shape[1])

    def going_on(self) -> Floats:
        """Present value of never stopping, [path]."""
        return np.asarray(self.cash.sum(axis=1))

    @cached_property
    def by_date(self) -> Floats:
        """Present value of stopping at each date, and of never stopping, [path, date 0..T]."""
        nothing = np.zeros((self.cash.shape[0], 1))
        earned = np.concatenate([nothing, np.cumsum(self.cash, axis=1)], axis=1)
        return np.asarray(earned + np.concatenate([self.exit_value, nothing], axis=1))

    def stopped(self, date: Integers) -> Floats:
        """Present value [path] of stopping at these dates [path], T for never."""
        return np.asarray(self.by_date[np.arange(date.size), date])


def present(
    features: Floats,
    cash_flow: Floats,
    flow_discount: Floats,
    exit_value: Floats,
    exit_discount: Floats,
    allowed: Flags | None = None,
    innovations: Floats | None = None,
) -> StoppingPaths:
    """A stopping problem from amounts at their own dates.

    cash_flow, flow_discount [path, period]; exit_value, exit_discount [path, date] (discounts may be [date]).
    Raises ArgumentError where shapes do not agree.
    """
    everywhere = np.ones(exit_value.shape, dtype=bool) if allowed is None else allowed
    return StoppingPaths(
        features,
        np.asarray(cash_flow * flow_discount),
        np.asarray(exit_value * exit_discount),
        everywhere,
        np.zeros((0, 0, 0)) if innovations is None else innovations,
    )
