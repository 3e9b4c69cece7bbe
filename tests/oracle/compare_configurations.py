"""Compares amllint with azureml-core over generated configurations.

    python -m tests.oracle.compare_configurations --count 2000 --seed 1

What azureml-core refuses must be an error of one of the rules that model it, and the other way
round. Prints how often the two agree and the text of every file on which they do not; exits
with 1 when there is one.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.oracle.cases import Case, write_cases
from tests.oracle.configurations import deployment_cases
from tests.oracle.environments import oracle_environment
from tests.oracle.inference_trees import inference_cases

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

HERE = Path(__file__).resolve().parent
LINT = HERE.parents[1] / "lint"
TIMEOUT_SECONDS = 900

HEDGED_RULES = frozenset({"AML203", "AML210"})
"""Rules that only warn where a file of the name exists elsewhere: a pipeline may move it."""
# Rules whose errors say "the SDK refuses this".
SDK_RULES = frozenset(
    (
        *("AML201", "AML203", "AML204", "AML205", "AML206", "AML210"),
        *("AML401", "AML403", "AML406", "AML409", "AML413", "AML417", "AML418"),
        *("AML901", "AML903"),
    )
)
# Errors of these rules are allowed where the SDK accepts the file; each with its reason.
STRICTER = {
    "AML205": "a script outside the uploaded folder exists for the SDK and not in the container: "
    "azureml/core/model.py, validate_configuration only looks for the file",
}
OPTIONS = ("--isolated", "--no-ignores", "--persona", "pedantic", "--output-format", "json")
COMPLETED = (0, 1, 4)


@dataclass(frozen=True, slots=True)
class Comparison:
    """One case with both answers; ``reported`` holds the modelling errors as (code, message)."""

    case: Case
    accepted: bool
    error: str | None
    reported: tuple[tuple[str, str], ...]

    @property
    def outcome(self) -> str:
        if not self.accepted:
            return "both refuse" if self.reported else "missed"
        invented = any(code not in STRICTER for code, _ in self.reported)
        return "invented" if invented else "both accept"

    @property
    def agrees(self) -> bool:
        return self.outcome.startswith("both")

    def __str__(self) -> str:
        lines = [
            f"{self.outcome}: {self.case.name}/{self.case.config}",
            f"  azureml-core: {'accepts' if self.accepted else self.error}",
            *(f"  amllint: {code} {message}" for code, message in self.reported),
            self.case.files[self.case.config].rstrip(),
        ]
        return "\n".join(lines)


def sdk_verdicts(root: Path) -> dict[str, dict[str, Any]]:
    """What azureml-core makes of each configuration below ``root``, by its relative path."""
    python = oracle_environment("azureml-core")
    command = [str(python), str(HERE / "azureml_core_verdicts.py"), str(root)]
    answer: dict[str, dict[str, Any]] = output(command, root, (0,))
    return answer


def lint_errors(root: Path) -> dict[str, list[tuple[str, str]]]:
    """The errors of the modelling rules by the case folder they are in; one run of amllint."""
    report = output([sys.executable, "-m", "amllint", "check", ".", *OPTIONS], root, COMPLETED)
    errors: dict[str, list[tuple[str, str]]] = {}
    for finding in report["findings"]:
        hedged = finding["code"] in HEDGED_RULES
        if (hedged or finding["severity"] == "error") and finding["code"] in SDK_RULES:
            folder = relative(finding["path"], root).parts[0]
            errors.setdefault(folder, []).append((finding["code"], finding["message"]))
    return errors


def relative(path: str, root: Path) -> Path:
    return Path(path).relative_to(root) if Path(path).is_absolute() else Path(path)


def output(command: list[str], folder: Path, completed: tuple[int, ...]) -> Any:
    """The JSON that a command prints; RuntimeError when it prints none or ends otherwise."""
    done = subprocess.run(
        command,
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(LINT)},
        capture_output=True,
        encoding="utf-8",
        timeout=TIMEOUT_SECONDS,
    )
    if done.returncode not in completed or not done.stdout.strip():
        raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}\n{done.stderr}")
    return json.loads(done.stdout)


def compare(cases: Iterable[Case]) -> Iterator[Comparison]:
    """Writes the cases into a temporary folder and asks both sides."""
    with tempfile.TemporaryDirectory(prefix="amllint-oracle-") as folder:
        root = Path(folder).resolve()
        written = write_cases(cases, root)
        verdicts = sdk_verdicts(root)
        errors = lint_errors(root)
    for case in written:
        verdict = verdicts[f"{case.name}/{case.config}"]
        reported = tuple(errors.get(case.name, ()))
        yield Comparison(case, verdict["accepted"], verdict["error"], reported)


def matrix(comparisons: Iterable[Comparison]) -> str:
    """A table of outcomes by kind of case."""
    columns = ("both accept", "both refuse", "missed", "invented")
    counts = Counter((comparison.case.kind, comparison.outcome) for comparison in comparisons)
    rows: list[tuple[str, ...]] = [("", *columns)]
    for kind in sorted({kind for kind, _ in counts}):
        rows.append((kind, *(str(counts[kind, column]) for column in columns)))
    return "\n".join("".join(cell.rjust(13) for cell in row) for row in rows)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--count", type=int, default=2000, help="deployment configurations")
    parser.add_argument("--inference", type=int, help="inference trees; a quarter of --count")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    trees = options.count // 4 if options.inference is None else options.inference
    cases = chain(
        deployment_cases(options.count, options.seed), inference_cases(trees, options.seed)
    )
    done = list(compare(cases))
    disagreements = [comparison for comparison in done if not comparison.agrees]
    for comparison in disagreements:
        print(comparison, end="\n\n")
    print(matrix(done))
    return 1 if disagreements else 0


if __name__ == "__main__":
    sys.exit(main())
