"""Development tools: generated files and their upkeep."""
