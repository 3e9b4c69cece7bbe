"""Reads what releases of packages ask for off the package index, into `schemas/`.

python -m tools.released_packages [NAME …]    schemas/released-packages.json

Of each final release: the Pythons that it takes, what it requires (extras left out), and, where
nothing but wheels is of use, for which Pythons there is one that Linux on x86-64 can use.
Releases one after another that agree in this are a row. Of pre-releases it keeps the numbers, and
of packages in `_BUILT` for which Pythons there is a wheel where there are sources as well. The
index's JSON pages and the metadata files beside the wheels are read; nothing is installed.
"""

from __future__ import annotations

import io
import json
import re
import sys
import urllib.error
import urllib.request
import zipfile
from collections import defaultdict
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from email.parser import BytesHeaderParser
from functools import partial
from pathlib import Path
from typing import Any, Final

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import InvalidWheelFilename, canonicalize_name, parse_wheel_filename
from packaging.version import InvalidVersion, Version

ROOT: Final = Path(__file__).resolve().parent.parent
TABLE: Final = ROOT / "schemas/released-packages.json"
INDEX: Final = "https://pypi.org/simple/"
_PAGE: Final = "application/vnd.pypi.simple.v1+json"
_END: Final = 1 << 16
"""Bytes from the end of a wheel on, where its directory and mostly its metadata are."""
_NEVER_BUILT: Final = frozenset({"pyarrow"})
"""Packages whose source archives need a library that no base image has: tried with pip."""
_BUILT: Final = frozenset({"scikit-learn"})
"""Packages whose sources take a compiler and the tools of their time: rarely what is wanted."""
_MINORS: Final = range(5, 15)
_LINUX: Final = re.compile(r"any|(?:manylinux|linux).*_x86_64")
_USABLE: Final = re.compile(r"-any\.whl$|-(?:manylinux|linux)[^-]*_x86_64[^-]*\.whl$")
_SDIST: Final = re.compile(r"-(\d[^-]*?)\.(?:tar\.gz|zip|tar\.bz2)$")


def main(names: list[str]) -> int:
    """Refresh the packages named, all of the table if none is."""
    table = json.loads(TABLE.read_text("utf-8")) if TABLE.exists() else {"packages": {}}
    packages: dict[str, Any] = table["packages"]
    for name in names or list(packages):
        files = published(name)
        rows = released(name, files)
        if not rows:
            print(f"{name}: the index has no final release", file=sys.stderr)
            continue
        packages[canonicalize_name(name)] = {
            "date": date.today().isoformat(),
            "prereleases": [str(v) for v in sorted(files) if v.is_prerelease],
            "releases": rows,
        }
        print(f"{name}: {sum(len(r['versions']) for r in rows)} releases, {len(rows)} rows")
        head = {
            "title": "What releases of packages require, and for which Pythons they are published",
            "source": f"{INDEX}: pages and metadata of the wheels; without `asks` it is not known",
        }
        write({**head, "packages": dict(sorted(packages.items()))})
    return 0


def published(name: str) -> dict[Version, list[dict[str, Any]]]:
    """The files of each version that the index has of a package."""
    page = json.loads(read(f"{INDEX}{canonicalize_name(name)}/", _PAGE))
    files: dict[Version, list[dict[str, Any]]] = defaultdict(list)
    for file in page["files"]:
        version = version_of(file["filename"])
        if version is not None:
            files[version].append(file)
    return files


