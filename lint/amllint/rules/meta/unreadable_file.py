"""A file could not be read.

## What it does
Reports files that were given by name, or that look like part of a deployment, and could not
be turned into text: missing, not a regular file, no permission, not UTF-8, larger than
10 MiB, nested beyond what can be parsed, or a YAML alias bomb.

So are files that the environment of a deployment is made of: a Dockerfile, the files of
requirements and of conda that it installs from, the `MLmodel` of a model that is served without a
script. Files that pip reads itself may have a byte order mark or a coding line instead of UTF-8.

## Why it matters
What is not read is not checked: the exit code is 4, so that the run does not count as clean.
The Azure tools read UTF-8 and nothing else, so a wrong encoding fails there as well.

## Sources
- CLI v1 and azureml-core open their files as UTF-8 text.
- pip's `auto_decode` (`utils/encoding.py`): byte order marks and coding lines of requirements.
"""

from __future__ import annotations

from collections.abc import Iterator

from amllint.artifacts.run_records import UnreadableFile
from amllint.findings.finding import Location, Observation, Related, finding
from amllint.rules.registry import rule


@rule("AML903", "unreadable-file", severity="error", stage=None)
def unreadable_file(unreadable: UnreadableFile) -> Iterator[Observation]:
    """Report what could not be read, and why."""
    problem = unreadable.problem
    by = unreadable.referenced_by
    yield finding(
        Location(problem.path, problem.span),
        f"the file {problem.message}",
        help=problem.help,
        related=(Related(by, "named here"),) if by else (),
        stage="submit" if by else None,
        key=problem.reason,
    )
