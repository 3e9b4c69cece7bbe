"""Names of container images, taken apart."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

_NAME: Final = re.compile(
    r"(?:(?P<host>[\w-]+(?:\.[\w-]+)+(?::\d+)?|localhost(?::\d+)?)/)?"
    r"(?P<repository>[a-z0-9]+(?:[._/-]+[a-z0-9]+)*)"
    r"(?::(?P<tag>[\w.-]{1,128}))?"
    r"(?:@(?P<digest>[\w+.-]+:[0-9a-fA-F]{32,}))?"
)
_AZURE_ML: Final = "azureml/"
_GPU: Final = re.compile(r"gpu|cuda|cudnn|nvidia|tensorrt", re.IGNORECASE)


class ImageName(NamedTuple):
    """An image: registry host, repository, tag and digest, each `None` where it is not given.

    The repository of an image of Azure ML stands without `azureml/`.
    """

    host: str | None
    repository: str
    tag: str | None
    digest: str | None
    is_azure_ml: bool

    @property
    def is_fixed(self) -> bool:
        """Whether it names the same image tomorrow, as far as a tag can."""
        return self.digest is not None or self.tag not in (None, "latest")


def image_name(text: str) -> ImageName | None:
    """The parts of an image's name; `None` for what is none.

    Source: the grammar of github.com/distribution/reference, without its limits of length.
    """
    match = _NAME.fullmatch(text.strip())
    if match is None:
        return None
    repository = match["repository"]
    ours = match["host"] in (None, "mcr.microsoft.com") and repository.startswith(_AZURE_ML)
    repository = repository.removeprefix(_AZURE_ML) if ours else repository
    return ImageName(match["host"], repository, match["tag"], match["digest"], ours)


def is_for_gpu(image: str) -> bool:
    """Whether an image's name says that it is made for GPUs."""
    return _GPU.search(image) is not None
