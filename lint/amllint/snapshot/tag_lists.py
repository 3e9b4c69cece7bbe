"""Lists of tags among the exports: which repository they are of, and whether they are whole."""

from __future__ import annotations

from typing import Any, Final, NamedTuple
from urllib.parse import unquote

from amllint.snapshot.place_rows import ImageTag
from amllint.snapshot.shapes.images import image_tags, is_repository
from amllint.snapshot.shapes.items import Misshapen

_PREFIX: Final = "tags-"
_PAGE: Final = 100
"""How many tags the registry answers at a time where nothing else is asked for.

Source: azure-cli, command module acr, which asks for as many.
"""
_NAME_IT: Final = "call it tags-REPOSITORY.json, a slash in the name written as %2F"


class TagList(NamedTuple):
    """The tags of one repository, not yet read; `is_answer` says that a registry answered so."""

    repository: str
    listed: Any
    is_answer: bool

    def rows(self) -> tuple[ImageTag, ...]:
        """The tags. Raises `Misshapen`."""
        found = image_tags(self.listed)
        if self.is_answer and found and len(found) % _PAGE == 0:
            raise Misshapen(
                f"{len(found)} tags may be one page of several: export all of them by `az acr"
                " repository show-tags`"
            )
        return found


def tag_list(data: Any, stem: str) -> TagList | None:
    """The list of tags that the data of a file are; `None` where they are none.

    `stem` is what the file is called: what `az` prints does not say of which repository it is.
    Raises `Misshapen`.
    """
    answered = answered_by(data)
    if answered is not None:
        if data.get("link") or data.get("nextLink"):
            raise Misshapen("it is the first page of a list alone")
        return TagList(_repository(data.get("imageName")), data.get("tags"), True)
    named = stem.lower().startswith(_PREFIX)
    if not isinstance(data, list) or not _are_tags(data, named):
        return None
    if not named:
        raise Misshapen(f"of which repository these tags are cannot be told: {_NAME_IT}")
    return TagList(_repository(unquote(stem[len(_PREFIX) :])), data, False)


def answered_by(data: Any) -> str | None:
    """The host of the registry whose own answer the data are; `None` where they are none."""
    is_answer = isinstance(data, dict) and "imageName" in data and "tags" in data
    registry = data.get("registry") if is_answer else None
    return registry if isinstance(registry, str) else None


def _are_tags(data: list[Any], named: bool) -> bool:
    """Whether items are tags: with their details, or, where the file is called so, names alone."""
    if all(isinstance(item, dict) for item in data) and data:
        marks = {"name"} if named else {"name", "digest"}
        return all(marks <= item.keys() and "id" not in item for item in data)
    return named and all(isinstance(item, str) for item in data)


def _repository(name: Any) -> str:
    if not isinstance(name, str) or not is_repository(name):
        shown = f"`{name[:60]}`" if isinstance(name, str) else "what it names"
        raise Misshapen(f"{shown} is no name of a repository: {_NAME_IT}")
    return name
