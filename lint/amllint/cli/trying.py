"""`amllint try`."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from types import FrameType
from typing import TYPE_CHECKING, NoReturn

from amllint import config
from amllint.artifacts.environment import Environment
from amllint.config import ConfigError, Settings
from amllint.output.style import Style, printable, wants_color
from amllint.source.overlay import Overlay

if TYPE_CHECKING:
    from amllint.trial.interpreter import Interpreter
    from amllint.trial.linked import Deployment
    from amllint.trial.model_layout import Model
    from amllint.trial.report import Outcome
    from amllint.trial.samples import Sample
    from amllint.trial.server import Serving

SUCCESS, FAILED, USAGE, NOTHING, INCOMPLETE = 0, 1, 2, 3, 4


class UsageError(Exception):
    """The command line cannot be carried out as it is."""


def run(options: argparse.Namespace) -> int:
    """Try the script, and print how it went; the exit code says whether it works."""
    from amllint.trial.interpreter import NoServer, find_interpreter
    from amllint.trial.model_layout import NoModel

    overlay = Overlay()
    script = os.path.normpath(os.path.join(overlay.cwd, options.script))
    if not os.path.isfile(script):
        folder = os.path.isdir(script)
        named = f"{options.script} is a folder: name the scoring script in it"
        _say(named if folder else f"there is no script {options.script}")
        return NOTHING
    try:
        samples, models = _samples(options), _models(options)
        _check_folders(options)
        interpreter = find_interpreter(options.python)
        with _ended_by_signals():
            outcome = _outcome(options, script, (samples, models), interpreter, overlay)
        if options.save:
            _save(options.save, outcome)
    except (UsageError, ConfigError, NoServer, NoModel) as error:
        _say(str(error))
        return USAGE
    _print(options, outcome)
    if outcome.trial.failed:
        return FAILED
    return INCOMPLETE if outcome.untried and options.requests else SUCCESS


def _outcome(
    options: argparse.Namespace,
    script: str,
    given: tuple[list[Sample], list[Model]],
    interpreter: Interpreter,
    overlay: Overlay,
) -> Outcome:
    from amllint.trial.agreement import look
    from amllint.trial.differences import differences
    from amllint.trial.linked import deployment_of, repository_of
    from amllint.trial.report import Outcome
    from amllint.trial.trial import compared
    from amllint.trial.trial import run as run_trial

    settings = _settings(script, overlay)
    repository = repository_of(script, overlay)
    deployment = deployment_of(script, settings, overlay, repository)
    environments = _environments(options, deployment, settings, overlay)
    other = [d for e in environments for d in differences(e, interpreter)]
    serving, (samples, models) = _serving(options, script, interpreter, deployment), given
    if not options.quiet:
        _say(
            f"executing {options.script} under the inference server on 127.0.0.1, with your rights"
            " and your environment"
        )
    trial = run_trial(serving, models, samples, options.requests)
    report = look(script, trial.seen, deployment.settings, overlay, repository)
    shown = overlay.display(script)
    return Outcome(shown, compared(trial, report), tuple(dict.fromkeys(other)), deployment)


# -- arguments ------------------------------------------------------------------------------


def _settings(script: str, overlay: Overlay) -> Settings:
    found = config.find_config(os.path.dirname(script))
    settings = config.load(found, overlay) if found else Settings()
    return replace(settings, exclude=())


def _serving(
    options: argparse.Namespace, script: str, interpreter: Interpreter, deployment: Deployment
) -> Serving:
    from amllint.trial.server import Serving

    root = options.code or deployment.folder or os.path.dirname(script)
    return Serving(
        script,
        os.path.abspath(root),
        interpreter,
        os.path.abspath(options.model_dir) if options.model_dir else None,
        seconds=options.timeout,
        memory_bytes=options.memory << 20,
        echo=options.verbose,
    )


def _check_folders(options: argparse.Namespace) -> None:
    for given in (options.code, options.model_dir):
        if given is not None and not os.path.isdir(given):
            raise UsageError(f"there is no folder {given}")


def _models(options: argparse.Namespace) -> list[Model]:
    from amllint.trial.model_layout import read_model

    return [read_model(given) for given in options.model or ()]


def _samples(options: argparse.Namespace) -> list[Sample]:
    from amllint.trial.samples import Sample

    samples = []
    for name in options.sample or ():
        try:
            with open(name, "rb") as stream:
                samples.append(Sample(stream.read(), options.content_type, name))
        except OSError as error:
            raise UsageError(f"cannot read {name}: {error.strerror}") from None
    return samples


def _environments(
    options: argparse.Namespace, deployment: Deployment, settings: Settings, overlay: Overlay
) -> tuple[Environment, ...]:
    if options.env is None:
        return deployment.environments
    from amllint.trial.linked import environment_at

    path = os.path.normpath(os.path.join(overlay.cwd, options.env))
    found = environment_at(path, settings, overlay)
    if found is None:
        raise UsageError(f"there is no conda environment in {options.env}")
    return (found,)


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """Let what ends this process from outside end the server first.

    The first signal is the one that counts: while the server is ended, further ones are not heard.
    """
    numbers = [getattr(signal, n) for n in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, n)]

    def end(number: int, _frame: FrameType | None) -> NoReturn:
        for other in numbers:
            signal.signal(other, signal.SIG_IGN)
        if number == signal.SIGINT:
            raise KeyboardInterrupt
        raise SystemExit(128 + number)

    before = {number: signal.signal(number, end) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


# -- printing -------------------------------------------------------------------------------


def _print(options: argparse.Namespace, outcome: Outcome) -> None:
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    if options.output_format == "json":
        from amllint.trial.report_json import document

        print(json.dumps(document(outcome), indent=2))
        return
    from amllint.trial.report_text import lines

    for line in lines(outcome, Style(wants_color(sys.stdout, options.color))):
        print(line)


def _save(name: str, outcome: Outcome) -> None:
    from amllint.trial.report_json import saved

    try:
        with open(name, "w", encoding="utf-8") as stream:
            json.dump(saved(outcome, os.path.dirname(os.path.abspath(name))), stream, indent=2)
            stream.write("\n")
    except OSError as error:
        raise UsageError(f"cannot write {name}: {error.strerror}") from None


def _say(text: str) -> None:
    print(f"amllint: {printable(text)}", file=sys.stderr, flush=True)
