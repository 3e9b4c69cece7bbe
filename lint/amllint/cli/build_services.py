"""The formats that a build service shows, where nobody asked for others."""

from __future__ import annotations

import os
import stat
import sys
from typing import Any, Final

from amllint.engine.check import Report
from amllint.output.formats import renderer
from amllint.output.style import Style

GITLAB_REPORT: Final = "gl-code-quality-report.json"
_MAX_BYTES: Final = 64 * 1024 * 1024

_ANNOUNCED: Final = {
    "github": "in GitHub Actions findings are annotations (-o github); -o text turns that off",
    "azure": "in Azure Pipelines findings are issues (-o azure); -o text turns that off",
    "gitlab": f"in GitLab CI findings also go to {GITLAB_REPORT}, for `artifacts: reports:"
    " codequality` (-o gitlab=FILE); -o text turns that off",
}


def defaults(report: Report, quiet: bool) -> list[tuple[str, str | None]]:
    """Formats and files for a run without `--output-format`.

    In GitLab CI the report for the merge request is written here, since a file that is not
    such a report must stay as it is. What was chosen is said on stderr, unless `quiet`; what
    could not be written, always.
    """
    service = detected()
    trouble = _gitlab(report) if service == "gitlab" else None
    told = trouble or ("" if quiet else _ANNOUNCED.get(service))
    if told:
        print(f"amllint: {told}", file=sys.stderr)
    return [(service if service in ("github", "azure") else "text", None)]


def detected() -> str:
    """The service that reads standard output: `github`, `azure`, `gitlab` or none (``)."""
    if not _is_read_by_a_service():
        return ""
    if os.environ.get("GITHUB_ACTIONS") == "true":
        return "github"
    if os.environ.get("TF_BUILD", "").lower() == "true":
        return "azure"
    return "gitlab" if os.environ.get("GITLAB_CI") == "true" else ""


def _is_read_by_a_service() -> bool:
    """Whether output goes neither to a terminal nor to a file, of which no service reads."""
    try:
        descriptor = sys.stdout.fileno()
        return not os.isatty(descriptor) and not stat.S_ISREG(os.fstat(descriptor).st_mode)
    except (OSError, ValueError):
        return True


def _gitlab(report: Report) -> str | None:
    """Write the code quality report into the working directory; why it is not there, if so."""
    lines = renderer("gitlab")(report, Style(False))
    try:
        if not _replaceable(GITLAB_REPORT):
            return f"{GITLAB_REPORT} is no code quality report and stays as it is"
        _replace(GITLAB_REPORT, "".join(f"{line}\n" for line in lines))
    except OSError as error:
        return f"cannot write {GITLAB_REPORT}: {error.strerror}"
    return None


def _replaceable(path: str) -> bool:
    """Whether there is nothing at a path, or a code quality report in a regular file."""
    import json

    try:
        status = os.lstat(path)
    except FileNotFoundError:
        return True
    if not stat.S_ISREG(status.st_mode) or status.st_size > _MAX_BYTES:
        return False
    try:
        with open(path, encoding="utf-8") as stream:
            issues: Any = json.load(stream)
    except (ValueError, RecursionError):
        return False
    keys = {"fingerprint", "description", "location"}
    return isinstance(issues, list) and all(
        isinstance(issue, dict) and keys <= issue.keys() for issue in issues
    )


def _replace(path: str, text: str) -> None:
    """Write a file whole, over what is there by its name and through no link."""
    import tempfile

    descriptor, temporary = tempfile.mkstemp(dir=".", prefix=".amllint-", suffix=".json")
    try:
        with open(descriptor, "w", encoding="utf-8") as stream:
            stream.write(text)
        # mkstemp lets nobody else read; the runner that uploads may be another user.
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except OSError:
        os.unlink(temporary)
        raise
