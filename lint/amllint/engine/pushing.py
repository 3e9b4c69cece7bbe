"""What in a repository may push an image before it is deployed, or is what it is built from."""

from __future__ import annotations

from contextlib import suppress
from functools import cached_property
from typing import Final

from amllint.artifacts.image_pushes import Pushes, names_of, pushes_of
from amllint.source.listings import is_dockerfile_name
from amllint.source.overlay import Overlay
from amllint.source.problem import Unreadable
from amllint.source.repository import Repository

_GUIDES: Final = (".md", ".rst", ".txt")
"""What they tell of is done by hand: the image is not there until somebody does it."""


class Pushing:
    """The files that push images; each is looked at once, when first an image is missed."""

    def __init__(self, overlay: Overlay, repository: Repository) -> None:
        self._overlay = overlay
        self._repository = repository

    def before(self, image: str, own: frozenset[str]) -> str | None:
        """Why an image may be there once it is pulled, as a reason; `None` if nothing makes it.

        `own` are display paths of files that the deployment is made of: they are not what its
        image is built from.
        """
        names = names_of(image)
        for path, pushes in self._pushes:
            if pushes.may_be(names):
                return f"`{self._overlay.display(path)}` may push it first"
        shown = next((path for path in self._build_files if path not in own), None)
        if shown is not None:
            return f"`{shown}` may be what it is built from, before it is deployed"
        return None

    @cached_property
    def _pushes(self) -> tuple[tuple[str, Pushes], ...]:
        of = self._repository
        told = (p for p in (*of.scripts, *of.makers) if not p.lower().endswith(_GUIDES))
        found = []
        for path in dict.fromkeys((*of.files, *of.run, *told)):
            with suppress(Unreadable):
                pushes = pushes_of(path, self._overlay.data(path))
                if pushes is not None:
                    found.append((path, pushes))
        return tuple(found)

    @cached_property
    def _build_files(self) -> tuple[str, ...]:
        makers = self._repository.makers
        return tuple(self._overlay.display(path) for path in makers if is_dockerfile_name(path))
