"""Parses many scripts in several processes, while the main one reads everything else.

A script costs some ten milliseconds, and loading libcst as much as fifteen of them; on a
tree with dozens of scripts two processes halve the wait. A process that dies on a script
takes only that script with it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from typing import Final, TypeAlias

from amllint.analysis.facts import ScriptFacts
from amllint.source.problem import Malformed, Unreadable
from amllint.source.text import SourceText

Parsed: TypeAlias = ScriptFacts | Malformed | Unreadable

WORTHWHILE: Final = 24
"""With fewer scripts a second process costs more than it saves."""
MAX_PROCESSES: Final = 4


def parse_one(source: SourceText) -> Parsed:
    """The facts of a script, or why there are none."""
    from amllint.source.python.parse import parse

    try:
        return ScriptFacts(parse(source))
    except (Malformed, Unreadable) as problem:
        return problem


class Parsing:
    """Scripts that other processes are parsing; texts are told apart by themselves."""

    def __init__(self, sources: list[SourceText]) -> None:
        unique = {s.text: s for s in sources}
        self._sources = sorted(unique.values(), key=lambda s: len(s.text), reverse=True)
        self._results: dict[str, Parsed] | None = None
        self._workers: list[_Worker] = []
        count = min(_processors(), MAX_PROCESSES, len(self._sources) // (WORTHWHILE // 2))
        if count > 1:
            shares = [self._sources[n::count] for n in range(count)]
            self._workers = [_Worker(share, self._workers) for share in shares]

    def result(self, source: SourceText) -> Parsed | None:
        """What parsing a text came to, `None` if it was not among those given."""
        if not self._workers:
            return None
        if self._results is None:
            self._results = {}
            for worker in self._workers:
                self._results.update(worker.results())
        return self._results.get(source.text)


def _processors() -> int:
    if not hasattr(os, "fork") or sys.platform == "darwin":
        return 1
    try:
        return len(os.sched_getaffinity(0))
    except (AttributeError, OSError):
        return os.cpu_count() or 1


class _Worker:
    """A forked process with a share of the scripts; what it finds comes through a pipe."""

    def __init__(self, share: list[SourceText], others: list[_Worker]) -> None:
        self.share = share
        self.reader, writer = os.pipe()
        self.process = os.fork()
        if self.process == 0:
            for other in others:
                os.close(other.reader)
            os.close(self.reader)
            _exit_after(lambda: _work(share, writer))
        os.close(writer)

    def results(self) -> Iterator[tuple[str, Parsed]]:
        """What the worker found; a script on which it died cannot be analysed."""
        import pickle

        done = 0
        with os.fdopen(self.reader, "rb") as stream:
            while done < len(self.share):
                try:
                    parsed: Parsed = pickle.load(stream)
                except (EOFError, pickle.UnpicklingError):
                    break
                yield self.share[done].text, parsed
                done += 1
        os.waitpid(self.process, 0)
        if done < len(self.share):
            yield self.share[done].text, _died(self.share[done])
            for source in self.share[done + 1 :]:
                yield source.text, parse_one(source)


def _died(source: SourceText) -> Unreadable:
    return Unreadable(
        source.path,
        "crash",
        "makes the parser fail in a way that cannot be caught",
        "report it to the makers of amllint, with the script",
    )


def _exit_after(work: Callable[[], None]) -> None:
    """Do the work of a child and leave it, whatever happens, without the parent's clean-up."""
    try:
        work()
    finally:
        os._exit(0)


def _work(share: list[SourceText], writer: int) -> None:
    import pickle

    with os.fdopen(writer, "wb") as stream:
        for source in share:
            parsed = parse_one(source)
            if isinstance(parsed, ScriptFacts):
                parsed.work_out()
            pickle.dump(parsed, stream, pickle.HIGHEST_PROTOCOL)
            stream.flush()
