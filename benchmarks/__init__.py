"""Benchmarks of crcsim: `python -m benchmarks.run`; see README.md beside this file."""
