"""The programs in `tools/`."""
