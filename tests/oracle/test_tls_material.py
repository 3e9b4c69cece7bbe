"""azureml-core takes certificates and keys that no service can use, as the rule says."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.checking import write
from tests.oracle.configuration_answers import sdk_verdicts
from tests.rules.test_tls_material import CONFIG, authority, issued

pytestmark = [pytest.mark.oracle, pytest.mark.usefixtures("azureml_core")]


def test_what_is_in_the_files_is_not_looked_at(tmp_path: Path) -> None:
    pairs = {
        "expired": issued(ends="2026-01-02"),
        "not yet valid": issued(starts="2040-01-01", ends="2040-12-31"),
        "another's key": issued()._replace(key=authority().key),
        "a pass phrase": issued(phrase=b"secret"),
        "another name": issued(names=("other.example.com",)),
    }
    for name, pair in pairs.items():
        config = CONFIG.format("score.example.com")
        files = {"cert.pem": pair.certificate, "key.pem": pair.key}
        write(tmp_path / name, {**files, "deploymentconfig.yml": config})
    answers = sdk_verdicts(tmp_path)
    assert len(answers) == len(pairs)
    assert [path for path, answer in answers.items() if not answer["accepted"]] == []