def released(name: str, files: dict[Version, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """The rows of a package, the oldest release first."""
    final = {version: given for version, given in files.items() if not version.is_prerelease}
    with ThreadPoolExecutor(8) as pool:
        facts = list(pool.map(partial(facts_of, name), final.values()))
    rows: list[dict[str, Any]] = []
    for version, known in sorted(zip(final, facts, strict=True), key=lambda row: row[0]):
        if rows and {k: v for k, v in rows[-1].items() if k != "versions"} == known:
            rows[-1]["versions"].append(str(version))
        else:
            rows.append({"versions": [str(version)], **known})
    return rows


def version_of(filename: str) -> Version | None:
    """The version of a wheel or a source archive; `None` for other files."""
    try:
        if filename.endswith(".whl"):
            return parse_wheel_filename(filename)[1]
        found = _SDIST.search(filename)
        return Version(found[1]) if found else None
    except (InvalidVersion, InvalidWheelFilename):
        return None


def facts_of(package: str, files: list[dict[str, Any]]) -> dict[str, Any]:
    """What the files of a release say: Pythons, requirements, Pythons of wheels if no source."""
    wheels = [f for f in files if f["filename"].endswith(".whl")]
    found: dict[str, Any] = {}
    python = next((f["requires-python"] for f in files if f.get("requires-python")), None)
    if python:
        found["python"] = python
    if wheels and (len(wheels) == len(files) or package in _NEVER_BUILT):
        minors = pythons_of(f["filename"] for f in wheels)
        if minors is not None:
            found["wheels"] = minors
    if package in _BUILT and wheels and "wheels" not in found:
        found["built"] = pythons_of(f["filename"] for f in wheels) or []
    # Those of other processors may only name the package that is published for them.
    usable = [w for w in wheels if _USABLE.search(w["filename"])]
    # Wheels of one release may be built with different metadata: what all say counts.
    some = {w["url"]: None for w in (*usable[:1], *usable[len(usable) // 2 :][:1], *usable[-1:])}
    said = [asked(url) for url in some]
    if said and None not in said:
        known = [set(asks or ()) for asks in said]
        found["asks"] = sorted(set.intersection(*known))
    return found


def pythons_of(filenames: Iterable[str]) -> list[str] | None:
    """The Pythons 3 for which one of some wheels is; `None` where it is all of them."""
    minors: set[int] = set()
    for name in filenames:
        for tag in parse_wheel_filename(name)[3]:
            if not _LINUX.fullmatch(tag.platform):
                continue
            if tag.interpreter.startswith("py3"):
                return None
            minor = re.fullmatch(r"cp3(\d+)", tag.interpreter)
            if minor:
                first = int(minor[1])
                minors |= {m for m in _MINORS if m >= first} if tag.abi == "abi3" else {first}
    return [f"3.{m}" for m in sorted(minors)]


def asked(url: str) -> list[str] | None:
    """The requirements in the metadata of a wheel, extras left out; `None` if they are broken."""
    headers = BytesHeaderParser().parsebytes(metadata(url))
    found = []
    for text in headers.get_all("Requires-Dist") or ():
        try:
            requirement = Requirement(text)
        except InvalidRequirement:
            return None
        if requirement.marker is None or "extra" not in str(requirement.marker):
            found.append(str(requirement))
    return sorted(found)


def metadata(url: str) -> bytes:
    """The metadata of a wheel: a file beside it, or else the part of the wheel that they are."""
    try:
        return read(f"{url}.metadata")
    except urllib.error.HTTPError:
        with zipfile.ZipFile(Remote(url)) as wheel:
            names = (n for n in wheel.namelist() if n.endswith(".dist-info/METADATA"))
            # Others are those of packages that it carries within.
            return wheel.read(min(names, key=lambda name: name.count("/")))


class Remote(io.RawIOBase):
    """A file behind an address of which only what is asked for is fetched, and its end at once."""

    def __init__(self, url: str) -> None:
        self.url = url
        with urllib.request.urlopen(
            urllib.request.Request(url, headers={"Range": f"bytes=-{_END}"}), timeout=60
        ) as answer:
            self.end: bytes = answer.read()
            said = answer.headers.get("Content-Range", "")
        self.size = int(said.rpartition("/")[2]) if said else len(self.end)
        self.at = 0

    def seekable(self) -> bool:
        """As files are."""
        return True

    def tell(self) -> int:
        """Where the next byte is read."""
        return self.at

    def seek(self, offset: int, whence: int = 0) -> int:
        """Go to a byte."""
        self.at = offset + (0, self.at, self.size)[whence]
        return self.at

    def read(self, size: int = -1) -> bytes:
        """Some bytes from here."""
        stop = self.size if size < 0 else min(self.size, self.at + size)
        start, self.at = self.at, max(self.at, stop)
        first = self.size - len(self.end)
        if start >= first:
            return self.end[start - first : stop - first]
        if start >= stop:
            return b""
        request = urllib.request.Request(self.url, headers={"Range": f"bytes={start}-{stop - 1}"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            data: bytes = answer.read()
            return data


def read(url: str, kind: str = "*/*") -> bytes:
    """A page of the index."""
    request = urllib.request.Request(url, headers={"Accept": kind})
    with urllib.request.urlopen(request, timeout=60) as answer:
        data: bytes = answer.read()
        return data


def write(table: dict[str, Any]) -> None:
    """A row of releases is a line."""
    lines = [f" {json.dumps(k)}: {json.dumps(v)}," for k, v in table.items() if k != "packages"]
    parts = []
    for name, known in table["packages"].items():
        rows = ",\n".join(f"   {json.dumps(row)}" for row in known["releases"])
        said = (f"{json.dumps(k)}: {json.dumps(v)}, " for k, v in known.items() if k != "releases")
        head = f'  {json.dumps(name)}: {{{"".join(said)}"releases": ['
        parts.append(f"{head}\n{rows}\n  ]}}")
    text = "{\n" + "\n".join(lines) + '\n "packages": {\n' + ",\n".join(parts) + "\n }\n}\n"
    TABLE.write_text(text, "utf-8")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
