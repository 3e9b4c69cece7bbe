"""A local file of a model that is deployed, and what its pickles say of themselves."""

from __future__ import annotations

from dataclasses import dataclass

from amllint.findings.finding import Location
from amllint.source.pickles.contents import PickleContents


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A file of a model: its display path, what it holds, and where the model is named.

    `loaded` says that it is known to be what the deployment loads: the only one, or one whose
    name the script or the MLflow model says.
    """

    path: str
    contents: PickleContents
    location: Location
    loaded: bool
