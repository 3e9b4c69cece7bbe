"""The rules and their pages."""
