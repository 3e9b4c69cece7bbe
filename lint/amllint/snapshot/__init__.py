"""A snapshot: what was known of a workspace at a time, in one file.

`live` reads it from Azure, `exports` from files of `az` and `kubectl`; `reading` is for all others.
"""
