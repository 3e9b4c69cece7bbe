"""Bytes to located documents."""
