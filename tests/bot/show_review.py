"""What is posted about a bad pull request: python -m tests.bot.show_review

The pull request puts examples/broken in the place of examples/mended. Prints as JSON what a
GitHub on loopback receives in the first run, and in the second.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from .github_scene import bad_pull_request


def main() -> int:
    """Print both runs; exit code 1 if the second one changes anything."""
    runs: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as folder, bad_pull_request(Path(folder)) as scene:
        for _ in range(2):
            scene.hub.forget()
            done = scene.annotate()
            writes = [call.shown() for call in scene.hub.writes]
            runs.append({"exit code": done.code, "stderr": done.err, "received": writes})
    print(json.dumps({"first run": runs[0], "second run": runs[1]}, indent=2, ensure_ascii=False))
    return 1 if runs[1]["received"] or not runs[0]["received"] else 0


if __name__ == "__main__":
    sys.exit(main())
