"""Rules of the family `capacity`."""
