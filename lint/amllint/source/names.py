"""Names of things in Azure, and those of files in texts."""

from __future__ import annotations

import re


def same_name(one: str | None, other: str | None) -> bool:
    """Whether two names are of one thing, for kinds whose names Azure folds; `None` is no name.

    Source: azure-ai-ml 1.35.2, read: the names of endpoints and deployments are written in lower
    case before they are sent. Names and ids of computes and clusters are those of ARM.
    """
    return one is not None and other is not None and one.lower() == other.lower()


def whole_name(name: bytes) -> re.Pattern[bytes]:
    """Finds a file name that is no part of a longer one, an escaped line break before it or not."""
    return re.compile(rb"(?:(?<![\w.-])|(?<=\\n))%b(?![\w-])" % re.escape(name))


def region_key(region: str) -> str:
    """A region's name as ARM writes it: `West Europe` and `westeurope` are one."""
    return region.replace(" ", "").lower()


def last_of_id(path: str) -> str:
    """The last part of an id: the name of what it is the id of; empty where there is none."""
    return path.rstrip("/").rpartition("/")[2]


def compute_name(reference: str) -> str:
    """The name of a compute that is referred to by `azureml:NAME`, by its id, or by its name."""
    return last_of_id(reference).removeprefix("azureml:")
