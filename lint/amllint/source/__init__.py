"""Bytes in, located documents out; the only part that opens files or parses."""
