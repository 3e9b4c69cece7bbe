"""What a rule has to say, and what is done with it: places, edits, suppressions."""
