"""What in a repository may push an image before it is deployed, or is what it is built from."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Final

from amllint.source.problem import Unreadable
from amllint.units import Linker

_PUSHES: Final = re.compile(
    rb"\b(?:docker|podman|nerdctl|buildah)\b.{0,300}?\bpush\b|\baz[ \t]+acr[ \t]+(?:build|import)\b"
    rb"|\b(?:crane|skopeo|regctl|oras)\b.{0,300}?\b(?:copy|cp|push)\b"
    rb"|\bpack[ \t]+build\b.{0,300}?--publish\b"
)
"""A command of a shell that brings an image into a registry."""
_UNFOLLOWED: Final = re.compile(
    rb"(?i)build-push-action|bake-action|\bDocker(?:Compose)?@\d|compose\b[^\r\n]{0,300}\bpush\b"
    rb"|\bbuildx[ \t]+bake\b|\baz[ \t]+acr[ \t]+(?:run|task)\b|kaniko|skaffold|\bjib\b"
    rb"|registries/(?:tasks?|taskRuns|runs|importImage)\b|docker_registry_image"
    rb"|container_registry_task|images\.push\b|docker[\"', ]+(?:image[\"', ]+)?push\b[\"']"
    rb"|^[ \t-]*(?:uses|template)[ \t]*:[^\r\n]{0,300}(?:docker|image|container|acr|push)",
    re.MULTILINE,
)
"""What builds images, or may, by names that are not followed."""
_CODE: Final = (".py", ".ipynb", ".groovy", "jenkinsfile")
_CALLED: Final = re.compile(rb"\.push\(|\bpush\b[\"']?\s*,")
_GUIDES: Final = (".md", ".rst", ".txt")
"""What they tell of is done by hand: the image is not there until somebody does it."""
_COMMENT: Final = re.compile(rb"(?m)^[ \t]*(?:#|//|::|(?i:rem)\b).*$")
_CONTINUED: Final = re.compile(rb"[\\`^][ \t]*\r?\n")
_STATEMENT: Final = re.compile(rb"[\r\n;|&]+")
_VARIABLE: Final = re.compile(
    rb"\$\{\{[^{}\r\n]*\}\}|\{\{[^{}\r\n]*\}\}|#\{[^{}\r\n]*\}#?|\$\{[^{}\r\n]*\}|\$\([^()\r\n]*\)"
    rb"|\$(?:env:)?\w+|%\w+%|\{[^{}\r\n]*\}|<[\w .-]+>|__[A-Z]\w*?__"
)
_TAGGED: Final = (b"-t", b"--tag", b"--image")
_ANY: Final = b"\0"


def where_it_comes_from(image: str, path: str, own: frozenset[str], links: Linker) -> str | None:
    """What may push an image first, as a reason not to say that it is missing; `None` if nothing.

    `path` is the absolute path of the file that names it, `own` are display paths of files that do
    not count.
    """
    for pushing in _pushing(image, links):
        return f"`{links.overlay.display(pushing)}` may push it first"
    for dockerfile in _dockerfiles(path, links):
        shown = links.overlay.display(dockerfile)
        if shown not in own:
            return f"`{shown}` may be what it is built from, before it is deployed"
    return None


def _pushing(image: str, links: Linker) -> Iterator[str]:
    """Files that push an image of that name, or may."""
    repository = links.repository
    told = (p for p in repository.scripts if not p.lower().endswith(_GUIDES))
    for path in dict.fromkeys((*repository.files, *repository.run, *told)):
        with suppress(Unreadable):
            data = links.overlay.data(path)
            if _may_push(path, data, image.encode()):
                yield path


def _may_push(path: str, data: bytes, image: bytes) -> bool:
    text = _COMMENT.sub(b"", data)
    if _UNFOLLOWED.search(text):
        return True
    text = _CONTINUED.sub(b" ", text)
    if path.lower().endswith(_CODE):  # where names are those of the code's own variables
        return bool(_PUSHES.search(text) or (b"docker" in text and _CALLED.search(text)))
    statements = _STATEMENT.split(_VARIABLE.sub(_ANY, text))
    named = [_named(s) for s in statements if _PUSHES.search(s)]
    # A command without a name goes on in ways that are not followed.
    return any(not words or any(_could_be(w, image) for w in words) for words in named)


def _named(statement: bytes) -> list[bytes]:
    """The words of a command that may name the image which it pushes."""
    words = [word.strip(b"\"',") for word in statement.replace(b"=", b" ").split()]
    tagged = [words[at + 1] for at, w in enumerate(words[:-1]) if w in _TAGGED]
    if tagged or b"build" in words:
        return tagged
    behind = words.index(b"push") + 1 if b"push" in words else 0
    return [word for word in words[behind:] if not word.startswith(b"-")]


def _could_be(word: bytes, image: bytes) -> bool:
    """Whether a word can stand for an image, its variables filled in; the host may be left out."""
    pattern = b".*".join(map(re.escape, word.split(_ANY)))
    whole, short = image, image.partition(b"/")[2]
    names = (whole, short, whole.rpartition(b":")[0], short.rpartition(b":")[0])
    return any(re.fullmatch(pattern, name) for name in names)


def _dockerfiles(path: str, links: Linker) -> Iterator[str]:
    """Dockerfiles beside a file, below it and in the folders above it."""
    above = list(links.repository.ancestors(path))
    for folder in above:
        with suppress(OSError, ValueError):
            yield from (os.path.join(folder, n) for n in sorted(os.listdir(folder)) if _is_one(n))
    inside = os.path.join(above[0], "")
    for other in links.repository.scripts:
        if other.startswith(inside) and _is_one(os.path.basename(other)):
            yield other


def _is_one(name: str) -> bool:
    lower = name.lower()
    return lower.startswith("dockerfile") or lower.endswith(".dockerfile")
