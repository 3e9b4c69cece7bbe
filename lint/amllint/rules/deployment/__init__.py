"""Rules of the family `deployment`."""
