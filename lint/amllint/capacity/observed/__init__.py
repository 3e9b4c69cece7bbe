"""Facts of which a snapshot of the workspace is the source.

Each is there, or `Missing` with the reason that the snapshot gives for it; what could not be read
is never taken for nothing.
"""
