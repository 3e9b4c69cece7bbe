"""A bad pull request on each platform, and no proxy between us and loopback."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from .azure_scene import Scene as AzureScene
from .azure_scene import bad_pull_request as bad_azure_pull_request
from .fake_github import against_the_published_description
from .github_scene import Scene, bad_pull_request


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    """A bad pull request on GitHub; whatever is sent must fit the published description."""
    with bad_pull_request(tmp_path) as bad:
        calls = bad.hub.calls
        yield bad
    rest = [c for c in calls if not c.path.endswith("/graphql")]
    assert [(c.method, c.path, e) for c in rest for e in against_the_published_description(c)] == []


@pytest.fixture
def azure(tmp_path: Path) -> Iterator[AzureScene]:
    """A bad pull request on Azure DevOps."""
    with bad_azure_pull_request(tmp_path) as bad:
        yield bad
