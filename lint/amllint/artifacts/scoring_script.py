"""The scoring script: what the inference server imports and calls."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, NamedTuple, TypeAlias

from amllint.analysis.bindings import ModuleBindings
from amllint.analysis.facts import ScriptFacts
from amllint.analysis.names import Names
from amllint.analysis.reach import Reach, Reached
from amllint.analysis.read_script import FunctionLike
from amllint.analysis.values import Outcome
from amllint.artifacts.naming import Family, Purpose
from amllint.artifacts.script_module import ReachedCall, ScriptModule
from amllint.findings.finding import Location
from amllint.findings.fingerprints import code_key
from amllint.findings.intent import Intent
from amllint.source.python import syntax as s
from amllint.source.text import SourceText, Span

EntryPoint: TypeAlias = Literal["import", "init", "run"]


class EntryFunction(NamedTuple):
    """What the server calls: the name's place, and the function if it can be read off."""

    location: Location
    function: FunctionLike | None


@dataclass(frozen=True)
class ScoringScript:
    """A script with `init` and `run`, or one that something names as such.

    `purpose` says whether the online server calls it or a batch job; `named_by` the file
    that names it, if one does. Equal texts share their `facts`. `shipped` is the absolute path
    of the folder that ships with it, `None` where nothing says which. `modules` are the files
    that it imports from there (from its own folder where that is not known), by dotted name.

    `family` is the generation of Azure ML's tools that deploys it, `None` where nothing tells.
    `generated` says that automated ML wrote it: only errors in it are worth telling, and the
    report leaves the rest out. `whole` is false for a notebook's cell that other cells may
    bind names for or add to: what is not in it may still be there. A `draft` is such a cell
    that writes no file: warnings about it are told as advice. `written` is the display path of
    the file that a cell writes. `intent` says what the script is for, `None` where nothing does.
    """

    source: SourceText
    facts: ScriptFacts
    purpose: Purpose
    named_by: str | None = None
    shipped: str | None = None
    modules: Mapping[str, ScriptModule] = field(default_factory=dict)
    family: Family | None = None
    generated: bool = False
    whole: bool = True
    draft: bool = False
    written: str | None = None
    intent: Intent | None = None

    @property
    def path(self) -> str:
        """The display path."""
        return self.source.path

    @property
    def file(self) -> str:
        """The display path of the file that is deployed: of a cell, the one that it writes."""
        return self.written or self.path

    @property
    def online(self) -> bool:
        """Whether the inference server serves it."""
        return self.purpose == "online"

    @property
    def module(self) -> s.Module:
        """The syntax tree."""
        return self.facts.module

    @property
    def bindings(self) -> ModuleBindings:
        """What importing the script binds."""
        return self.facts.bindings

    @property
    def names(self) -> Names:
        """Qualified names through the script's imports."""
        return self.facts.names

    @property
    def outcome(self) -> Outcome:
        """Everything that a call of `run` can come to."""
        return self.facts.outcome

    @cached_property
    def init(self) -> EntryFunction | None:
        """`init` as the server finds it."""
        return self._entry("init")

    @cached_property
    def run(self) -> EntryFunction | None:
        """`run` as the server finds it."""
        return self._entry("run")

    def _entry(self, name: str) -> EntryFunction | None:
        entry = self.facts.entry(name)
        return EntryFunction(self.at(entry.span), entry.function) if entry else None

    # -- places -------------------------------------------------------------------------

    def at(self, span: Span) -> Location:
        """A place in this script."""
        return Location(self.path, span)

    def text(self, span: Span) -> str:
        """The source of a span on one line, shortened in the middle of long ones."""
        return self.itself.text(span)

    @property
    def head(self) -> Location:
        """The first line: where findings about something missing stand."""
        first = min(self.source.first_line, len(self.source.line_starts))
        return self.at(self.source.line_span(first))

    def structural(self, span: Span) -> str:
        """A name for a place that survives moved lines and a formatter: its function and code."""
        return f"{self.facts.enclosing(span)}/{code_key(self.source.slice(span))}"

    # -- reach --------------------------------------------------------------------------

    @cached_property
    def itself(self) -> ScriptModule:
        """The script as one of the files that ship."""
        return ScriptModule("", self.source, self.facts)

    @cached_property
    def _reach(self) -> Reach:
        siblings = {name: module.facts for name, module in self.modules.items()}
        packages = frozenset(name for name, m in self.modules.items() if m.is_package)
        return Reach({"": self.facts, **siblings}, packages)

    @cached_property
    def _reached(self) -> dict[EntryPoint, tuple[Reached, ...]]:
        return {}

    def reached(self, entry: EntryPoint) -> tuple[Reached, ...]:
        """The functions that importing the script, `init` or `run` can come to."""
        if entry not in self._reached:
            found = self._reach.imported() if entry == "import" else self._reach.entry(entry)
            self._reached[entry] = tuple(found)
        return self._reached[entry]

    @cached_property
    def _reached_calls(self) -> dict[EntryPoint, tuple[ReachedCall, ...]]:
        return {}

    def reached_calls(self, entry: EntryPoint) -> tuple[ReachedCall, ...]:
        """The calls that importing the script, `init` or `run` can come to, helpers included."""
        known = self._reached_calls.get(entry)
        if known is None:
            known = self._reached_calls[entry] = tuple(self._calls_of(entry))
        return known

    def _calls_of(self, entry: EntryPoint) -> Iterator[ReachedCall]:
        for name, body, via in self.reached(entry):
            module = self.modules[name] if name else self.itself
            for call, called in body.calls:
                yield ReachedCall(call, called, module, body, via)

    # -- calls --------------------------------------------------------------------------

    def served_calls(self, qualified: frozenset[str]) -> Iterator[s.Call]:
        """Calls of the named functions that importing or serving the script can reach."""
        seen: set[Span] = set()
        for part in self.facts.served:
            for node in s.walk(part):
                if not isinstance(node, s.Call) or node.span in seen:
                    continue
                if self._called(node) in qualified:
                    seen.add(node.span)
                    yield node

    def _called(self, call: s.Call) -> str | None:
        function = call.function
        if isinstance(function, s.Call) and s.dotted(function.function) == "getattr":
            values = [a.value for a in function.arguments]
            if len(values) >= 2 and isinstance(values[1], s.Constant):
                owner = self.names.qualify(values[0])
                return f"{owner}.{values[1].value}" if owner else None
        return self.names.qualify(function)

    def is_azure_model(self, call: s.Call) -> bool:
        """Whether a call of `Model.…` is one of azureml-core's `Model`."""
        called = self._called(call) or ""
        if called.startswith("azureml."):
            return True
        starred = any(m.startswith("azureml.core") for m in self.names.stars)
        return starred and "Model" not in self.bindings.bound

    def is_tried(self, call: s.Call) -> bool:
        """Whether a `try` stands around a call whose handlers do not just raise again."""
        return self.facts.is_tried(call.span)

    def is_fallback(self, call: s.Call) -> bool:
        """Whether a call is only reached where `AZUREML_MODEL_DIR` is not set."""
        return self.facts.is_fallback(call.span)
