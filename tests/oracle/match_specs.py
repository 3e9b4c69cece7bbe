"""Asks rattler, whose grammar mamba and pixi share, about match specs; runs inside its environment.

    python match_specs.py < {"specs": [...], "versions": [...]}

prints a list: for each spec its name, its build and those of the versions that it admits, or
`null` where it is refused.
"""

import json
import sys

from rattler import MatchSpec, Version, VersionSpec


def reading(text, versions):
    """What a spec means, `None` where it is none."""
    try:
        spec = MatchSpec(text)
        admitted = VersionSpec(spec.version) if spec.version else None
    except Exception:
        return None
    if spec.name is None:
        return None
    name = getattr(spec.name, "normalized", None) or str(spec.name).split('"')[1]
    met = [v for v in versions if admitted is None or admitted.matches(Version(v))]
    return {"name": name, "build": spec.build, "versions": met}


def main():
    asked = json.load(sys.stdin)
    print(json.dumps([reading(text, asked["versions"]) for text in asked["specs"]]))


if __name__ == "__main__":
    main()
