"""Reads off names and a README what a script or its repository is for."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final

from amllint.findings.intent import Intent, Use, least_serious

README_BYTES: Final = 8192
"""A README says in its beginning what the repository is."""

_SAMPLE: Final = frozenset(
    {"sample", "samples", "example", "examples", "tutorial", "tutorials", "workshop", "workshops"}
    | {"lab", "labs", "hol", "handson", "howto", "primer", "primers", "playground"}
    | {"walkthrough", "walkthroughs"}
)
_DEMO: Final = frozenset(
    {"demo", "demos", "quickstart", "quickstarts", "showcase", "hackathon", "capstone"}
    | {"coursework"}
)
_PAIRS: Final = frozenset({("hands", "on"), ("how", "to")})
_WORD: Final = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+")


def named(name: str) -> Use | None:
    """What the whole words of a name say: of a folder, a file, a repository, a heading."""
    words = [word.lower() for word in _WORD.findall(name)]
    if not _SAMPLE.isdisjoint(words) or not _PAIRS.isdisjoint(pairwise(words)):
        return "sample"
    return None if _DEMO.isdisjoint(words) else "demo"


def of_path(parts: list[str]) -> Intent | None:
    """What the folders between a repository's root and a script, and its own stem, say."""
    *folders, stem = parts
    told = [Intent(use, f"the folder `{f}`") for f in folders if (use := named(f))]
    own = named(stem)
    return least_serious(*told, Intent(own, f"the name `{stem}`") if own else None)


def of_remote(config: str) -> Intent | None:
    """What the name of the repository says that a clone came from, by its `.git/config`."""
    section = re.search(r'(?ms)^\s*\[remote "origin"\](.*?)(?=^\s*\[|\Z)', config)
    url = re.search(r"(?m)^\s*url\s*=\s*(\S+)", section[1]) if section else None
    if url is None:
        return None
    name = re.split(r"[/:\\]", url[1].rstrip("/\\"))[-1].removesuffix(".git")
    use = named(name)
    return Intent(use, f"the repository's name, `{name}`") if use else None


# -- README -----------------------------------------------------------------------------

_FRONT: Final = re.compile(r"---\r?\n(.*?)\r?\n---", re.DOTALL)
_MARKUP: Final = (
    (re.compile(r"<!--.*?-->|```.*?(?:```|\Z)", re.DOTALL), ""),
    (re.compile(r"!\[[^\]\[]{0,300}\](?:\([^)(]{0,500}\)|\[[^\]\[]{0,300}\])"), ""),
    (re.compile(r"\[([^\]\[]{0,300})\]\s?(?:\([^)(]{0,500}\)|\[[^\]\[]{0,300}\])"), r"\1"),
    (re.compile(r"<[^<>]{0,500}>|https?://\S+"), ""),
)
_HEADING: Final = re.compile(r"(?m)^#{1,6}[ \t]*(\S.*)$")
_KIND: Final = (
    r"(?:samples?|examples?|tutorials?|workshops?|labs?|demos?|demonstrations?|hands-on"
    r"|walkthroughs?"
    r"|quick ?starts?|capstone|coursework|hackathons?|showcases?)\b"
)
_CLAIMS: Final = re.compile(
    rf"\b(?:this|these)(?: [\w'-]+){{0,3}} {_KIND}"
    rf"|\b(?:repo|repository|project|folder|code)\b[^.]{{0,200}}?\b{_KIND}"
    rf"|^(?:an?|the) (?:[\w-]+ ){{0,3}}{_KIND}"
    r"|^(?:[\w-]+ ){0,3}(?:demo|demonstration|tutorial|workshop|showcase)s? (?:for|of|on|to|that)\b"
    r"|\b(?:repo|repository|project|directory|folder)\b[^.]{0,40} (?:shows? how|demonstrates?)\b"
    r"|^demonstrates\b"
)


def of_readme(text: str, name: str) -> Intent | None:
    """What a README says of its repository in its first heading and its opening paragraph.

    Front matter does not count: Microsoft's `page_type: sample` stands in templates as well,
    and in what is made from them. Words of a heading count as those of a name do. A paragraph
    must claim it of the repository, and then it is a demo: projects say there what they show,
    or are adapted from.
    """
    text = text[:README_BYTES].lstrip("\ufeff")
    front = _FRONT.match(text)
    heading, paragraph = _opening(text[front.end() :] if front else text)
    use = named(heading)
    if use:
        return Intent(use, f"the heading of {name}, `{heading[:60]}`")
    claim = _CLAIMS.search(paragraph.lower())
    if claim is None:
        return None
    said = paragraph[claim.start() : claim.end()]
    return Intent("demo", f"{name}: `{said if len(said) <= 60 else '…' + said[-59:]}`")


def _opening(text: str) -> tuple[str, str]:
    """The first heading, and the first paragraph of words after it; without markup."""
    for markup, content in _MARKUP:
        text = markup.sub(content, text)
    found = _HEADING.search(text)
    rest = text[found.end() :] if found else text
    for block in re.split(r"\r?\n[ \t]*\r?\n", rest):
        lines = [line for line in block.splitlines() if not line.lstrip().startswith("#")]
        words = re.sub(r"\s+", " ", " ".join(lines)).strip(" >*_")
        if len(re.findall(r"[A-Za-z]{3}", words)) > 2:
            return found[1].strip() if found else "", words
    return found[1].strip() if found else "", ""
