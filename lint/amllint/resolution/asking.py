"""Asks about lists of pip packages, one after another, and says what came of it."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, TypeAlias

from amllint.artifacts.pin_verdicts import Refusal, RefusedPins, UnaskedPins
from amllint.resolution import pip_log
from amllint.resolution.kept_answers import KeptAnswers
from amllint.resolution.lists import PipList
from amllint.resolution.pip_process import NoAnswer, Said, ask, index_settings, pip_version
from amllint.resolution.stand_ins import write_stand_ins

Verdict: TypeAlias = "RefusedPins | UnaskedPins"
_ROUNDS: Final = 12
"""How often pip is asked again with stand-ins for what is there as source alone."""

_STRICT: Final = (3, 8)
"""The first Python for which there is a pip, 24.1 or newer, that passes over broken metadata."""


@dataclass(frozen=True)
class Asking:
    """How pip is asked: at most so many seconds for a list; `tell` is told what goes on."""

    seconds: float
    kept: KeptAnswers | None
    tell: Callable[[str], None]

    @cached_property
    def settings(self) -> tuple[str, str]:
        """The pip and its settings, on which answers depend. Raises `NoPip`."""
        return pip_version(), index_settings()

    def verdicts(self, lists: Sequence[PipList]) -> Iterator[Verdict]:
        """What came of each list that is not simply in order. Raises `NoPip`."""
        for number, pins in enumerate(lists, 1):
            verdict = self._verdict(pins, f"{number} of {len(lists)}: {pins.path}")
            if verdict is not None:
                yield verdict

    def _verdict(self, pins: PipList, what: str) -> Verdict | None:
        if pins.obstacle is not None or pins.python is None:
            return UnaskedPins(pins.path, pins.place, pins.obstacle or "", failed=False)
        if not pins.lines:
            return None
        try:
            refusal = self._answer(pins, pins.python, what)
        except NoAnswer as reason:
            return UnaskedPins(pins.path, pins.place, str(reason), failed=True)
        if refusal is None:
            return None
        return RefusedPins(pins.path, pins.place, pins.python, pins.lines, refusal, pins.named_by)

    def _answer(self, pins: PipList, python: str, what: str) -> Refusal | None:
        asked = [*self.settings, python, *pins.options, "--", *sorted(pins.requirements)]
        known = self.kept.read(asked) if self.kept else None
        if known is not None:
            return known[0]
        refusal = self._resolved(pins, python, what)
        if self.kept:
            self.kept.write(asked, refusal)
        return refusal

    def _resolved(self, pins: PipList, python: str, what: str) -> Refusal | None:
        """Ask until what stands in the way is no matter of releases that pip did not look at."""
        end = time.monotonic() + self.seconds
        with tempfile.TemporaryDirectory(prefix="amllint-") as stand_ins:
            for _ in range(_ROUNDS):
                said = self._said(pins, python, stand_ins, what, end)
                if said.code == 0:
                    return None
                refusal = self._refusal(said, python)
                projects = {pip_log.named(c.wants) for c in refusal.causes}
                projects |= {pip_log.named(c.by) for c in refusal.causes if c.by}
                # What pip names is where it gave up: the reason may lie with any it passed over.
                among_causes = pip_log.source_only(said.log, projects, python)
                if write_stand_ins(stand_ins, among_causes):
                    continue
                if not write_stand_ins(stand_ins, pip_log.source_only(said.log, None, python)):
                    return refusal
        raise NoAnswer("too many of its packages are there as source alone")

    def _said(self, pins: PipList, python: str, stand_ins: str, what: str, end: float) -> Said:
        """What pip says before the time is over. Raises `NoAnswer` if that is nothing."""

        def tick() -> None:
            left = end - time.monotonic()
            if left < 0:
                raise NoAnswer(f"pip came to no end within {self.seconds:.0f} s")
            self.tell(f"{what}, {self.seconds - left:.0f} s")

        return ask(pins.requirements, pins.options, python, stand_ins, tick)

    def _refusal(self, said: Said, python: str) -> Refusal:
        """Why pip refused. Raises `NoAnswer` where the index did not answer it all."""
        failed = pip_log.unfetched(said.log)
        if failed is not None:
            raise NoAnswer(failed)
        left_out = pip_log.left_out(said.log)
        if left_out is not None and _minor(python) < _STRICT:
            raise NoAnswer(
                f"this pip does not take the metadata of {left_out}, and that of the Python may"
            )
        refusal = pip_log.refusal(said.log, python)
        if refusal is None or not refusal.causes:
            raise NoAnswer(pip_log.trouble(said.log))
        return refusal


def _minor(python: str) -> tuple[int, ...]:
    """`3.6.99` as (3, 6)."""
    return tuple(int(part) for part in python.split(".")[:2])
