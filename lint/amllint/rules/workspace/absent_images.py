"""Images that the workspace's registry does not have, as far as a snapshot knows its tags."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from typing import Final, NamedTuple

from amllint.artifacts.image_names import image_name
from amllint.capacity.observed.told import unchecked
from amllint.findings.finding import Observation, Unchecked, finding
from amllint.rules.workspace.needed_images import NeededImage
from amllint.rules.workspace.pushing import pushed_before
from amllint.snapshot import facts
from amllint.snapshot.document import Snapshot
from amllint.snapshot.facts import Read
from amllint.snapshot.place_rows import ImageTag, Registry
from amllint.units import Linker

_REGISTRIES: Final = (".azurecr.io", ".azurecr.us", ".azurecr.cn")
_OF_AZURE_ML: Final = "azureml/"
"""Repositories of images that Azure ML builds and removes as it sees fit."""
_DEFAULT: Final = "latest"
_MOST_SHOWN: Final = 3
_MOST_COMPARED: Final = 5_000


class _Image(NamedTuple):
    """An image of the workspace's registry; `tag` is what is written, if anything is."""

    needed: NeededImage
    registry: Registry
    host: str
    repository: str
    tag: str | None

    @property
    def wanted(self) -> str:
        """The tag that is pulled."""
        return self.tag or _DEFAULT

    def named(self, tag: str) -> str:
        """The whole name of the image with a tag."""
        return f"{self.host}/{self.repository}:{tag}"

    def open(self, reason: str) -> Unchecked:
        """That it is not known whether the image is there."""
        fact = f"{facts.IMAGE_TAGS.name} of {self.repository}"
        return Unchecked(self.needed.location, fact, f"not known: {reason}")


def absent_image(
    needed: NeededImage, own: frozenset[str], links: Linker, snapshot: Snapshot
) -> Iterator[Observation | Unchecked]:
    """That an image is not in the workspace's registry, or that this is not known.

    Images of other registries are left alone. `own` are the display paths of the files that the
    deployment is made of: none of them pushes the image.
    """
    host, registry = needed.name.partition("/")[0].lower(), snapshot.fact(facts.REGISTRY)
    server = registry.value.login_server if isinstance(registry, Read) else None
    plain = host.partition(":")[0]
    if host == needed.name.lower() or (server is not None and plain != server.lower()):
        return
    if server is None or not isinstance(registry, Read):
        if plain.endswith(_REGISTRIES):
            yield _unread_registry(needed, snapshot)
        return
    name = image_name(needed.name)
    if name is None or host != plain:
        reason = f"not known: whether `{needed.name[:120]}` is an image of `{server}`"
        yield Unchecked(needed.location, facts.IMAGE_TAGS.name, reason)
        return
    image = _Image(needed, registry.value, server, name.repository, name.tag)
    yield from _held(image, name.digest, own, links, snapshot)


def _unread_registry(needed: NeededImage, snapshot: Snapshot) -> Unchecked:
    fact = snapshot.fact(facts.REGISTRY)
    if not isinstance(fact, Read):
        return unchecked(fact, facts.REGISTRY, needed.location)
    return Unchecked(needed.location, facts.REGISTRY.name, "its host is not known")


def _held(
    image: _Image,
    digest: str | None,
    own: frozenset[str],
    links: Linker,
    snapshot: Snapshot,
) -> Iterator[Observation | Unchecked]:
    fact = snapshot.fact(facts.IMAGE_TAGS, image.repository)
    if not isinstance(fact, Read):
        yield unchecked(fact, facts.IMAGE_TAGS, image.needed.location, image.repository)
    elif digest is not None:
        if all(row.digest != digest for row in fact.value):
            yield image.open("images without a tag are not listed")
    elif all(row.name != image.wanted for row in fact.value):
        maker = _maker(image, own, links)
        yield image.open(maker) if maker is not None else _absence(image, fact.value, snapshot)


def _maker(image: _Image, own: frozenset[str], links: Linker) -> str | None:
    """Why the image may be there by the time it is pulled, or need not be; `None` if nothing is."""
    if image.repository.startswith(_OF_AZURE_ML):
        return "Azure ML itself builds what is in it"
    if image.needed.is_base is None:
        return "whether it is run as it is, or an image is built upon it"
    return pushed_before(image.named(image.wanted), own, links.running)


def _absence(image: _Image, rows: tuple[ImageTag, ...], snapshot: Snapshot) -> Observation:
    place, name = image.needed, image.registry.name
    lead = f"`{place.environment}` runs `{place.name}`, and " if place.environment else ""
    if rows:
        meant = "" if image.tag else ", which is meant where none is written"
        what = f"no tag `{image.wanted}` of `{image.repository}`{meant}{_there(image, rows)}"
    else:
        what = f"no repository `{image.repository}`, or no tag in it"
    end = "it cannot be built upon, unless that was done before" if place.is_base else None
    return finding(
        place.location,
        f"{lead}the registry `{name}` has {what}: {end or 'the image cannot be pulled'}",
        help=f"{_instead(image, rows, snapshot)}push it first:"
        f" `docker push {image.named(image.wanted)}`",
        # Of what was built once, the base is not asked for again.
        severity="info" if place.is_base else None,
        stage="build" if place.is_base else None,
        key="image",
    )


def _there(image: _Image, rows: tuple[ImageTag, ...]) -> str:
    close = _closest(image.wanted, rows)
    more = f" and {len(rows) - len(close)} more" if len(rows) > len(close) else ""
    return f"; it has {', '.join(f'`{tag}`' for tag in close)}{more}"


def _instead(image: _Image, rows: tuple[ImageTag, ...], snapshot: Snapshot) -> str:
    """What may be meant: a tag that is there, or a repository that has any."""
    if rows:
        return f"write `{image.named(_closest(image.wanted, rows)[0])}`, or "
    others = [
        of
        for of in snapshot.subjects(facts.IMAGE_TAGS)
        if isinstance(fact := snapshot.fact(facts.IMAGE_TAGS, of), Read) and fact.value
    ]
    close = difflib.get_close_matches(image.repository, others, 1, 0.75)
    return f"if `{close[0]}` is meant, write that, or " if close else ""


def _closest(tag: str, rows: tuple[ImageTag, ...]) -> list[str]:
    """Some of the tags, those first that are most like the one that is looked for."""
    names = [row.name for row in rows[:_MOST_COMPARED]]
    return difflib.get_close_matches(tag, names, _MOST_SHOWN, 0.0)
