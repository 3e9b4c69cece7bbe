"""Where GPUs are asked for in vain; one rule speaks of these keys, and another does not."""

from __future__ import annotations

from typing import Final

UNREAD_GPU: Final = (
    ("containerResourceRequirements", "gpu"),
    ("containerResourceRequirements", "gpuCores"),
    ("gpu",),
    ("gpuCores",),
)
"""Key paths that ask for a GPU, if nothing reads them for the configuration's type."""
