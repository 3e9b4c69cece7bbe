"""`python -m amllint`."""

import sys

if not getattr(sys.flags, "safe_path", False) and sys.path:
    # `python -m` looks for modules in the working directory first: that is the linted tree.
    del sys.path[0]

from amllint.cli import entry

if __name__ == "__main__":
    entry()
