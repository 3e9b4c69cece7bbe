"""Rules of the family `endpoint`."""
