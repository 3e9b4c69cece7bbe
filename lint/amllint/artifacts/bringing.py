"""Words of scripts and pipelines that bring files from elsewhere, of any name."""

from __future__ import annotations

import re
from typing import Final

BRINGS: Final = re.compile(
    rb"(?i)download|git[ \t]+clone|\bwget\b|\bcurl\b[^\n]*(?:[ \t]-[a-z]*o\b|>|\|)|\bunzip\b"
    rb"|Expand-Archive|Invoke-WebRequest|\btar[ \t]+-?\w*x|\bazcopy\b|\bgsutil\b|\baws[ \t]+s3\b"
    rb"|\bdvc[ \t]+pull|\bscp\b|\brsync\b|docker[ \t]+cp\b|ExtractFiles|CopyFiles|cookiecutter"
    rb"|checkout:[ \t]*(?!self|none)\w|\brepository:|git[ \t]+checkout"
)
"""What brings files from elsewhere, of any name."""
COMMENT: Final = re.compile(rb"(?m)^[ \t]*#.*$")
