"""What the command reads off the files of a release, without asking the index."""

from __future__ import annotations

from typing import Any

import pytest
from tools.released_packages import facts_of

from tools import released_packages

ASKS = {"x86_64": ["keras<2.16,>=2.15.0", "numpy"], "aarch64": ["churn-cpu-aws==2.15.0"]}


def files(package: str, *machines: str, sources: bool = False) -> list[dict[str, Any]]:
    names = [f"{package}-2.15.0-cp310-cp310-manylinux_2_17_{machine}.whl" for machine in machines]
    names += [f"{package}-2.15.0.tar.gz"] if sources else []
    return [{"filename": name, "url": name} for name in names]


@pytest.fixture(autouse=True)
def _no_index(monkeypatch: pytest.MonkeyPatch) -> None:
    def asked(url: str) -> list[str]:
        return next(asks for machine, asks in ASKS.items() if machine in url)

    monkeypatch.setattr(released_packages, "asked", asked)


def test_wheels_of_other_processors_do_not_say_what_is_required() -> None:
    found = facts_of("churn", files("churn", "aarch64", "x86_64"))
    assert found["asks"] == ASKS["x86_64"]
    assert found["wheels"] == ["3.10"]


def test_nothing_is_known_of_a_release_for_other_processors_alone() -> None:
    assert "asks" not in facts_of("churn", files("churn", "aarch64"))


@pytest.mark.parametrize(("package", "built"), [("scikit-learn", ["3.10"]), ("churn", None)])
def test_wheels_beside_sources_are_kept_of_few(package: str, built: list[str] | None) -> None:
    found = facts_of(package, files(package.replace("-", "_"), "x86_64", sources=True))
    assert "wheels" not in found
    assert found.get("built") == built
