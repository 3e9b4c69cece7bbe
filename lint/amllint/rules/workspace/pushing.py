"""What in a repository may push an image before it is deployed, or is what it is built from."""

from __future__ import annotations

from contextlib import suppress

from amllint.artifacts.image_pushes import Pushes, names_of, pushes_of
from amllint.artifacts.running_texts import RunningTexts
from amllint.source.listings import is_dockerfile_name
from amllint.source.problem import Unreadable
from amllint.source.repository import is_guide


def pushed_before(image: str, own: frozenset[str], running: RunningTexts) -> str | None:
    """Why an image may be there once it is pulled, as a reason; `None` if nothing makes it.

    `own` are display paths of files that the deployment is made of: they are not what its image is
    built from.
    """
    names, display = names_of(image), running.overlay.display
    for path, pushes in running.once(_pushes):
        if pushes.may_be(names):
            return f"`{display(path)}` may push it first"
    makers = map(display, filter(is_dockerfile_name, running.repository.makers))
    shown = next((path for path in makers if path not in own), None)
    if shown is not None:
        return f"`{shown}` may be what it is built from, before it is deployed"
    return None


def _pushes(running: RunningTexts) -> tuple[tuple[str, Pushes], ...]:
    # What guides tell of is done by hand: the image is not there until somebody does it.
    texts = {path: data for path, data in running.all.items() if not is_guide(path)}
    for path in running.repository.makers:
        with suppress(Unreadable):
            texts.setdefault(path, running.overlay.data(path))
    found = ((path, pushes_of(path, data)) for path, data in texts.items())
    return tuple((path, pushes) for path, pushes in found if pushes is not None)
