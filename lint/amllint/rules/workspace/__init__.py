"""Rules that hold files against what a snapshot knows of the workspace."""
