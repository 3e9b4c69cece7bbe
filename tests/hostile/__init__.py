"""Inputs that must not crash, hang or fool the linter."""
