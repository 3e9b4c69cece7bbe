"""The models and files that a scoring script reads, each with what its path can be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from amllint.analysis.known_loads import Load, load_of, path_argument
from amllint.analysis.known_reads import read_argument
from amllint.analysis.places import Place
from amllint.artifacts.scoring_script import EntryPoint, ScoringScript
from amllint.artifacts.script_module import ReachedCall
from amllint.findings.finding import Location
from amllint.source.python import syntax as s
from amllint.source.text import Span

_WRAPPERS: Final = frozenset({"transformers.pipeline", "transformers.pipelines.pipeline"})
"""They take a name, or a model."""


class FileRead(NamedTuple):
    """A call that reads a file or a model; `load` is `None` where it is none that loads models."""

    reached: ReachedCall
    load: Load | None
    argument: s.Expr | None

    @property
    def places(self) -> tuple[Place, ...]:
        """What the path can be where AZUREML_MODEL_DIR is set; empty if there is none to see."""
        if self.argument is None:
            return ()
        facts = self.reached.module.facts
        found = facts.paths.of(self.argument)
        return tuple(p for p in found if not facts.is_fallback(p.span))

    @property
    def is_optional(self) -> bool:
        """Whether the script may do without it."""
        return is_optional(self.reached)

    @property
    def location(self) -> Location:
        """Where the call stands."""
        return self.reached.module.at(self.reached.call.span)

    @property
    def text(self) -> str:
        """The call as written, on one line."""
        return self.reached.module.text(self.reached.call.span)


def is_optional(reached: ReachedCall) -> bool:
    """Whether a call is tried, or only reached where AZUREML_MODEL_DIR is not set."""
    facts, span = reached.module.facts, reached.call.span
    return facts.is_tried(span) or facts.is_fallback(span)


def all_reads(script: ScoringScript, *entries: EntryPoint) -> Iterator[FileRead]:
    """The calls that read something by its path, of those that the entries can come to."""
    for reached in distinct_calls(script, *entries):
        load = load_of(reached.name)
        argument = (
            path_argument(reached.call, load)
            if load is not None
            else read_argument(reached.call, reached.name)
        )
        if load is not None or argument is not None:
            yield FileRead(reached, load, argument)


def mentions(script: ScoringScript, text: str) -> bool:
    """Whether a text stands anywhere in the script or the modules that ship with it."""
    return any(text in m.source.text for m in (script.itself, *script.modules.values()))


def model_loads(script: ScoringScript, *entries: EntryPoint) -> Iterator[FileRead]:
    """The reads that load models."""
    for read in all_reads(script, *entries):
        if read.load is not None and not _wraps(read):
            yield read


def _wraps(read: FileRead) -> bool:
    """Whether a pipeline is made around a model that is there already, rather than loads one."""
    return (
        read.reached.name in _WRAPPERS
        and read.argument is not None
        and not any(place.is_known for place in read.places)
    )


def distinct_calls(script: ScoringScript, *entries: EntryPoint) -> Iterator[ReachedCall]:
    """The calls that any of the entries can come to, each once."""
    seen: set[tuple[str, Span]] = set()
    for entry in entries:
        for reached in script.reached_calls(entry):
            key = (reached.module.name, reached.call.span)
            if key not in seen:
                seen.add(key)
                yield reached
