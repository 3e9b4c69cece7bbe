"""Rules whose findings matter wherever they stand, in files that nothing uses too."""

from __future__ import annotations

from typing import Final

SECRETS: Final = frozenset({"key-in-file", "embedded-credentials", "index-credentials"})
"""What tells of secrets: once in a repository, they are known to whoever reads it."""
