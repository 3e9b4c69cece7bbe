"""Parses scripts in other processes, while the main one lists, reads and links files.

A script costs some ten milliseconds, and loading libcst as much as fifteen of them; that
can go on meanwhile, and on a tree with dozens of scripts two processes halve the rest. A
process that dies on a script takes only that script with it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import IO, TYPE_CHECKING, Final, TypeAlias

from amllint.analysis.facts import ScriptFacts
from amllint.analysis.undefined import undefined_in
from amllint.source.problem import Malformed, Unreadable
from amllint.source.text import SourceText

if TYPE_CHECKING:
    from amllint.engine.cache import FactsCache

Parsed: TypeAlias = ScriptFacts | Malformed | Unreadable

WORTHWHILE: Final = 12
"""Scripts that make it worth while to fork one more process."""
MAX_PROCESSES: Final = 4

_owned = False


def own_process() -> None:
    """Say that nothing but amllint runs here, so that libcst may be loaded for reading alone."""
    global _owned
    _owned = True


def _load_libcst() -> None:
    if _owned:
        from amllint.source.python.lean import load

        load()


def parse_one(source: SourceText, cache: FactsCache | None = None) -> Parsed:
    """The facts of a script, or why there are none."""
    known = cache.read(source) if cache else None
    if known is not None:
        return known
    _load_libcst()
    from amllint.source.python.parse import parse

    try:
        parsed: Parsed = ScriptFacts(parse(source))
    except (Malformed, Unreadable) as problem:
        parsed = problem
    if cache:
        _keep(cache, source, parsed, _packed(parsed))
    return parsed


def _packed(parsed: Parsed) -> bytes:
    """What parsing came to, with all that checks will ask of it, for other processes."""
    import pickle

    if isinstance(parsed, ScriptFacts):
        # What fails here fails again in the rule that asks for it, and is told as that.
        with suppress(Exception):
            parsed.work_out()
            undefined_in(parsed)
    return pickle.dumps(parsed, pickle.HIGHEST_PROTOCOL)


def _keep(cache: FactsCache, source: SourceText, parsed: Parsed, packed: bytes) -> None:
    """Keep what follows from the text alone; what could not be read may be next time."""
    if not isinstance(parsed, Unreadable):
        cache.write(source, packed)


class Parsing:
    """A process that loads libcst while this one looks for files, and then parses them.

    It forks further ones once it knows how many scripts there are. Start it before the
    files are listed, `give` it the scripts, and ask for results when they are needed. What
    it finds it puts into the cache.
    """

    def __init__(self, cache: FactsCache | None = None) -> None:
        self._shares: list[list[SourceText]] = []
        self._results: dict[str, Parsed] = {}
        self._files = [shared_file() for _ in range(processors())]
        self._input = shared_file()
        self._done, done = os.pipe()
        given, self._given = os.pipe()
        self._process = os.fork()
        if self._process == 0:
            os.close(self._given)
            os.close(self._done)
            exit_after(lambda: _serve(given, self._input, self._files, cache))
        os.close(given)
        os.close(done)

    @classmethod
    def start(cls, cache: FactsCache | None = None) -> Parsing | None:
        """Start it where forking is safe and a processor is to spare, else `None`."""
        if not may_fork():
            return None
        try:
            return cls(cache)
        except OSError:
            return None

    def give(self, sources: list[SourceText]) -> None:
        """Hand over the scripts to parse; equal texts count once."""
        import pickle
        import signal

        unique = {s.code: s for s in sources}
        self._shares = _shares(list(unique.values()), len(self._files))
        if not unique:
            os.kill(self._process, signal.SIGKILL)
            os.close(self._given)
            self.close()
            return
        # Through a file: a pipe would make this process wait until the other one reads.
        pickle.dump(self._shares, self._input, pickle.HIGHEST_PROTOCOL)
        self._input.flush()
        os.close(self._given)

    def result(self, source: SourceText) -> Parsed | None:
        """What parsing a text came to, `None` if it was not among those given."""
        if self._process:
            self.close()
            for share, file in zip(self._shares, self._files, strict=False):
                self._results.update(_collect(share, file))
        return self._results.get(source.code)

    def close(self) -> None:
        """Wait for the processes, so that none is left behind."""
        if self._process:
            # Every process holds the other end: it closes when the last one has ended.
            os.read(self._done, 1)
            os.close(self._done)
            os.waitpid(self._process, 0)
            self._process = 0


def _shares(sources: list[SourceText], most: int) -> list[list[SourceText]]:
    """The scripts in equal shares, one a process."""
    ordered = sorted(sources, key=lambda s: len(s.text), reverse=True)
    count = max(1, min(most, len(ordered) // WORTHWHILE))
    return [ordered[n::count] for n in range(count)]


def may_fork() -> bool:
    """Whether forking is safe and a processor is to spare."""
    threading = sys.modules.get("threading")
    return processors() > 1 and (threading is None or threading.active_count() == 1)


def processors() -> int:
    """How many processes may work at once; 1 where forking is not safe."""
    if not hasattr(os, "fork") or sys.platform == "darwin":
        return 1
    try:
        return min(len(os.sched_getaffinity(0)), MAX_PROCESSES)
    except (AttributeError, OSError):
        return 1


def _serve(given: int, handed: IO[bytes], files: list[IO[bytes]], cache: FactsCache | None) -> None:
    """The process's life: load libcst, take the scripts, share them out, parse."""
    import pickle

    own_process()
    _load_libcst()
    import amllint.source.python.convert  # noqa: F401

    os.read(given, 1)  # ends when the scripts are there
    handed.seek(0)
    shares: list[list[SourceText]] = pickle.load(handed)
    processes = []
    for share, file in zip(shares[1:], files[1:], strict=False):
        processes.append(os.fork())
        if processes[-1] == 0:
            exit_after(lambda s=share, f=file: _work(s, f, cache))  # type: ignore[misc]
    try:
        _work(shares[0], files[0], cache)
    finally:
        for process in processes:
            os.waitpid(process, 0)


def _collect(share: list[SourceText], file: IO[bytes]) -> Iterator[tuple[str, Parsed]]:
    """What a process found; a script on which it died cannot be analysed."""
    import pickle

    done = 0
    with file as stream:
        stream.seek(0)
        while done < len(share):
            try:
                parsed: Parsed = pickle.load(stream)
            except (EOFError, pickle.UnpicklingError):
                break
            yield share[done].code, parsed
            done += 1
    if done < len(share):
        yield share[done].code, _died(share[done])
        for source in share[done + 1 :]:
            yield source.code, parse_one(source)


def shared_file() -> IO[bytes]:
    """A file without a name, in memory where the system has that.

    A file rather than a pipe: nobody waits for the other end, and what was found before a
    crash is still there.
    """
    if hasattr(os, "memfd_create"):
        return os.fdopen(os.memfd_create("amllint"), "w+b")
    import tempfile

    return tempfile.TemporaryFile()


def _died(source: SourceText) -> Unreadable:
    return Unreadable(
        source.path,
        "crash",
        "makes the parser fail in a way that cannot be caught",
        "report it to the makers of amllint, with the script",
    )


def exit_after(work: Callable[[], None]) -> None:
    """Do the work of a child and leave it, whatever happens, without the parent's clean-up."""
    try:
        work()
    finally:
        os._exit(0)


def _work(share: list[SourceText], stream: IO[bytes], cache: FactsCache | None) -> None:
    for source in share:
        parsed = parse_one(source)
        packed = _packed(parsed)
        stream.write(packed)
        stream.flush()
        if cache:
            _keep(cache, source, parsed, packed)
