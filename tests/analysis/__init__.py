"""What a script means, read off without running it."""
