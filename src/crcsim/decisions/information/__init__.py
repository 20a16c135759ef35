"""Value of information: which question to answer before deciding, and what drives the uncertainty."""

from crcsim.decisions.information.information import information

__all__ = ["information"]
