"""Where the schemas and tables lie that ship with amllint."""

from __future__ import annotations

import os


def table_path(file: str) -> str:
    """The path of a shipped file, in an installed package or in a checkout.

    Raises `FileNotFoundError` where the installation lacks it.
    """
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    for folder in (os.path.join(package, "schemas"), os.path.join(package, "..", "..", "schemas")):
        path = os.path.normpath(os.path.join(folder, file))
        if os.path.exists(path):
            return path
    raise FileNotFoundError(f"{file} is not part of this installation; reinstall amllint")
