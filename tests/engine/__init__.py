"""Fixing, from findings to files."""
