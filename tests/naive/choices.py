"""Random choices that are the same for a seed on every machine and with every version of NumPy."""

import random


class Choices:
    """Random choices of one seed, all made of `random.Random.random`, whose sequence never changes."""

    def __init__(self, seed):
        self.random = random.Random(seed).random

    def chance(self, probability):
        """True with a probability."""
        return self.random() < probability

    def whole(self, low, high):
        """A whole number from `low` to `high`."""
        return low + int(self.random() * (high + 1 - low))

    def one(self, *options):
        """One of the options."""
        return options[self.whole(0, len(options) - 1)]

    def some(self, options, least=0, most=None):
        """Between `least` and `most` of the options, in random order."""
        count = self.whole(least, len(options) if most is None else min(most, len(options)))
        return sorted(options, key=lambda option: self.random())[:count]

    def number(self, low, high):
        """A number with few digits between two others."""
        return round(low + self.random() * (high - low), 6)

    def quantity(self, low, high, uncertain=0.15):
        """A number, or now and then a distribution that stays between `low` and `high`."""
        first, second, third = sorted(self.number(low, high) for _ in range(3))
        if not self.chance(uncertain) or not first < second < third:
            return second
        ends = {"low": first, "high": third}
        return self.one(
            {"uniform": ends},
            {"pert": {**ends, "mode": second}},
            {"triangular": {**ends, "mode": second}},
            {"truncated_normal": {**ends, "mean": second, "sd": (third - first) / 3.0}},
        )

    def maybe(self, probability, **entries):
        """The entries, or none of them; every entry is made by a call without arguments."""
        return {key: make() for key, make in entries.items()} if self.chance(probability) else {}

    def risk(self, low, high):
        """A risk, stated as yearly probability or as hazard."""
        return {self.one("yearly_probability", "hazard"): self.quantity(low, high)}
