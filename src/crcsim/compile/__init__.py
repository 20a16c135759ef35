"""Scenario to arrays: the one layer that knows both what an analyst may say and what the kernels read."""
