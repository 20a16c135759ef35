"""Sphinx: `sphinx-build -W docs docs/_build` (extra `docs`)."""

project = "crcsim"
author = "The crcsim authors"
extensions = ["myst_parser"]
myst_enable_extensions = ["dollarmath", "amsmath"]
myst_heading_anchors = 2
html_theme = "pydata_sphinx_theme"
exclude_patterns = ["_build"]
suppress_warnings = [
    "myst.xref_missing"
]  # links to scenarios and notebooks; the tests check that they lead somewhere
