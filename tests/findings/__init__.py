"""Suppressions, edits and fingerprints."""
