"""Results: their variables (`registry`), their file (`storage`) and their tables (`export`)."""

from crcsim.results.checksum import content_hash
from crcsim.results.export import export
from crcsim.results.registry import REGISTRY, Variable, describe, problems
from crcsim.results.storage import Verification, load, save, verify

__all__ = [
    "REGISTRY",
    "Variable",
    "Verification",
    "content_hash",
    "describe",
    "export",
    "load",
    "problems",
    "save",
    "verify",
]
