"""Every output format against its published schema or grammar."""
