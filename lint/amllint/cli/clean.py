"""`amllint clean`."""

from __future__ import annotations

import argparse
import sys

from amllint.engine.cache import cache_folder, remove_old
from amllint.output.style import printable


def run(options: argparse.Namespace) -> int:
    """Remove the cache, and say what was removed."""
    place = cache_folder()
    removed = remove_old(place, days=0) if place else 0
    entries = "1 entry" if removed == 1 else f"{removed} entries"
    print(f"{entries} removed from {printable(place or 'no cache')}", file=sys.stderr)
    return 0
