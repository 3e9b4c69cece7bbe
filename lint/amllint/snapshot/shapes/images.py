"""Rows about the images of a registry."""

from __future__ import annotations

import re
from typing import Any, Final

from amllint.snapshot.place_rows import ImageTag
from amllint.snapshot.shapes.items import Misshapen, own

_STEP: Final = r"[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*"
_REPOSITORY: Final = re.compile(rf"{_STEP}(?:/{_STEP})*")
_TAG: Final = re.compile(r"\w[\w.-]{0,127}", re.ASCII)
_LONGEST: Final = 255


def is_repository(name: str) -> bool:
    """Whether a text can be the name of a repository, without its host and a tag.

    Source: the grammar of github.com/distribution/reference.
    """
    return len(name) <= _LONGEST and _REPOSITORY.fullmatch(name) is not None


def image_tags(data: Any) -> tuple[ImageTag, ...]:
    """Tags as the registry or `az acr repository show-tags` lists them, by name or with digests.

    Raises `Misshapen`.
    """
    if not isinstance(data, list):
        raise Misshapen("it is no list of tags")
    return tuple(map(_tag, data))


def _tag(item: Any) -> ImageTag:
    name = own(item, "name") if isinstance(item, dict) else item
    if not isinstance(name, str) or not _TAG.fullmatch(name):
        raise Misshapen("an item has no `name` that can be a tag")
    return ImageTag(name, own(item, "digest") if isinstance(item, dict) else None)
