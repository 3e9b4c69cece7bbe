"""Writes docs/failures.md: the troubleshooting guide and every known message, from the tables."""

from __future__ import annotations

from collections.abc import Iterator


def failure_page() -> str:
    """The page."""
    return "\n".join([*_guide(), "", *_messages(), ""])


def _guide() -> Iterator[str]:
    from amllint.schemas import load_table

    yield "# Failures and their messages"
    yield ""
    yield "What `amllint diagnose` knows, and what handles each row of Microsoft's guide"
    yield '"Troubleshooting remote model deployment" (v1; retold in our own words).'
    yield ""
    yield "## The troubleshooting guide"
    yield ""
    yield "| row | what goes wrong | command | rules that tell of it beforehand | |"
    yield "|---|---|---|---|---|"
    for row in load_table("troubleshooting-guide")["rows"]:
        commands = ", ".join(f"`{c}`" for c in row["commands"])
        what = f"**{row['title']}**: {row['says']}"
        yield f"| {row['id']} | {what} | {commands} | {_rules_of(row['id'])} | {row['note']} |"


def _rules_of(row: str) -> str:
    from amllint.diagnosis.signatures import signatures

    names = {rule for s in signatures() if row in s.guide for rule in s.rules}
    return _links(tuple(sorted(names))) or "–"


def _messages() -> Iterator[str]:
    from amllint.diagnosis.signatures import ROLES, signatures
    from amllint.findings.finding import STAGES

    yield "## Messages"
    yield ""
    yield "By the stage at which they show. " + " ".join(
        f"A *{role}* {what}." for role, what in ROLES.items()
    )
    for stage, meaning in STAGES.items():
        chosen = [s for s in signatures() if s.stage == stage]
        yield ""
        yield f"### {stage}: {meaning}"
        yield ""
        yield "| id | printed by | example | what it means | rules |"
        yield "|---|---|---|---|---|"
        for s in chosen:
            role = "" if s.role == "cause" else f" ({s.role})"
            example = _code(s.examples[0])
            cause = _cell(s.cause.replace("[[", "").replace("]]", ""))
            yield f"| {s.id}{role} | {s.where} | {example} | {cause} | {_links(s.rules)} |"


def _links(names: tuple[str, ...]) -> str:
    return ", ".join(f"[{name}](rules/{name}.md)" for name in names)


def _code(text: str) -> str:
    short = text.strip() if len(text.strip()) <= 90 else text.strip()[:89] + "…"
    fence = "``" if "`" in short else "`"
    blank = " " if "`" in short else ""
    return _cell(f"{fence}{blank}{short}{blank}{fence}")


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
