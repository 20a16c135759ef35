"""Questions that need several runs on the same draws."""

from crcsim.decisions.decomposition import decompose
from crcsim.decisions.growth import split_growth

__all__ = ["decompose", "split_growth"]
