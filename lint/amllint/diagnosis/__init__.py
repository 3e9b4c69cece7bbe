"""What a log says about a failed deployment: from lines to causes, places and remedies."""
