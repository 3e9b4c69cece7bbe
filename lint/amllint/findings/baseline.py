"""The baseline: findings that a repository has accepted for now, in one committed file.

An entry stands for findings of one rule in one file with one structural key, and says how
many of them there are. Paths are relative to the folder of the file, so that it means the
same from every working directory. The file is sorted and has one entry a line, so that two
branches that change it can be merged.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Final, NoReturn

from amllint.findings.finding import Finding
from amllint.findings.fingerprints import fingerprint
from amllint.source.nodes import Path, node_at
from amllint.source.problem import Malformed, Refused, Unreadable
from amllint.source.text import SourceText

VERSION: Final = 1
_MESSAGE: Final = 120
_TEXTS: Final = ("rule", "path", "fingerprint", "message")
_KEYS: Final = (*_TEXTS, "count", "expires")
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d")


class BaselineError(Refused):
    """The baseline cannot be used; `str()` gives file, line, column and what to do."""


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """Accepted findings that are alike; `path` with `/`, `count` from 1, `expires` a date."""

    path: str
    rule: str
    fingerprint: str
    count: int
    message: str
    expires: str | None = None


@dataclass(frozen=True, slots=True)
class Baseline:
    """What is accepted, and until when: `expires` is the last day on which entries hold.

    `file` is the absolute path. An entry's own date counts before that of the whole.
    """

    file: str
    entries: tuple[Entry, ...] = ()
    expires: str | None = None

    def relative(self, path: str) -> str:
        """An absolute path as entries write it."""
        try:
            shown = os.path.relpath(path, os.path.dirname(self.file))
        except ValueError:  # another drive
            shown = path
        return shown.replace(os.sep, "/")

    def absolute(self, entry: Entry) -> str:
        """Where the file of an entry would be."""
        return os.path.normpath(os.path.join(os.path.dirname(self.file), entry.path))

    def expired(self, entry: Entry, today: str) -> bool:
        """Whether an entry no longer holds on a day (`YYYY-MM-DD`)."""
        last = entry.expires or self.expires
        return last is not None and last < today

    def entry(self, finding: Finding, path: str) -> Entry:
        """The entry, counting one, that a finding at an absolute path would have."""
        shown = self.relative(path)
        message = finding.message
        gist = message if len(message) <= _MESSAGE else message[: _MESSAGE - 1] + "…"
        print_ = fingerprint(finding.code, shown, finding.key)
        return Entry(shown, finding.name, print_, 1, gist)


def gathered(file: str, entries: Iterable[Entry], expires: str | None = None) -> Baseline:
    """A baseline of entries, equal ones counted together."""
    found: dict[str, Entry] = {}
    for entry in entries:
        known = found.get(entry.fingerprint)
        count = entry.count + (known.count if known else 0)
        found[entry.fingerprint] = replace(known or entry, count=count)
    return Baseline(file, tuple(sorted(found.values())), expires)


def render(baseline: Baseline) -> str:
    """The text of the file."""
    head: dict[str, Any] = {"version": VERSION}
    if baseline.expires:
        head["expires"] = baseline.expires
    lines = [f"  {_json(key)}: {_json(value)},\n" for key, value in head.items()]
    entries = ",\n".join(f"    {_line(e)}" for e in sorted(baseline.entries))
    body = f"[\n{entries}\n  ]" if entries else "[]"
    return "{\n" + "".join(lines) + f'  "entries": {body}\n}}\n'


def _line(entry: Entry) -> str:
    keys = ("rule", "path", "fingerprint", "count", "message", "expires")
    data = {key: getattr(entry, key) for key in keys}
    return _json({key: value for key, value in data.items() if value is not None})


def _json(value: Any) -> str:
    import json

    # Half a character, from a file name, has no UTF-8.
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "backslashreplace").decode()


def is_date(text: object) -> bool:
    """Whether a text is a day as `YYYY-MM-DD`."""
    import datetime

    if not isinstance(text, str) or not _DATE.fullmatch(text):
        return False
    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def parse(source: SourceText, file: str) -> Baseline:
    """Read a baseline. Raises `BaselineError` with the place of the first thing wrong."""
    return _Reader(source, file).baseline()


class _Reader:
    def __init__(self, source: SourceText, file: str) -> None:
        self.source = source
        self.file = file

    def baseline(self) -> Baseline:
        data = self.load()
        if not isinstance(data, dict):
            self.refuse("this is no baseline: it must be an object", ())
        version = data.get("version")
        if version != VERSION or isinstance(version, bool):
            what = f"version {version}" if isinstance(version, int) else "no version"
            path: Path = ("version",) if "version" in data else ()
            self.refuse(f"this baseline has {what}; this amllint reads version {VERSION}", path)
        self.known(data, ("version", "expires", "entries"), ())
        expires = self.day(data, ())
        entries = data.get("entries")
        if not isinstance(entries, list):
            self.refuse("`entries` must be a list", ("entries",))
        read = [self.entry(item, ("entries", number)) for number, item in enumerate(entries)]
        return gathered(self.file, read, expires)

    def load(self) -> Any:
        import json

        try:
            return json.loads(self.source.text, object_pairs_hook=self.mapping)
        except json.JSONDecodeError as error:
            self.refuse_at(f"not valid JSON: {error.msg}", error.pos)
        except RecursionError:
            self.refuse_at("nested too deep for a baseline", 0)
        except ValueError:  # a number of thousands of digits
            self.refuse_at("not valid JSON: a number has too many digits", 0)

    def mapping(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        data = dict(pairs)
        if len(data) < len(pairs):
            names = [name for name, _ in pairs]
            double = next(n for n in names if names.count(n) > 1)
            shown = _json(double)
            first = self.source.text.find(shown)
            self.refuse_at(f"the key {shown} stands twice in one object", max(first, 0))
        return data

    def entry(self, data: Any, path: Path) -> Entry:
        if not isinstance(data, dict):
            self.refuse("an entry must be an object", path)
        self.known(data, _KEYS, path)
        for name in _TEXTS:
            if not isinstance(data.get(name), str):
                self.refuse(f"`{name}` of an entry must be a string", (*path, name))
        count = data.get("count")
        if not isinstance(count, int) or isinstance(count, bool) or count < 1:
            self.refuse("`count` of an entry must be a whole number from 1", (*path, "count"))
        texts = {name: data[name] for name in _TEXTS}
        return Entry(**texts, count=count, expires=self.day(data, path))

    def day(self, data: dict[str, Any], path: Path) -> str | None:
        value = data.get("expires")
        if value is None and "expires" not in data:
            return None
        if not is_date(value):
            self.refuse("`expires` must be a day, YYYY-MM-DD", (*path, "expires"))
        return str(value)

    def known(self, data: dict[str, Any], keys: tuple[str, ...], path: Path) -> None:
        for name in data:
            if name not in keys:
                self.refuse(f"unknown key {_json(name[:60])}", (*path, name))

    def refuse(self, message: str, path: Path) -> NoReturn:
        from amllint.source import json as located

        offset = 0
        try:
            root = located.parse(self.source)
            while path and node_at(root, path) is None:
                path = path[:-1]
            node = node_at(root, path)
            offset = node.span.start if node is not None else 0
        except (Malformed, Unreadable):  # nothing is lost but the place
            pass
        self.refuse_at(message, offset)

    def refuse_at(self, message: str, offset: int) -> NoReturn:
        line, column = self.source.position(offset)
        hint = "mend it, or write it anew with `amllint baseline write --force`"
        raise BaselineError(f"{self.source.path}:{line}:{column}: {message}; {hint}") from None
