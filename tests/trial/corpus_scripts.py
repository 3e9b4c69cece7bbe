"""Tries the scoring scripts of real repositories, and compares with the server run by hand.

    python -m tests.trial.corpus_scripts FOLDER... [--limit N]

Scripts are copied with the modules beside them that they import, never with a model: those that
start so can run without their models. Each is called once. The interpreter is that of the oracle,
or the one that AMLLINT_ORACLE_INFERENCE_SERVER names, which may have more installed.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

from amllint.trial.interpreter import Interpreter
from amllint.trial.samples import JSON, Sample
from amllint.trial.trial import Trial
from tests.oracle.oracle_runs import SERVER_VERDICTS, server_python
from tests.oracle.script_mutations import RealScript, real_scripts
from tests.trial.cases import NUMBERS
from tests.trial.trying import interpreter, tried

SECONDS = 20.0


class Compared(NamedTuple):
    """A script, what the server did by hand, and the trial."""

    origin: Path
    by_hand: dict[str, Any]
    trial: Trial

    @property
    def agrees(self) -> bool:
        """Whether both started or not, and both answered alike."""
        mine, call = self.trial.failure is None, self.by_hand["call"]
        if mine != self.by_hand["started"]:
            return False
        if not self.trial.calls or call is None:
            return not self.trial.calls and call is None
        answer = self.trial.calls[0]
        body = answer.body.value if answer.body else None
        return answer.status == call["status"] and (
            call["status"] is None or repr(body) == repr(call["body"])
        )


def distinct(scripts: list[RealScript]) -> list[RealScript]:
    """One of each text."""
    return list({s.text: s for s in reversed(scripts)}.values())[::-1]


def by_hand(folder: Path, count: int, python: Path) -> dict[str, Any]:
    """The server's verdicts on the scripts that lie in numbered folders."""
    request = {"body": NUMBERS, "environment": {"AZUREML_MODEL_DIR": ""}}
    asked = folder / "requests.json"
    asked.write_text(json.dumps({str(n): request for n in range(count)}))
    command = [str(python), str(SERVER_VERDICTS), str(folder / "cases"), "--requests", str(asked)]
    command += ["--start-limit", str(SECONDS)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    verdicts: dict[str, Any] = json.loads(done.stdout)
    return verdicts


def compare(scripts: list[RealScript], python: Path) -> list[Compared]:
    """Run every script both ways."""
    described: Interpreter = interpreter(python)
    sample = Sample(NUMBERS.encode(), JSON, "given")
    found = []
    with tempfile.TemporaryDirectory() as scratch:
        for number, script in enumerate(scripts):
            for path, text in script.files.items():
                target = Path(scratch) / "cases" / str(number) / path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(text, "utf-8")
        verdicts = by_hand(Path(scratch), len(scripts), python)
        for number, script in enumerate(scripts):
            path = Path(scratch) / "cases" / str(number) / "score.py"
            trial = tried(path, described, [sample], seconds=SECONDS)
            found.append(Compared(script.origin, verdicts[str(number)], trial))
    return found


def report(found: list[Compared]) -> int:
    """Print the counts, and what disagrees; the exit code."""
    started = [c for c in found if c.by_hand["started"]]
    agreeing = [c for c in found if c.agrees]
    print(f"{len(found)} scripts, {len(started)} start without their models")
    print(f"{len(agreeing)} come to the same in a trial as by hand")
    told: Counter[str] = Counter()
    for compared in found:
        for known in compared.trial.agreements:
            told[
                f"{known.kind}: {'told by check' if known.told else 'not told, with its page'}"
            ] += 1
    for line, count in sorted(told.items()):
        print(f"{count:5}  {line}")
    for compared in found:
        if not compared.agrees:
            calls = [(c.status, c.body) for c in compared.trial.calls]
            print(
                f"differs: {compared.origin}: {compared.by_hand} / {compared.trial.failure} {calls}"
            )
    return 0 if len(agreeing) == len(found) else 1


def main() -> int:
    """Run it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", nargs="+", type=Path)
    parser.add_argument("--limit", type=int, help="at most so many scripts")
    options = parser.parse_args()
    scripts = distinct(real_scripts(options.folder))[: options.limit]
    return report(compare(scripts, server_python()))


if __name__ == "__main__":
    sys.exit(main())
