"""Value of information: which question to answer before deciding, and what drives the uncertainty."""

from crcsim.decisions.information.information import information, options_of

__all__ = ["information", "options_of"]
