"""What never differs between paths: counts, flags, groups and series, from scenario and parameters."""
