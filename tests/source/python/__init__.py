"""Python behind its guard, as a small located syntax tree."""
