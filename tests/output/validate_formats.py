"""Checks folders, and validates what every machine format makes of the findings.

python -m tests.output.validate_formats FOLDER…

`--published FORMAT=FILE` validates with a schema from elsewhere as well: a JSON Schema, for
`gitlab` one of a single issue, or for `junit` an XSD. `--keep FOLDER` leaves the documents there.
Exits with 1 where anything is wrong.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from jsonschema import validators
from lxml import etree

from amllint.config import Settings
from amllint.engine.check import check
from amllint.source.overlay import Overlay

from .validators import VALIDATORS, junit_errors, rendered, validate


def main() -> int:
    """Validate every format over every folder, and print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", metavar="FOLDER")
    parser.add_argument("--published", action="append", default=[], metavar="FORMAT=FILE")
    parser.add_argument("--keep", metavar="FOLDER", type=Path)
    options = parser.parse_args()
    published = dict(text.split("=", 1) for text in options.published)
    wrong = 0
    for folder in options.folders:
        overlay = Overlay(cwd=os.path.abspath(folder))
        report = check(["."], Settings(persona="pedantic"), overlay)
        print(f"{folder}: {report.asked} files, {len(report.findings)} findings")
        for format in VALIDATORS:
            started = time.perf_counter()
            text = rendered(format, report)
            seconds = time.perf_counter() - started
            errors = [*validate(format, text, len(report.findings))]
            errors += published_errors(format, text, published.get(format))
            verdict = "valid" if not errors else f"{len(errors)} errors"
            print(f"  {format:9} {len(text):9,} characters in {seconds:5.2f} s: {verdict}")
            for error in errors[:10]:
                print(f"    {error}")
            wrong += len(errors)
            if options.keep:
                keep(options.keep, folder, format, text)
    return 1 if wrong else 0


def published_errors(format: str, text: str, file: str | None) -> Iterator[str]:
    """What a schema of the format's own has against a document."""
    if file is None:
        return
    if format == "junit":
        yield from junit_errors(text, etree.XMLSchema(etree.parse(file)))
        return
    schema = json.loads(Path(file).read_text("utf-8"))
    validator = validators.validator_for(schema)(schema)
    document = json.loads(text)
    for part in document if isinstance(document, list) else [document]:
        for error in validator.iter_errors(part):
            yield f"{error.json_path}: {error.message[:200]}"


def keep(target: Path, folder: str, format: str, text: str) -> None:
    """Leave a document in a folder."""
    target.mkdir(parents=True, exist_ok=True)
    name = Path(folder).resolve().name
    (target / f"{name}.{format}").write_text(text, encoding="utf-8", errors="backslashreplace")


if __name__ == "__main__":
    sys.exit(main())
