"""What a script's syntax tree means: bindings, scopes, qualified names, flow of values."""
