"""Reads a workspace from Azure. Nothing but its command imports it."""
