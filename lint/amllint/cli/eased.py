"""Says which findings are advice because of what their file is, and how to change that."""

from __future__ import annotations

from collections.abc import Iterator

from amllint.findings.finding import Finding

_MOST = 2


def told(eased: list[Finding], shown: bool) -> Iterator[str]:
    """A line each for what stands in samples and demos, in spare files, in files of code."""
    by_use = [f for f in eased if f.eased.startswith(("sample: ", "demo: "))]
    written = [f for f in eased if f.eased.startswith("written: ")]
    spare = [f for f in eased if f.eased.startswith("unused: ")]
    see = "" if shown else ", `--persona pedantic` shows them"
    if by_use:
        yield (
            f"{_count(by_use)} in samples and demos ({_reasons(by_use)}): "
            f'`purpose = "production"` in the configuration makes them warnings{see}'
        )
    if spare:
        yield (
            f"{_count(spare)} in files that no other file names ({_reasons(spare)}): "
            f"declare the `deployment` that they belong to{see}"
        )
    if written:
        yield (
            f"{_count(written)} in files that code writes ({_reasons(written)}): "
            f"mend what they are written from{see}"
        )


def _count(findings: list[Finding]) -> str:
    noun = "finding is" if len(findings) == 1 else "findings are"
    return f"{len(findings)} {noun} advice,"


def _reasons(findings: list[Finding]) -> str:
    reasons = list(dict.fromkeys(f.eased.partition(": ")[2] for f in findings))
    more = f", and {len(reasons) - _MOST} more" if len(reasons) > _MOST else ""
    return "; ".join(reasons[:_MOST]) + more
