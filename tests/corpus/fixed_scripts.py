"""Fixes every scoring script of a folder in memory, and says what came out otherwise than meant.

    python -m tests.corpus.fixed_scripts DIR …

Nothing is written. A script counts as well fixed if its fixes were applied, it parses, what was
fixed is not found any more, nothing is found that was not before, a second run changes nothing,
and what it did is all still there: taking the added guards out again gives the statements of
before.
"""

from __future__ import annotations

import ast
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from amllint.config import Settings
from amllint.engine import fixing
from amllint.engine.fixing import Fixed
from amllint.source.overlay import Overlay

RULES = (
    *("unhandled-run-error", "error-leak", "error-as-success", "get-model-path"),
    *("not-serializable-return", "double-encoded-json"),
)
SETTINGS = Settings(select=(*RULES, "syntax-error", "internal-error"), persona="pedantic")


_WRITING = re.compile(r"json\.(dumps|loads)|\.tolist|[()]")
"""How an answer is written, which is what the fixes of answers change."""
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_BLOCKS = (ast.For, ast.While, ast.With, ast.If)


def fixed(folder: Path) -> tuple[Fixed, Fixed]:
    """A folder's scripts after one run of all fixes, and after a second."""
    overlay = Overlay(cwd=str(folder))
    runs = [
        fixing.fix(["."], SETTINGS, overlay, unsafe=True, ignores=False) for _ in ("first", "again")
    ]
    return runs[0], runs[1]


def complaints(first: Fixed, again: Fixed) -> Iterator[str]:
    """What came out otherwise than meant."""
    for finding, fix in (*first.rejected, *again.applied, *again.rejected):
        yield f"{finding.location.path}: {finding.name}: not fixed at once: {fix.message}"
    before = Counter((f.location.path, f.name) for f in first.first.findings)
    after = Counter((f.location.path, f.name) for f in first.report.findings)
    for path, name in after - before:
        yield f"{path}: {name} is new"
    for path, text in first.after.items():
        if statements(first.before[path]) != statements(text):
            yield f"{path}: does something else"


def statements(text: str) -> list[str]:
    """What a script's functions do one by one, whether or not a `try` stands around it.

    Answers and lines that look for the model are left out: those are what is mended.
    """
    functions = [n for n in ast.walk(ast.parse(text)) if isinstance(n, _FUNCTIONS)]
    return sorted(words for f in functions for s in f.body for words in _words(s))


def _words(statement: ast.stmt) -> Iterator[str]:
    if isinstance(statement, ast.Try):
        for inner in statement.body:
            yield from _words(inner)
    elif isinstance(statement, (*_FUNCTIONS, *_BLOCKS)):
        yield type(statement).__name__
    elif not isinstance(statement, (ast.ImportFrom, ast.Return)):
        words = ast.unparse(statement)
        if "get_model_path" not in words and "AZUREML_MODEL_DIR" not in words:
            yield _WRITING.sub("", words)


def main(folders: list[str]) -> int:
    """Print what each folder's scripts came to; 1 where something came out wrong."""
    wrong = 0
    for folder in folders:
        first, again = fixed(Path(folder))
        told = list(complaints(first, again))
        wrong += len(told)
        print(*told, sep="\n", end="\n" if told else "")
        counts = Counter(f.name for f, _ in first.applied)
        print(f"{folder}: {len(first.after)} scripts changed, {dict(counts)}, {len(told)} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
