"""What azureml-core and amllint say of configurations, case by case.

azureml-core runs in one process of its own, which takes a folder of cases at a time. amllint
checks each case as a repository by itself, so that no case is told by the files of another.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from amllint.config import Settings
from amllint.engine.check import check
from amllint.rules.registry import RULES
from amllint.source.overlay import Overlay
from tests.oracle.cases import Case, write_cases
from tests.oracle.configuration_rules import HEDGED_RULES, SDK_RULES, STRICTER
from tests.oracle.environments import oracle_environment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from types import TracebackType

HERE = Path(__file__).resolve().parent
BATCH = 400
Reported = tuple[tuple[str, str], ...]
ADVICE = tuple(r.code for r in RULES if r.severity == "info" and r.code not in STRICTER)
SETTINGS = Settings(persona="pedantic", ignore=ADVICE)
"""All that may be an error, and all hedges: those are advice where a pipeline may move files."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """One case with both answers; ``reported`` holds the errors as (code, message)."""

    case: Case
    accepted: bool
    error: str | None
    reported: Reported

    @property
    def outcome(self) -> str:
        codes = {code for code, _ in self.reported}
        if not self.accepted:
            return "both refuse" if codes & SDK_RULES else "missed"
        if codes - STRICTER.keys():
            return "invented"
        return "stricter" if codes else "both accept"

    @property
    def agrees(self) -> bool:
        return self.outcome not in ("missed", "invented")

    def __str__(self) -> str:
        lines = [
            f"{self.outcome}: {self.case.name}/{self.case.config}",
            f"  azureml-core: {'accepts' if self.accepted else self.error}",
            *(f"  amllint: {code} {message}" for code, message in self.reported),
            self.case.files[self.case.config].rstrip(),
        ]
        return "\n".join(lines)


class AzuremlCore:
    """azureml-core in a process that stays, asked about one folder after another."""

    def __enter__(self) -> AzuremlCore:
        python = oracle_environment("azureml-core")
        self._process = subprocess.Popen(
            [str(python), str(HERE / "azureml_core_verdicts.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(timeout=60)

    def ask(self, root: Path) -> None:
        """Hands a folder over; `answer` waits for what it says."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{root}\n")
        self._process.stdin.flush()

    def answer(self) -> dict[str, dict[str, Any]]:
        """What it makes of each configuration of the folder, by its relative path."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"azureml-core ended with {self._process.wait()}")
        answer: dict[str, dict[str, Any]] = json.loads(line)
        return answer


def sdk_verdicts(root: Path) -> dict[str, dict[str, Any]]:
    """What azureml-core makes of each configuration below ``root``, by its relative path."""
    with AzuremlCore() as core:
        core.ask(root)
        return core.answer()


def lint_errors(folder: Path) -> Reported:
    """The errors of amllint in one folder, and its hedged warnings."""
    os.environ["AMLLINT_NO_CACHE"] = "1"
    report = check(["."], SETTINGS, Overlay(cwd=str(folder)), ignores=False)
    return tuple(
        (finding.code, finding.message)
        for finding in report.findings
        if finding.severity == "error" or finding.code in HEDGED_RULES
    )


@dataclass(slots=True)
class Clock:
    """Seconds that went by while amllint worked, and then until azureml-core was done as well."""

    lint: float = 0.0
    waited: float = 0.0
    started: float = field(default_factory=time.monotonic)

    @property
    def whole(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self.started


def compare(
    cases: Iterable[Case], lint: Callable[..., Iterable[Reported]] = map, clock: Clock | None = None
) -> Iterator[Comparison]:
    """Asks both sides about the cases, some hundred at a time.

    ``lint`` is the `map` of a pool of processes, or the one that there is.
    """
    clock = clock or Clock()
    pending = iter(cases)
    with AzuremlCore() as core:
        while batch := list(islice(pending, BATCH)):
            with tempfile.TemporaryDirectory(prefix="amllint-oracle-") as folder:
                root = Path(folder).resolve()
                write_cases(batch, root)
                core.ask(root)
                began = time.monotonic()
                errors = list(lint(lint_errors, [root / case.name for case in batch]))
                linted = time.monotonic()
                verdicts = core.answer()
                clock.lint += linted - began
                clock.waited += time.monotonic() - linted
            for case, reported in zip(batch, errors, strict=True):
                verdict = verdicts[f"{case.name}/{case.config}"]
                yield Comparison(case, verdict["accepted"], verdict["error"], reported)
