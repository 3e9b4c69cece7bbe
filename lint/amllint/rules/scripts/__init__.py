"""Rules of the family `scripts`."""
