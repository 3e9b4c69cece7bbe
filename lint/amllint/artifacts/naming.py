"""Who names a script: a configuration or a call in code, and what that makes of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, Literal, NamedTuple, TypeAlias

from amllint.findings.finding import Location

Purpose: TypeAlias = Literal["online", "batch"]
Family: TypeAlias = Literal["v1", "v2"]


class Naming(NamedTuple):
    """What names a script (a display path), the place where, and what it says of the script.

    `purpose` and `family` are `None` where the one who names it does not tell.
    """

    by: str
    purpose: Purpose | None
    family: Family | None = None
    place: Location | None = None

    def joined(self, other: Naming) -> Naming:
        """Both as one: serving calls counts before batches, two families are none."""
        first = other if other.purpose == "online" != self.purpose else self
        purpose = first.purpose or other.purpose or self.purpose
        families = {n.family for n in (self, other)} - {None}
        return first._replace(
            purpose=purpose, family=families.pop() if len(families) == 1 else None
        )


class NamingCall(NamedTuple):
    """A call in code or in a notebook that names a script below a folder."""

    script: str
    folder: str | None
    purpose: Purpose | None
    family: Family


CALL_HINTS: Final = (b"entry_script", b"scoring_script", b"execution_script")
_KINDS: Final[dict[bytes, tuple[Purpose | None, Family]]] = {
    b"ParallelRunConfig": ("batch", "v1"),
    b"InferenceConfig": ("online", "v1"),
    b"image_configuration": ("online", "v1"),
    b"RunFunction": ("batch", "v2"),
    b"CodeConfiguration": (None, "v2"),
}
_CALLS: Final = {
    # The look behind is `\b` in front: a pattern that begins with plain text is searched faster.
    name: re.compile(rb"(%b)(?<=\b%b)\s*\(" % (name, name))
    for name in _KINDS
}
_DEPLOYMENT: Final = re.compile(rb"\b\w*(Batch|Online)\w*Deployment\s*\(")
_ARGUMENT: Final = (
    rb"\b(?:%s)\s*=\s*(?:\\?[\"']([\w./ -]{1,200})\\?[\"']|([A-Za-z_]\w{0,80})\s*[,)\\\"])"
)
_SCRIPT: Final = re.compile(_ARGUMENT % b"entry_script|scoring_script|execution_script")
_FOLDER: Final = re.compile(_ARGUMENT % b"source_directory|code")
_MAX_CALL: Final = 2_000
_MAX_BEFORE: Final = 4_000


def naming_calls(data: bytes) -> Iterator[NamingCall]:
    """The calls of Azure's SDKs that name a script, read off Python or a notebook's JSON.

    Names that stand for texts are looked up among the plain assignments of the file.
    """
    if b"_script" not in data or not any(hint in data for hint in CALL_HINTS):
        return
    calls = (m for name, call in _CALLS.items() if name in data for m in call.finditer(data))
    for match in sorted(calls, key=re.Match.start):
        if not _is_code(data, match.start()):
            continue
        arguments = _arguments(data, match.end())
        script = _text(data, _SCRIPT.search(arguments))
        if script is None or not script.endswith(".py"):
            continue
        found = _FOLDER.search(arguments)
        folder = _text(data, found)
        if found is not None and folder is None:
            continue
        purpose, family = _KINDS[match[1]]
        if match[1] == b"CodeConfiguration":
            purpose = _deployed(data[max(0, match.start() - _MAX_BEFORE) : match.start()])
        yield NamingCall(script, folder, purpose, family)


def _is_code(data: bytes, at: int) -> bool:
    """Whether a place stands in no comment and no string, as far as bytes can tell.

    A line of a notebook's JSON begins with a quote of its own.
    """
    escaped = data.rfind(b"\\n", 0, at)
    start = max(data.rfind(b"\n", 0, at) + 1, escaped + 2 if escaped >= 0 else 0)
    before = data[start:at].lstrip()
    if before[:1] == b'"' and before[:3] != b'"""':
        before = before[1:]
    before = before.replace(b'\\"', b'"')
    if b"#" in before or before.count(b'"') % 2 or before.count(b"'") % 2:
        return False
    earlier = data[:start].replace(b'\\"', b'"')
    return earlier.count(b'"""') % 2 == 0 and earlier.count(b"'''") % 2 == 0


def _arguments(data: bytes, start: int) -> bytes:
    """What stands between the brackets of a call."""
    depth = 1
    for at in range(start, min(len(data), start + _MAX_CALL)):
        if data[at] == 0x28:
            depth += 1
        elif data[at] == 0x29:
            depth -= 1
            if depth == 0:
                return data[start : at + 1]
    return data[start : start + _MAX_CALL]


def _text(data: bytes, match: re.Match[bytes] | None) -> str | None:
    if match is None:
        return None
    if match[1] is not None:
        return match[1].decode()
    assigned = re.compile(
        rb"(?:^|[\"\s])%s\s*=\s*\\?[\"']([\w./ -]{1,200})\\?[\"']" % re.escape(match[2])
    )
    values = set(assigned.findall(data))
    return values.pop().decode() if len(values) == 1 else None


def _deployed(before: bytes) -> Purpose | None:
    """What kind of deployment a `CodeConfiguration` is written into."""
    kinds = _DEPLOYMENT.findall(before)
    if not kinds:
        return None
    return "batch" if kinds[-1] == b"Batch" else "online"
