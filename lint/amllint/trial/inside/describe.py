"""Prints as JSON what an interpreter has installed; `server` is null without the server."""

from __future__ import annotations

import json
import os
import sys

OWN_FOLDER = os.path.dirname(os.path.abspath(__file__))
SERVER = "azureml-inference-server-http"


def main() -> None:
    """Print the version of Python, of the server, and of every distribution."""
    sys.path[:] = [p for p in sys.path if os.path.abspath(p or ".") != OWN_FOLDER]
    from importlib import metadata

    found: dict[str, str] = {}
    for distribution in metadata.distributions():
        name = distribution.metadata["Name"]
        # The first one on the path is the one that is imported.
        if name:
            found.setdefault(name.lower().replace("_", "-").replace(".", "-"), distribution.version)
    about = {
        "python": ".".join(map(str, sys.version_info[:3])),
        "server": found.get(SERVER),
        "distributions": found,
    }
    json.dump(about, sys.stdout)


if __name__ == "__main__":
    main()
