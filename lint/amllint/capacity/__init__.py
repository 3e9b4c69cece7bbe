"""Arithmetic of loads and resources: pure functions, with units in the names and sources."""
