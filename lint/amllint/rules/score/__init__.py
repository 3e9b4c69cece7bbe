"""Rules of the family `score`."""
